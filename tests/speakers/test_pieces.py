"""Turns into words and back; nothing is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.model import Turn, Word
from ci_checker.speakers.allot import posteriors
from ci_checker.speakers.pieces import pieces_of, rebuilt, stretches_of


def turn(text: str, start: float, step: float = 0.3, probability: float = 0.8) -> Turn:
    words = tuple(
        Word(text=word, start_s=start + n * step, end_s=start + (n + 1) * step, probability=probability)
        for n, word in enumerate(text.split())
    )
    return Turn(speaker="mixed", text=text, start_s=start, end_s=words[-1].end_s, words=words, confidence=probability)


def test_words_are_pieces_and_pauses_and_full_stops_open_them():
    pieces = pieces_of([turn("Hi there. Who is this?", 0.0), turn("Luke.", 2.5)])
    assert [piece.text for piece in pieces] == ["Hi", "there.", "Who", "is", "this?", "Luke."]
    assert [piece.opens for piece in pieces] == [True, False, True, False, False, True]
    assert [piece.turn for piece in pieces] == [0, 0, 0, 0, 0, 1]
    assert stretches_of(pieces) == [(0.0, 0.6), pytest.approx((0.6, 1.5)), pytest.approx((2.5, 2.8))]


def test_a_turn_without_word_times_stays_whole_and_one_without_any_is_none():
    timed = Turn(speaker="mixed", text="so it goes", start_s=1.0, end_s=2.0)
    halves = Turn(speaker="mixed", text="a b", start_s=3.0, end_s=4.0, words=(Word(text="a"), Word(text="b")))
    bare = Turn(speaker="mixed", text="nothing")
    assert [(piece.turn, piece.text) for piece in pieces_of([timed, halves, bare])] == [(0, "so it goes"), (1, "a b")]


def test_turns_are_rebuilt_by_label_and_no_word_is_lost():
    turns = [turn("one two three four", 0.0), turn("five six", 5.0, probability=0.4)]
    pieces = pieces_of(turns)
    made = rebuilt(turns, pieces, ["a", "a", "b", "b", "b", "a"])
    assert [(t.speaker, t.text) for t in made] == [("a", "one two"), ("b", "three four"), ("b", "five"), ("a", "six")]
    assert [word.text for t in made for word in t.words] == "one two three four five six".split()
    assert made[0].confidence == 0.8 and made[2].confidence == 0.4
    assert made[0].start_s == 0.0 and made[0].end_s == pytest.approx(0.6)
    assert rebuilt(turns, [], []) == ()


def test_a_word_in_the_middle_goes_with_its_neighbors():
    scores = np.array([[3.0, 0.0], [0.0, 0.2], [3.0, 0.0]])
    found = posteriors(scores, [True, False, False])
    assert (found.argmax(axis=1) == 0).all() and found.sum(axis=1) == pytest.approx(1.0)


def test_a_word_alone_between_pauses_stays_in_doubt_unless_it_says_so_itself():
    sides = [[4.0, 0.0], [0.0, 0.0], [4.0, 0.0]]
    assert 0.5 < posteriors(np.array(sides), [True, True, True])[1].max() < 0.9
    sides[1] = [0.0, 6.0]
    assert posteriors(np.array(sides), [True, True, True])[1, 1] > 0.9
    assert posteriors(np.zeros((0, 2)), []).shape == (0, 2)
