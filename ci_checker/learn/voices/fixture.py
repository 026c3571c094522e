"""The shipped fixtures' recordings in mono, told apart and compared with who spoke in truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_checker.assets import fixtures_root
from ci_checker.intake import audio
from ci_checker.learn.voices.measure import Told, measured
from ci_checker.model import Call, Source, Turn, Word
from ci_checker.speakers.diarize import tell_apart
from ci_checker.speakers.names import MIXED_NAME
from ci_checker.speakers.voices import VoiceModel


def told(model: VoiceModel, *, heard: bool = False) -> Iterator[Told]:
    """Yield how every mono recording of the team was told apart, with its true words.

    With ``heard`` also with the words as the shipped checkpoint hears them.
    """
    folder = fixtures_root() / "team"
    for told_of in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["calls"]:
        recording = told_of.get("recording") or {}
        if recording.get("channels") != 1:
            continue
        path = folder / told_of["path"]
        samples = audio.load(path)
        turns = true_turns(recording)
        owners = [turn["speaker"] for turn in recording["turns"] for _ in turn["words"]]
        yield _told(model, samples, path.name, "true words", turns, owners)
        if heard:
            turns = _heard(samples)
            yield _told(model, samples, path.name, "words as heard", turns, _owners(turns, recording))


def true_turns(recording: dict[str, Any]) -> tuple[Turn, ...]:
    """Return the words of a recorded call as a perfect recognizer would hear them on one channel."""
    return tuple(
        Turn(
            speaker=MIXED_NAME,
            text=" ".join(word for word, _, _ in turn["words"]),
            start_s=turn["start_s"],
            end_s=turn["end_s"],
            words=tuple(Word(text=w, start_s=a, end_s=b, probability=0.95) for w, a, b in turn["words"]),
            confidence=0.95,
        )
        for turn in recording["turns"]
    )


def _told(
    model: VoiceModel, samples: NDArray[np.float32], name: str, line: str, turns: tuple[Turn, ...], owners: list[str]
) -> Told:
    call = Call(path=name, sha256="0" * 64, source=Source.AUDIO, turns=turns)
    return measured(name, line, tell_apart(call, samples, model), owners)


def _heard(samples: NDArray[np.float32]) -> tuple[Turn, ...]:
    from ci_checker.transcribe import load_engine
    from ci_checker.transcribe.models import resolve

    return load_engine("whisper_torch", resolve("synthetic")).transcribe(samples, channel_names=(MIXED_NAME,))


def _owners(turns: tuple[Turn, ...], recording: dict[str, Any]) -> list[str]:
    """Return for every heard word who speaks in truth at its middle, or nearest to it."""
    spans = [(start, end, turn["speaker"]) for turn in recording["turns"] for _, start, end in turn["words"]]
    owners = []
    for turn in turns:
        for word in turn.words:
            middle = ((word.start_s or 0.0) + (word.end_s or 0.0)) / 2
            owners.append(min(spans, key=lambda span: max(span[0] - middle, middle - span[1], 0.0))[2])
    return owners
