"""Calls heard through the project's own stages, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import CallError
from ci_checker.learn.hearing import match
from ci_checker.learn.hearing.conditions import Condition
from ci_checker.learn.hearing.stage import Staged
from ci_checker.learn.hearing.voiced import TimedWord
from ci_checker.learn.hearing.who import Who, compared
from ci_checker.model import Call, Source, Turn
from ci_checker.speakers.diarize import tell_apart
from ci_checker.speakers.voices import VoiceModel
from ci_checker.transcribe import Engine
from ci_checker.transcribe.engine import channel_names

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One call under one condition in one precision, both channels together.

    ``starts_s`` are how many seconds rightly heard words are put beside their true start;
    ``false_words`` were heard in ``silence_s`` seconds in which nobody spoke on that channel.
    ``who`` is there for a call in mono.
    """

    call: int
    condition: str
    precision: str
    errors: int
    words: int
    starts_s: tuple[float, ...]
    false_words: int
    silence_s: float
    who: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is heard: calls without interruptions, the same ones with them, and people talking at once (n,)."""

    calls: tuple[Staged, ...]
    early: tuple[Staged, ...]
    babble: NDArray[np.float32]


def rows(
    engine: Engine,
    precision: str,
    material: Material,
    conditions: Sequence[Condition],
    voices: VoiceModel | None = None,
    told: Told = lambda _: None,
) -> Iterator[Row]:
    """Yield a row for every call under every condition; ``voices`` tells mono calls apart where it is given."""
    for condition in conditions:
        told(f"{precision}: {condition.name}")
        calls = material.early if condition.early else material.calls
        for number, call in enumerate(calls):
            samples = condition.make(call, material.babble, number)
            turns = heard(engine, samples)
            yield _row(number, condition, precision, call, turns, _who(call, samples, turns, voices, condition))


def heard(engine: Engine, samples: NDArray[np.float32]) -> tuple[Turn, ...]:
    """Return what an engine hears in samples (channels, n); nothing where it finds no speech."""
    try:
        return engine.transcribe(samples, channel_names=channel_names(len(samples)))
    except CallError:
        return ()


def words_of(turns: Sequence[Turn], channel: str) -> list[TimedWord]:
    """Return the words of one channel in the order of time."""
    words = [(w.text, w.start_s or 0.0, w.end_s or 0.0) for t in turns if t.speaker == channel for w in t.words]
    return sorted(words, key=lambda word: word[1])


def _row(
    number: int, condition: Condition, precision: str, call: Staged, turns: Sequence[Turn], who: Who | None
) -> Row:
    said = [sorted((*call.words[0], *call.words[1]), key=lambda word: word[1])] if condition.mono else list(call.words)
    found = [words_of(turns, name) for name in channel_names(len(said))]
    counts = [match.errors(true, got) for true, got in zip(said, found, strict=True)]
    return Row(
        call=number,
        condition=condition.name,
        precision=precision,
        errors=sum(wrong for wrong, _ in counts),
        words=sum(words for _, words in counts),
        starts_s=tuple(s for true, got in zip(said, found, strict=True) for s in match.start_errors(true, got)),
        false_words=sum(match.false_words(true, got) for true, got in zip(said, found, strict=True)),
        silence_s=sum(match.silence_s(true, call.duration_s) for true in said),
        who=who,
    )


def _who(
    call: Staged, samples: NDArray[np.float32], turns: tuple[Turn, ...], voices: VoiceModel | None, how: Condition
) -> Who | None:
    if not how.mono or voices is None:
        return None
    heard_call = Call(path=call.name, sha256="0" * 64, source=Source.AUDIO, turns=turns)
    apart = tell_apart(heard_call, samples, voices).turns
    return compared(dict(zip(call.voices, call.words)), apart, call.duration_s)
