"""Dates, weekdays, times and targets as people type them."""

from __future__ import annotations

from datetime import date, time

import pytest

from ci_checker.cli.dates import parse_date, parse_target, parse_time, parse_weekdays
from ci_checker.errors import RequestError
from ci_checker.model import TargetKind

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("today", WEDNESDAY),
        ("Tomorrow", date(2026, 11, 19)),
        ("yesterday", date(2026, 11, 17)),
        ("mon", date(2026, 11, 23)),
        ("wednesday", WEDNESDAY),
        ("wed", WEDNESDAY),
        ("on friday", date(2026, 11, 20)),
        ("Thurs", date(2026, 11, 19)),
        ("next monday", date(2026, 11, 23)),
        ("next friday", date(2026, 11, 27)),
        ("last wednesday", date(2026, 11, 11)),
        ("last tue", date(2026, 11, 17)),
        ("last sunday", date(2026, 11, 15)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert parse_date(text, WEDNESDAY) == day


def test_a_check_on_the_weekday_of_today_is_a_week_later() -> None:
    assert parse_date("wed", WEDNESDAY, later=True) == date(2026, 11, 25)
    assert parse_date("thu", WEDNESDAY, later=True) == date(2026, 11, 19)


@pytest.mark.parametrize("text", ["", "soon", "23", "2026-02-30", "11/23/2026", "next year", "monkey"])
def test_no_dates(text: str) -> None:
    with pytest.raises(RequestError, match="no date") as problem:
        parse_date(text, WEDNESDAY, option="--check-on")
    assert "--check-on" in problem.value.line
    assert problem.value.exit_status == 2


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-thu", (0, 1, 2, 3)),
        ("Mon - Thu", (0, 1, 2, 3)),
        ("monday to thursday", (0, 1, 2, 3)),
        ("mon,wed,fri", (0, 2, 4)),
        ("fri, mon and wed", (0, 2, 4)),
        ("fri-mon", (0, 4, 5, 6)),
        ("workdays", (0, 1, 2, 3, 4)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("tues", (1,)),
    ],
)
def test_weekdays(text: str, days: tuple[int, ...]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize("text", ["", ",", "mon-thu-fri", "m", "next mon", "9-10"])
def test_no_weekdays(text: str) -> None:
    with pytest.raises(RequestError, match="weekday"):
        parse_weekdays(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("9am", time(9)),
        ("5 PM", time(17)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("noon", time(12)),
        ("0:05", time(0, 5)),
    ],
)
def test_times(text: str, clock: time) -> None:
    assert parse_time(text) == clock


@pytest.mark.parametrize("text", ["", "25", "9:60", "13pm", "0am", "morning", "9:3"])
def test_no_times(text: str) -> None:
    with pytest.raises(RequestError, match="time of day"):
        parse_time(text, "--from")


def test_targets() -> None:
    assert parse_target("10").kind is TargetKind.COUNT
    assert parse_target("10 calls").value == 10
    assert parse_target("50%").value == 0.5
    assert parse_target("12.5 percent").value == 0.125
    assert parse_target("every").kind is TargetKind.EVERY
    assert parse_target("100%").kind is TargetKind.EVERY
    assert parse_target("3", per_call=2).per_call == 2


@pytest.mark.parametrize("text", ["", "often", "0.5", "-3", "10 a day", "half"])
def test_no_targets(text: str) -> None:
    with pytest.raises(RequestError, match="no target"):
        parse_target(text)
