"""Reading fields of JSON without trust: whatever stands there, a value or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.errors import CallError
from ci_checker.intake.transcripts import jsons
from ci_checker.model import Word


@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        ('{"a": 1}', True),
        (' [\n{"a": 1}]', True),
        ("[]", True),
        ("{}", True),
        ('["a"]', True),
        ("[00:12] Ann: Hello.", False),
        ("{curly} words", False),
        ("Ann: {}", False),
        ("", False),
    ],
)
def test_json_is_told_from_a_stamp_in_brackets(text: str, is_json: bool) -> None:
    assert jsons.looks_like_json(text) is is_json
    assert (jsons.peek(text) is not None) is is_json


def test_damaged_json_is_told_with_its_line() -> None:
    with pytest.raises(CallError, match="damaged JSON at line 2"):
        jsons.load('{"a":\n oops}')


def test_json_nested_without_end_is_damaged_too() -> None:
    with pytest.raises(CallError, match="damaged JSON"):
        jsons.load("[" * 100_000 + "]" * 100_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": 1, "b": 2}', "the keys a, b"),
        ('[{"a": 1}, {"b": 2}]', "a list of items with the keys a"),
        ("[]", "no keys"),
        ("[[1]]", "a list without keys"),
        ("{}", "no keys"),
    ],
)
def test_what_stands_in_unknown_json_is_told(text: str, told: str) -> None:
    assert jsons.describe(text) == told


def test_only_a_few_keys_are_told_and_none_at_length() -> None:
    text = "{" + ", ".join(f'"{n:02d}{"x" * 60}": 1' for n in range(30)) + "}"
    assert len(jsons.describe(text)) < 12 * 45


@pytest.mark.parametrize(
    ("value", "scale", "found"),
    [
        (1.5, 1.0, 1.5),
        (1500, 0.001, 1.5),
        ("2.25", 1.0, 2.25),
        ("1:05", 1.0, 65.0),
        ("1:05", 0.001, 65.0),
        (True, 1.0, None),
        (None, 1.0, None),
        ("soon", 1.0, None),
        (float("nan"), 1.0, None),
        ("inf", 1.0, None),
        ([1], 1.0, None),
        (0, 1.0, 0.0),
    ],
)
def test_seconds_are_a_number_a_number_in_words_or_a_stamp(value: Any, scale: float, found: float | None) -> None:
    assert jsons.seconds(value, scale) == found


def test_a_moment_is_iso_or_an_epoch_in_milliseconds() -> None:
    assert jsons.moment(1_772_444_400_000) == datetime(2026, 3, 2, 9, 40, tzinfo=UTC)
    zoned = jsons.moment("2026-03-02T09:30:00-05:00")
    assert zoned is not None and zoned.utcoffset() == timedelta(hours=-5)
    assert jsons.moment("2026-03-02T09:30:00") == datetime(2026, 3, 2, 9, 30)


@pytest.mark.parametrize(
    "value", [None, True, 12, "2026-03-02", "T", "yesTerday", {}, 253_402_300_800_000, 7e19, 1e300, float("inf")]
)
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert jsons.moment(value) is None


def test_a_word_has_the_times_and_chances_that_it_has_and_no_others() -> None:
    found = jsons.words(
        [
            {"word": " one ", "start": 100, "end": 200, "score": 0.5},
            {"punctuated": "Two.", "word": "two", "probability": 1.5},
            {"word": "", "start": 1},
            "three",
            {"word": 4, "confidence": "high"},
        ],
        text_keys=("punctuated", "word"),
        scale=0.001,
    )
    assert found == (
        Word(text="one", start_s=0.1, end_s=0.2, probability=0.5),
        Word(text="Two."),
        Word(text="4"),
    )


def word(text: str, start: float | None, end: float | None) -> Word:
    return Word(text=text, start_s=start, end_s=end)


def test_words_of_one_voice_go_together_until_another_speaks_or_falls_silent() -> None:
    cues = jsons.grouped(
        [
            ("A", word("one", 0.0, 1.0)),
            ("A", word("two", 1.1, 2.0)),
            ("B", word("three", 2.0, 2.5)),
            ("A", word("four", 2.5, 3.0)),
            ("A", word("five", 4.5, 5.0)),
        ]
    )
    assert [(cue.speaker, cue.text) for cue in cues] == [("A", "one two"), ("B", "three"), ("A", "four"), ("A", "five")]
    assert (cues[0].start_s, cues[0].end_s, len(cues[0].words)) == (0.0, 2.0, 2)


def test_a_word_without_a_time_goes_with_its_neighbors() -> None:
    (cue,) = jsons.grouped([("A", word("one", None, None)), ("A", word("two", 1.0, 2.0)), ("A", word("3", None, None))])
    assert (cue.text, cue.start_s, cue.end_s) == ("one two 3", 1.0, 2.0)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=6,
)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_no_value_breaks_a_field(value: Any) -> None:
    assert isinstance(jsons.string(value), str)
    assert isinstance(jsons.first(value), dict)
    assert all(isinstance(item, dict) for item in jsons.items(value))
    found = jsons.seconds(value)
    assert found is None or found == found
    assert all(one.text for one in jsons.words(value, text_keys=("a",)))
    assert jsons.moment(value) is None or isinstance(jsons.moment(value), datetime)
