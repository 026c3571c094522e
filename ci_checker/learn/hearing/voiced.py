"""Texts spoken by the trained voices, in a process of their own so that they come out the same every time."""

from __future__ import annotations

import ctypes
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import MissingError
from ci_checker.learn.speech.voices import available, speak, voice
from ci_checker.learn.voices.cast import held_out, say
from ci_checker.learn.voices.lines import leveled

RATE: Final = 16_000
TimedWord = tuple[str, float, float]
"""A word as written, with its start and end in seconds."""
_BABBLE_S: Final = 40.0
_BABBLERS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence as spoken: float32 samples (n,) at 16 kHz, and its words in seconds from their start."""

    text: str
    voice: str
    audio: NDArray[np.float32]
    words: tuple[TimedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """Every line that was asked for, in order, and people whom the recognizer does not know talking at once (n,)."""

    lines: tuple[Line, ...]
    babble: NDArray[np.float32]


def voiced(wanted: Sequence[tuple[str, str]], murmured: Sequence[str]) -> Voiced:
    """Speak (text, name of a trained voice) pairs, and ``murmured`` by others all at once.

    espeak-ng carries its state from one text to the next and flite draws from the C library's random
    numbers, so this happens in a fresh process. Raises MissingError without the synthesizers.
    """
    missing = [engine for engine in ("espeak", "flite") if not available(engine)]
    if missing:
        raise MissingError(
            f"speech synthesizer not installed: {', '.join(missing)}",
            todo="Run: apt-get install espeak-ng flite (or your system's packages of that name)",
        )
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_speak, (tuple(wanted), tuple(murmured)))


def timed(words: Sequence[TimedWord]) -> tuple[TimedWord, ...]:
    """Return the words, none of them lasting into the next one.

    espeak-ng now and then gives a word the end of a later one; its beginnings are right.
    """
    following = [start for _, start, _ in words[1:]] + [float("inf")]
    return tuple((text, start, min(end, after)) for (text, start, end), after in zip(words, following))


def _speak(wanted: Sequence[tuple[str, str]], murmured: Sequence[str]) -> Voiced:
    ctypes.CDLL(None).srand(1)
    lines = []
    for text, name in wanted:
        spoken = speak(text, voice(name))
        lines.append(Line(text=text, voice=name, audio=spoken.audio, words=timed(spoken.words)))
    return Voiced(lines=tuple(lines), babble=_babble(murmured))


def _babble(texts: Sequence[str]) -> NDArray[np.float32]:
    """Six people whom neither recognition nor the speaker model was fitted on, equally loud."""
    together = np.zeros(round(_BABBLE_S * RATE), np.float32)
    people = [person for person in held_out() if person.voice.engine == "espeak"][:_BABBLERS]
    for number, person in enumerate(people):
        at = number * RATE // 3
        for text in (*texts[number:], *texts[:number]):
            audio = leveled(say(person, text)[0])[: len(together) - at]
            together[at : at + len(audio)] += audio
            at += len(audio)
    return together
