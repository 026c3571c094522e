from __future__ import annotations

import io

import av
import numpy as np
import pytest

from ci_checker.errors import CallError, RequestError
from ci_checker.intake.clips import MIME, cut


def marked(seconds: float, at: float, rate: int) -> np.ndarray:
    """Return quiet noise with one loud second of 1 kHz."""
    time = np.arange(round(seconds * rate)) / rate
    quiet = 0.01 * np.random.default_rng(1).standard_normal(len(time))
    return (quiet + 0.5 * np.sin(2 * np.pi * 1000 * time) * ((time >= at) & (time < at + 1))).astype(np.float32)


def heard(clip: bytes) -> tuple[np.ndarray, int, int]:
    with av.open(io.BytesIO(clip)) as container:
        stream = container.streams.audio[0]
        rate, channels = stream.rate, stream.codec_context.channels
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(stream)]), rate, channels


@pytest.mark.parametrize(
    ("name", "options", "rate"),
    [
        ("x.wav", {}, 16_000),
        ("mu.wav", {"codec": "pcm_mulaw"}, 8_000),
        ("x.mp3", {"codec": "libmp3lame", "bit_rate": 48_000}, 44_100),
        ("x.m4a", {"codec": "aac"}, 44_100),
        ("x.ogg", {"codec": "libopus"}, 48_000),
        ("x.webm", {"codec": "libopus"}, 48_000),
        ("x.flac", {"codec": "flac"}, 44_100),
        ("x.amr", {"codec": "libopencore_amrnb", "bit_rate": 12_200}, 8_000),
    ],
)
def test_the_place_asked_for_is_in_the_clip(make, name, options, rate):
    wave = marked(30.0, 20.0, rate)
    path = make(name, wave if name.endswith("amr") else np.stack([wave, wave * 0.8]), rate=rate, **options)
    samples, clip_rate, channels = heard(cut(path, 20.0, 21.0, pad_s=0.5))
    assert (clip_rate, channels) == (16_000, 1)
    assert len(samples) / clip_rate == pytest.approx(2.0, abs=0.2)
    loud = np.flatnonzero(np.abs(samples) > 0.2) / clip_rate
    assert loud[0] == pytest.approx(0.5, abs=0.2)
    assert loud[-1] == pytest.approx(1.5, abs=0.2)


def test_a_clip_is_small(make, speech):
    clip = cut(make("x.wav", speech(12.0)), 1.0, 11.0)
    assert len(clip) < 5_000 * 11
    assert MIME == "audio/mpeg"


def test_padding_stops_at_both_ends(make, speech):
    path = make("x.wav", speech(3.0))
    samples, rate, _ = heard(cut(path, 0.1, 2.9, pad_s=2.0))
    assert len(samples) / rate == pytest.approx(3.0, abs=0.2)


def test_a_clip_beyond_the_end_is_named(make, speech):
    with pytest.raises(CallError, match="no sound at 1:40"):
        cut(make("x.wav", speech(2.0)), 100.0, 101.0)


@pytest.mark.parametrize(("start", "end"), [(2.0, 2.0), (3.0, 1.0), (-1.0, 1.0), (float("nan"), 1.0)])
def test_a_clip_without_length_is_refused(make, speech, start, end):
    with pytest.raises(RequestError, match="no stretch of time"):
        cut(make("x.wav", speech(2.0)), start, end)
