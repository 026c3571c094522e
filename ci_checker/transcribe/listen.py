"""From the samples of a recording to what each channel says: checks, activity, cross-talk.

Nothing here copies the recording, so that three hours of it need no more memory than they take.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import CallError
from ci_checker.transcribe.bleed import without_bleed
from ci_checker.transcribe.engine import SAMPLE_RATE, Note
from ci_checker.transcribe.spans import Span, overlap, subtract
from ci_checker.transcribe.vad import speech_spans
from ci_checker.transcribe.windows import Window, audio_of

_SHORTEST_S: Final = 0.1
_STRETCH_S: Final = 600.0
_BLOCK: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A recording, shape (channels, n), each channel's speech, and what is only the other's echo, in seconds."""

    samples: NDArray[np.float32]
    spans: tuple[tuple[Span, ...], ...]
    muted: tuple[tuple[Span, ...], ...]

    @property
    def duration_s(self) -> float:
        """Seconds of the recording."""
        return self.samples.shape[1] / SAMPLE_RATE

    def audio(self, window: Window, length: int) -> NDArray[np.float32]:
        """Return a window's audio, shape (length,), cross-talk silenced; see ``audio_of``."""
        audio = audio_of(window, self.samples[window.channel], length)
        for piece in window.pieces:
            for echo in self.muted[window.channel]:
                if overlap(echo, (piece.start_s, piece.end_s)) > 0:
                    shift = piece.offset_s - piece.start_s
                    first = int((max(echo.start, piece.start_s) + shift) * SAMPLE_RATE)
                    audio[first : int((min(echo.end, piece.end_s) + shift) * SAMPLE_RATE)] = 0.0
        return audio


def find_speech(samples: NDArray[np.float32], names: Sequence[str], longest_s: float, note: Note) -> Speech:
    """Return where each channel speaks, in spans of at most ``longest_s`` seconds.

    Raises CallError if the samples cannot be heard: wrong shape, too short, not
    numbers, or no speech on any channel.
    """
    checked = _checked(samples, names)
    with ThreadPoolExecutor(max_workers=max(1, min(len(checked), _cores()))) as pool:
        found = list(pool.map(partial(speech_spans, longest_s=longest_s), checked))
    own = _own(checked, found)
    if not any(own):
        raise CallError("no speech was found in the recording", todo="Check that it is the right file, and not muted.")
    for name, before, after in zip(names, found, own, strict=True):
        if not before:
            note(f"no speech was found on the channel '{name}'")
        elif not after:
            note(f"the channel '{name}' carries only an echo of the other side")
    muted = [subtract(before, after) for before, after in zip(found, own, strict=True)]
    return Speech(samples=checked, spans=tuple(map(tuple, own)), muted=tuple(map(tuple, muted)))


def _own(samples: NDArray[np.float32], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return each channel's spans without cross-talk, found a stretch of the recording at a time."""
    if len(samples) == 1 or not any(found):
        return [list(spans) for spans in found]
    own: list[list[Span]] = [[] for _ in found]
    for start, end in _stretches(samples.shape[1] / SAMPLE_RATE):
        inside = [[span for span in spans if start <= span.start < end] for spans in found]
        last = max([end, *(span.end for spans in inside for span in spans)])
        begin = max(0.0, start - 1.0)
        part = samples[:, int(begin * SAMPLE_RATE) : int(last * SAMPLE_RATE) + 1]
        # A whole number of samples, so that no span is cut a sample beside where it was.
        shift = int(begin * SAMPLE_RATE) / SAMPLE_RATE
        _, kept = without_bleed(part, [[Span(s - shift, e - shift) for s, e in spans] for spans in inside])
        for channel, spans in enumerate(kept):
            own[channel] += [Span(s + shift, e + shift) for s, e in spans]
    return [_as_found(spans, before) for spans, before in zip(own, found, strict=True)]


def _as_found(spans: Sequence[Span], found: Sequence[Span]) -> list[Span]:
    """Undo what moving a span back and forth has rounded off."""
    known = {(round(span.start, 6), round(span.end, 6)): span for span in found}
    return [known.get((round(span.start, 6), round(span.end, 6)), span) for span in spans]


def _stretches(duration_s: float) -> list[Span]:
    """Cut the recording about every ten minutes; a span belongs where it begins."""
    count = max(1, int(duration_s // _STRETCH_S))
    edges = [duration_s * part / count for part in range(count + 1)]
    return [Span(start, end) for start, end in zip(edges, [*edges[1:-1], duration_s + 1.0], strict=False)]


def _checked(samples: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.float32]:
    if samples.ndim != 2 or len(samples) != len(names):
        raise ValueError(f"samples of shape {samples.shape} do not fit {len(names)} channel names")
    if samples.shape[1] < _SHORTEST_S * SAMPLE_RATE:
        raise CallError("the recording is too short to hear anything (under 0.1 seconds)")
    blocks = (channel[at : at + _BLOCK] for channel in samples for at in range(0, len(channel), _BLOCK))
    if not all(np.isfinite(block).all() for block in blocks):
        raise CallError(
            "the audio holds values that are not numbers", todo="Export the recording again from its source."
        )
    return np.asarray(samples, dtype=np.float32)


def _cores() -> int:
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known else os.cpu_count() or 1
