from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ci_checker.commitments import check, history, week_point
from ci_checker.model import Counts, Outcome, Standing, Verdict, WeekPoint

E, S, N, U, X = Standing.ENOUGH, Standing.SHORT, Standing.NONE_SEEN, Standing.OPEN, Standing.NO_CALLS


def week(index: int, standing: Standing, behavior: str = "recap", outcome: Outcome | None = None, seen: int = 3):
    counts = Counts(
        promised=6, eligible=6, seen=seen, attempted=0, not_seen=6 - min(seen, 6), unclear=0, not_applicable=0,
        unheard=0,
    )  # fmt: skip
    monday = date(2026, 1, 5) + timedelta(days=7 * index)
    return WeekPoint(
        week_of=monday, behavior=behavior, commitment_id=index, statement="X", counts=counts, standing=standing,
        outcome=outcome, check_on=monday + timedelta(days=7),
    )  # fmt: skip


def weeks(*standings: Standing) -> list[WeekPoint]:
    return [week(index, standing) for index, standing in enumerate(standings)]


def test_a_point_is_of_the_week_in_which_the_window_starts(make_call, make_commitment) -> None:
    commitment = make_commitment(made_on=date(2026, 1, 14))
    found = check(
        commitment,
        [make_call("a", Verdict.SEEN)],
        today=date(2026, 1, 30),
        behavior_name="X",
        reliability=None,
    )
    point = week_point(found)
    assert point.week_of == date(2026, 1, 12)
    assert (point.counts, point.standing, point.check_on) == (found.counts, found.standing, date(2026, 1, 21))


def test_the_trend_ends_with_this_week_and_holds_it_once(make_call, make_commitment) -> None:
    commitment = replace(make_commitment(), id=50)
    parts = {"today": date(2026, 1, 19), "behavior_name": "X", "reliability": None}
    first = check(commitment, [], past=[week(-1, E), week(-2, S)], **parts)
    assert [point.commitment_id for point in first.trend] == [-2, -1, 50]
    again = check(commitment, [make_call("a")], past=first.trend, **parts)
    assert len(again.trend) == 3
    assert again.trend[-1].counts.seen == 1


@pytest.mark.parametrize(
    ("standing", "outcome", "answer"),
    [
        (E, None, True), (S, None, False), (N, None, False), (U, None, None), (X, None, None),
        (S, Outcome.DONE, True), (E, Outcome.NOT_DONE, False), (U, Outcome.PARTLY, False),
    ],
)  # fmt: skip
def test_the_manager_decides_what_was_kept(standing, outcome, answer) -> None:
    assert history.kept(week(0, standing, outcome=outcome)) is answer


@pytest.mark.parametrize(
    ("standings", "run"),
    [((), 0), ((E, E), 2), ((E, S, E), 1), ((E, S), 0), ((E, U, E), 2), ((E, E, X), 2)],
)
def test_kept_in_a_row(standings, run) -> None:
    assert history.kept_in_a_row(weeks(*standings)) == run


@pytest.mark.parametrize(
    ("standings", "answer"),
    [
        ((E, E, E), 3),
        ((S, E, E, E), 4),
        ((S, E, S, E, E, E, S), 6),
        ((E, U, E, E), 4),
        ((E, E), None),
        ((), None),
    ],
)
def test_weeks_to_stick(standings, answer) -> None:
    assert history.weeks_to_stick(weeks(*standings), "recap") == answer


def test_other_behaviors_do_not_count_towards_sticking() -> None:
    points = [week(0, E), week(1, E, "agenda"), week(2, E), week(3, E)]
    assert history.weeks_to_stick(points, "recap") == 3
    assert history.weeks_to_stick(points, "agenda") is None


def test_regression_is_only_after_it_stuck() -> None:
    points = weeks(S, E, E, E, S, U, N)
    assert [point.commitment_id for point in history.regressions(points, "recap")] == [4, 6]
    assert history.regressions(weeks(S, E, S), "recap") == ()


def test_weeks_short_in_a_row_is_of_the_latest_behavior() -> None:
    assert history.weeks_short_in_a_row([week(0, S), week(1, S, "agenda"), week(2, N, "agenda")]) == 2
    assert history.weeks_short_in_a_row(weeks(S, E, S)) == 1
    assert history.weeks_short_in_a_row([]) == 0


def test_share_and_counts() -> None:
    assert history.share(week(0, S)) == pytest.approx(0.5)
    assert history.share(week(0, E, seen=9)) == 1.0
    assert history.share(week(0, X)) is None
    assert history.kept_count(weeks(E, S, U, E)) == (2, 3)


def test_checked_on_time() -> None:
    point = week(0, E)  # to be checked on January 12
    assert history.checked_on_time(point, date(2026, 1, 12)) is None
    assert history.checked_on_time(point, date(2026, 1, 13)) is False
    assert history.checked_on_time(replace(point, closed_on=date(2026, 1, 12)), date(2026, 2, 1)) is True
    assert history.checked_on_time(replace(point, closed_on=date(2026, 1, 14)), date(2026, 2, 1)) is False
    assert history.checked_on_time(replace(point, check_on=None), date(2026, 2, 1)) is None


@pytest.mark.parametrize(
    ("standing", "outcome", "answer"),
    [(E, Outcome.DONE, False), (E, Outcome.NOT_DONE, True), (S, Outcome.DONE, True), (S, Outcome.PARTLY, False),
     (U, Outcome.DONE, False), (E, None, False)],
)  # fmt: skip
def test_overruled(standing, outcome, answer) -> None:
    assert history.overruled(week(0, standing, outcome=outcome)) is answer
