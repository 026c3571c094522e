"""From the samples of a recording to what each channel says: checks, activity, cross-talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import CallError
from ci_checker.transcribe.bleed import without_bleed
from ci_checker.transcribe.engine import SAMPLE_RATE, Note
from ci_checker.transcribe.spans import Span
from ci_checker.transcribe.vad import speech_spans

_SHORTEST_S: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Audio without cross-talk, shape (channels, n), and each channel's speech in seconds."""

    samples: NDArray[np.float32]
    spans: tuple[tuple[Span, ...], ...]

    @property
    def duration_s(self) -> float:
        """Seconds of the recording."""
        return self.samples.shape[1] / SAMPLE_RATE


def find_speech(samples: NDArray[np.float32], names: Sequence[str], longest_s: float, note: Note) -> Speech:
    """Return where each channel speaks, in spans of at most ``longest_s`` seconds.

    Raises CallError if the samples cannot be heard: wrong shape, too short, not
    numbers, or no speech on any channel.
    """
    checked = _checked(samples, names)
    found = [speech_spans(channel, longest_s=longest_s) for channel in checked]
    cleaned, own = without_bleed(checked, found)
    if not any(own):
        raise CallError("no speech was found in the recording", todo="Check that it is the right file, and not muted.")
    for name, before, after in zip(names, found, own, strict=True):
        if not before:
            note(f"no speech was found on the channel '{name}'")
        elif not after:
            note(f"the channel '{name}' carries only an echo of the other side")
    return Speech(samples=cleaned, spans=tuple(tuple(spans) for spans in own))


def _checked(samples: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.float32]:
    if samples.ndim != 2 or len(samples) != len(names):
        raise ValueError(f"samples of shape {samples.shape} do not fit {len(names)} channel names")
    if samples.shape[1] < _SHORTEST_S * SAMPLE_RATE:
        raise CallError("the recording is too short to hear anything (under 0.1 seconds)")
    if not np.isfinite(samples).all():
        raise CallError(
            "the audio holds values that are not numbers", todo="Export the recording again from its source."
        )
    return np.ascontiguousarray(samples, dtype=np.float32)
