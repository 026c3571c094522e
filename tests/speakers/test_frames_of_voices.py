"""Sound to frames to windows: what a window covers, what it leaves out, and what must not matter to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.model import Call, Details, Role, Source, Turn, Word
from ci_checker.speakers import diarize
from ci_checker.speakers.allot import to_voices
from ci_checker.speakers.diarize import Options, tell_apart
from ci_checker.speakers.names import SOUNDS_LIKE, UNSURE
from ci_checker.speakers.pieces import Piece
from ci_checker.speakers.recognize import Enrolled, among, key
from ci_checker.speakers.sound import CEPSTRA, RATE, Frames, frames_of
from ci_checker.speakers.voices import (
    SHORTEST_S,
    STEP_S,
    WINDOW_S,
    Windows,
    describe,
    spoken_rows,
    voice_of,
    windows_of,
)


def vowel(hertz: float, peaks: tuple[float, ...], seconds: float = 4.0, level: float = 0.2) -> np.ndarray:
    """Harmonics of a pitch under a spectrum with some peaks: two such vowels are two voices."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros_like(time)
    for number in range(1, int(3500 / hertz)):
        height = sum(1 / (1 + ((number * hertz - peak) / 120) ** 2) for peak in peaks)
        sound += height * np.sin(2 * np.pi * hertz * number * time + number)
    return (level * sound / np.abs(sound).max()).astype(np.float32)


DEEP, BRIGHT = vowel(105, (500, 1100, 2400)), vowel(215, (800, 1800, 2900))


def test_frames_of_a_later_part_are_the_later_frames():
    sound = np.concatenate([DEEP[:RATE], BRIGHT[:RATE]])
    whole, part = frames_of(sound), frames_of(sound[160 * 50 :])
    inside = slice(10, 140)
    assert np.allclose(whole.cepstra[60:190], part.cepstra[inside], atol=2e-3)
    assert np.allclose(whole.pitch[60:190], part.pitch[inside], atol=1e-3)


def test_what_lies_above_the_telephones_band_is_not_read():
    time = np.arange(len(DEEP)) / RATE
    hiss = (0.1 * np.sin(2 * np.pi * 6_300 * time)).astype(np.float32)
    plain, hissing = frames_of(DEEP), frames_of(DEEP + hiss)
    assert np.abs(plain.cepstra - hissing.cepstra)[20:-20].max() < 0.3
    assert np.exp(np.median(hissing.pitch)) == pytest.approx(105, rel=0.04)


def test_turning_the_wave_upside_down_changes_nothing():
    one, other = frames_of(DEEP), frames_of(-DEEP)
    assert np.allclose(one.cepstra, other.cepstra, atol=1e-4) and np.array_equal(one.pitch, other.pitch)


def test_two_vowels_differ_more_than_one_vowel_from_itself():
    deep, bright = frames_of(DEEP).cepstra[20:-20], frames_of(BRIGHT).cepstra[20:-20]
    between = np.linalg.norm(deep.mean(axis=0) - bright.mean(axis=0))
    assert between > 5 * np.linalg.norm(deep[:150].mean(axis=0) - deep[150:].mean(axis=0))


@settings(max_examples=50, deadline=None)
@given(st.floats(-3, 12), st.floats(-3, 12))
def test_rows_of_a_stretch_lie_in_the_recording_and_meet_those_of_the_next(one, other):
    start, end = sorted((one, other))
    none = np.zeros((0, CEPSTRA), np.float32)
    level = np.zeros(900, np.float32)
    frames = Frames(cepstra=none, pitch=level, voicing=level, level=level)
    rows = frames.between(start, end)
    assert 0 <= rows.start <= rows.stop <= 900
    assert frames.between(-5, start).stop <= rows.start or frames.between(-5, start).stop == rows.start
    assert rows.stop == frames.between(end, 20).start


def test_speech_is_what_is_near_the_loudest_and_not_the_noise_below():
    quiet = np.random.default_rng(2).normal(0, 1e-4, RATE).astype(np.float32)
    loud = spoken_rows(frames_of(np.concatenate([quiet, DEEP[:RATE], quiet])))
    assert loud[110:190].all() and not loud[10:90].any() and not loud[215:290].any()


@pytest.mark.parametrize("level", [1.0, 0.1, 0.01])
def test_how_loud_a_channel_is_does_not_tell_what_is_speech(level):
    sound = np.concatenate([np.zeros(RATE, np.float32), DEEP[:RATE]]) * np.float32(level)
    assert 90 <= spoken_rows(frames_of(sound)).sum() <= 106


def test_a_window_needs_a_quarter_of_a_second_of_voice():
    voiced, noise = frames_of(DEEP), frames_of(np.random.default_rng(4).normal(0, 0.1, RATE).astype(np.float32))
    assert describe(voiced, np.arange(24)) is None and describe(voiced, np.arange(25)) is not None
    unvoiced = np.flatnonzero(noise.voicing < 0.5)
    assert len(unvoiced) >= 25 and describe(noise, unvoiced) is None, "a hiss has no pitch to describe"


