"""The cadence a leader inspects: the loop's health per manager and week. Counts of 1:1s, never of people.

Nothing here is put into an order of merit: managers stand in the order of the alphabet, no rep is
named, and no number is made of several.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from ci_checker.commitments.history import overruled
from ci_checker.commitments.rules import LONGEST_GAP_DAYS
from ci_checker.model import Commitment, CommitmentStatus, NextStep, Standing, WeekPoint

NO_RANKING = (
    "This page is about the cadence of the 1:1s and ranks nobody: neither reps nor managers are compared, "
    "and managers stand in alphabetical order."
)
NO_MANAGER = "No manager named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One behavior on one call that a person reviewed; ``overruled`` if the verdict had to turn round."""

    on: date
    overruled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Counts of one manager's loop over some time. Every number is a count of 1:1s, checks or answers.

    ``set`` counts commitments made, each with a check date; of those, ``specific`` name a behavior
    of the catalogue with a bound, ``said_back`` hold the rep's own words, ``within_a_week`` are
    checked within seven days, ``on_focus`` match the team's focus behavior. ``due`` counts checks
    whose day has come: ``on_time``, ``late`` or still ``overdue``. ``closed`` counts checks held,
    ``reissued`` those after which the same promise was made again. ``told`` are held checks where
    the calls said something clear, ``otherwise`` those that the manager recorded differently.
    ``reviewed`` counts behaviors on calls that a person listened to and ``overruled`` those where
    the verdict turned round. ``covered`` of ``reps`` had a commitment in force.
    """

    reps: int = 0
    covered: int = 0
    set: int = 0
    specific: int = 0
    said_back: int = 0
    within_a_week: int = 0
    on_focus: int = 0
    due: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    closed: int = 0
    reissued: int = 0
    told: int = 0
    otherwise: int = 0
    reviewed: int = 0
    overruled: int = 0

    @property
    def uncovered(self) -> int:
        """Reps with no commitment in force."""
        return self.reps - self.covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week, named by its Monday."""

    week_of: date
    loop: Loop


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerCadence:
    """One manager's loop: week by week (oldest first), all of them together, and today's state of it.

    In ``total``, ``reps`` and ``covered`` are rep-weeks. ``open_now`` counts the reps with an
    active commitment today, ``overdue_now`` the checks that wait today, of whatever week.
    """

    manager: str
    reps: int
    open_now: int
    overdue_now: int
    total: Loop
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What a leader sees. ``focus`` is the behavior that matters most now, ``None`` where none is set."""

    as_of: date
    start: date
    focus: str | None
    focus_name: str
    managers: tuple[ManagerCadence, ...]
    note: str = NO_RANKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """What is known of one manager's loop. ``answers`` are reviews of calls of these reps."""

    manager: str
    reps: Sequence[str]
    ledger: Sequence[Commitment]
    points: Sequence[WeekPoint] = ()
    answers: Sequence[Answer] = ()


def cadence(
    teams: Iterable[Team],
    *,
    as_of: date,
    weeks: int,
    behaviors: Collection[str],
    focus: str | None = None,
    focus_name: str = "",
    since: date | None = None,
) -> Cadence:
    """Count the loop of every manager, week by week up to the week of ``as_of``.

    Parameters
    ----------
    weeks
        How many weeks, the one of ``as_of`` included; at least 1.
    behaviors
        The ids of the catalogue: a promise of something else cannot be observed.
    since
        The day of the ledger's first commitment: nobody had one before, and that says nothing.
    """
    monday = as_of - timedelta(days=as_of.weekday())
    first = min(since or as_of, as_of)
    mondays = [monday - timedelta(days=7 * back) for back in reversed(range(weeks))]
    if since is not None:
        mondays = [each for each in mondays if each + timedelta(days=6) >= first]
    found = [_manager(team, mondays, as_of, behaviors, focus) for team in teams]
    return Cadence(
        as_of=as_of,
        start=mondays[0],
        focus=focus,
        focus_name=focus_name or (focus or ""),
        managers=tuple(sorted(found, key=lambda each: (each.manager == NO_MANAGER, each.manager.casefold()))),
    )


