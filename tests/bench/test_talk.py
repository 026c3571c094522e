"""The text call: as long as asked, of two speakers, the same every time, and nothing said twice."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker import pipeline
from ci_checker.bench import talk
from ci_checker.model import Source


def turns_of(text: str) -> list[tuple[str, str]]:
    return [tuple(line.split(": ", 1)) for line in text.splitlines()]  # type: ignore[misc]


@pytest.fixture(scope="module")
def hour() -> str:
    return talk.call(60)


@settings(max_examples=20, deadline=None)
@given(st.floats(1, 240))
def test_a_call_has_its_150_words_a_minute_and_at_most_one_turn_more(minutes):
    text = talk.call(minutes)
    longest = max(len(said.split()) for _, said in turns_of(text))
    wanted = minutes * 150
    assert wanted <= talk.words_of(text) < wanted + longest
    assert talk.words_of(text) == sum(len(said.split()) for _, said in turns_of(text))


def test_it_is_the_same_every_time_and_a_shorter_call_is_the_beginning_of_a_longer_one(hour):
    assert talk.call(60) == hour
    assert hour.startswith(talk.call(7.5)) and talk.call(7.5) != talk.call(60)


def test_two_speakers_take_turns_and_the_rep_opens(hour):
    speakers = [name for name, _ in turns_of(hour)]
    assert speakers[0] == talk.REP and set(speakers) == {talk.REP, talk.PROSPECT}
    assert all(one != two for one, two in pairwise(speakers))


def test_turns_are_of_varied_length_as_in_a_conversation(hour):
    lengths = [len(said.split()) for _, said in turns_of(hour)]
    assert 300 <= len(lengths) <= 700, "an hour of talk has hundreds of turns"
    assert len(set(lengths)) > 40 and max(lengths) > 80
    assert 0.2 < sum(length <= 4 for length in lengths) / len(lengths) < 0.45


@pytest.mark.parametrize("minutes", [60, 240])
def test_nothing_but_short_answers_is_said_twice(minutes):
    """The detectors remember what they have scored, so a call that repeats itself would be scored too fast."""
    sentences = [part for _, said in turns_of(talk.call(minutes)) for part in re.split(r"(?<=[.?!]) ", said)]
    long = Counter(part for part in sentences if len(part.split()) > 4)
    again = sum(count - 1 for count in long.values())
    assert len(long) > minutes * 7 and again <= 0.02 * len(long)


def test_every_slot_is_filled_and_every_sentence_comes_up(hour):
    assert not re.search(r"[{}|]", talk.call(240))
    for template in (talk._REP + talk._PROSPECT).splitlines():
        pattern = re.sub(r"\\\{\w+\\\}", ".+?", re.escape(template))
        assert re.search(pattern, hour), template


def test_what_each_side_says_is_its_own(hour):
    said = {name: " ".join(text for who, text in turns_of(hour) if who == name) for name in (talk.REP, talk.PROSPECT)}
    for name, phrase in ((talk.REP, "I noticed that "), (talk.PROSPECT, "We do not have the budget for ")):
        other = talk.PROSPECT if name == talk.REP else talk.REP
        assert phrase in said[name] and phrase not in said[other]


def test_intake_reads_it_turn_for_turn(tmp_path):
    text = talk.call(3)
    (tmp_path / "call.txt").write_text(text, encoding="utf-8")
    (call,) = pipeline.read(str(tmp_path / "call.txt"))
    assert call.source is Source.TRANSCRIPT and call.notes == ()
    assert [(turn.speaker, turn.text) for turn in call.turns] == turns_of(text)


def test_no_name_of_a_slot_is_missing():
    known = {*talk._SLOTS, "number", "date"}
    assert set(re.findall(r"\{(\w+)\}", talk._REP + talk._PROSPECT)) == known
