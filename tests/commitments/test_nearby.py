"""Days as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from ci_checker.commitments.nearby import days_ago, near_day, on_day

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("value", "near", "on"),
    [
        (date(2026, 11, 18), "today", "today"),
        (date(2026, 11, 19), "tomorrow", "tomorrow"),
        (date(2026, 11, 17), "yesterday", "yesterday"),
        (date(2026, 11, 20), "Friday", "on Friday"),
        (date(2026, 11, 24), "Tuesday", "on Tuesday"),
        (date(2026, 11, 25), "Wednesday, November 25", "on Wednesday, November 25"),
        (date(2026, 11, 16), "Monday, November 16", "on Monday, November 16"),
        (date(2027, 1, 4), "Monday, January 4", "on Monday, January 4"),
        (date(2025, 11, 18), "Tuesday, November 18, 2025", "on Tuesday, November 18, 2025"),
    ],
)
def test_days(value: date, near: str, on: str) -> None:
    assert near_day(value, WEDNESDAY) == near
    assert on_day(value, WEDNESDAY) == on


def test_a_weekday_alone_is_never_said_of_today_a_week_on() -> None:
    """ "Wednesday" on a Wednesday would be today to most people."""
    said = [near_day(date.fromordinal(WEDNESDAY.toordinal() + days), WEDNESDAY) for days in range(8)]
    assert "Wednesday" not in said
    assert len(set(said)) == 8


def test_days_ago() -> None:
    assert days_ago(date(2026, 11, 17), WEDNESDAY) == "1 day ago"
    assert days_ago(date(2026, 11, 6), WEDNESDAY) == "12 days ago"
