"""What lines do to a voice: the telephone's band and its coding, a handset's color, noise."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 16_000
_MU: Final = 255.0


def telephone(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n,) as a telephone passes it: 300 to 3400 Hz, eight bits of mu-law."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum *= 1 / (1 + (300 / np.maximum(hertz, 1.0)) ** 8) / (1 + (hertz / 3400) ** 16)
    band = np.clip(np.fft.irfft(spectrum, len(samples)), -1.0, 1.0)
    folded = np.sign(band) * np.log1p(_MU * np.abs(band)) / np.log1p(_MU)
    folded = np.round(folded * 127) / 127
    return (np.sign(folded) * np.expm1(np.abs(folded) * np.log1p(_MU)) / _MU).astype(np.float32)


def colored(samples: NDArray[np.float32], random: np.random.Generator, most_db: float = 4.0) -> NDArray[np.float32]:
    """Return (n,) through a handset: a smooth random curve over the frequencies."""
    spectrum = np.fft.rfft(samples)
    places = np.linspace(0, 1, 6)
    curve = np.interp(np.linspace(0, 1, len(spectrum)) ** 0.5, places, random.uniform(-most_db, most_db, 6))
    return np.fft.irfft(spectrum * 10 ** (curve / 20), len(samples)).astype(np.float32)


def noisy(samples: NDArray[np.float32], below_db: float, random: np.random.Generator) -> NDArray[np.float32]:
    """Return (n,) with noise so many dB below the speech."""
    loud = np.abs(samples) > 0.01
    level = float(np.sqrt(np.mean(np.square(samples[loud])))) if loud.any() else 0.1
    white = random.standard_normal(len(samples) + 1)
    hum = (white[1:] + 0.7 * white[:-1]) / 1.22
    return (samples + hum * level * 10 ** (-below_db / 20)).astype(np.float32)


def leveled(samples: NDArray[np.float32], level_db: float = -21.0) -> NDArray[np.float32]:
    """Return (n,) with its speech at a level, never clipped."""
    loud = samples[np.abs(samples) > 0.01]
    now = float(np.sqrt(np.mean(np.square(loud)))) if len(loud) else 1.0
    gain = min(10 ** (level_db / 20) / now, 0.95 / float(np.abs(samples).max(initial=1e-3)))
    return (samples * gain).astype(np.float32)
