"""What the tests of the speaker model share: people who speak in tones, without any synthesizer."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn.speech.voices import SAMPLE_RATE, Speech, Voice
from ci_checker.learn.voices import cast
from ci_checker.learn.voices.cast import Person

WORD_S = 0.25
"""Seconds of a word; nothing stands between two."""


def person(name: str, hertz: int, tract: float = 1.0) -> Person:
    """Somebody whose every word is a tone of this pitch."""
    return Person(name=name, voice=Voice(name=name, engine="tone", voice=str(hertz)), tract=tract)


@pytest.fixture
def toned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, float]]:
    """Let people speak in tones; return (person, text, rate) of all that was said so far."""
    said: list[tuple[str, str, float]] = []

    def speak(text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        said.append((voice.name, text, rate))
        words = text.split()
        step = WORD_S / rate
        time = np.arange(round(step * len(words) * SAMPLE_RATE)) / SAMPLE_RATE
        audio = (0.3 * np.sin(2 * np.pi * int(voice.voice) * time)).astype(np.float32)
        spans = tuple((word, n * step, (n + 1) * step) for n, word in enumerate(words))
        return Speech(audio=audio, words=spans, phones=())

    monkeypatch.setattr(cast, "speak", speak)
    return said
