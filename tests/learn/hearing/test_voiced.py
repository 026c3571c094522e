"""Real synthesizers, in a process of their own: the same sound every time, and times that fit it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from ci_checker.errors import MissingError
from ci_checker.learn.hearing import voiced
from ci_checker.learn.hearing.voiced import RATE
from ci_checker.learn.speech.voices import available

WANTED = [("Hi Karen, it's Luke.", "dan"), ("We pay forty dollars.", "sarah")]


@pytest.mark.skipif(not (available("espeak") and available("flite")), reason="needs espeak-ng and flite")
def test_the_same_texts_are_spoken_in_the_same_way_every_time():
    one, two = (voiced.voiced(WANTED, ["It rains."]) for _ in range(2))
    assert all(np.array_equal(a.audio, b.audio) and a.words == b.words for a, b in zip(one.lines, two.lines))
    assert np.array_equal(one.babble, two.babble) and np.abs(one.babble).max() > 0.05
    for line, (text, voice) in zip(one.lines, WANTED, strict=True):
        assert (line.text, line.voice) == (text, voice)
        assert [word for word, _, _ in line.words] == text.split()
        assert all(0 <= start < end <= len(line.audio) / RATE + 0.01 for _, start, end in line.words)
        assert all(before[2] <= after[1] for before, after in pairwise(line.words))


def test_without_a_synthesizer_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(voiced, "available", lambda engine: engine != "flite")
    with pytest.raises(MissingError, match="speech synthesizer not installed: flite"):
        voiced.voiced(WANTED, [])
