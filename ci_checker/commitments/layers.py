"""What goes after what: the same promise again until it is kept, the next layer once it has stuck.

A behavior has stuck when its promise was kept so many weeks running (the workspace's
``stuck_after``, three unless the team sets another). What the manager recorded counts
before what the calls show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ci_checker.commitments.history import kept_weeks_in_a_row, stuck_on
from ci_checker.commitments.phases import Stage, began, phase
from ci_checker.commitments.words import OUTCOMES, day, plural
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, CommitmentStatus, NextStep, Outcome, WeekPoint

_SHORT = (Outcome.PARTLY, Outcome.NOT_DONE)


def last_closed(ledger: Sequence[Commitment]) -> Commitment | None:
    """Return the commitment that was closed last."""
    closed = [each for each in ledger if each.status is CommitmentStatus.CLOSED]
    return max(closed, key=lambda each: (each.closed_on or each.made_on, each.id), default=None)


def refuse_on_top(last: Commitment | None, behavior: str) -> None:
    """Refuse another behavior on top of a promise that was not kept; the same one again is always right.

    A manager who recorded that the old promise is replaced, or that a layer goes on top, has decided.

    Raises
    ------
    RequestError
        With both ways on: the same again, or saying that it is replaced.
    """
    if last is None or last.outcome not in _SHORT or last.behavior == behavior:
        return
    if last.next_step in (NextStep.REPLACE, NextStep.KEEP):
        return
    on = f", closed on {day(last.closed_on)}," if last.closed_on else ""
    raise RequestError(
        f'{last.rep}\'s last promise{on} was {OUTCOMES[last.outcome]}: "{last.statement}"',
        todo="The same one again comes before a new one on top: "
        f'ci-checker commitment add --again --rep "{last.rep}". To let it go, add --replace.',
    )


def same_again(last: Commitment | None, made: Commitment) -> int | None:
    """Return the id of the last commitment if ``made`` promises the same once more."""
    if last is None or made.reissue_of is not None:
        return made.reissue_of
    old = (last.behavior, last.target, last.eligible, last.bound)
    return last.id if old == (made.behavior, made.target, made.eligible, made.bound) else None


def progress(behavior: str, name: str, points: Sequence[WeekPoint], needed: int) -> str:
    """Return how far a behavior has stuck, in a sentence; empty before the first week was kept."""
    since = stuck_on(points, behavior, needed=needed)
    if since is not None:
        return f"“{name}” has stuck since the week of {day(since)}: kept {plural(needed, 'week')} running."
    run = kept_weeks_in_a_row([point for point in points if point.behavior == behavior])
    if not run:
        return ""
    return f"“{name}” was kept {plural(run, 'week')} running; it has stuck after {needed}."


def on_new(
    made: Commitment,
    ledger: Sequence[Commitment],
    points: Sequence[WeekPoint],
    *,
    needed: int,
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """Return what to say of a promise of another behavior while the last one has not stuck yet."""
    last = last_closed(ledger)
    if last is None or last.behavior == made.behavior or last.next_step is NextStep.REPLACE:
        return ()
    if stuck_on(points, last.behavior, needed=needed) is not None:
        return ()
    name = names.get(last.behavior, last.behavior.replace("-", " "))
    first = began(ledger)
    early = first is not None and phase(first, made.made_on).stage is Stage.INSTALL
    lead = f"{phase(first, made.made_on).text} " if early and first else ""
    return (f"{lead}{_not_yet(last.behavior, name, points, needed)} The next layer waits until then.",)


def on_close(
    closed: Commitment, points: Sequence[WeekPoint], *, needed: int, names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what to say where a layer is to go on a promise that was not kept or has not stuck."""
    if closed.next_step is not NextStep.KEEP:
        return ()
    if closed.outcome is not Outcome.DONE:
        return (
            "Less than promised, and a layer goes on top of it: the same promise for another week is the "
            "surer way (--next reissue).",
        )
    if stuck_on(points, closed.behavior, needed=needed) is not None:
        return ()
    name = names.get(closed.behavior, closed.behavior.replace("-", " "))
    said = _not_yet(closed.behavior, name, points, needed)
    return (f'{said} Take the same one again first: ci-checker commitment add --again --rep "{closed.rep}".',)


def _not_yet(behavior: str, name: str, points: Sequence[WeekPoint], needed: int) -> str:
    run = kept_weeks_in_a_row([point for point in points if point.behavior == behavior])
    kept = f"was kept {plural(run, 'week')} running" if run else "was not kept last time"
    weeks = f"{plural(needed, 'week')} (stuck_after in ci-checker.toml)"
    return f"“{name}” {kept}; here a behavior has stuck after {weeks}."