def test_the_description_holds_the_pitch_and_how_much_is_voiced():
    told = describe(frames_of(DEEP), np.arange(50, 350))
    assert np.exp(told[2 * CEPSTRA]) == pytest.approx(105, rel=0.04)
    assert told[2 * CEPSTRA + 1] < 0.05 and told[2 * CEPSTRA + 2] > 0.95


@pytest.mark.parametrize("length", [0.3, 0.5, 1.0, 1.6, 1.7, 2.9, 3.6])
def test_windows_cover_a_stretch_but_for_half_a_step_or_not_at_all(model, length):
    windows = windows_of(frames_of(DEEP), [(0.25, 0.25 + length)], model)
    if length < SHORTEST_S:
        assert windows.spans == () and windows.length_s == 0
        return
    assert windows.spans[0][0] == 0.25 and length - STEP_S / 2 - 1e-9 <= windows.length_s <= length + 1e-9
    assert windows.spans[-1][1] == pytest.approx(0.25 + windows.length_s)
    assert windows.length_s == pytest.approx(length) or len(windows.spans) == 1
    assert all(end - start <= WINDOW_S + 1e-9 for start, end in windows.spans)
    assert (windows.seconds <= WINDOW_S + 0.02).all() and len(windows.points) == len(windows.spans)


def test_a_stretch_of_silence_among_speech_has_no_window(model):
    sound = np.concatenate([DEEP[: 2 * RATE], np.zeros(2 * RATE, np.float32), DEEP[: 2 * RATE]])
    spans = windows_of(frames_of(sound), [(0.0, 2.0), (2.1, 3.9), (4.0, 6.0)], model).spans
    assert spans and not any(start >= 2.1 and end <= 3.9 for start, end in spans)


def test_a_voice_is_that_of_its_windows_in_any_order_and_lies_among_them():
    random = np.random.default_rng(7)
    points, seconds = random.normal(3, 1, (12, 5)), random.uniform(0.5, 1.6, 12)
    voice, order = voice_of(points, seconds), random.permutation(12)
    assert voice_of(points[order], seconds[order]) == pytest.approx(voice)
    assert (points.min(axis=0) <= voice).all() and (voice <= points.max(axis=0)).all()
    assert voice_of(points[:1], seconds[:1]) == pytest.approx(points[0])


def talk(*timed: tuple[str, float, float]) -> list[Piece]:
    found: list[Piece] = []
    for number, (text, start, end) in enumerate(timed):
        opens = not found or start - found[-1].end_s > 0.3
        found.append(Piece(turn=number, text=text, start_s=start, end_s=end, opens=opens))
    return found


def windowed(*owned: tuple[float, float]) -> Windows:
    return Windows(spans=owned, points=np.zeros((len(owned), 2)), seconds=np.ones(len(owned)))


SOUND = np.concatenate([DEEP, BRIGHT, DEEP[: 2 * RATE], np.zeros(2 * RATE, np.float32)])
SOUND += np.random.default_rng(1).normal(0, 2e-4, len(SOUND)).astype(np.float32)


def test_words_go_to_the_voice_that_they_sound_like_wherever_the_windows_were():
    pieces = talk(("a", 0.2, 3.8), ("b", 4.4, 7.6), ("c", 8.4, 9.8))
    windows = windowed((0.5, 2.1), (4.5, 6.1))
    assert to_voices(frames_of(SOUND), pieces, windows, np.array([0, 1]), 2) == [0, 1, 0]
    assert to_voices(frames_of(SOUND), pieces, windows, np.array([1, 0]), 2) == [1, 0, 1]


def test_a_word_without_sound_alone_between_two_voices_is_nobodys():
    pieces = talk(("a", 0.2, 3.6), ("b", 4.4, 7.6), ("hm", 10.5, 11.5))
    given = to_voices(frames_of(SOUND), pieces, windowed((0.5, 2.1), (4.5, 6.1)), np.array([0, 1]), 2)
    assert given == [0, 1, None]


def test_a_voice_with_hardly_any_speech_leaves_all_in_doubt():
    pieces = talk(("a", 0.2, 3.6), ("b", 4.4, 7.6))
    given = to_voices(frames_of(SOUND), pieces, windowed((0.5, 2.1), (4.5, 4.9)), np.array([0, 1]), 2)
    assert given == [None, None]


def mixed_call(*texts: str, words_each: int = 1, **details: str) -> Call:
    turns = []
    for number, text in enumerate(texts):
        start = 2.0 * number
        words = tuple(
            Word(text=w, start_s=start + i, end_s=start + i + 0.9, probability=0.9) for i, w in enumerate(text.split())
        )
        turns.append(
            Turn(speaker="mixed", text=text, start_s=start, end_s=words[-1].end_s, words=words, confidence=0.9)
        )
    return Call(
        path="c",
        sha256="0" * 64,
        source=Source.AUDIO,
        turns=tuple(turns),
        details=Details(**details),
        notes=("before",),
    )