def _manager(
    team: Team, mondays: Sequence[date], as_of: date, behaviors: Collection[str], focus: str | None
) -> ManagerCadence:
    points = {point.commitment_id: point for point in team.points}
    weeks = tuple(Week(week_of=each, loop=_week(team, points, each, as_of, behaviors, focus)) for each in mondays)
    active = [each for each in team.ledger if _in_force(each, as_of, as_of)]
    return ManagerCadence(
        manager=team.manager,
        reps=len(team.reps),
        open_now=len({each.rep.casefold() for each in active}),
        overdue_now=sum(each.check_on < as_of for each in active),
        total=together([week.loop for week in weeks]),
        weeks=weeks,
    )


def together(loops: Sequence[Loop]) -> Loop:
    """Return the sum of several weeks."""
    return Loop(**{each.name: sum(getattr(loop, each.name) for loop in loops) for each in fields(Loop)})


def _week(
    team: Team,
    points: Mapping[int, WeekPoint],
    monday: date,
    as_of: date,
    behaviors: Collection[str],
    focus: str | None,
) -> Loop:
    last = min(monday + timedelta(days=6), as_of)

    def within(value: date | None) -> bool:
        return value is not None and monday <= value <= last

    made = [each for each in team.ledger if within(each.made_on)]
    # A check is missed when its day is over, so what is due today and open is neither held nor overdue.
    due = [each for each in team.ledger if within(each.check_on) and (_closed(each, as_of) or each.check_on < as_of)]
    held = [each for each in team.ledger if _closed(each, as_of) and within(each.closed_on)]
    told = [point for each in held if (point := points.get(each.id)) and point.standing in _CLEAR and point.outcome]
    answers = [each for each in team.answers if within(each.on)]
    in_force = {each.rep.casefold() for each in team.ledger if _in_force(each, monday, last)}
    return Loop(
        reps=len(team.reps),
        covered=len(in_force & {name.casefold() for name in team.reps}),
        set=len(made),
        specific=sum(specific(each, behaviors) for each in made),
        said_back=sum(bool(each.rep_words.strip()) for each in made),
        within_a_week=sum((each.check_on - each.made_on).days <= LONGEST_GAP_DAYS for each in made),
        on_focus=sum(each.behavior == focus for each in made) if focus else 0,
        due=len(due),
        on_time=sum(_closed(each, as_of) and (each.closed_on or last) <= each.check_on for each in due),
        late=sum(_closed(each, as_of) and (each.closed_on or last) > each.check_on for each in due),
        overdue=sum(not _closed(each, as_of) for each in due),
        closed=len(held),
        reissued=sum(each.next_step is NextStep.REISSUE for each in held),
        told=len(told),
        otherwise=sum(overruled(point) for point in told),
        reviewed=len(answers),
        overruled=sum(each.overruled for each in answers),
    )


_CLEAR = (Standing.ENOUGH, Standing.SHORT, Standing.NONE_SEEN)


def specific(commitment: Commitment, behaviors: Collection[str]) -> bool:
    """Whether a promise names one behavior that the catalogue can check, a bound and a day on which it holds."""
    bound = commitment.target.value > 0 and commitment.target.per_call > 0
    return commitment.behavior in behaviors and bound and bool(commitment.window.weekdays)


def _closed(commitment: Commitment, as_of: date) -> bool:
    """Whether it was closed by a day; of an earlier day, what was closed later was still open."""
    closed = commitment.status is CommitmentStatus.CLOSED
    return closed and (commitment.closed_on is None or commitment.closed_on <= as_of)


def _in_force(commitment: Commitment, first: date, last: date) -> bool:
    """Whether a promise held on some of the days; the day on which it was closed is not one of them."""
    if commitment.made_on > last:
        return False
    if commitment.status is not CommitmentStatus.CLOSED or commitment.closed_on is None:
        return commitment.status is not CommitmentStatus.CLOSED
    return commitment.closed_on > first
