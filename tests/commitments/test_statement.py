from __future__ import annotations

from datetime import date, time

import pytest

from ci_checker.commitments import read_statement
from ci_checker.errors import RequestError
from ci_checker.model import TargetKind

TODAY = date(2026, 1, 12)  # a Monday
BEHAVIORS = {
    "trigger-event-opener": ("Trigger-event opener", "trigger event"),
    "open-discovery-question": ("Open discovery question", "open question"),
    "recap": ("Recap",),
    "followup-within-48h": ("Follow-up within 48 hours",),
    "objection-acknowledged": ("Objection acknowledged", "acknowledge the objection"),
    "dated-next-step": ("Dated next step",),
    "budget-confirmed": ("Budget confirmed",),
    "upfront-agenda": ("Up-front agenda", "agenda"),
}


def read(text: str, today: date = TODAY):
    return read_statement(text, today=today, behaviors=BEHAVIORS)


def test_the_promise_of_the_coaching_page_is_understood() -> None:
    found = read("10 trigger-event openers, every morning before 10, Monday to Thursday")
    assert found.behavior == "trigger-event-opener"
    assert (found.target.kind, found.target.value) == (TargetKind.COUNT, 10)
    assert found.when.weekdays == (0, 1, 2, 3)
    assert found.when.to_time == time(10)
    assert found.when.from_time is None
    assert found.complete and not found.missing
    assert "10 in all" in found.notes[0]


def test_a_vague_promise_asks_for_all_three_parts() -> None:
    found = read("Prospect more")
    assert [question.part for question in found.missing] == ["behavior", "target", "when"]
    assert all(question.text.rstrip(".").endswith("?") or "?" in question.text for question in found.missing)
    assert not found.complete
    with pytest.raises(RequestError) as error:
        found.draft(rep="Dana")
    line = str(error.value).lower()
    assert "prospect more" in line
    for asked in ("which one behavior", "how many", "which days"):
        assert asked in line


@pytest.mark.parametrize("text", ["Be better on the phone", "Try harder this week", "More calls", "Improve"])
def test_vague_promises_are_refused(text: str) -> None:
    assert not read(text).complete


@pytest.mark.parametrize(
    ("text", "kind", "value", "per_call"),
    [
        ("ten recaps", TargetKind.COUNT, 10, 1),
        ("a dozen recaps", TargetKind.COUNT, 12, 1),
        ("Recap on 7 calls", TargetKind.COUNT, 7, 1),
        ("recap twice this week", TargetKind.COUNT, 2, 1),
        ("recap on every cold call", TargetKind.EVERY, 1, 1),
        ("Recap on all of my discovery calls", TargetKind.EVERY, 1, 1),
        ("Recap in every discovery, follow-up and demo call", TargetKind.EVERY, 1, 1),
        ("Recap in every discovery, follow-up, and demo call", TargetKind.EVERY, 1, 1),
        ("recap on each cold and warm call", TargetKind.EVERY, 1, 1),
        ("always recap", TargetKind.EVERY, 1, 1),
        ("acknowledge every objection", TargetKind.EVERY, 1, 1),
        ("recap on at least half of the calls", TargetKind.SHARE, 0.5, 1),
        ("recap on two thirds of my calls", TargetKind.SHARE, 2 / 3, 1),
        ("recap on 80% of calls", TargetKind.SHARE, 0.8, 1),
        ("recap on 80 percent of calls", TargetKind.SHARE, 0.8, 1),
        ("recap on 4 out of 5 calls", TargetKind.SHARE, 0.8, 1),
        ("3 open questions on every discovery call", TargetKind.EVERY, 1, 3),
        ("at least three open questions per call", TargetKind.EVERY, 1, 3),
        ("5 discovery calls with at least 2 open questions each", TargetKind.COUNT, 5, 2),
        ("followup within 48h on every demo", TargetKind.EVERY, 1, 1),
        ("5 recaps a day, Monday to Wednesday", TargetKind.COUNT, 15, 1),
        ("one recap every day", TargetKind.COUNT, 5, 1),
    ],
)
def test_targets(text: str, kind: TargetKind, value: float, per_call: int) -> None:
    target = read(text).target
    assert target is not None
    assert target.kind is kind
    assert target.value == pytest.approx(value)
    assert target.per_call == per_call


