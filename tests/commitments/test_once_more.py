"""From one week to the next: seven days, the same promise again, the plan of twelve weeks, the opening question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_checker.commitments import close, loop_close, phases, reissue, validate, warnings
from ci_checker.commitments.layers import last_closed, refuse_on_top, same_again
from ci_checker.commitments.rules import refuse_second, vague, window_days
from ci_checker.commitments.words import day
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, NextStep, Outcome, Target, TargetKind

MONDAY = date(2026, 1, 12)
Make = Callable[..., Commitment]
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


# --- seven days --------------------------------------------------------------------------------------


@relaxed
@given(made=days, gap=st.integers(0, 40))
def test_only_a_check_more_than_a_week_away_is_warned_of(make_commitment: Make, made: date, gap: int) -> None:
    promise = make_commitment(made_on=made, check_on=made + timedelta(days=gap), weekdays=tuple(range(7)))
    said = warnings(promise)
    assert any(f"The check is {gap} days away" in line for line in said) is (gap > 7)
    assert any("on the day of the promise itself" in line for line in said) is (gap == 0)
    weekend = promise.check_on.isoweekday() > 5
    assert (f"The check falls on a weekend: {day(promise.check_on)}." in said) is weekend


@relaxed
@given(made=days)
def test_without_a_date_the_check_is_a_week_later_and_the_window_ends_the_day_before(
    make_commitment: Make, made: date
) -> None:
    promise = make_commitment(made_on=made)
    assert promise.check_on - made == timedelta(days=7)
    assert promise.check_on - promise.window.end == timedelta(days=1)
    assert len(window_days(promise.window)) == 5, "a week of workdays, whatever the day it was made on"


# --- the same again ----------------------------------------------------------------------------------


@relaxed
@given(
    made=days, lead=st.integers(0, 3), length=st.integers(6, 13), gap=st.integers(1, 14), late=st.integers(0, 10),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
)  # fmt: skip
def test_a_reissue_is_the_same_promise_moved_in_time(
    make_commitment: Make, made, lead, length, gap, late, weekdays
) -> None:
    start = made + timedelta(days=lead)
    first = make_commitment(
        made_on=made, start=start, end=start + timedelta(days=length), check_on=made + timedelta(days=gap),
        weekdays=tuple(weekdays), to_time=time(10),
    )  # fmt: skip
    on = first.check_on + timedelta(days=late)
    closed = close(replace(first, id=4), outcome=Outcome.PARTLY, closed_on=on, note="six", blocker="a call at 9")
    again = reissue(closed, made_on=on)
    validate(again)
    assert again.window.start - again.made_on == first.window.start - first.made_on
    assert again.window.end - again.window.start == first.window.end - first.window.start
    assert again.check_on - again.made_on == first.check_on - first.made_on
    moved = ("id", "made_on", "check_on", "window", "reissue_of")
    plain = replace(first, **{name: getattr(again, name) for name in moved})
    assert again == plain, "nothing of the last check is left in it"
    assert (again.reissue_of, same_again(closed, again)) == (4, 4)
    assert reissue(closed, made_on=on, check_on=on + timedelta(days=3)).check_on == on + timedelta(days=3)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"statement": "other words"}, True),
        ({"rep_words": "mine"}, True),
        ({"behavior": "recap"}, False),
        ({"target": Target(kind=TargetKind.EVERY)}, False),
        ({"bound": 0.5}, False),
    ],
)
def test_the_same_promise_is_known_by_what_is_counted_and_not_by_its_words(make_commitment: Make, change, same) -> None:
    last = close(replace(make_commitment(), id=3), outcome=Outcome.PARTLY, closed_on=date(2026, 1, 19))
    fresh = replace(make_commitment(made_on=date(2026, 1, 19)), **change)
    assert same_again(last, fresh) == (3 if same else None)
    assert same_again(None, fresh) is None


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("step", [None, *NextStep])
@pytest.mark.parametrize("behavior", ["trigger-event-opener", "recap"])
def test_a_new_promise_goes_on_top_only_of_one_that_was_kept_or_let_go(
    make_commitment: Make, outcome: Outcome, step: NextStep | None, behavior: str
) -> None:
    last = close(make_commitment(), outcome=outcome, closed_on=date(2026, 1, 19), next_step=step)
    free = outcome is Outcome.DONE or behavior == last.behavior or step in (NextStep.KEEP, NextStep.REPLACE)
    if free:
        refuse_on_top(last, behavior)
        return
    with pytest.raises(RequestError) as told:
        refuse_on_top(last, behavior)
    how = {Outcome.PARTLY: "partly done", Outcome.NOT_DONE: "not done"}[outcome]
    assert told.value.line == (
        f'Dana\'s last promise, closed on Monday, January 19, was {how}: "{last.statement}". The same one again comes '
        'before a new one on top: ci-checker commitment add --again --rep "Dana". To let it go, add --replace.'
    )


def test_the_last_closed_one_is_by_its_day_then_by_its_number(make_commitment: Make) -> None:
    def ended(number: int, on: date) -> Commitment:
        return close(replace(make_commitment(), id=number), outcome=Outcome.DONE, closed_on=on)

    first, second, third = ended(1, date(2026, 1, 20)), ended(2, date(2026, 1, 19)), ended(3, date(2026, 1, 20))
    assert last_closed([first, second]) == first
    assert last_closed([third, first]) == last_closed([first, third]) == third
    assert last_closed([replace(make_commitment(), id=9)]) is None


# --- refusals to the letter ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "behavior", "target", "line"),
    [
        (
            "Prospect more", None, None,
            '"Prospect more" cannot be observed yet. Which one behavior would somebody hear on a call, on how many '
            "calls, on what share of them, or on every one, on which days and at what time?",
        ),
        (
            "recap  more", "recap", None,
            '"recap more" cannot be observed yet. On how many calls, on what share of them, or on every one?',
        ),
        (
            "", None, Target(kind=TargetKind.EVERY),
            "This promise cannot be observed yet. Which one behavior would somebody hear on a call?",
        ),
    ],
)  # fmt: skip
def test_a_vague_promise_is_answered_with_what_would_make_it_observable(said, behavior, target, line) -> None:
    assert vague(said, behavior=behavior, target=target).line == line


def test_a_second_promise_names_the_first_its_check_and_both_ways_on(make_commitment: Make) -> None:
    active = replace(make_commitment(statement="Ten of them"), id=7)
    with pytest.raises(RequestError) as told:
        refuse_second(active)
    assert told.value.line == (
        'Dana already has commitment 7: "Ten of them", to be checked on Monday, January 19. Close it first (ci-checker '
        "commitment close 7), or take the same one again (ci-checker commitment close 7 --next reissue). One at a time."
    )


# --- twelve weeks ----------------------------------------------------------------------------------------


@given(first=days, gone=st.integers(0, 200))
def test_the_three_phases_are_thirty_sixty_and_ninety_days_in_whole_weeks(first: date, gone: int) -> None:
    found = phases.phase(first, first + timedelta(days=gone))
    stages = [phases.Stage.INSTALL] * 28 + [phases.Stage.LAYER] * 28 + [phases.Stage.OWN] * 28
    assert found.stage is (stages[gone] if gone < 84 else phases.Stage.AFTER)
    assert 7 * (found.week - 1) <= gone < 7 * found.week


# --- the question that opens the 1:1 ---------------------------------------------------------------------

ACCUSING = re.compile(r"\b(only|failed?|why (?:did|have)n't|didn't|not|should|must|excuse|again|missed|score)\b", re.I)


@relaxed
@given(week=st.integers(0, 60), rep=st.sampled_from(["Dana", "Luke Porter", "Zoë Åberg", "李"]))
def test_the_question_names_the_promise_asks_one_open_thing_and_blames_nobody(
    make_commitment: Make, week: int, rep: str
) -> None:
    made = MONDAY + timedelta(weeks=week)
    promise = make_commitment(made_on=made, rep=rep, statement="10 openers before 10.")
    asked = loop_close(promise)
    assert asked.count("?") == 1 and asked.endswith("?")
    assert "“10 openers before 10”" in asked and day(made) in asked
    outside = asked.replace("“10 openers before 10”", "")
    assert not ACCUSING.search(outside)
    assert re.search(r"\b(how|what|where)\b", outside, re.I), "an open question"
    assert loop_close(promise) == asked, "the same however often it is asked"
    assert loop_close(make_commitment(made_on=made + timedelta(weeks=1), rep=rep)) != asked


def test_a_question_is_not_the_same_for_seven_weeks_running(make_commitment: Make) -> None:
    asked = [loop_close(make_commitment(made_on=MONDAY + timedelta(weeks=n))) for n in range(7)]
    frames = {re.sub(r"\w+, \w+ \d+|“.*”", "", each) for each in asked}
    assert len(frames) == 7
