from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest

from ci_checker.commitments import close, draft, refuse_second, reissue, validate, warnings
from ci_checker.errors import RequestError
from ci_checker.model import (
    Bucket,
    Commitment,
    CommitmentStatus,
    Eligibility,
    NextStep,
    Outcome,
    Target,
    TargetKind,
)

MONDAY = date(2026, 1, 12)
Make = Callable[..., Commitment]


def test_defaults_are_a_week_that_ends_before_the_check(make_commitment: Make) -> None:
    made = make_commitment()
    assert made.check_on == date(2026, 1, 19)
    assert (made.window.start, made.window.end) == (MONDAY, date(2026, 1, 18))
    assert made.window.weekdays == (0, 1, 2, 3, 4)
    assert made.status is CommitmentStatus.ACTIVE


def test_without_a_sentence_one_is_made_of_the_parts() -> None:
    made = draft(
        rep="Dana",
        behavior="trigger-event-opener",
        behavior_name="Trigger-event opener",
        target=Target(kind=TargetKind.COUNT, value=10),
        made_on=MONDAY,
        weekdays=(0, 1, 2, 3),
        to_time=time(10),
        eligible=Eligibility(call_types=("cold",)),
    )
    assert made.statement.startswith("Trigger-event opener on 10 cold calls, Monday to Thursday, before 10 am")


@pytest.mark.parametrize(
    ("kind", "value", "per_call", "said"),
    [
        (TargetKind.EVERY, 1, 1, "on every cold call"),
        (TargetKind.SHARE, 0.5, 1, "at least 50% of cold calls"),
        (TargetKind.EVERY, 1, 3, "at least 3 times on every cold call"),
        (TargetKind.COUNT, 1, 1, "on 1 cold call,"),
    ],
)
def test_every_kind_of_target_can_be_said(make_commitment: Make, kind, value, per_call, said) -> None:
    assert said in make_commitment(kind, value, per_call, statement="").statement


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"rep": " "}, "the rep"),
        ({"check_on": date(2026, 1, 11)}, "before the day of the promise"),
        ({"start": date(2026, 1, 20), "end": date(2026, 1, 19)}, "before it starts"),
        ({"start": date(2026, 1, 11)}, "before the promise was made"),
        ({"weekdays": ()}, "no weekday"),
        ({"weekdays": (7,)}, "no weekday"),
        ({"from_time": time(11), "to_time": time(9)}, "ends before it starts"),
        ({"start": MONDAY, "end": MONDAY, "weekdays": (3,)}, "no Thursday"),
        ({"value": 0}, "cannot be counted"),
        ({"value": 2.5}, "cannot be counted"),
        ({"kind": TargetKind.SHARE, "value": 1.2}, "cannot be met"),
        ({"kind": TargetKind.SHARE, "value": 0}, "cannot be met"),
        ({"per_call": 0}, "at least one"),
    ],
)
def test_contradictions_are_refused_with_what_to_do(make_commitment: Make, parts, word) -> None:
    with pytest.raises(RequestError) as error:
        make_commitment(**parts)
    assert word in str(error.value)
    assert error.value.todo
    assert "\n" not in str(error.value)


def test_missing_parts_ask_only_for_what_is_missing() -> None:
    with pytest.raises(RequestError) as error:
        draft(rep="Dana", behavior="recap", target=None, made_on=MONDAY, statement="recap more")
    assert "On how many calls" in str(error.value)
    assert "Which one behavior" not in str(error.value)


def test_a_second_commitment_is_refused_with_both_ways_on(make_commitment: Make) -> None:
    active = replace(make_commitment(), id=7)
    with pytest.raises(RequestError) as error:
        refuse_second(active)
    line = str(error.value)
    assert active.statement in line and "close 7" in line and "reissue" in line
    refuse_second(None)
    refuse_second(replace(active, status=CommitmentStatus.CLOSED, outcome=Outcome.DONE))


def test_a_wise_commitment_has_no_warnings(make_commitment: Make) -> None:
    assert warnings(make_commitment(rep_words="Ten before ten, I am on it.")) == ()


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"check_on": date(2026, 1, 20)}, "8 days"),
        ({"check_on": date(2026, 1, 14), "end": date(2026, 1, 16)}, "before the window ends"),
        ({"check_on": date(2026, 1, 17)}, "weekend"),
        ({"check_on": MONDAY}, "no time to practice"),
        ({"value": 500}, "a lot"),
        ({"rep_words": ""}, "own words"),
    ],
)
def test_warnings(make_commitment: Make, parts, word) -> None:
    given = {"rep_words": "I will.", **parts}
    assert any(word in line for line in warnings(make_commitment(**given)))


def test_seven_days_are_not_too_long(make_commitment: Make) -> None:
    assert not any("days away" in line for line in warnings(make_commitment(check_on=date(2026, 1, 19))))


def test_closing_keeps_what_the_manager_recorded(make_commitment: Make) -> None:
    closed = close(
        make_commitment(),
        outcome=Outcome.PARTLY,
        closed_on=date(2026, 1, 19),
        next_step=NextStep.REISSUE,
        bucket="system",
        blocker="stand-up at 9",
        note="three of ten",
    )
    assert closed.status is CommitmentStatus.CLOSED
    assert (closed.bucket, closed.blocker) == (Bucket.SYSTEM, "stand-up at 9")
    validate(closed)
    with pytest.raises(RequestError, match="closed already"):
        close(closed, outcome=Outcome.DONE, closed_on=date(2026, 1, 20))


def test_no_bucket_is_chosen_by_the_program(make_commitment: Make) -> None:
    closed = close(make_commitment(), outcome=Outcome.NOT_DONE, closed_on=date(2026, 1, 19))
    assert closed.bucket is None
    with pytest.raises(RequestError, match="skill, will, knowledge or system"):
        close(make_commitment(), outcome=Outcome.NOT_DONE, closed_on=date(2026, 1, 19), bucket="laziness")


def test_closing_before_the_promise_is_refused(make_commitment: Make) -> None:
    with pytest.raises(RequestError, match="after"):
        close(make_commitment(), outcome=Outcome.DONE, closed_on=date(2026, 1, 1))


def test_a_closed_commitment_without_outcome_is_refused(make_commitment: Make) -> None:
    with pytest.raises(RequestError, match="outcome"):
        validate(replace(make_commitment(), status=CommitmentStatus.CLOSED))


def test_reissue_is_the_same_promise_with_new_dates(make_commitment: Make) -> None:
    first = close(
        replace(make_commitment(to_time=time(10)), id=3), outcome=Outcome.PARTLY, closed_on=date(2026, 1, 19),
        bucket="skill",
    )  # fmt: skip
    again = reissue(first, made_on=date(2026, 1, 19))
    assert again.reissue_of == 3
    assert (again.window.start, again.window.end) == (date(2026, 1, 19), date(2026, 1, 25))
    assert again.check_on == date(2026, 1, 26)
    assert (again.statement, again.target, again.window.to_time) == (first.statement, first.target, time(10))
    assert (again.status, again.outcome, again.bucket, again.closed_on) == (
        CommitmentStatus.ACTIVE, None, None, None,
    )  # fmt: skip
