"""Turns to words and back under any label: nothing lost, nothing moved, nothing invented."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.model import Turn, Word
from ci_checker.speakers.names import is_numbered, voice_name
from ci_checker.speakers.pieces import LONGEST_PAUSE_S, PAUSE_S, pieces_of, rebuilt, stretches_of

TEXTS = ("yes", "so", "we", "have", "plenty.", "right?", "Okay!", "twelve")


@st.composite
def calls(draw) -> list[Turn]:
    """Turns in order; some have words with times, some only their own, some words without a time among them."""
    made, at = [], draw(st.floats(0, 2))
    for _ in range(draw(st.integers(1, 6))):
        words = []
        for _ in range(draw(st.integers(1, 7))):
            start = at + draw(st.sampled_from([0.0, 0.05, 0.29, 0.4, 1.3]))
            at = start + draw(st.sampled_from([0.1, 0.3, 0.8]))
            chance = draw(st.sampled_from([None, 0.5, 0.9]))
            words.append(Word(text=draw(st.sampled_from(TEXTS)), start_s=start, end_s=at, probability=chance))
        start, end = words[0].start_s, words[-1].end_s
        text = " ".join(word.text for word in words)
        kind = draw(st.sampled_from(["words", "words", "no words", "a word without a time"]))
        if kind == "no words":
            words = []
        elif kind == "a word without a time":
            words[-1] = Word(text=words[-1].text)
        made.append(Turn(speaker="mixed", text=text, start_s=start, end_s=end, words=tuple(words), confidence=0.7))
        at += draw(st.sampled_from([0.1, 0.5, 2.0]))
    return made


@settings(max_examples=40, deadline=None)
@given(calls(), st.data())
def test_every_word_comes_back_in_order_whatever_the_labels(turns, data):
    pieces = pieces_of(turns)
    labels = data.draw(st.lists(st.sampled_from("abu"), min_size=len(pieces), max_size=len(pieces)))
    made = rebuilt(turns, pieces, labels)
    assert " ".join(turn.text for turn in made) == " ".join(turn.text for turn in turns)
    spoken = [label for label, piece in zip(labels, pieces, strict=True) for _ in piece.text.split()]
    assert spoken == [turn.speaker for turn in made for _ in turn.text.split()]
    kept = [word for turn in turns if all(word.start_s is not None for word in turn.words) for word in turn.words]
    assert [word for turn in made for word in turn.words] == kept


@settings(max_examples=40, deadline=None)
@given(calls(), st.data())
def test_turns_lie_where_their_words_were_heard(turns, data):
    pieces = pieces_of(turns)
    labels = data.draw(st.lists(st.sampled_from("ab"), min_size=len(pieces), max_size=len(pieces)))
    made = rebuilt(turns, pieces, labels)
    assert made[0].start_s == turns[0].start_s and made[-1].end_s == turns[-1].end_s
    for turn in made:
        assert turn.start_s < turn.end_s
        assert all(turn.start_s <= word.start_s <= word.end_s <= turn.end_s for word in turn.words)
        assert turn.confidence is not None and 0 <= turn.confidence <= 1
    for one, two in itertools.pairwise(made):
        assert one.end_s <= two.start_s
        assert one.speaker != two.speaker or two.start_s - one.end_s > LONGEST_PAUSE_S


@settings(max_examples=35, deadline=None)
@given(calls())
def test_stretches_hold_every_piece_once_and_no_pause(turns):
    pieces = pieces_of(turns)
    stretches = stretches_of(pieces)
    assert sum(piece.opens for piece in pieces) == len(stretches)
    for piece in pieces:
        assert sum(start <= piece.start_s and piece.end_s <= end for start, end in stretches) >= 1
    for inside, (start, end) in zip(_runs(pieces), stretches, strict=True):
        assert (start, end) == (inside[0].start_s, inside[-1].end_s)
        assert all(two.start_s - one.end_s <= PAUSE_S for one, two in itertools.pairwise(inside))


def _runs(pieces):
    runs: list[list] = []
    for piece in pieces:
        if piece.opens:
            runs.append([])
        runs[-1].append(piece)
    return runs


def spoken(*timed: tuple[str, float, float]) -> Turn:
    words = tuple(Word(text=text, start_s=start, end_s=end) for text, start, end in timed)
    return Turn(
        speaker="mixed", text=" ".join(w.text for w in words), start_s=timed[0][1], end_s=timed[-1][2], words=words
    )


@pytest.mark.parametrize(
    ("first", "gap", "opens"),
    [
        ("so", 0.29, False),
        ("so", 0.31, True),
        ("so.", 0.0, True),
        ("so?", 0.0, True),
        ("so!", 0.1, True),
        ("so,", 0.1, False),
    ],
)
def test_a_voice_may_change_after_a_pause_or_the_end_of_a_sentence(first, gap, opens):
    pieces = pieces_of([spoken((first, 1.0, 1.25), ("well", 1.25 + gap, 1.8 + gap))])
    assert [piece.opens for piece in pieces] == [True, opens]


def test_a_word_spoken_over_another_opens_nothing():
    pieces = pieces_of([spoken(("really", 0.0, 0.9), ("good", 0.6, 1.2))])
    assert [piece.opens for piece in pieces] == [True, False]
    assert stretches_of(pieces) == [(0.0, 1.2)]


def test_a_short_word_inside_a_long_one_does_not_cut_the_stretch_short():
    pieces = pieces_of([spoken(("really", 0.0, 2.0), ("mm", 0.6, 0.8))])
    assert stretches_of(pieces) == [(0.0, 2.0)]
    (turn,) = rebuilt([spoken(("really", 0.0, 2.0), ("mm", 0.6, 0.8))], pieces, ["a", "a"])
    assert turn.end_s == 2.0


def test_confidence_is_that_of_the_words_that_stayed():
    words = [
        Word(text=t, start_s=s, end_s=s + 0.2, probability=p)
        for t, s, p in (("a", 0, 0.9), ("b", 0.2, 0.1), ("c", 0.4, 0.2))
    ]
    turn = Turn(speaker="mixed", text="a b c", start_s=0, end_s=0.6, words=tuple(words), confidence=0.4)
    one, two = rebuilt([turn], pieces_of([turn]), ["x", "y", "y"])
    assert (one.confidence, two.confidence) == (0.9, 0.15)
    untold = spoken(("a", 0.0, 0.2), ("b", 0.2, 0.4))
    assert [made.confidence for made in rebuilt([untold], pieces_of([untold]), ["x", "y"])] == [None, None]


@pytest.mark.parametrize("number", [0, 1, 9, 41])
def test_numbered_voices_know_themselves(number):
    assert voice_name(number) == f"voice {number + 1}" and is_numbered(voice_name(number))


@pytest.mark.parametrize(
    "name", ["voice", "voice one", "Voice 1", "voice 1 ", "voice -1", "voices 2", "left", "", "Luke 2"]
)
def test_people_and_channels_are_no_numbered_voices(name):
    assert not is_numbered(name)
