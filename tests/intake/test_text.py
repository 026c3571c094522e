"""Bytes to text: the encoding is told or named as guessed, and cleaning costs no word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.errors import CallError
from ci_checker.intake.text import clean, clock, counted, decode, is_text, unescape

SAID = "Ann: Grüße, 10 € – “fine”.\nBob: Sí.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_encoding_that_is_marked_is_read_without_a_note(encoding: str) -> None:
    assert decode(SAID.encode(encoding)) == (SAID, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252"])
def test_a_guessed_encoding_is_read_and_named(encoding: str) -> None:
    text, notes = decode(SAID.encode(encoding))
    assert text == SAID
    assert notes == (f"The file is not UTF-8; it was read as {encoding}.",)


@pytest.mark.parametrize("data", [b"Ann: \x81\x8d hello", b"Ann: hello\x00\x01", bytes(range(256))])
def test_what_is_no_text_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(CallError) as told:
        decode(data)
    assert "UTF-8" in told.value.todo
    assert not is_text(data)


def test_the_place_of_a_byte_that_does_not_fit_is_named() -> None:
    with pytest.raises(CallError, match="byte 5 fits neither UTF-8 nor cp1252"):
        decode(b"Ann: \x81")


def test_line_ends_of_all_systems_become_one_kind() -> None:
    assert decode(b"a\r\nb\rc\nd")[0] == "a\nb\nc\nd"


def test_nothing_and_little_are_text() -> None:
    assert decode(b"") == ("", ()) and decode(b"A") == ("A", ())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
@settings(max_examples=100, deadline=None)
def test_every_text_in_utf_8_comes_back(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode("utf-8"))[0] == text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<i>Well</i>, <b>no</b>", "Well, no"),
        ("<v Ann>Hello</v>", "Hello"),
        ("<v.loud Ann>Hello</v>", "Hello"),
        ("<c.yellow.bg_blue>so</c> it is", "so it is"),
        ("one<br>two<br/>three", "one two three"),
        ("<00:01.250>Hel<00:01.500>lo", "Hello"),
        ('<font color="red">red</font>', "red"),
        (r"{\an8}up here", "up here"),
        ("a\u200bb\ufeff \u202ec", "ab c"),
        ("  too   many\t spaces ", "too many spaces"),
    ],
)
def test_markup_of_captions_goes_and_every_word_stays(written: str, said: str) -> None:
    assert clean(written) == said


@pytest.mark.parametrize(
    "said", ["a < b and b > c", "x <3 you", "<name withheld> called", "{curly} braces", "AT&T", "R&D;", "50 <% of it"]
)
def test_what_only_looks_like_markup_stays(said: str) -> None:
    assert clean(said) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("fish &amp; chips", "fish & chips"),
        ("&lt;now&gt;", "<now>"),
        ("it&#39;s", "it's"),
        ("caf&#xE9;", "café"),
        ("a&copy=1 &copy b", "a&copy=1 &copy b"),
        ("AT&T;", "AT&T;"),
    ],
)
def test_only_whole_entities_are_replaced(written: str, said: str) -> None:
    assert unescape(written) == said


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (9.99, "0:09"), (60, "1:00"), (3599, "59:59"), (3600, "1:00:00"), (36_061, "10:01:01")],
)
def test_a_time_is_shown_as_players_show_it(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines")])
def test_one_is_not_many(number: int, shown: str) -> None:
    assert counted(number, "line") == shown
