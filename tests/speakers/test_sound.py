"""Frames: level, pitch and spectrum of sounds whose pitch is known."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.speakers.sound import CEPSTRA, HOP_S, RATE, frames_of


def buzz(hertz: float, seconds: float = 1.0, level: float = 0.2) -> np.ndarray:
    """A voice's source: all harmonics below 3.5 kHz, the higher the weaker."""
    time = np.arange(round(seconds * RATE)) / RATE
    parts = [np.sin(2 * np.pi * hertz * n * time) / n for n in range(1, int(3500 / hertz))]
    sound = np.sum(parts, axis=0)
    return (level * sound / np.abs(sound).max()).astype(np.float32)


@pytest.mark.parametrize("hertz", [85, 120, 180, 240, 320])
def test_the_pitch_of_a_buzz_is_its_pitch(hertz):
    frames = frames_of(buzz(hertz))
    assert np.exp(np.median(frames.pitch)) == pytest.approx(hertz, rel=0.04)
    assert np.median(frames.voicing) > 0.9


def test_noise_has_no_voice():
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert np.median(frames_of(noise).voicing) < 0.5


def test_rows_are_ten_milliseconds_and_levels_decibels():
    frames = frames_of(np.concatenate([buzz(120, 1.0, 0.2), np.zeros(RATE, np.float32)]))
    assert len(frames) == 200 and frames.cepstra.shape == (200, CEPSTRA)
    assert frames.level[20:80].mean() - frames.level[120:180].mean() > 60
    where = frames.between(0.5, 0.75)
    assert (where.start, where.stop) == (round(0.5 / HOP_S), round(0.75 / HOP_S))
    assert frames.between(-1, 99) == slice(0, 200)


def test_blocks_make_no_difference(monkeypatch):
    from ci_checker.speakers import sound

    samples = np.concatenate([buzz(110), buzz(200)])
    whole = frames_of(samples)
    monkeypatch.setattr(sound, "_BLOCK", 37)
    parts = frames_of(samples)
    assert np.allclose(whole.cepstra, parts.cepstra, atol=1e-3) and np.allclose(whole.level, parts.level, atol=1e-3)


def test_loudness_does_not_change_the_shape():
    loud, quiet = frames_of(buzz(120, level=0.5)), frames_of(buzz(120, level=0.05))
    assert np.abs(loud.cepstra[20:80] - quiet.cepstra[20:80]).max() < 0.2


@pytest.mark.parametrize("count", [0, 1, 159, 160, 500])
def test_next_to_nothing_is_no_error(count):
    assert len(frames_of(np.zeros(count, np.float32))) == count // 160