@pytest.mark.parametrize(
    "text",
    ["recap more", "recap on some calls", "recap on 150% of calls", "recap on 0 calls", "recap between 9 and 11",
     "recap before 10", "recap for 20 minutes", "recap on 6 of 5 calls"],
)  # fmt: skip
def test_numbers_that_are_no_target_are_not_taken_for_one(text: str) -> None:
    found = read(text)
    assert found.target is None
    assert "target" in [question.part for question in found.missing]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Thu", (0, 1, 2, 3)),
        ("Mon–Thu", (0, 1, 2, 3)),
        ("Monday through Wednesday", (0, 1, 2)),
        ("from Tuesday until Friday", (1, 2, 3, 4)),
        ("on Mondays and Wednesdays", (0, 2)),
        ("Tue, Thu", (1, 3)),
        ("Fri-Mon", (0, 4, 5, 6)),
        ("every day", (0, 1, 2, 3, 4)),
        ("on weekdays", (0, 1, 2, 3, 4)),
        ("at the weekend", (5, 6)),
    ],
)
def test_weekdays(text: str, days: tuple[int, ...]) -> None:
    assert read(f"Recap on every call, {text}").when.weekdays == days


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("before 10", None, time(10)),
        ("before 10 a.m.", None, time(10)),
        ("before noon", None, time(12)),
        ("every morning", None, time(12)),
        ("in the afternoon", time(12), None),
        ("after 2", time(14), None),
        ("before 5", None, time(17)),
        ("before 7 every morning", None, time(7)),
        ("after 2pm", time(14), None),
        ("between 9 and 11", time(9), time(11)),
        ("between 1 and 3 pm", time(13), time(15)),
        ("from 8:30 to 10:15", time(8, 30), time(10, 15)),
        ("9-11am", time(9), time(11)),
    ],
)
def test_times_of_day(text: str, start: time | None, end: time | None) -> None:
    found = read(f"Recap on every call {text}")
    assert (found.when.from_time, found.when.to_time) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("this week", date(2026, 1, 12), date(2026, 1, 16)),
        ("next week", date(2026, 1, 19), date(2026, 1, 23)),
        ("by Friday", None, date(2026, 1, 16)),
        ("before Friday", None, date(2026, 1, 15)),
        ("by next Friday", None, date(2026, 1, 23)),
        ("until Jan 16", None, date(2026, 1, 16)),
        ("by 2026-01-20", None, date(2026, 1, 20)),
        ("from January 13 to January 15", date(2026, 1, 13), date(2026, 1, 15)),
        ("tomorrow", date(2026, 1, 13), date(2026, 1, 13)),
    ],
)
def test_dates(text: str, start: date | None, end: date | None) -> None:
    found = read(f"Recap on every call {text}")
    assert (found.when.start, found.when.end) == (start, end)


def test_by_friday_is_an_end_and_not_the_only_day() -> None:
    assert read("Recap on every call by Friday").when.weekdays is None


def test_a_check_day_is_no_part_of_the_window() -> None:
    found = read("Recap on every call, check on Friday")
    assert found.when.check_on == date(2026, 1, 16)
    assert found.when.weekdays is None
    assert found.draft(rep="Dana").window.end == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "types", "directions"),
    [
        ("recap on every cold call", ("cold",), ()),
        ("recap on every discovery call", ("discovery",), ()),
        ("open discovery question on every call", (), ()),
        ("recap on every inbound demo", ("demo",), ("inbound",)),
        ("10 trigger-event first-touch e-mails before 10", ("first-touch email",), ()),
        ("10 trigger-event e-mails before 10", ("email",), ()),
        ("recap in every discovery, follow-up and demo call", ("discovery", "demo", "follow-up"), ()),
        ("recap on all cold and warm calls", ("cold", "warm"), ()),
        ("recap on every cold or discovery conversation", ("cold", "discovery"), ()),
    ],
)
def test_kinds_of_call(text: str, types: tuple[str, ...], directions: tuple[str, ...]) -> None:
    found = read(text)
    assert found.eligible.call_types == types
    assert found.eligible.directions == directions


def test_two_behaviors_are_one_too_many() -> None:
    found = read("Recap and agenda on every call")
    assert found.behavior is None
    assert "One at a time" in found.missing[0].text


@pytest.mark.parametrize(
    ("text", "behavior"),
    [
        ("I will confirm the budget on every call", "budget-confirmed"),
        ("acknowledging objections on every call", "objection-acknowledged"),
        ("Set an agenda on every call", "upfront-agenda"),
        ("followup-within-48h on every call", "followup-within-48h"),
    ],
)
def test_behaviors_by_id_name_alias_and_other_forms(text: str, behavior: str) -> None:
    assert read(text).behavior == behavior


def test_without_days_it_says_what_will_hold() -> None:
    found = read("10 recaps")
    (question,) = found.missing
    assert question.part == "when"
    assert "Sunday, January 18" in question.otherwise
    assert found.complete
    made = found.draft(rep="Dana")
    assert (made.window.start, made.window.end, made.check_on) == (
        TODAY, date(2026, 1, 18), date(2026, 1, 19),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "10", "%", "every", "recap " * 50, "Mon-", "before 99", "31 February"]
)
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read(text).statement == " ".join(text.split())


@pytest.mark.parametrize("text", ["recap on every call, 50%", "keep the recap under 50% on every call"])
def test_a_share_and_every_call_at_once_is_asked_about(text: str) -> None:
    found = read(text)
    assert found.target is None and not found.complete
    assert "both 50% and every call" in next(each.text for each in found.missing if each.part == "target")


@pytest.mark.parametrize(
    "text", ["recap on 50% of all calls", "recap on 3 of every 5 calls", "recap on half of the calls every day"]
)
def test_a_share_of_all_calls_is_still_a_share(text: str) -> None:
    found = read(text)
    assert found.target is not None and found.target.kind is TargetKind.SHARE
