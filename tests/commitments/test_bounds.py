"""A promise's own bound: read from its sentence, said in its words, refused where it bounds nothing."""

from __future__ import annotations

from datetime import date

import pytest

from ci_checker.commitments import bounds, draft, read_statement, validate
from ci_checker.errors import RequestError
from ci_checker.model import Eligibility, Target, TargetKind

TODAY = date(2026, 1, 12)
BEHAVIORS = {
    "talk-ratio": ("Talk ratio", "talk less", "listen more"),
    "no-feature-dump": ("No feature dump", "no monologue"),
    "recap": ("Recap",),
}
MEASURES = {"talk-ratio": bounds.TALK_RATIO, "no-feature-dump": bounds.MONOLOGUE}
EVERY, SHARE, COUNT = TargetKind.EVERY, TargetKind.SHARE, TargetKind.COUNT


def read(text: str):
    return read_statement(text, today=TODAY, behaviors=BEHAVIORS, measures=MEASURES)


@pytest.mark.parametrize(
    ("text", "bound", "kind", "value"),
    [
        ("talk ratio under 50 %", 0.5, EVERY, 1),
        ("Talk ratio below 45% on every demo", 0.45, EVERY, 1),
        ("Talk ratio at most 45 percent in at least 80% of my calls", 0.45, SHARE, 0.8),
        ("Talk ratio under 50% on 80% of discovery calls", 0.5, SHARE, 0.8),
        ("on half of my calls a talk ratio of 0.55", 0.55, SHARE, 0.5),
        ("talk less than half of the words", 0.5, EVERY, 1),
        ("Keep my share of the words to 50% on 5 calls", 0.5, COUNT, 5),
        ("talk ratio up to 60 per cent, Monday to Thursday", 0.6, EVERY, 1),
        ("no monologue over 60 seconds", 60, EVERY, 1),
        ("No monologue longer than two minutes in every discovery call", 120, EVERY, 1),
        ("keep every monologue under a minute", 60, EVERY, 1),
        ("no monologue over 1:30 on 5 discovery calls", 90, COUNT, 5),
        ("No monologue of more than 45s on 3 of 4 demos", 45, SHARE, 0.75),
        ("no monologue over one and a half minutes", 90, EVERY, 1),
        ("no monologue over half a minute", 30, EVERY, 1),
    ],
)
def test_bounds_and_how_often_are_told_apart(text: str, bound: float, kind: TargetKind, value: float) -> None:
    found = read(text)
    assert found.bound == pytest.approx(bound)
    assert found.target is not None
    assert (found.target.kind, found.target.value, found.target.per_call) == (kind, pytest.approx(value), 1)
    assert found.complete


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("talk ratio on 50% of calls", SHARE),
        ("talk ratio in at least 80% of my calls", SHARE),
        ("no monologue on 10 calls", COUNT),
        ("recap on 80% of calls", SHARE),
    ],
)
def test_how_often_is_no_bound(text: str, kind: TargetKind) -> None:
    found = read(text)
    assert found.bound is None
    assert found.target is not None and found.target.kind is kind


def test_a_behavior_that_is_not_measured_has_no_bound() -> None:
    found = read("recap under 50% on every call")
    assert found.bound is None and found.target is None
    assert "both 50% and every call" in found.missing[0].text


@pytest.mark.parametrize(
    "text", ["talk ratio under 150%", "talk ratio", "no monologue", "listen more", "talk ratio under 0%"]
)
def test_without_a_bound_it_is_still_asked_how_often(text: str) -> None:
    found = read(text)
    assert found.bound is None
    assert "target" in [each.part for each in found.missing]


def test_a_window_is_read_beside_a_bound() -> None:
    found = read("No monologue over 60 seconds, every morning before 10, Monday to Thursday")
    assert (found.bound, found.when.weekdays) == (60, (0, 1, 2, 3))
    assert found.when.to_time is not None and found.when.to_time.hour == 10


def test_the_bound_stands_in_the_words() -> None:
    made = draft(
        rep="Dana", behavior="talk-ratio", behavior_name="Talk ratio", target=Target(kind=EVERY), made_on=TODAY,
        bound=0.5, eligible=Eligibility(call_types=("discovery",)),
    )  # fmt: skip
    assert made.bound == 0.5
    assert made.statement.startswith("Talk ratio (at most 50% of the words) on every discovery call")
    assert bounds.bound_text(90) == "at most 90 seconds at a stretch"
    assert read("talk ratio under 50%").draft(rep="Dana").bound == 0.5


def test_a_bound_of_nothing_is_refused() -> None:
    made = draft(rep="Dana", behavior="talk-ratio", target=Target(kind=EVERY), made_on=TODAY, statement="X")
    from dataclasses import replace

    validate(replace(made, bound=0.4))
    with pytest.raises(RequestError, match="cannot be kept"):
        validate(replace(made, bound=0.0))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50%", 0.5),
        ("50 percent", 0.5),
        ("0.5", 0.5),
        ("60", 60),
        ("60s", 60),
        ("90 seconds", 90),
        ("1:30", 90),
        ("2m", 120),
    ],
)
def test_a_bound_as_people_type_it(text: str, value: float) -> None:
    assert bounds.parse_bound(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "half", "0", "150%", "0%", "-1", "0:00", "1:75", "50%%"])
def test_what_is_no_bound_is_named(text: str) -> None:
    with pytest.raises(RequestError, match="is no bound") as error:
        bounds.parse_bound(text)
    assert error.value.where == "--bound" and error.value.todo


def test_a_bound_must_fit_what_is_measured() -> None:
    bounds.check_bound(None, "recap", None)
    bounds.check_bound(0.5, "talk-ratio", bounds.TALK_RATIO)
    bounds.check_bound(60, "no-feature-dump", bounds.MONOLOGUE)
    for bound, behavior, measure, said in (
        (0.5, "recap", None, "has no bound"),
        (60, "talk-ratio", bounds.TALK_RATIO, "no share of the words"),
        (0.5, "no-feature-dump", bounds.MONOLOGUE, "Write seconds"),
    ):
        with pytest.raises(RequestError, match=said):
            bounds.check_bound(bound, behavior, measure)
