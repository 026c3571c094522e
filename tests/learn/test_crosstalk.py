"""Cross-talk is taken out and one's own speech is kept, over levels and delays."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.intake.audio import Sums
from ci_checker.learn import crosstalk
from ci_checker.transcribe.vad import speech_spans


@pytest.fixture(scope="module")
def two():
    from ci_checker.learn.speech.voices import available
    from ci_checker.learn.voices.cast import held_out

    for engine in ("espeak", "flite"):
        if not available(engine):
            pytest.skip(f"the synthesizer {engine} is not installed")
    people = {person.name: person for person in held_out()}
    return crosstalk.talk((people["rms"], people["en-us+f3"]), turns=9)


def test_people_talk_at_once_now_and_then(two):
    clean, spoken = two
    assert clean.shape[0] == 2 and np.abs(clean).max() <= 1.0
    assert crosstalk._shared(spoken[0], spoken[1]) > 0.5


@pytest.mark.parametrize(("level", "delay"), [(-15, 0.0), (-20, 0.02), (-25, 0.15)])
def test_nothing_is_said_twice_and_little_is_lost(two, level, delay):
    clean, spoken = two
    found = crosstalk.measured(clean, spoken, level, delay)
    assert found.own_s > 10
    assert found.left_s < max(1.0, 0.15 * found.found_s)
    assert found.lost_s < 0.05 * found.own_s


def test_without_cross_talk_nothing_changes(two):
    clean, spoken = two
    found = crosstalk.measured(clean, spoken, -90, 0.0)
    assert found.lost_s < 0.2 and found.left_s == pytest.approx(found.found_s, abs=0.2)


def test_overlapping_speech_stays_on_both_channels(two):
    clean, spoken = two
    samples = crosstalk.bleeding(clean, -20, 0.02)
    from ci_checker.transcribe.bleed import without_bleed

    _, own = without_bleed(samples, [speech_spans(channel) for channel in samples])
    shared = crosstalk._shared(spoken[0], spoken[1])
    assert crosstalk._shared(own[0], own[1]) > 0.6 * shared


def test_heavy_cross_talk_is_not_fake_stereo_and_the_same_mix_is(two):
    clean, _ = two
    for samples, fake in ((crosstalk.bleeding(clean, -12, 0.0), False), (np.repeat(clean.sum(0)[None], 2, 0), True)):
        sums = Sums()
        sums.add(samples.astype(np.float32))
        assert sums.fake_stereo is fake


def test_the_table_has_a_row_a_level():
    row = crosstalk.Bled(level_db=-20, delay_s=0.02, found_s=4.0, left_s=0.5, lost_s=0.2, own_s=20.0)
    assert crosstalk.table([row]).splitlines()[-1] == "| -20 dB | 20 ms | 4.0 s | 0.5 s | 1.0% |"
