"""What a voice sounds like, frame by frame: the shape of the spectrum, the pitch, the level.

Only the telephone's band is read, so that a voice looks the same on a line of 8 kHz and on a
microphone. The cepstrum is the classical one (Davis and Mermelstein 1980); the pitch is the
highest peak of the normalized autocorrelation (Rabiner 1977).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 16_000
HOP: Final = 160
"""Samples from frame to frame (10 ms)."""
HOP_S: Final = HOP / RATE
CEPSTRA: Final = 19
"""Cepstral coefficients a frame, without the one that says how loud it is."""
_HALF: Final = RATE // 2
_STEP, _FRAME, _SIZE = HOP // 2, 320, 512
_BANDS, _LOW_HZ, _HIGH_HZ = 32, 150.0, 3600.0
_LOW_PITCH, _HIGH_PITCH = 62.0, 400.0
_BLOCK: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """One channel, a row every 10 ms; row ``i`` is centered at ``(i + 0.5) * HOP_S`` seconds.

    ``cepstra`` has shape (frames, CEPSTRA); ``pitch`` is log hertz and ``voicing`` in [0, 1], both of
    shape (frames,); ``level`` is in dB of full scale, shape (frames,).
    """

    cepstra: NDArray[np.float32]
    pitch: NDArray[np.float32]
    voicing: NDArray[np.float32]
    level: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.level)

    def between(self, start_s: float, end_s: float) -> slice:
        """Return the rows of a stretch of time."""
        first = min(max(0, round(start_s / HOP_S)), len(self))
        return slice(first, max(first, min(len(self), round(end_s / HOP_S))))


def frames_of(samples: NDArray[np.float32]) -> Frames:
    """Return the frames of one channel, shape (n,), at 16 kHz; hours are read in blocks."""
    count = len(samples) // HOP
    parts = [_block(samples, first, min(count, first + _BLOCK)) for first in range(0, count, _BLOCK)]
    if not parts:
        none = np.zeros(0, np.float32)
        return Frames(cepstra=np.zeros((0, CEPSTRA), np.float32), pitch=none, voicing=none, level=none)
    cepstra, pitch, voicing, level = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Frames(cepstra=cepstra, pitch=pitch, voicing=voicing, level=level)


def _block(samples: NDArray[np.float32], first: int, last: int) -> tuple[NDArray[np.float32], ...]:
    # Nothing above the telephone's band is read, so half the rate will do.
    side, taps = _FRAME - _STEP, _low_pass()
    begin, end = first * HOP - side - len(taps) // 2, last * HOP + side + len(taps) // 2
    piece = samples[max(0, begin) : min(len(samples), end)]
    piece = np.pad(piece, (max(0, -begin), max(0, end - len(samples))))
    piece = np.convolve(piece, taps, mode="valid")[::2]
    windows = np.lib.stride_tricks.sliding_window_view(piece, _FRAME)[::_STEP] * np.hanning(_FRAME).astype(np.float32)
    spectrum = np.fft.rfft(windows, _SIZE)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    bands = np.log(power @ _mel() + 1e-7)
    level = 10 * np.log10(np.square(windows).mean(axis=1) + 1e-12)
    pitch, voicing = _pitch(power)
    return (bands @ _cosines()).astype(np.float32), pitch, voicing, level.astype(np.float32)


def _pitch(power: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    correlation = np.fft.irfft(power, _SIZE)[:, : _SIZE // 2]
    shortest, longest = int(_HALF / _HIGH_PITCH), int(_HALF / _LOW_PITCH)
    peaks = (correlation / (correlation[:, :1] + 1e-9))[:, shortest : longest + 1]
    # Of nearly equal peaks the shortest lag is the pitch; the others are its multiples.
    at = np.argmax(peaks >= 0.75 * peaks.max(axis=1, keepdims=True), axis=1)
    for _ in range(6):
        after = np.minimum(at + 1, peaks.shape[1] - 1)
        rows = np.arange(len(peaks))
        at = np.where(peaks[rows, after] > peaks[rows, at], after, at)
    # The window's own autocorrelation is divided out, else a long period always looks weak.
    normal = peaks[np.arange(len(peaks)), at] / _window_correlation()[at + shortest]
    voicing = np.clip(normal, 0.0, 1.0)
    return np.log(_HALF / (at + shortest)).astype(np.float32), voicing.astype(np.float32)


@cache
def _low_pass() -> NDArray[np.float32]:
    """Return a filter that lets pass what half the rate can carry, 41 taps."""
    places = np.arange(-20, 21)
    return (np.sinc(places * 0.475) * 0.475 * np.hamming(41)).astype(np.float32)


@cache
def _window_correlation() -> NDArray[np.float32]:
    spectrum = np.abs(np.fft.rfft(np.hanning(_FRAME), _SIZE)) ** 2
    whole = np.fft.irfft(spectrum)[: _SIZE // 2]
    return np.maximum(whole / whole[0], 0.05).astype(np.float32)


@cache
def _mel() -> NDArray[np.float32]:
    """Return triangles on the mel scale, shape (frequencies, bands)."""
    frequencies = np.fft.rfftfreq(_SIZE, 1 / _HALF)
    mels = np.linspace(_to_mel(_LOW_HZ), _to_mel(_HIGH_HZ), _BANDS + 2)
    edges = 700 * (np.exp(mels / 1127) - 1)
    rising = (frequencies[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - frequencies[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def _to_mel(hertz: float) -> float:
    return float(1127 * np.log1p(hertz / 700))


@cache
def _cosines() -> NDArray[np.float32]:
    """Return the cosine transform without its constant row, shape (bands, CEPSTRA)."""
    places = (np.arange(_BANDS) + 0.5) * np.pi / _BANDS
    return (np.cos(places[:, None] * np.arange(1, CEPSTRA + 1)) * np.sqrt(2 / _BANDS)).astype(np.float32)
