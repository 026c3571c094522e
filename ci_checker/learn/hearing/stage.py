"""Calls put together from spoken lines: two channels, and the truth of who says which word when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.hearing.voiced import RATE, Line, TimedWord
from ci_checker.learn.voices.lines import leveled

PAIRS: Final = (
    ("sarah", "mike"),
    ("dan", "nina"),
    ("sarah", "dan"),
    ("mike", "nina"),
    ("sarah", "nina"),
    ("mike", "dan"),
)
"""Who speaks in the first round of calls; in the second each call's sentences go to the other two voices."""
_OPENING_S, _CLOSING_S = 0.5, 0.6
_PAUSE_S: Final = (0.3, 0.9)
_EARLY_EVERY: Final = 3
_LEVEL_DB: Final = (-24.0, -18.0)
_LINE_DB: Final = -55.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A call: float32 samples (2, n) at 16 kHz, and each channel's words in seconds from the call's start."""

    name: str
    voices: tuple[str, str]
    samples: NDArray[np.float32]
    words: tuple[tuple[TimedWord, ...], tuple[TimedWord, ...]]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples.shape[1] / RATE

    @property
    def speech_s(self) -> float:
        """Seconds from the beginning to the end of every word, both channels."""
        return sum(end - start for words in self.words for _, start, end in words)


def scripts(texts: Sequence[str], calls: int) -> list[list[tuple[str, str]]]:
    """Return calls of (text, voice) turns; six calls say every text once, six more in two other voices."""
    shares = np.array_split(np.arange(len(texts)), len(PAIRS))
    made = []
    for number in range(calls):
        round_, place = divmod(number, len(PAIRS))
        pair = PAIRS[place ^ 1] if round_ % 2 else PAIRS[place]
        pair = pair[::-1] if round_ // 2 % 2 else pair
        made.append([(texts[text], pair[turn % 2]) for turn, text in enumerate(shares[place])])
    return [script for script in made if script]


def staged(name: str, lines: Sequence[Line], *, seed: int, early_s: float = 0.0) -> Staged:
    """Return a call whose speakers take turns, each on a channel of their own, over a line with a little noise.

    Parameters
    ----------
    lines : sequence of Line
        In turn of the first and the second speaker.
    early_s : float
        How long before the other one has ended every third turn begins; by 0 nobody is interrupted.
    """
    random = Random(seed)
    levels = [random.uniform(*_LEVEL_DB) for _ in range(2)]
    pieces: list[tuple[int, int, NDArray[np.float32]]] = []
    words: tuple[list[TimedWord], list[TimedWord]] = ([], [])
    clock, own_end = _OPENING_S, [0.0, 0.0]
    for number, line in enumerate(lines):
        channel = number % 2
        pause = random.uniform(*_PAUSE_S)
        if early_s and number % _EARLY_EVERY == _EARLY_EVERY - 1:
            pause = -early_s
        begin = round(max(clock + (pause if number else 0.0), own_end[channel] + _PAUSE_S[0]) * RATE)
        offset = begin / RATE
        pieces.append((channel, begin, leveled(line.audio, levels[channel])))
        words[channel].extend((text, offset + start, offset + end) for text, start, end in line.words)
        clock = own_end[channel] = offset + len(line.audio) / RATE
    size = max((begin + len(audio) for _, begin, audio in pieces), default=0) + round(_CLOSING_S * RATE)
    samples = _line_noise(size, seed)
    for channel, begin, audio in pieces:
        samples[channel, begin : begin + len(audio)] += audio
    voices = (lines[0].voice, lines[1 % len(lines)].voice)
    return Staged(name=name, voices=voices, samples=samples, words=(tuple(words[0]), tuple(words[1])))


def _line_noise(size: int, seed: int) -> NDArray[np.float32]:
    white = np.random.default_rng(seed).standard_normal((2, size))
    return (white * 10 ** (_LINE_DB / 20)).astype(np.float32)
