"""Who speaks, and what a line does to a voice: pitch, length, level and band, by numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ci_checker.learn.speech.voices import VOICES, Voice
from ci_checker.learn.voices import cast, lines
from ci_checker.learn.voices.cast import Person, say


def person(hertz: int, tract: float = 1.0) -> Person:
    return Person(name="x", voice=Voice(name="x", engine="tone", voice=str(hertz)), tract=tract)


def pitch(samples: np.ndarray) -> float:
    """Hertz of the strongest part."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum) * lines.RATE / len(samples))


def tone(hertz: float, seconds: float = 1.0, level: float = 0.3) -> np.ndarray:
    time = np.arange(round(seconds * lines.RATE)) / lines.RATE
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def decibels(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=float)) + 1e-20))


# --- people ---------------------------------------------------------------------------------------


def test_a_person_of_usual_size_is_heard_as_spoken(toned: list) -> None:
    audio, words = say(person(400), "one two")
    assert toned == [("x", "one two", 1.0)]
    assert [word for word, _, _ in words] == ["one", "two"] and words[1][1:] == (0.25, 0.5)
    assert pitch(audio) == pytest.approx(400, abs=2)


@pytest.mark.parametrize("tract", [0.88, 1.14])
def test_a_longer_tract_lowers_the_sound_and_is_spoken_faster_against_it(tract: float, toned: list) -> None:
    audio, words = say(person(400, tract), "one two three four")
    assert toned[0][2] == tract  # spoken faster by what playing it slower takes
    assert len(audio) / lines.RATE == pytest.approx(1.0, abs=0.01)
    assert pitch(audio) == pytest.approx(400 / tract, rel=0.01)
    assert words[-1][2] == pytest.approx(1.0) and words[0][1] == 0.0
    assert audio.dtype == np.float32


def test_every_variant_is_fitted_as_often_as_asked_each_time_with_another_person() -> None:
    three = cast.fitted(each=3)
    variants = [one.voice.voice.partition("+")[2] for one in three]
    assert {variants.count(variant) for variant in variants} == {3}
    assert len({(one.tract, one.voice.pitch, one.voice.rate) for one in three}) > 0.95 * len(three)
    assert len(cast.fitted(each=1)) * 3 == len(three)


def test_people_for_fitting_stay_within_what_people_are_and_depend_on_the_seed() -> None:
    people = cast.fitted()
    assert all(0.88 <= one.tract <= 1.14 and 0.85 <= one.voice.rate <= 1.15 for one in people)
    assert all(0.5 < one.voice.pitch < 1.6 for one in people)
    assert cast.fitted(seed=11) == people != cast.fitted(seed=12)
    assert [one.name for one in cast.fitted(seed=12)] == [one.name for one in people]


def test_those_who_are_measured_have_tracts_as_their_synthesizer_made_them() -> None:
    assert {one.tract for one in cast.held_out()} == {1.0}
    assert all(one.name == one.voice.name for one in cast.held_out())


def test_the_voices_of_the_shipped_recordings_were_not_fitted_on() -> None:
    fitted = {one.voice.voice.partition("+")[2].casefold() for one in cast.fitted()}
    for voice in VOICES:
        assert voice.engine == "flite" or voice.voice.partition("+")[2].casefold() not in fitted - {""}


# --- lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hertz", "least", "most"),
    [
        (60, -200, -40),
        (200, -50, -12),
        (600, -1, 1),
        (1000, -1, 1),
        (3000, -1.5, 1),
        (4200, -200, -20),
        (7000, -200, -40),
    ],
)
def test_a_telephone_passes_the_middle_and_stops_both_ends(hertz: int, least: float, most: float) -> None:
    sent = tone(hertz, 0.5)
    change = decibels(lines.telephone(sent)) - decibels(sent)
    assert least < change < most


def test_a_telephone_speaks_in_at_most_255_steps_finer_where_it_is_quiet() -> None:
    heard = lines.telephone((tone(440, 1.0, 0.6) + tone(1234, 1.0, 0.3)).astype(np.float32))
    steps = np.unique(np.abs(heard))
    assert len(np.unique(heard)) <= 255
    assert np.diff(steps)[0] < 0.01 * np.diff(steps)[-1]


def test_what_is_louder_than_full_scale_is_clipped_by_the_telephone() -> None:
    assert np.abs(lines.telephone(tone(1000, 0.5, 3.0))).max() <= 1.0 + 1e-6


@pytest.mark.parametrize("length", [1_001, 16_000])
def test_a_line_keeps_the_number_of_samples(length: int) -> None:
    samples = tone(500, 1.0)[:length]
    random = np.random.default_rng(1)
    heard = (lines.telephone(samples), lines.colored(samples, random), lines.noisy(samples, 20, random))
    for each in (*heard, lines.leveled(samples)):
        assert each.shape == (length,) and each.dtype == np.float32 and np.isfinite(each).all()


@given(some.integers(0, 10_000), some.floats(1, 8))
def test_a_handset_colors_by_no_more_than_it_is_allowed(seed: int, most_db: float) -> None:
    sent = np.random.default_rng(0).standard_normal(4_096).astype(np.float32)
    heard = lines.colored(sent, np.random.default_rng(seed), most_db)
    inner = slice(1, -1)
    change = 20 * np.log10(np.abs(np.fft.rfft(heard))[inner] / np.abs(np.fft.rfft(sent))[inner])
    assert np.abs(change).max() < most_db + 0.2


def test_two_handsets_color_differently_and_one_always_alike() -> None:
    sent = np.random.default_rng(0).standard_normal(4_096).astype(np.float32)
    one, again, other = (lines.colored(sent, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.allclose(one, other, atol=0.01)


@pytest.mark.parametrize("below", [10.0, 20.0, 40.0])
@pytest.mark.parametrize("level", [0.05, 0.5])
def test_noise_lies_so_many_decibels_below_the_speech_whatever_its_level(below: float, level: float) -> None:
    speech = np.concatenate([tone(300, 0.5, level), np.zeros(24_000, np.float32)])
    noise = lines.noisy(speech, below, np.random.default_rng(3)) - speech
    loud = speech[np.abs(speech) > 0.01]
    assert decibels(loud) - decibels(noise) == pytest.approx(below, abs=0.3)


def test_a_silent_line_gets_noise_too() -> None:
    heard = lines.noisy(np.zeros(16_000, np.float32), 30, np.random.default_rng(1))
    assert decibels(heard) == pytest.approx(-50, abs=0.3)


@pytest.mark.parametrize("level_db", [-30.0, -21.0])
@pytest.mark.parametrize("before", [0.02, 0.2])
def test_speech_is_brought_to_its_level_and_its_pauses_do_not_count(level_db: float, before: float) -> None:
    speech = np.concatenate([tone(300, 0.5, before), np.zeros(80_000, np.float32)])
    heard = lines.leveled(speech, level_db)
    assert decibels(heard[np.abs(speech) > 0.01]) == pytest.approx(level_db, abs=0.2)


def test_a_sharp_peak_keeps_the_rest_lower_instead_of_being_clipped() -> None:
    speech = tone(300, 0.5, 0.02)
    speech[1_000] = 1.0
    heard = lines.leveled(speech, 0.0)
    assert np.abs(heard).max() == pytest.approx(0.95, abs=1e-3)
    assert np.corrcoef(heard, speech)[0, 1] == pytest.approx(1.0)


def test_silence_stays_silence() -> None:
    assert not lines.leveled(np.zeros(100, np.float32)).any()
    assert not lines.leveled(np.zeros(0, np.float32)).size
