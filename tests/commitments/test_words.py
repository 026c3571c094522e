from __future__ import annotations

from datetime import datetime, time

import pytest

from ci_checker.commitments import words


@pytest.mark.parametrize(("count", "text"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_plural(count, text) -> None:
    assert words.plural(count, "call") == text


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_join(parts, text) -> None:
    assert words.join(parts) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 12, 9, 40), "Monday morning"),
        (datetime(2026, 1, 12, 12, 0), "Monday afternoon"),
        (datetime(2026, 1, 12, 18, 0), "Monday evening"),
        (datetime(2026, 1, 12), "Monday"),
    ],
)
def test_part_of_day(moment, text) -> None:
    assert words.part_of_day(moment) == text


def test_when_says_no_more_than_is_known() -> None:
    assert words.when(datetime(2026, 1, 12, 9, 5)) == "Monday, January 12, at 9:05 am"
    assert words.when(datetime(2026, 1, 12)) == "Monday, January 12"
    assert words.when(None) == "an unknown day"


@pytest.mark.parametrize(("seconds", "text"), [(None, ""), (0.0, "00:00"), (65.9, "01:05"), (3600, "60:00")])
def test_place_in_call(seconds, text) -> None:
    assert words.place_in_call(seconds) == text


def test_shorten_cuts_at_a_word() -> None:
    assert words.shorten("one  two\nthree") == "one two three"
    assert words.shorten("one two three", 9) == "one two …"


@pytest.mark.parametrize(
    ("days", "text"),
    [((0, 1, 2, 3), "Monday to Thursday"), ((0, 2), "Monday and Wednesday"), ((0, 1), "Monday and Tuesday"),
     ((0, 1, 4), "Monday, Tuesday and Friday"), (tuple(range(7)), "every day")],
)  # fmt: skip
def test_weekdays_text(days, text) -> None:
    assert words.weekdays_text(days) == text


def test_clock() -> None:
    assert words.clock(time(9, 5)) == "9:05 am"
    assert words.clock(time(13)) == "1 pm"
    assert words.clock(time(12)) == "noon"
