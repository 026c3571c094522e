"""Cross-talk: the other side heard faintly on this channel, which must not be said twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.transcribe.engine import SAMPLE_RATE
from ci_checker.transcribe.spans import Span, merge, subtract

_CHUNK_S: Final = 0.6
_FAINTER_DB: Final = 9.0
_ALIKE: Final = 0.5
_LAG_S: Final = 0.25
_SHORTEST_S: Final = 0.2


def without_bleed(
    samples: NDArray[np.float32], spans: Sequence[Sequence[Span]]
) -> tuple[NDArray[np.float32], list[list[Span]]]:
    """Return the audio with cross-talk silenced, and the spans that are a channel's own.

    Parameters
    ----------
    samples : array of float32, shape (channels, n)
        Audio at 16 kHz.
    spans : sequence, length channels
        Speech of each channel in seconds.

    Notes
    -----
    A chunk is cross-talk if another channel is at least 9 dB louder at that time and
    the two waveforms correlate (echoes of up to a quarter of a second included).
    Quiet speech of one's own under somebody louder does not correlate, so it stays.
    """
    own: list[list[Span]] = []
    cleaned = samples
    for channel, channel_spans in enumerate(spans):
        copied: list[Span] = []
        for span in channel_spans:
            copied += [chunk for chunk in _chunks(span) if _is_copy(samples, channel, chunk)]
        foreign = merge(copied, 1e-6)
        if foreign:
            cleaned = cleaned.copy() if cleaned is samples else cleaned
            for start, end in foreign:
                cleaned[channel, int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)] = 0.0
        left = subtract(channel_spans, foreign)
        own.append([span for span in left if span.length >= _SHORTEST_S or span in channel_spans])
    return cleaned, own


def _chunks(span: Span) -> list[Span]:
    count = max(1, round(span.length / _CHUNK_S))
    edges = np.linspace(span.start, span.end, count + 1).tolist()
    return [Span(start, end) for start, end in pairwise(edges)]


def _is_copy(samples: NDArray[np.float32], channel: int, chunk: Span) -> bool:
    first, last = int(chunk.start * SAMPLE_RATE), int(chunk.end * SAMPLE_RATE)
    here = samples[channel, first:last]
    for other in range(len(samples)):
        if other == channel:
            continue
        reach = int(_LAG_S * SAMPLE_RATE)
        there = samples[other, max(0, first - reach) : last]
        if _power(there) * len(there) < 10 ** (_FAINTER_DB / 10) * _power(here) * len(here):
            # Not loud enough anywhere: most of what is one's own is told by this alone, which costs little.
            continue
        alike, at = matched(here, there)
        # Measured where it was said, since an echo may outlast what it repeats.
        louder = 10 * np.log10((_power(there[at : at + len(here)]) + 1e-12) / (_power(here) + 1e-12))
        if louder >= _FAINTER_DB and alike >= _ALIKE:
            return True
    return False


def likeness(here: NDArray[np.float32], there: NDArray[np.float32]) -> float:
    """Return the highest normalized correlation of ``here`` (n,) anywhere in ``there`` (m >= n,)."""
    return matched(here, there)[0]


def matched(here: NDArray[np.float32], there: NDArray[np.float32]) -> tuple[float, int]:
    """Return the highest normalized correlation of ``here`` (n,) in ``there`` (m >= n,), and the sample it is at."""
    size = len(here)
    if size == 0 or len(there) < size:
        return 0.0, 0
    here = here.astype(np.float64) - here.mean()
    there = there.astype(np.float64) - there.mean()
    length = 1 << (len(there) + size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(there, length) * np.conj(np.fft.rfft(here, length)), length)
    products = np.abs(product[: len(there) - size + 1])
    energy = np.concatenate([[0.0], np.cumsum(there**2)])
    local = energy[size:] - energy[: len(energy) - size]
    likenesses = products / np.sqrt(local * np.sum(here**2) + 1e-12)
    at = int(likenesses.argmax())
    return float(likenesses[at]), at


def _power(samples: NDArray[np.float32]) -> float:
    return float(np.square(samples, dtype=np.float64).mean()) if len(samples) else 0.0
