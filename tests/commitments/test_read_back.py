"""What the program says of a promise is read back as that promise: people copy it from a report into the ledger."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ci_checker.commitments import draft, read_statement
from ci_checker.commitments.rules import describe, window_days
from ci_checker.commitments.words import window_text
from ci_checker.errors import RequestError
from ci_checker.model import Eligibility, Target, TargetKind, Window

MONDAY = date(2026, 1, 12)
NAMES = {
    "recap": ("Recap",),
    "upfront-agenda": ("Up-front agenda", "agenda"),
    "trigger-event-opener": ("Trigger-event opener", "trigger event"),
    "open-discovery-question": ("Open discovery question",),
}
TARGETS = st.builds(
    Target,
    kind=st.just(TargetKind.COUNT),
    value=st.integers(1, 60),
    per_call=st.integers(1, 4),
) | st.builds(
    Target,
    kind=st.just(TargetKind.SHARE),
    value=st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.8, 0.9, 1.0]),
    per_call=st.integers(1, 4),
) | st.builds(Target, kind=st.just(TargetKind.EVERY), per_call=st.integers(1, 4))  # fmt: skip
HOURS = st.sampled_from(
    [
        (None, None),
        (time(9), None),
        (None, time(10)),
        (None, time(12)),
        (time(9), time(11, 30)),
        (time(7, 30), time(12)),
        (time(13), time(17)),
        (time(16), time(18, 15)),
    ]
)
KINDS = st.builds(
    Eligibility,
    call_types=st.sampled_from(
        [(), ("cold",), ("discovery", "demo"), ("cold", "warm", "discovery"), ("email",), ("first-touch email",)]
    ),
    directions=st.sampled_from([(), ("inbound",), ("outbound",)]),
)


def read(text: str, today: date = MONDAY):
    return read_statement(text, today=today, behaviors=NAMES)


@settings(max_examples=60, deadline=None)
@given(
    behavior=st.sampled_from(sorted(NAMES)),
    target=TARGETS,
    hours=HOURS,
    eligible=KINDS,
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    made=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    lead=st.integers(0, 5),
    length=st.integers(0, 20),
)
def test_the_sentence_made_of_the_parts_gives_the_parts(
    behavior, target, hours, eligible, weekdays, made, lead, length
) -> None:
    start = made + timedelta(days=lead)
    try:
        promise = draft(
            rep="Dana", behavior=behavior, behavior_name=NAMES[behavior][0], target=target, made_on=made, start=start,
            end=start + timedelta(days=length), weekdays=tuple(weekdays), from_time=hours[0], to_time=hours[1],
            eligible=eligible,
        )  # fmt: skip
    except RequestError:
        assume(False)
    found = read(promise.statement, made)
    assert (found.behavior, found.target, found.eligible) == (behavior, target, eligible), promise.statement
    assert found.when.weekdays == promise.window.weekdays, promise.statement
    assert (found.when.from_time, found.when.to_time) == hours, promise.statement
    assert (found.when.start, found.when.end) == (promise.window.start, promise.window.end), promise.statement
    again = found.draft(rep="Dana")
    assert (again.window, again.target, again.eligible) == (promise.window, target, eligible)


# --- the faults that the property above found, each by its own sentence ----------------------------


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("from Friday, March 13 to Monday, March 23", date(2026, 3, 13), date(2026, 3, 23)),
        ("from Friday March 13 until Monday March 23", date(2026, 3, 13), date(2026, 3, 23)),
        ("on Thursday, January 15", date(2026, 1, 15), date(2026, 1, 15)),
        ("by Friday, January 30", None, date(2026, 1, 30)),
        ("before Friday, January 30", None, date(2026, 1, 29)),
        ("starting Wednesday, 2026-01-14", date(2026, 1, 14), None),
    ],
)
def test_a_date_with_its_weekday_is_that_date_and_adds_no_weekday(said: str, start, end) -> None:
    found = read(f"Recap on every call, Saturday and Sunday, {said}")
    assert (found.when.start, found.when.end) == (start, end)
    assert found.when.weekdays == (5, 6)


def test_a_check_is_on_the_date_that_is_named_and_not_on_the_next_such_weekday() -> None:
    assert read("Recap on every call, check on Monday, January 26").when.check_on == date(2026, 1, 26)
    assert read("Recap on every call, check on Monday").when.check_on == date(2026, 1, 19)
    assert read("Recap on every call, check it again on January 21").when.check_on == date(2026, 1, 21)


@pytest.mark.parametrize(
    ("said", "kind", "value", "per_call"),
    [
        ("Recap at least 3 times on 11 calls", TargetKind.COUNT, 11, 3),
        ("Recap 2 times on 37 outbound e-mails", TargetKind.COUNT, 37, 2),
        ("Recap two times on 5 discovery and demo calls", TargetKind.COUNT, 5, 2),
        ("Recap at least 3 times on at least 50% of outbound calls", TargetKind.SHARE, 0.5, 3),
        ("Recap at least 2 times on half of the calls", TargetKind.SHARE, 0.5, 2),
        ("Recap at least 2 times on every inbound discovery and demo call", TargetKind.EVERY, 1, 2),
        ("Recap on every outgoing discovery and demo call", TargetKind.EVERY, 1, 1),
        ("Recap 3 times on Monday", TargetKind.COUNT, 3, 1),
    ],
)
def test_how_often_in_a_call_and_on_how_many_calls_are_two_numbers(said: str, kind, value, per_call) -> None:
    assert read(said).target == Target(kind=kind, value=value, per_call=per_call)


def test_ten_calls_on_any_day_are_not_ten_a_day() -> None:
    window = Window(start=MONDAY, end=MONDAY + timedelta(days=6), weekdays=tuple(range(7)))
    said = describe("Recap", Target(kind=TargetKind.COUNT, value=10), window, Eligibility())
    assert "every day" not in said and "Monday to Sunday" in said
    assert read(said).target == Target(kind=TargetKind.COUNT, value=10)
    assert read("10 recaps every day").target == Target(kind=TargetKind.COUNT, value=50)


# --- the parts of the sentence ---------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    start=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    length=st.integers(0, 30),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
)
def test_the_days_of_a_window_are_counted_as_a_calendar_counts_them(start, length, weekdays) -> None:
    window = Window(start=start, end=start + timedelta(days=length), weekdays=tuple(sorted(weekdays)))
    days = window_days(window)
    by_hand = [start + timedelta(days=n) for n in range(length + 1)]
    assert list(days) == [each for each in by_hand if each.isoweekday() - 1 in weekdays]
    assert len(days) <= (length // 7 + 1) * len(weekdays)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (
            Window(start=MONDAY, end=MONDAY, weekdays=(0,), to_time=time(10)),
            "Monday, before 10 am, on Monday, January 12",
        ),
        (
            Window(start=MONDAY, end=date(2026, 1, 15), weekdays=(0, 1, 2, 3), from_time=time(13)),
            "Monday to Thursday, from 1 pm on, from Monday, January 12 to Thursday, January 15",
        ),
        (
            Window(start=MONDAY, end=date(2026, 1, 16), weekdays=(0, 2), from_time=time(9, 30), to_time=time(12)),
            "Monday and Wednesday, between 9:30 am and noon, from Monday, January 12 to Friday, January 16",
        ),
    ],
)
def test_a_window_in_words(window: Window, said: str) -> None:
    assert window_text(window) == said


def test_a_promise_before_midnight_could_not_hold_a_call_and_is_refused() -> None:
    with pytest.raises(RequestError, match="the time of day ends before it starts"):
        draft(
            rep="Dana", behavior="recap", target=Target(kind=TargetKind.EVERY), made_on=MONDAY, to_time=time(0),
            statement="X",
        )  # fmt: skip
