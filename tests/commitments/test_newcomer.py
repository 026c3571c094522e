"""A new rep's check is daily for two weeks, and is then stretched to a week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from ci_checker.commitments import close, newcomer, read_statement, reissue, warnings
from ci_checker.model import Commitment, Outcome

MONDAY = date(2026, 1, 12)
FRIDAY, SATURDAY = date(2026, 1, 16), date(2026, 1, 17)
STARTED = date(2026, 1, 8)
BEHAVIORS = {"recap": ("Recap",)}
Make = Callable[..., Commitment]


@pytest.mark.parametrize(
    ("started", "on", "new"),
    [
        (None, MONDAY, False),
        (MONDAY, MONDAY, True),
        (MONDAY, date(2026, 1, 25), True),
        (MONDAY, date(2026, 1, 26), False),
        (date(2026, 1, 20), MONDAY, True),
    ],
)
def test_the_first_two_weeks_are_fourteen_days(started: date | None, on: date, new: bool) -> None:
    assert newcomer.is_new(started, on) is new


@pytest.mark.parametrize(
    ("made_on", "check"),
    [
        (MONDAY, date(2026, 1, 13)),
        (FRIDAY, date(2026, 1, 19)),
        (SATURDAY, date(2026, 1, 20)),
        (date(2026, 1, 18), date(2026, 1, 20)),
    ],
)
def test_a_new_reps_check_is_the_working_day_after(made_on: date, check: date) -> None:
    assert newcomer.check_after(made_on, STARTED) == check


def test_everybody_else_is_checked_a_week_later() -> None:
    assert newcomer.check_after(MONDAY) == date(2026, 1, 19)
    assert newcomer.check_after(MONDAY, date(2025, 12, 1)) == date(2026, 1, 19)


def test_a_new_reps_promise_without_days_is_for_one_day(make_commitment: Make) -> None:
    made = make_commitment(started=STARTED, rep_words="I will.")
    assert (made.window.start, made.window.end, made.check_on) == (MONDAY, MONDAY, date(2026, 1, 13))
    over_the_weekend = make_commitment(made_on=FRIDAY, started=STARTED)
    assert (over_the_weekend.window.end, over_the_weekend.check_on) == (date(2026, 1, 18), date(2026, 1, 19))
    on_a_saturday = make_commitment(made_on=SATURDAY, started=STARTED)
    assert (on_a_saturday.window.end, on_a_saturday.check_on) == (date(2026, 1, 19), date(2026, 1, 20))


def test_days_that_are_named_keep_the_weeks_window_and_the_daily_look(make_commitment: Make) -> None:
    made = make_commitment(started=STARTED, weekdays=(0, 1, 2, 3), rep_words="I will.")
    assert (made.window.end, made.check_on) == (date(2026, 1, 18), date(2026, 1, 13))
    said = warnings(made, started=STARTED)
    assert not any("will not be complete" in line for line in said)
    assert any("daily for the first two weeks" in line and "--look" in line for line in said)


def test_a_promise_that_starts_later_is_first_looked_at_after_its_first_day(make_commitment: Make) -> None:
    made = make_commitment(started=STARTED, start=date(2026, 1, 14))
    assert (made.window.start, made.window.end, made.check_on) == (
        date(2026, 1, 14), date(2026, 1, 14), date(2026, 1, 15),
    )  # fmt: skip


def test_a_far_check_of_a_new_rep_is_warned_of_with_the_date(make_commitment: Make) -> None:
    made = make_commitment(started=STARTED, check_on=date(2026, 1, 19), rep_words="I will.")
    (line,) = warnings(made, started=STARTED)
    assert line == (
        "Dana started on Thursday, January 8: for the first two weeks a promise is checked every working day. "
        "Use --check-on 2026-01-13."
    )
    assert warnings(made) == ()
    assert warnings(made, started=date(2025, 11, 3)) == ()


def test_the_same_promise_again_is_checked_the_next_day_and_later_stretched_to_a_week(make_commitment: Make) -> None:
    first = replace(make_commitment(started=STARTED), id=4)
    closed = close(first, outcome=Outcome.PARTLY, closed_on=date(2026, 1, 13))
    again = reissue(closed, made_on=date(2026, 1, 13), started=STARTED)
    assert (again.window.start, again.window.end, again.check_on) == (
        date(2026, 1, 13), date(2026, 1, 13), date(2026, 1, 14),
    )  # fmt: skip
    over = reissue(closed, made_on=FRIDAY, started=STARTED)
    assert (over.window.end, over.check_on) == (date(2026, 1, 18), date(2026, 1, 19))
    stretched = reissue(closed, made_on=date(2026, 1, 22), started=STARTED)
    assert (stretched.window.end, stretched.check_on) == (date(2026, 1, 28), date(2026, 1, 29))


def test_a_named_check_date_is_kept_for_a_new_rep(make_commitment: Make) -> None:
    closed = close(replace(make_commitment(started=STARTED), id=4), outcome=Outcome.PARTLY, closed_on=date(2026, 1, 13))
    again = reissue(closed, made_on=date(2026, 1, 13), started=STARTED, check_on=FRIDAY)
    assert again.check_on == FRIDAY


def test_without_a_start_date_a_reissue_is_as_ever(make_commitment: Make) -> None:
    closed = close(replace(make_commitment(), id=4), outcome=Outcome.PARTLY, closed_on=date(2026, 1, 19))
    assert reissue(closed, made_on=date(2026, 1, 19)) == reissue(
        closed, made_on=date(2026, 1, 19), started=date(2025, 1, 6)
    )


def test_the_sentence_reads_the_default_of_a_new_rep() -> None:
    found = read_statement("3 recaps", today=MONDAY, behaviors=BEHAVIORS, started=STARTED)
    (question,) = found.missing
    assert question.otherwise == "Any time on workdays from Monday, January 12 to Monday, January 12."
    made = found.draft(rep="Dana")
    assert made.check_on == date(2026, 1, 13)
    a_day = read_statement("3 recaps every day", today=MONDAY, behaviors=BEHAVIORS, started=STARTED)
    assert a_day.target is not None and a_day.target.value == 15
