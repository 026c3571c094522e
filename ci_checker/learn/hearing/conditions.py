"""What happens to a call on its way to the recording, each made from the same clean call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.crosstalk import bleeding
from ci_checker.learn.hearing.stage import Staged
from ci_checker.learn.hearing.voiced import RATE

Samples = NDArray[np.float32]
BLEED_DB: Final = -20.0
_BLEED_S: Final = 0.02
_LOWEST_HZ: Final = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """``make`` takes a call, people talking at once (n,) and the call's number; it returns (channels, n).

    ``early`` asks for the calls in which people come in early; ``mono`` tells that all is on one channel.
    """

    name: str
    make: Callable[[Staged, Samples, int], Samples]
    early: bool = False
    mono: bool = False


def telephone(call: Staged, _babble: Samples, _number: int) -> Samples:
    """300-3400 Hz at 8 kHz, mu-law, as the checkpoint's own evaluation has it."""
    import torch

    from ci_checker.learn.speech.dataset import to_telephone

    return np.stack([to_telephone(torch.from_numpy(channel)).numpy() for channel in call.samples])


def noise(snr_db: float) -> Callable[[Staged, Samples, int], Samples]:
    """Return what puts noise so many dB under each channel's speech: pink in even calls, babble in odd ones."""

    def make(call: Staged, babble: Samples, number: int) -> Samples:
        size = call.samples.shape[1]
        noisy = []
        for channel in (0, 1):
            if number % 2:
                added = np.resize(np.roll(babble, -(2 * number + channel) * 3 * RATE), size)
            else:
                added = pink(size, seed=2 * number + channel)
            level = speech_power(call, channel) / max(float(np.mean(np.square(added, dtype=np.float64))), 1e-12)
            noisy.append(call.samples[channel] + added * np.float32(np.sqrt(level) * 10 ** (-snr_db / 20)))
        return np.clip(np.stack(noisy), -1.0, 1.0)

    return make


def pink(size: int, *, seed: int) -> Samples:
    """Return noise (size,) whose power falls by 3 dB an octave from 50 Hz on, of unit power."""
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), _LOWEST_HZ)
    made = np.fft.irfft(white / np.sqrt(hertz), size)
    return (made / np.sqrt(np.mean(made**2))).astype(np.float32)


def speech_power(call: Staged, channel: int) -> float:
    """Return a channel's mean power over its words, 0 where it has none."""
    parts = [call.samples[channel, round(start * RATE) : round(end * RATE)] for _, start, end in call.words[channel]]
    return float(np.mean(np.square(np.concatenate(parts), dtype=np.float64))) if parts else 0.0


CONDITIONS: Final = (
    Condition(name="clean", make=lambda call, _babble, _number: call.samples),
    Condition(name="8 kHz mu-law", make=telephone),
    *(Condition(name=f"noise at {db} dB", make=noise(db)) for db in (20, 10, 5)),
    Condition(name="cross-talk", make=lambda call, _babble, number: bleeding(call.samples, BLEED_DB, _BLEED_S, number)),
    Condition(
        name="cross-talk, both at once",
        make=lambda call, _babble, number: bleeding(call.samples, BLEED_DB, _BLEED_S, number),
        early=True,
    ),
    Condition(
        name="mono", make=lambda call, _babble, _number: np.clip(call.samples.sum(axis=0)[None], -1, 1), mono=True
    ),
)
"""Every condition; of the noises half is pink, half people talking."""
