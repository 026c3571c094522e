"""Small recordings made on the spot: speech-like noise in bursts, in any codec PyAV can write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

Maker = Callable[..., Path]


def voice(seconds: float, rate: int = 16_000, *, seed: int = 0, level: float = 0.3) -> np.ndarray:
    """Return float32 samples: noise below 3 kHz that comes and goes like syllables."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum[np.fft.rfftfreq(count, 1 / rate) > 3000] = 0
    noise = np.fft.irfft(spectrum, count)
    beat = 0.55 + 0.45 * np.sin(2 * np.pi * (2 + seed % 3) * np.arange(count) / rate + seed)
    return (level * beat * noise / np.abs(noise).max()).astype(np.float32)


def write_audio(
    path: Path,
    samples: np.ndarray,
    *,
    rate: int = 16_000,
    codec: str = "pcm_s16le",
    container: str | None = None,
    sample_format: str | None = None,
    bit_rate: int | None = None,
    layout: str | None = None,
) -> Path:
    """Encode samples of shape (channels, samples) in [-1, 1]."""
    samples = np.atleast_2d(samples).astype(np.float32)
    layout = layout or {1: "mono", 2: "stereo", 4: "quad", 6: "5.1"}[len(samples)]
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        if bit_rate:
            stream.bit_rate = bit_rate
        if sample_format:
            stream.format = sample_format
        resampler = av.AudioResampler(format=stream.format or "s16", layout=layout, rate=stream.rate)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate = rate
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def write_video(path: Path, *, with_sound: bool, seconds: float = 2.0) -> Path:
    """Write a tiny video, with a mono sound track or without."""
    with av.open(str(path), "w") as out:
        picture = out.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound = out.add_stream("aac", rate=16_000, layout="mono") if with_sound else None
        for _ in range(round(seconds * 10)):
            image = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            out.mux(picture.encode(image))
        out.mux(picture.encode(None))
        if sound is not None:
            frame = av.AudioFrame.from_ndarray(voice(seconds)[np.newaxis], format="fltp", layout="mono")
            frame.sample_rate = 16_000
            out.mux(sound.encode(frame))
            out.mux(sound.encode(None))
    return path


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Return a function that writes a recording into the test's folder."""

    def _make(name: str, samples: np.ndarray, **options: object) -> Path:
        return write_audio(tmp_path / name, samples, **options)

    return _make


@pytest.fixture
def speech() -> Callable[..., np.ndarray]:
    """Return the maker of speech-like samples."""
    return voice


@pytest.fixture
def video() -> Callable[..., Path]:
    """Return the maker of tiny videos."""
    return write_video
