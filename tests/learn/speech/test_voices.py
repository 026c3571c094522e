"""The synthesizers: audio at 16 kHz, and every word with its time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Voice, available, speak, synthesize

TEXT = "Hi Dana, it's O'Brien from Acme. Mm-hmm, one of the twenty-two reps said no; what's the ROI?"


@pytest.fixture(params=VOICES, ids=lambda voice: voice.name)
def voice(request: pytest.FixtureRequest) -> Voice:
    chosen: Voice = request.param
    if not available(chosen.engine):
        pytest.skip(f"the libraries of {chosen.engine} are not installed")
    return chosen


def test_voices_have_names_of_their_own() -> None:
    assert len({voice.name for voice in VOICES}) == len(VOICES) >= 3


def test_audio_is_speech_at_sixteen_kilohertz(voice: Voice) -> None:
    audio, _ = synthesize(TEXT, voice)
    assert audio.dtype == np.float32 and audio.ndim == 1
    assert 3 < len(audio) / SAMPLE_RATE < 15
    assert 0.05 < np.abs(audio).max() <= 1


def test_every_word_has_its_time_in_order(voice: Voice) -> None:
    audio, words = synthesize(TEXT, voice)
    assert [word for word, _, _ in words] == TEXT.split()
    times = [(start, end) for _, start, end in words]
    assert all(start < end for start, end in times)
    assert times == sorted(times)
    assert times[-1][1] <= len(audio) / SAMPLE_RATE + 0.01


def test_word_times_enclose_the_sound(voice: Voice) -> None:
    audio, words = synthesize("Yes. No.", voice)
    (_, _, before), (_, start, end) = words
    middle = (start - before) / 3
    gap = audio[round((before + middle) * SAMPLE_RATE) : round((start - middle) * SAMPLE_RATE)]
    inside = audio[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
    assert len(gap) > 0
    assert np.sqrt(np.mean(inside**2)) > 5 * np.sqrt(np.mean(gap**2))


def test_a_voice_says_nearly_the_same_twice(voice: Voice) -> None:
    """The engines draw some noise, so samples differ, but by little."""
    first, _ = synthesize("Tell me more about that.", voice)
    synthesize("Something else in between, spoken faster?", replace(voice, rate=1.3))
    second, _ = synthesize("Tell me more about that.", voice)
    assert len(first) == pytest.approx(len(second), rel=0.02)


def test_acronyms_are_spelled_and_hums_are_hummed(voice: Voice) -> None:
    spelled = [name for name, _, _ in speak("ROI", voice).phones]
    hummed = [name for name, _, _ in speak("Mm-hmm", voice).phones]
    assert len(spelled) > 5 > len([name for name in hummed if name != "pau"]) - 1


def test_faster_is_shorter(voice: Voice) -> None:
    slow, fast = speak(TEXT, voice, rate=0.9), speak(TEXT, voice, rate=1.12)
    assert len(fast.audio) < 0.9 * len(slow.audio)


def test_nothing_to_say_is_silence() -> None:
    audio, words = synthesize("  ", VOICES[0])
    assert len(audio) == 0 and words == []
