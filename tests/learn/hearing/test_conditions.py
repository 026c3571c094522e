"""What happens to a call on the line, measured on its sound."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn.hearing.conditions import CONDITIONS, pink, speech_power
from ci_checker.learn.hearing.voiced import RATE

NAMED = {condition.name: condition for condition in CONDITIONS}
BABBLE = np.random.default_rng(7).standard_normal(5 * RATE).astype(np.float32) * 0.1


def db(ratio):
    return 10 * np.log10(ratio)


def test_the_issue_s_conditions_are_all_there():
    wanted = ["clean", "8 kHz mu-law", "noise at 20 dB", "noise at 10 dB", "noise at 5 dB", "cross-talk", "mono"]
    assert set(wanted) <= set(NAMED)


@pytest.mark.parametrize("name", NAMED)
def test_a_condition_keeps_length_and_range_and_comes_out_the_same_again(call, name):
    if name == "8 kHz mu-law":
        pytest.importorskip("torch")
    before = call.samples.copy()
    once, again = (NAMED[name].make(call, BABBLE, 1) for _ in range(2))
    assert once.shape == (1 if NAMED[name].mono else 2, call.samples.shape[1])
    assert np.abs(once).max() <= 1.0 and np.isfinite(once).all()
    assert np.array_equal(once, again) and np.array_equal(call.samples, before)


@pytest.mark.parametrize("snr", [20, 10, 5])
@pytest.mark.parametrize("number", [0, 1])
def test_noise_is_as_far_under_each_channel_s_speech_as_it_says(call, snr, number):
    added = NAMED[f"noise at {snr} dB"].make(call, BABBLE, number) - call.samples
    for channel in (0, 1):
        assert db(speech_power(call, channel) / np.mean(added[channel] ** 2)) == pytest.approx(snr, abs=0.1)
    assert abs(np.corrcoef(added)[0, 1]) < 0.1


def test_half_of_the_calls_have_pink_noise_and_half_have_people(call):
    even, odd = (NAMED["noise at 5 dB"].make(call, np.zeros(RATE, np.float32), number) for number in (0, 1))
    assert np.array_equal(odd, call.samples) and not np.array_equal(even, call.samples)


def test_pink_noise_falls_three_decibels_an_octave():
    power = np.abs(np.fft.rfft(pink(20 * RATE, seed=1))) ** 2
    hertz = np.fft.rfftfreq(20 * RATE, 1 / RATE)
    bands = [power[(hertz >= low) & (hertz < 2 * low)].mean() for low in (100, 200, 400, 800, 1600, 3200)]
    assert np.diff([db(band) for band in bands]) == pytest.approx(-3.01, abs=0.4)


def test_a_channel_without_words_gets_no_noise(call):
    from dataclasses import replace

    quiet = replace(call, words=(call.words[0], ()))
    assert speech_power(quiet, 1) == 0.0
    assert np.array_equal(NAMED["noise at 5 dB"].make(quiet, BABBLE, 0)[1], call.samples[1])


def test_the_telephone_passes_its_band_only(call):
    pytest.importorskip("torch")
    noise = (np.random.default_rng(1).standard_normal(call.samples.shape) * 0.1).astype(np.float32)
    from dataclasses import replace

    made = NAMED["8 kHz mu-law"].make(replace(call, samples=noise), BABBLE, 0)
    power = np.abs(np.fft.rfft(made[0])) ** 2
    hertz = np.fft.rfftfreq(made.shape[1], 1 / RATE)
    assert power[(hertz > 4100)].mean() < 1e-4 * power[(hertz > 500) & (hertz < 3000)].mean()


@pytest.mark.parametrize("name", ["cross-talk", "cross-talk, both at once"])
def test_the_other_channel_bleeds_in_twenty_decibels_down(call, name):
    made = NAMED[name].make(call, BABBLE, 0)
    _, start, end = call.words[0][0]
    place = slice(round((start + 0.1) * RATE), round(end * RATE))
    assert db(np.mean(made[0, place] ** 2) / np.mean(made[1, place] ** 2)) == pytest.approx(20, abs=0.6)
    assert NAMED[name].early == (name != "cross-talk")


def test_mono_has_both_voices(call):
    (made,) = NAMED["mono"].make(call, BABBLE, 0)
    assert made == pytest.approx(call.samples[0] + call.samples[1], abs=1e-6)
