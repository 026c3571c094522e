"""Counting against a promise, worked out a second time with whole numbers and by brute force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_checker.commitments import count as counting
from ci_checker.commitments import history
from ci_checker.commitments.question import summary
from ci_checker.model import (
    CallFinding,
    CallState,
    Commitment,
    Counts,
    Outcome,
    Standing,
    Target,
    TargetKind,
    WeekPoint,
)

MONDAY, CHECK_DAY = date(2026, 1, 12), date(2026, 1, 19)
Make = Callable[..., Commitment]
relaxed = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIRM = (CallState.SEEN, CallState.ATTEMPTED, CallState.NOT_SEEN, CallState.UNCLEAR)
states = st.lists(st.sampled_from(list(CallState)), max_size=12)
percents = st.integers(1, 100)


def findings(found: list[CallState]) -> list[CallFinding]:
    return [CallFinding(call=f"c{n}", sha256=f"{n}", state=state) for n, state in enumerate(found)]


@given(percents, st.integers(0, 2000))
def test_a_share_asks_for_the_smallest_number_of_calls_that_reaches_it(percent: int, eligible: int) -> None:
    asked = counting.promised(Target(kind=TargetKind.SHARE, value=percent / 100), eligible)
    share = Fraction(percent, 100)
    assert asked >= share * eligible, "so many calls reach the share"
    assert asked == 0 or asked - 1 < share * eligible, "and one less does not"


@given(st.integers(1, 500), st.integers(0, 500))
def test_a_count_is_the_same_however_many_calls_there_were_and_every_is_all_of_them(value: int, eligible: int) -> None:
    assert counting.promised(Target(kind=TargetKind.COUNT, value=value), eligible) == value
    assert counting.promised(Target(kind=TargetKind.EVERY), eligible) == eligible


@given(states)
def test_every_state_is_counted_under_its_own_name(found: list[CallState]) -> None:
    counts = counting.count(findings(found), Target(kind=TargetKind.EVERY))
    for state in CallState:
        assert getattr(counts, state.value) == found.count(state)
    assert counts.eligible == sum(state in FIRM for state in found) == counts.promised
    assert counts.contested == 0


def outcomes(counts: Counts, target: Target) -> set[bool]:
    """Every way in which what is unclear and unheard may turn out; a call that could not be heard may not count."""
    found = set()
    for good in range(counts.unclear + 1):
        for heard in range(counts.unheard + 1):
            for of_these in range(heard + 1):
                seen = counts.seen + good + of_these
                eligible = counts.eligible + heard
                asked = (
                    target.value
                    if target.kind is TargetKind.COUNT
                    else Fraction(str(target.value)) * eligible
                    if target.kind is TargetKind.SHARE
                    else eligible
                )
                found.add(eligible > 0 and seen >= asked)
    return found


@relaxed
@given(
    found=states,
    target=st.builds(Target, kind=st.just(TargetKind.COUNT), value=st.integers(1, 6))
    | st.builds(Target, kind=st.just(TargetKind.SHARE), value=st.sampled_from([0.25, 0.5, 0.8]))
    | st.just(Target(kind=TargetKind.EVERY)),
)
def test_enough_and_short_are_said_only_where_no_reading_of_the_doubt_says_otherwise(
    make_commitment: Make, found, target
) -> None:
    counts = counting.count(findings(found), target)
    promise = replace(make_commitment(), target=target)
    standing = counting.standing(counts, promise, CHECK_DAY)
    ways = outcomes(counts, target)
    if standing in (Standing.SHORT, Standing.NONE_SEEN):
        assert ways == {False}
    if standing is Standing.ENOUGH and target.kind is TargetKind.COUNT:
        assert ways == {True}
    if standing is Standing.NONE_SEEN:
        assert counts.seen == counts.unclear == counts.unheard == 0
    assert (standing is Standing.NO_CALLS) == (counts.eligible + counts.unheard == 0)


@relaxed
@given(st.integers(-3, 12), st.sets(st.integers(0, 6), min_size=1), st.integers(1, 9))
def test_days_left_are_those_on_which_a_call_can_still_be_made_before_the_check(
    make_commitment: Make, today_at: int, weekdays, check_at: int
) -> None:
    window = replace(make_commitment().window, weekdays=tuple(sorted(weekdays)))
    promise = replace(make_commitment(), window=window, check_on=MONDAY + timedelta(days=check_at))
    today = MONDAY + timedelta(days=today_at)
    left = counting.days_left(promise, today)
    days = [MONDAY + timedelta(days=n) for n in range(7) if n in weekdays]
    assert list(left) == [each for each in days if each > today or (each == today and today < promise.check_on)]


@pytest.mark.parametrize(
    ("kind", "value", "numbers", "said"),
    [
        (
            TargetKind.COUNT,
            10,
            (9, 6, 1, 1),
            "6 of 9 eligible cold calls, 10 promised; 1 unclear; 1 could not be heard",
        ),
        (TargetKind.COUNT, 3, (1, 1, 0, 0), "1 of 1 eligible cold call, 3 promised"),
        (TargetKind.EVERY, 1, (4, 4, 0, 2), "4 of 4 eligible cold calls, every one promised; 2 could not be heard"),
        (TargetKind.SHARE, 0.8, (5, 3, 0, 0), "3 of 5 eligible cold calls, 4 promised (80%)"),
        (TargetKind.SHARE, 0.8, (0, 0, 0, 1), "No eligible cold calls found, 80% promised; 1 could not be heard"),
    ],
)
def test_the_summary_has_its_denominator_to_the_letter(make_commitment: Make, kind, value, numbers, said) -> None:
    eligible, seen, unclear, unheard = numbers
    promise = make_commitment(kind, value)
    counts = Counts(
        promised=counting.promised(promise.target, eligible), eligible=eligible, seen=seen, attempted=0,
        not_seen=eligible - seen - unclear, unclear=unclear, not_applicable=0, unheard=unheard,
    )  # fmt: skip
    assert summary(promise, counts) == said
    assert summary(promise, counts, still_running=True) == f"{said}; the window is still open"


# --- weeks -------------------------------------------------------------------------------------------

kept_or_not = st.lists(st.sampled_from([True, False, None]), max_size=14)


def points(answers: list[bool | None], behavior: str = "recap") -> list[WeekPoint]:
    standing = {True: Standing.ENOUGH, False: Standing.SHORT, None: Standing.OPEN}
    counts = Counts(promised=2, eligible=2, seen=1, attempted=0, not_seen=1, unclear=0, not_applicable=0, unheard=0)
    return [
        WeekPoint(
            week_of=MONDAY + timedelta(weeks=n), behavior=behavior, commitment_id=n + 1, statement="X", counts=counts,
            standing=standing[answer],
        )
        for n, answer in enumerate(answers)
    ]  # fmt: skip


def first_run(answers: list[bool | None], needed: int) -> int | None:
    """The week that completes a run, by looking at every stretch of the told weeks."""
    told = [(week, answer) for week, answer in enumerate(answers) if answer is not None]
    for at in range(needed - 1, len(told)):
        if all(answer for _, answer in told[at - needed + 1 : at + 1]):
            return told[at][0]
    return None


@given(kept_or_not, st.integers(1, 4))
def test_a_behavior_sticks_with_the_first_run_of_kept_weeks(answers, needed: int) -> None:
    week = first_run(answers, needed)
    own = points(answers)
    assert history.stuck_on(own, "recap", needed=needed) == (None if week is None else own[week].week_of)
    assert history.weeks_to_stick(own, "recap", needed=needed) == (None if week is None else week + 1)
    after = [] if week is None else [own[n] for n in range(week + 1, len(own)) if answers[n] is False]
    assert list(history.regressions(own, "recap", needed=needed)) == after
    assert history.stuck_on(own, "talk-ratio", needed=needed) is None


@given(kept_or_not)
def test_runs_at_the_end_pass_over_weeks_that_tell_nothing(answers) -> None:
    told = [answer for answer in answers if answer is not None]
    kept = next((n for n, answer in enumerate(reversed(told)) if not answer), len(told))
    short = next((n for n, answer in enumerate(reversed(told)) if answer), len(told))
    own = points(answers)
    assert history.kept_in_a_row(own) == history.kept_weeks_in_a_row(own) == kept
    assert history.weeks_short_in_a_row(own) == short
    assert history.kept_count(own) == (sum(told), len(told))


def test_a_week_checked_every_day_was_kept_only_if_all_its_promises_were() -> None:
    daily = [replace(each, week_of=MONDAY) for each in points([True, True, False])]
    assert history.by_week(daily) == [(MONDAY, False)]
    assert history.by_week(daily[:2]) == [(MONDAY, True)]
    assert history.kept_weeks_in_a_row(daily[:2]) == 1 and history.kept_in_a_row(daily[:2]) == 2
    assert history.stuck_on(daily[:2], "recap", needed=2) is None, "two days of one week are no two weeks"


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("answer", [True, False, None])
def test_the_managers_word_goes_before_the_evidence_and_overruling_is_seen(outcome: Outcome, answer) -> None:
    (point,) = points([answer])
    closed = replace(point, outcome=outcome)
    assert history.kept(closed) is (outcome is Outcome.DONE)
    assert history.kept(point) is answer
    assert history.overruled(closed) is (answer is not None and (outcome is Outcome.DONE) != answer)
    assert not history.overruled(point)


@pytest.mark.parametrize(
    ("closed_on", "today", "on_time"),
    [
        (date(2026, 1, 19), date(2026, 1, 30), True),
        (date(2026, 1, 16), date(2026, 1, 16), True),
        (date(2026, 1, 20), date(2026, 1, 30), False),
        (None, date(2026, 1, 19), None),
        (None, date(2026, 1, 20), False),
    ],
)
def test_a_check_is_late_the_day_after_and_not_before(closed_on, today, on_time) -> None:
    (point,) = points([True])
    assert history.checked_on_time(replace(point, check_on=CHECK_DAY, closed_on=closed_on), today) is on_time
    assert history.checked_on_time(replace(point, check_on=None, closed_on=closed_on), today) is None


def test_share_is_of_what_was_promised_and_never_more_than_all() -> None:
    (point,) = points([True])
    assert history.share(point) == 0.5
    many = replace(point, counts=replace(point.counts, seen=9, eligible=9))
    assert history.share(many) == 1.0
    assert history.share(replace(point, standing=Standing.NO_CALLS)) is None
    assert history.share(replace(point, counts=replace(point.counts, promised=0))) is None