@pytest.fixture
def given_voices(monkeypatch, model):
    """``given_voices(call, voices, points, enrolled)``: what is told of a call whose words have these voices."""

    def told(call: Call, voices: list[int | None], points=None, enrolled=(), speakers: int = 2) -> Call:
        size = len(model.between)
        points = np.array(points if points is not None else [[n * 1.0] * size for n in range(speakers)])
        windows = Windows(
            spans=tuple((900.0 + n, 901.0 + n) for n in range(speakers)), points=points, seconds=np.ones(speakers)
        )
        monkeypatch.setattr(diarize, "frames_of", lambda _samples: None)
        monkeypatch.setattr(diarize, "windows_of", lambda *_: windows)
        monkeypatch.setattr(diarize, "_groups", lambda *_: np.arange(speakers))
        monkeypatch.setattr(diarize.allot, "to_voices", lambda *_: voices)
        return tell_apart(call, np.zeros(1600, np.float32), model, Options(speakers=speakers, enrolled=tuple(enrolled)))

    return told


def test_voices_are_numbered_as_they_are_heard(given_voices):
    told = given_voices(mixed_call("hello", "hi", "karen", "yes"), [1, 0, 1, 0])
    assert [(t.speaker, t.text) for t in told.turns] == [
        ("voice 1", "hello"), ("voice 2", "hi"), ("voice 1", "karen"), ("voice 2", "yes"),
    ]  # fmt: skip
    assert (
        told.notes[0] == "before" and told.notes[1].startswith("One channel carries 2 voices;") and len(told.notes) == 2
    )


def test_one_doubted_word_is_told_in_the_singular_with_its_time(given_voices):
    told = given_voices(mixed_call("a b", "c d", "e f"), [0, 0, None, 1, 1, 0])
    assert [t.speaker for t in told.turns] == ["voice 1", UNSURE, "voice 2", "voice 1"]
    assert told.notes[-1] == "1 word could be either voice's and count for nobody: 0:02-0:02."


def test_of_many_doubted_stretches_the_first_four_are_named(given_voices):
    call = mixed_call(*["so it"] * 30)
    voices = [0, 1] * 30
    for word in range(0, 60, 12):
        voices[word] = None
    told = given_voices(call, voices)
    assert told.notes[-1].endswith("0:00-0:00, 0:12-0:12, 0:24-0:24, 0:36-0:36, ….") and told.notes[-1].startswith(
        "5 words"
    )


@pytest.mark.parametrize(("doubted", "mixed"), [(3, False), (4, True)])
def test_more_than_three_words_in_ten_in_doubt_are_too_many(given_voices, doubted, mixed):
    call = mixed_call("a b", "c d", "e f", "g h", "i j")
    told = given_voices(call, [None] * doubted + [0, 1] * 3 + [0] * (4 - doubted))
    assert (told.turns == call.turns) is mixed
    assert ("could not be told apart" in told.notes[-1]) is mixed


def test_one_voice_in_all_words_is_not_two(given_voices):
    call = mixed_call("a b", "c d")
    told = given_voices(call, [1, 1, 1, 1])
    assert told.turns == call.turns and told.notes[-1].startswith("2 voices could not be told apart")


def test_a_recognized_voice_has_the_name_in_its_turns_and_the_role(given_voices, model):
    size = len(model.between)
    far = [9.0 * value for value in np.sqrt(model.between)]
    luke = Enrolled(name="Luke Porter", point=(0.0,) * size)
    told = given_voices(mixed_call("a b", "c d"), [0, 0, 1, 1], points=[far, [0.0] * size], enrolled=[luke])
    assert [t.speaker for t in told.turns] == ["voice 1", "Luke Porter"]
    rep = told.speakers[1]
    assert (rep.name, rep.role, rep.reason) == ("Luke Porter", Role.REP, f"{SOUNDS_LIKE} Luke Porter")
    assert told.notes[-1].startswith("Luke Porter was recognized by an enrolled voice")


def test_enrolled_voices_are_known_by_all_that_they_are_and_in_no_order():
    luke, dana = Enrolled(name="Luke", point=(1.0, 2.0)), Enrolled(name="Dana", point=(1.0, 2.0))
    assert key(()) == "" and key((luke, dana)) == key((dana, luke))
    others = [key((luke,)), key((dana,)), key((luke, dana)), key((replace(luke, point=(2.0, 1.0)),))]
    assert len(set(others)) == 4 and all(each.startswith("/") for each in others)


def test_who_is_recognized_does_not_depend_on_who_else_is_enrolled_elsewhere(model):
    size = len(model.between)
    unit = np.sqrt(model.between)
    here, there = np.zeros(size), 9.0 * unit
    luke = Enrolled(name="Luke", point=tuple(here))
    stranger = Enrolled(name="Dana", point=tuple(-9.0 * unit))
    for enrolled in ((luke,), (luke, stranger), (stranger, luke)):
        found = among({0: there, 1: here}, enrolled, model)
        assert found is not None and (found.voice, found.name) == (1, "Luke")
    assert among({0: there, 1: here}, (luke,), model, rep="Dana") is None
    assert among({0: there, 1: here}, (luke, stranger), model, rep=" LUKE. ").name == "Luke"
