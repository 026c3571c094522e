"""What the tests of hearing share: lines of tones instead of speech, and engines that say what they are told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from ci_checker.errors import CallError
from ci_checker.learn.hearing.stage import Staged, staged
from ci_checker.learn.hearing.voiced import RATE, Line, TimedWord
from ci_checker.model import Turn, Word

WORD_S, LEAD_S = 0.3, 0.1
TEXTS = (
    "alpha bravo charlie delta echo",
    "foxtrot golf hotel india juliet",
    "kilo lima mike november oscar",
    "papa quebec romeo sierra tango",
)


def _line(text: str, voice: str = "sarah", hertz: int = 300) -> Line:
    """A tone of 0.3 s a word after 0.1 s of nothing."""
    words = text.split()
    time = np.arange(round(WORD_S * len(words) * RATE)) / RATE
    audio = np.concatenate([np.zeros(round(LEAD_S * RATE)), 0.3 * np.sin(2 * np.pi * hertz * time)])
    spans = tuple((word, LEAD_S + n * WORD_S, LEAD_S + (n + 1) * WORD_S) for n, word in enumerate(words))
    return Line(text=text, voice=voice, audio=audio.astype(np.float32), words=spans)


def _turn(speaker: str, words: Sequence[TimedWord]) -> Turn:
    """A turn of words with their seconds."""
    return Turn(
        speaker=speaker,
        text=" ".join(text for text, _, _ in words),
        start_s=words[0][1],
        end_s=words[-1][2],
        words=tuple(Word(text=text, start_s=start, end_s=end, probability=0.9) for text, start, end in words),
        confidence=0.9,
    )


class Oracle:
    """Hears every call as it was said, ``late_s`` late, with what ``change`` makes of each channel's words."""

    name, key = "oracle", "oracle/1"

    def __init__(
        self,
        calls: Sequence[Staged],
        change: Callable[[list[TimedWord]], list[TimedWord]] = lambda words: words,
        late_s: float = 0.0,
    ) -> None:
        self._calls, self._change, self._late_s = calls, change, late_s
        self.heard: list[NDArray[np.float32]] = []

    def transcribe(self, samples, *, channel_names, progress=None, note=None):
        self.heard.append(samples)
        call = next((c for c in self._calls if c.samples.shape[1] == samples.shape[1]), None)
        if call is None:
            raise CallError("no speech was found in the recording")
        both = sorted((*call.words[0], *call.words[1]), key=lambda word: word[1])
        said = [both] if len(samples) == 1 else list(call.words)
        changed = [self._change([(t, a + self._late_s, b + self._late_s) for t, a, b in words]) for words in said]
        return tuple(_turn(name, words) for name, words in zip(channel_names, changed, strict=True) if words)


@pytest.fixture
def call() -> Staged:
    """Four turns of five words on two channels."""
    lines = [_line(text, ("sarah", "mike")[n % 2], 300 + 50 * n) for n, text in enumerate(TEXTS)]
    return staged("call 1", lines, seed=1)


@pytest.fixture
def line() -> Callable[..., Line]:
    """Speak a text in tones."""
    return _line


@pytest.fixture
def turn() -> Callable[..., Turn]:
    """Make a turn of words with their seconds."""
    return _turn


@pytest.fixture
def oracle() -> type[Oracle]:
    """An engine that knows what was said."""
    return Oracle
