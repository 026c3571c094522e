"""Caption files cut into blocks, and names found in them."""

from __future__ import annotations

import pytest

from ci_checker.intake.transcripts.blocks import Block, blocks
from ci_checker.intake.transcripts.named import named_cues


def cut(text: str) -> list[tuple[float | None, float | None, list[str]]]:
    return [(block.start_s, block.end_s, block.lines) for block in blocks(text)[0]]


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("00:01.000 --> 00:02.500", 1.0, 2.5),
        ("00:00:01,000 --> 00:00:02,500", 1.0, 2.5),
        ("00:01.000-->00:02.500", 1.0, 2.5),
        ("00:01.000 --> 00:02.500 align:start position:0%", 1.0, 2.5),
        ("0:01 - 0:02.5", 1.0, 2.5),
        ("0:01 – 0:02.5", 1.0, 2.5),
        ("100:00:01.000 --> 100:00:02.500", 360_001.0, 360_002.5),
    ],
)
def test_a_time_is_read_however_its_arrow_is_drawn(line: str, start: float, end: float) -> None:
    assert cut(f"{line}\nHello.\n") == [(start, end, ["Hello."])]


@pytest.mark.parametrize("line", ["00:01.000 --> later", "--> 00:02.000", "00:99.000 --> 00:02.000"])
def test_a_time_that_cannot_be_is_named_by_its_line_and_its_words_are_kept(line: str) -> None:
    found, notes = blocks(f"WEBVTT\n\n{line}\nHello.\n")
    assert [block.lines for block in found] == [["Hello."]]
    assert len(notes) == 1 and notes[0].startswith("Line 3 has a malformed time")


def test_numbers_and_names_above_a_time_are_ids_and_not_speech() -> None:
    text = "1\n00:01.000 --> 00:02.000\nOne.\n\nintro-7\n00:03.000 --> 00:04.000\nTwo.\n"
    assert [lines for _, _, lines in cut(text)] == [["One."], ["Two."]]


def test_an_id_may_be_parted_from_its_time_by_an_empty_line() -> None:
    text = "1\n\n00:01.000 --> 00:02.000\nOne.\n\n2\n\n00:03.000 --> 00:04.000\nTwo.\n"
    assert [lines for _, _, lines in cut(text)] == [["One."], ["Two."]]


def test_a_word_above_the_next_time_without_an_empty_line_is_speech() -> None:
    text = "00:01.000 --> 00:02.000\nOne\nmore\n00:03.000 --> 00:04.000\nTwo.\n"
    assert [lines for _, _, lines in cut(text)] == [["One", "more"], ["Two."]]


def test_comments_end_at_the_next_empty_line() -> None:
    text = "WEBVTT\n\nNOTE\nnot said\nnor this\n\n00:01.000 --> 00:02.000\nOne.\n\nNOTE x\n\nSTYLE\n::cue {}\n\nsaid\n"
    assert [lines for _, _, lines in cut(text)] == [["One.", "said"]]


def test_a_word_that_only_begins_like_a_comment_is_said() -> None:
    assert cut("00:01.000 --> 00:02.000\nNOTEBOOK it is.\n")[0][2] == ["NOTEBOOK it is."]
    assert cut("00:01.000 --> 00:02.000\nNOTE that down.\n")[0][2] == ["NOTE that down."]


def test_what_stands_before_the_first_time_is_named() -> None:
    found, notes = blocks("My call with Ann\n\n00:01.000 --> 00:02.000\nOne.\n")
    assert len(found) == 1 and notes == ["Line 1 stands before the first time and was left out: My call with Ann"]


def named(*captions: tuple[str, ...]) -> tuple[list[tuple[str | None, str]], list[str]]:
    found = [Block(start_s=float(n), end_s=n + 0.5, lines=list(lines)) for n, lines in enumerate(captions)]
    cues, notes = named_cues(found)
    return [(cue.speaker, cue.text) for cue in cues], notes


def test_a_name_at_the_head_of_a_line_speaks_until_the_next() -> None:
    cues, notes = named(("Ann: One,", "two."), ("three.",), ("Bob: Four.",))
    assert cues == [("Ann", "One, two."), ("Ann", "three."), ("Bob", "Four.")]
    assert notes == ["1 caption without a name, given to the speaker before."]


def test_two_people_in_one_caption_are_two() -> None:
    assert named(("Ann: One?", "Bob: Two."), ("Ann: Three.",))[0][:2] == [("Ann", "One?"), ("Bob", "Two.")]


def test_a_name_on_a_line_of_its_own_is_one_where_all_captions_have_it() -> None:
    assert named(("Ann Lee", "One."), ("Bob", "Two."))[0] == [("Ann Lee", "One."), ("Bob", "Two.")]
    assert named(("Ann Lee", "One."), ("just words",))[0] == [(None, "Ann Lee One."), (None, "just words")]


def test_words_before_the_first_name_belong_to_nobody() -> None:
    cues, notes = named(("hello?",), ("Ann: One.",))
    assert cues == [(None, "hello?"), ("Ann", "One.")] and notes == []
