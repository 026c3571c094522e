"""Dates, times, counts and probabilities as people say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
import samples

from ci_checker.model import CallState, Counts, Window
from ci_checker.report import phrases, words


def test_dates() -> None:
    assert words.at(datetime(2026, 11, 17, 9, 42)) == "Tue 17 Nov, 9:42 am"
    assert words.dated(date(2026, 1, 4)) == "Sun 4 Jan 2026"
    assert words.at(None) == "time not known"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05 am"),
        (time(12, 0), "noon"),
        (time(12, 30), "12:30 pm"),
        (time(10, 0), "10 am"),
        (time(23, 9), "11:09 pm"),
    ],
)
def test_clock(when: time, said: str) -> None:
    assert words.clock(when) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0, "00:00"), (4.99, "00:04"), (61.4, "01:01"), (3599.9, "59:59"), (3661.0, "1:01:01"), (None, "")],
)
def test_mmss(seconds: float | None, said: str) -> None:
    assert words.mmss(seconds) == said


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.971, "97%"),
        (0.999, "over 99%"),
        (1.0, "100%"),
        (0.004, "under 1%"),
        (0.0, "0%"),
        (0.005, "1%"),
        (None, ""),
    ],
)
def test_percent(probability: float | None, said: str) -> None:
    assert words.percent(probability) == said


def test_lasting() -> None:
    assert [words.lasting(x) for x in (12.2, 60.0, 247.0, 3725.0, None)] == [
        "12 s",
        "1 min",
        "4 min 7 s",
        "1 h 2 min",
        "",
    ]


def test_weekdays() -> None:
    assert words.weekdays((0, 1, 2, 3)) == "Mon to Thu"
    assert words.weekdays((4, 0, 2)) == "Mon, Wed and Fri"
    assert words.weekdays((1,)) == "Tue"
    assert words.weekdays(tuple(range(7))) == "every day"


def test_window() -> None:
    week = Window(start=date(2026, 11, 16), end=date(2026, 11, 20), to_time=time(10))
    assert phrases.window(week) == "Mon 16 to Fri 20 Nov, before 10 am"
    assert phrases.window(replace(week, weekdays=(0, 2))).startswith("Mon and Wed, Mon 16 to")
    assert phrases.window(replace(week, from_time=time(8, 30))).endswith(", 8:30 am to 10 am")
    assert phrases.window(replace(week, end=week.start, to_time=None, from_time=time(9))) == "Mon 16 Nov, from 9 am"


def test_counts_always_name_the_denominator() -> None:
    counts = Counts(promised=10, eligible=9, seen=6, attempted=0, not_seen=2, unclear=1, not_applicable=0, unheard=1)
    assert phrases.counts(counts) == "6 of 9 eligible calls, 10 promised; 1 unclear; 1 could not be heard"
    one = replace(counts, eligible=1, seen=1, not_seen=0, unclear=0, unheard=0, promised=1)
    assert phrases.counts(one) == "1 of 1 eligible call, 1 promised"
    assert phrases.counts(replace(one, eligible=0, seen=0)) == "no eligible calls, 1 promised"


def test_tally_leaves_out_what_did_not_occur() -> None:
    counts = samples.counted(samples.week((CallState.NOT_SEEN,) * 12), 8)
    assert phrases.tally(counts) == [(CallState.SEEN, 0), (CallState.NOT_SEEN, 12)]


def test_reliability_that_was_not_measured_says_so() -> None:
    assert "has not been measured" in phrases.reliability(None)
    found = samples.reports()["short"].finding
    assert found and found.reliability
    said = phrases.reliability(replace(found.reliability, recall=None, calls=1))
    assert "Measured on 1 call (" in said
    assert "right 91% of the time" in said
    assert "it found" not in said


def test_why_a_quote_cannot_be_played() -> None:
    started = datetime(2026, 11, 17, 9)
    assert "came as text" in phrases.unplayable(samples.moment(1, "x", started, audio=False))
    assert phrases.unplayable(samples.moment(1, "x", started, clip=False)) == "no clip was cut"
    assert "open the recording" in phrases.unplayable(samples.moment(1, "x", started))


def test_attempts_are_listed_once() -> None:
    found = samples.reports()["short"].finding
    assert found
    shown = {found.miss and found.miss.call, *(one.call for one in found.listen)}
    assert [one.call for one in phrases.tries(found)] == ["calls/call-09.wav"]
    assert "calls/call-09.wav" not in shown
