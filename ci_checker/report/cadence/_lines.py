"""What every format says of a manager's loop: facts with their denominators, and the columns of the weeks."""

from __future__ import annotations

from collections.abc import Callable

from ci_checker.commitments.cadence import Cadence, Loop, ManagerCadence
from ci_checker.commitments.words import day
from ci_checker.report import words

TITLE = "The cadence of the 1:1s"
# The label of a column, and what stands in it; every number is a count.
COLUMNS: tuple[tuple[str, Callable[[Loop], str]], ...] = (
    ("reps with one", lambda loop: f"{loop.covered} of {loop.reps}"),
    ("made", lambda loop: str(loop.set)),
    ("specific", lambda loop: _of(loop.specific, loop.set)),
    ("checks due", lambda loop: str(loop.due)),
    ("on time", lambda loop: _of(loop.on_time, loop.due)),
    ("late", lambda loop: _of(loop.late, loop.due)),
    ("overdue", lambda loop: _of(loop.overdue, loop.due)),
    ("re-issued", lambda loop: _of(loop.reissued, loop.closed)),
    ("overruled", lambda loop: _of(loop.overruled, loop.reviewed)),
)
FOCUS: tuple[str, Callable[[Loop], str]] = ("on focus", lambda loop: _of(loop.on_focus, loop.set))


def columns(value: Cadence) -> tuple[tuple[str, Callable[[Loop], str]], ...]:
    """Return the columns; that of the focus behavior only where one is set."""
    return (*COLUMNS, FOCUS) if value.focus else COLUMNS


def span(value: Cadence) -> str:
    """Return ``5 weeks, from Monday, October 19, to Friday, November 20, 2026``."""
    weeks = max((len(each.weeks) for each in value.managers), default=0)
    return f"{words.count(weeks, 'week')}, from {day(value.start)}, to {day(value.as_of)}, {value.as_of.year}"


def today(manager: ManagerCadence) -> str:
    """Return how the loop stands today, in a sentence."""
    reps = words.count(manager.reps, "rep")
    waits = "no check is overdue"
    if manager.overdue_now:
        waits = f"{words.count(manager.overdue_now, 'check')} {'is' if manager.overdue_now == 1 else 'are'} overdue"
    return f"{reps}, {manager.open_now} with an active commitment today; {waits}."


def facts(manager: ManagerCadence, value: Cadence) -> tuple[tuple[str, str], ...]:
    """Return the sums over the weeks, each with what it is a part of."""
    total = manager.total
    rows = [("Commitments made, each with a check date", str(total.set))]
    if total.set:
        rows += [
            ("of these specific (a behavior that can be checked, with a bound)", _of(total.specific, total.set)),
            ("of these said back in the rep's own words", _of(total.said_back, total.set)),
            ("of these to be checked within seven days", _of(total.within_a_week, total.set)),
        ]
    rows.append(("Checks held on time", _of(total.on_time, total.due, "none was due")))
    if total.due:
        rows += [("held late", _of(total.late, total.due)), ("still overdue", _of(total.overdue, total.due))]
    rows += [
        ("The same commitment re-issued after a check", _of(total.reissued, total.closed, "none was held")),
        ("Weeks in which a rep had none", _of(total.uncovered, total.reps, "there are no reps")),
    ]
    if value.focus:
        rows.append((f"On the focus behavior ({value.focus_name})", _share(total.on_focus, total.set)))
    rows += [
        (
            "Evidence that a person overruled, of what was reviewed",
            _of(total.overruled, total.reviewed, "nothing was reviewed"),
        ),
        (
            "Outcomes recorded otherwise than the calls suggested",
            _of(total.otherwise, total.told, "nothing to compare"),
        ),
    ]
    return tuple(rows)


def _of(number: int, whole: int, nothing: str = "–") -> str:
    return f"{number} of {whole}" if whole else nothing


def _share(number: int, whole: int) -> str:
    return f"{number} of {whole} ({words.percent(number / whole)})" if whole else "none was made"
