"""What moves over weeks: how often against the target, kept in a row, weeks to stick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ci_checker.model import Commitment, CommitmentStatus, Counts, Finding, Outcome, Standing, WeekPoint

# One good week may be luck and two a coincidence; three fit into the four weeks of a first behavior.
STICKS_AFTER = 3
_NOTHING = Counts(promised=0, eligible=0, seen=0, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0)
_SILENT = (Standing.OPEN, Standing.NO_CALLS)


def week_point(finding: Finding) -> WeekPoint:
    """Return one point of the trend from a finding; the week is the one that the window starts in."""
    return _point(finding.commitment, finding.counts, finding.standing)


def _point(commitment: Commitment, counts: Counts, standing: Standing) -> WeekPoint:
    start = commitment.window.start
    return WeekPoint(
        week_of=start - timedelta(days=start.weekday()),
        behavior=commitment.behavior,
        commitment_id=commitment.id,
        statement=commitment.statement,
        counts=counts,
        standing=standing,
        outcome=commitment.outcome,
        closed_on=commitment.closed_on,
        check_on=commitment.check_on,
    )


def trend_with(
    past: Sequence[WeekPoint], commitment: Commitment, counts: Counts, standing: Standing
) -> tuple[WeekPoint, ...]:
    """Return past weeks and this one, oldest first; an older point of this commitment gives way."""
    now = _point(commitment, counts, standing)
    kept_points = [point for point in past if (point.commitment_id, point.week_of) != (now.commitment_id, now.week_of)]
    return tuple(sorted([*kept_points, now], key=lambda point: (point.week_of, point.commitment_id)))


def kept(point: WeekPoint) -> bool | None:
    """Whether a week's commitment was kept; ``None`` if neither manager nor evidence can say.

    What the manager recorded counts before what the calls show.
    """
    if point.outcome is not None:
        return point.outcome is Outcome.DONE
    return None if point.standing in _SILENT else point.standing is Standing.ENOUGH


def share(point: WeekPoint) -> float | None:
    """Return calls seen as a fraction of those promised, in [0, 1]; ``None`` without any call."""
    if point.counts.promised < 1 or point.standing is Standing.NO_CALLS:
        return None
    return min(point.counts.seen / point.counts.promised, 1.0)


def kept_count(points: Sequence[WeekPoint]) -> tuple[int, int]:
    """Return how many commitments were kept, and of how many that can be told."""
    told = [answer for answer in map(kept, points) if answer is not None]
    return sum(told), len(told)


def kept_in_a_row(points: Sequence[WeekPoint]) -> int:
    """Return the length of the run of kept weeks at the end; weeks that tell nothing do not break it."""
    return _run_at_end(points, True)


def by_week(points: Sequence[WeekPoint]) -> list[tuple[date, bool | None]]:
    """Return, a week, whether what was promised in it was kept: all of it, where it was checked every day."""
    weeks: dict[date, list[bool | None]] = {}
    for point in points:
        weeks.setdefault(point.week_of, []).append(kept(point))
    return [(week, False if False in told else True if True in told else None) for week, told in sorted(weeks.items())]


def kept_weeks_in_a_row(points: Sequence[WeekPoint]) -> int:
    """Return the run of kept weeks at the end, however many promises a week held."""
    run = 0
    for _, answer in reversed(by_week(points)):
        if answer is False:
            break
        run += answer is True
    return run


def stuck_on(points: Sequence[WeekPoint], behavior: str, *, needed: int = STICKS_AFTER) -> date | None:
    """Return the week in which a behavior first was kept ``needed`` weeks running, ``None`` before that."""
    run = 0
    for week, answer in by_week([point for point in points if point.behavior == behavior]):
        run = run if answer is None else run + 1 if answer else 0
        if run >= needed:
            return week
    return None


def with_closed(points: Sequence[WeekPoint], ledger: Sequence[Commitment]) -> tuple[WeekPoint, ...]:
    """Return the trend with a point for every closed commitment, also where no call of its week is stored.

    The manager's word on how it ended counts without calls.
    """
    told = {point.commitment_id for point in points}
    more = [
        _point(each, _NOTHING, Standing.NO_CALLS)
        for each in ledger
        if each.status is CommitmentStatus.CLOSED and each.id not in told
    ]
    return tuple(sorted([*points, *more], key=lambda point: (point.week_of, point.commitment_id)))


def weeks_short_in_a_row(points: Sequence[WeekPoint]) -> int:
    """Return for how many weeks up to now the latest behavior was less than promised."""
    if not points:
        return 0
    latest = points[-1].behavior
    return _run_at_end([point for point in points if point.behavior == latest], False)


def _run_at_end(points: Sequence[WeekPoint], wanted: bool) -> int:
    run = 0
    for answer in reversed([kept(point) for point in points]):
        if answer is None:
            continue
        if answer is not wanted:
            break
        run += 1
    return run


def weeks_to_stick(points: Sequence[WeekPoint], behavior: str, *, needed: int = STICKS_AFTER) -> int | None:
    """Return how many weeks a behavior took until it was kept ``needed`` weeks in a row.

    The week that completes the run is counted; ``None`` while there was no such run. Weeks
    that tell nothing count as time and do not break a run.
    """
    at = _stuck_at([point for point in points if point.behavior == behavior], needed)
    return None if at is None else at + 1


def _stuck_at(own: Sequence[WeekPoint], needed: int) -> int | None:
    run = 0
    for at, point in enumerate(own):
        answer = kept(point)
        if answer is None:
            continue
        run = run + 1 if answer else 0
        if run >= needed:
            return at
    return None


def regressions(points: Sequence[WeekPoint], behavior: str, *, needed: int = STICKS_AFTER) -> tuple[WeekPoint, ...]:
    """Return the weeks in which a behavior that had stuck was not kept."""
    own = [point for point in points if point.behavior == behavior]
    at = _stuck_at(own, needed)
    return () if at is None else tuple(point for point in own[at + 1 :] if kept(point) is False)


def checked_on_time(point: WeekPoint, today: date) -> bool | None:
    """Whether the check was held by its date; ``None`` while it is not due."""
    if point.check_on is None:
        return None
    if point.closed_on is not None:
        return point.closed_on <= point.check_on
    return False if today > point.check_on else None


def overruled(point: WeekPoint) -> bool:
    """Whether the manager recorded another end than the evidence suggested."""
    if point.outcome is None or point.standing in _SILENT:
        return False
    return (point.outcome is Outcome.DONE) != (point.standing is Standing.ENOUGH)
