"""The voices without their engines: what is said for a token, whose time a sound is, and the rate of samples."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn.speech import voices
from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Voice, _resample, _respell, _words, speak, voice


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("Hello", "Hello"),
        ("mm-hmm,", "um-hum,"),
        ("Mm-hmm.", "Um-hum."),
        ("ROI", "Are-oh-eye"),
        ("CRM?", "See-are-em?"),
        ('"HR"', '"Aitch-are"'),
        ("I", "I"),
        ("A", "A"),
        ("LinkedIn's", "LinkedIn's"),
        ("LinkedIn,", "Linked-in,"),
        ("ABCDEF", "ABCDEF"),
        ("Ok", "Okay"),
        ("--", "--"),
        ("ÄÖ", "ÄÖ"),
    ],
)
def test_a_token_is_said_as_people_say_it_with_its_marks(token: str, said: str) -> None:
    assert _respell(token) == said


def marks(*spans: tuple[int, float, float]) -> list[tuple[int, float, float]]:
    return list(spans)


def timed(tokens: str, *spans: tuple[int, float, float], said: str | None = None) -> list[tuple[str, float, float]]:
    words = _words(tokens.split(), (said or tokens).split(), marks(*spans))
    return [(word, round(start, 6), round(end, 6)) for word, start, end in words]


def test_each_sound_belongs_to_the_token_that_it_stands_in() -> None:
    assert timed("Hi Dana yes", (0, 0.1, 0.3), (3, 0.4, 0.8), (8, 0.9, 1.2)) == [
        ("Hi", 0.1, 0.3),
        ("Dana", 0.4, 0.8),
        ("yes", 0.9, 1.2),
    ]


def test_several_sounds_of_one_token_are_its_time_together() -> None:
    assert timed("mm-hmm yes", (0, 0.1, 0.3), (3, 0.3, 0.6), (7, 0.8, 1.0), said="um-hum yes") == [
        ("mm-hmm", 0.1, 0.6),
        ("yes", 0.8, 1.0),
    ]


def test_tokens_spoken_as_one_share_its_time_by_their_length() -> None:
    assert timed("of the day", (0, 0.0, 0.5), (7, 0.6, 1.0)) == [("of", 0.0, 0.2), ("the", 0.2, 0.5), ("day", 0.6, 1.0)]


def test_a_first_token_that_made_no_sound_shares_with_the_next() -> None:
    assert timed("a bcd", (2, 0.0, 0.4)) == [("a", 0.0, 0.1), ("bcd", 0.1, 0.4)]


def test_no_sound_is_no_word() -> None:
    assert timed("Hi Dana") == []


def test_every_token_has_one_time_and_times_run_forward() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        tokens = ["x" * int(n) for n in random.integers(1, 6, 8)]
        begins = np.cumsum([0] + [len(token) + 1 for token in tokens])[:-1]
        heard = sorted(random.choice(8, size=4, replace=False).tolist())
        spans = [(int(begins[n]), place / 2, place / 2 + 0.4) for place, n in enumerate(heard)]
        found = _words(tokens, tokens, spans)
        assert [word for word, _, _ in found] == tokens
        edges = [edge for _, start, end in found for edge in (start, end)]
        assert edges == sorted(edges)


# --- samples ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [8_000, 22_050, 16_000, 44_100])
def test_a_tone_keeps_its_pitch_its_level_and_its_length(rate: int) -> None:
    time = np.arange(rate) / rate
    heard = _resample((0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), rate)
    assert len(heard) == SAMPLE_RATE and heard.dtype == np.float32
    assert np.argmax(np.abs(np.fft.rfft(heard))) == 440
    assert np.abs(heard[4_000:12_000]).max() == pytest.approx(0.5, abs=0.01)


def test_what_sixteen_kilohertz_cannot_carry_is_left_out() -> None:
    time = np.arange(44_100) / 44_100
    heard = _resample(np.sin(2 * np.pi * 12_000 * time).astype(np.float32), 44_100)
    assert np.abs(heard[2_000:14_000]).max() < 0.01


def test_nothing_stays_nothing() -> None:
    assert len(_resample(np.zeros(0, np.float32), 22_050)) == 0


# --- who speaks ---------------------------------------------------------------------------------


def test_a_voice_is_found_by_its_name_and_a_stranger_named_with_those_there_are() -> None:
    assert [voice(known.name) for known in VOICES] == list(VOICES)
    with pytest.raises(KeyError, match="no voice 'hal'; there are sarah, mike"):
        voice("hal")


def test_an_engine_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'robot' names no known engine: 'tin'"):
        speak("Hello", Voice(name="robot", engine="tin", voice="x"))


@pytest.mark.parametrize("engine", ["espeak", "flite"])
def test_an_engine_whose_library_is_missing_is_not_available(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(voices, f"_{engine}", missing)
    assert not voices.available(engine)


def test_space_is_nothing_to_say_and_needs_no_engine() -> None:
    spoken = speak(" \n ", Voice(name="robot", engine="tin", voice="x"))
    assert (len(spoken.audio), spoken.words, spoken.phones) == (0, (), ())
