"""Calls put together from lines: the truth of when every word is said is where its sound is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from ci_checker.learn.hearing.stage import PAIRS, scripts, staged
from ci_checker.learn.hearing.voiced import RATE, timed

TEXTS = [f"sentence number {n}" for n in range(30)]


def test_every_word_is_where_its_sound_is(call):
    loudness = np.abs(call.samples)
    for channel in (0, 1):
        for _, start, end in call.words[channel]:
            mine, other = (loudness[c, round(start * RATE) : round(end * RATE)].mean() for c in (channel, 1 - channel))
            assert mine > 0.02 and other < 0.005
    first = min(start for words in call.words for _, start, _ in words)
    assert loudness[:, : round(first * RATE) - 10].max() < 0.02
    assert call.speech_s == pytest.approx(4 * 5 * 0.3)
    assert call.voices == ("sarah", "mike")


def test_turns_alternate_with_a_pause_and_nobody_is_interrupted(call):
    said = sorted([*call.words[0], *call.words[1]], key=lambda word: word[1])
    assert [text[0] for text, _, _ in said] == list("abcdefghijklmnopqrst")
    gaps = [after[1] - before[2] for before, after in pairwise(said)]
    assert min(gaps) > -1e-6
    assert sum(gap > 0.3 for gap in gaps) == 3


def test_every_third_turn_comes_in_early_where_that_is_wanted(line):
    lines = [line("a b c d e f g h", hertz=200 + n) for n in range(6)]
    call = staged("early", lines, seed=2, early_s=0.6)
    bounds = sorted((words[at][1], words[at + 7][2], c) for c, words in enumerate(call.words) for at in range(0, 24, 8))
    overlaps = [before[1] - after[1 - 1] for before, after in pairwise(bounds)]
    # A line begins with 0.1 s of nothing, so that of 0.6 s half a second is talked over.
    assert [round(o, 2) for o in overlaps if o > 0] == [0.5, 0.5]
    assert [c for _, _, c in bounds] == [0, 1] * 3
    own = [[(a, b) for a, b, c in bounds if c == channel] for channel in (0, 1)]
    assert all(after[0] >= before[1] for spans in own for before, after in pairwise(spans))


def test_the_same_seed_stages_the_same_call(line):
    lines = [line("a b c"), line("d e f")]
    one, two, other = (staged("x", lines, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.samples, two.samples) and one.words == two.words
    assert one.samples.shape != other.samples.shape or not np.array_equal(one.samples, other.samples)


def test_six_calls_say_everything_once_and_twelve_in_two_voices_each():
    twelve = scripts(TEXTS, 12)
    assert sorted(text for script in twelve[:6] for text, _ in script) == sorted(TEXTS)
    for text in TEXTS:
        voices = {voice for script in twelve for said, voice in script if said == text}
        assert len(voices) == 2
    for script, pair in zip(twelve, PAIRS):
        assert [voice for _, voice in script] == [pair[n % 2] for n in range(len(script))]
    assert {v for script in twelve for _, v in script} == {"sarah", "mike", "dan", "nina"}


def test_the_third_round_swaps_the_sides():
    rounds = scripts(TEXTS, 18)
    assert [voice for _, voice in rounds[12]] == [{"sarah": "mike", "mike": "sarah"}[v] for _, v in rounds[0]]


def test_calls_that_would_have_no_sentence_are_left_out():
    assert [len(script) for script in scripts(TEXTS[:4], 6)] == [1, 1, 1, 1]


def test_no_word_lasts_into_the_next_one():
    assert timed([("a", 0.0, 2.0), ("b", 0.5, 0.9), ("c", 1.0, 1.4)]) == (
        ("a", 0.0, 0.5),
        ("b", 0.5, 0.9),
        ("c", 1.0, 1.4),
    )
    assert timed([]) == ()
