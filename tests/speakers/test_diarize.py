"""Two voices on one channel: told apart where the sound carries it, and left alone where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ci_checker.learn.voices.measure import measured
from ci_checker.model import Call, Role, Source, Turn, Word
from ci_checker.speakers import diarize
from ci_checker.speakers.diarize import TRIED, Options, concerns, tell_apart
from ci_checker.speakers.names import UNSURE
from ci_checker.speakers.pieces import pieces_of, stretches_of
from ci_checker.speakers.recognize import Enrolled
from ci_checker.speakers.sound import frames_of
from ci_checker.speakers.voices import voice_of, windows_of


def told_of(made, model, options=Options()):
    return tell_apart(made.call, made.samples, model, options)


@pytest.fixture(scope="module")
def made(call_of):
    return call_of("slt", "en-us", line="telephone", turns=12)


@pytest.fixture(scope="module")
def told(made, model):
    return told_of(made, model)


@pytest.mark.parametrize(
    ("one", "other", "line"),
    [("rms", "en-us+f3", "clean"), ("kal", "awb", "telephone"), ("slt", "en-us+Michael", "telephone, noise at 15 dB")],
)
def test_voices_that_the_model_never_heard_are_told_apart(call_of, model, one, other, line):
    made = call_of(one, other, line=line, turns=12)
    result = measured("", line, told_of(made, model), made.owners)
    assert not result.mixed and result.wrong_s / result.seconds < 0.05 and result.error < 0.2


def test_turns_have_one_voice_each_in_order_and_keep_every_word(made, told):
    assert [t.start_s for t in told.turns] == sorted(t.start_s for t in told.turns)
    words = [word for turn in told.turns for word in turn.words]
    assert words == made.words
    names = [turn.speaker for turn in told.turns]
    assert set(names) - {UNSURE} == {"voice 1", "voice 2"}
    assert next(name for name in names if name != UNSURE) == "voice 1"
    assert {speaker.name for speaker in told.speakers} == set(names)
    assert all(speaker.role is Role.UNKNOWN for speaker in told.speakers)


def test_it_says_how_it_knows_and_that_it_was_tried_on_synthetic_voices_only(told):
    assert any("told apart by their sound" in note and TRIED in note for note in told.notes)


def test_one_voice_alone_stays_mixed_and_says_so(call_of, model):
    for name in ("slt", "en-us"):
        made = call_of(name, turns=8)
        told = told_of(made, model)
        assert told.turns == made.call.turns
        assert "could not be told apart" in told.notes[-1] and TRIED in told.notes[-1]


def test_silence_and_noise_under_the_words_stay_mixed(made, model):
    for samples in (np.zeros_like(made.samples), np.random.default_rng(0).normal(0, 0.1, len(made.samples))):
        told = tell_apart(made.call, samples.astype(np.float32), model)
        assert {turn.speaker for turn in told.turns} == {"mixed"}


def test_a_recording_shorter_than_its_words_is_no_error(made, model):
    told = tell_apart(made.call, made.samples[:8000], model)
    assert {turn.speaker for turn in told.turns} == {"mixed"}


def test_one_speaker_is_taken_at_his_word(made, model):
    told = told_of(made, model, Options(speakers=1))
    assert {turn.speaker for turn in told.turns} == {"voice 1"}
    assert [turn.text for turn in told.turns] == [turn.text for turn in made.call.turns]


def test_three_voices_when_three_are_asked_for(call_of, model):
    made = call_of("rms", "en-us+f3", "en+travis", turns=18)
    told = told_of(made, model, Options(speakers=3))
    result = measured("", "clean", told, made.owners)
    assert result.mixed or result.wrong_s / result.seconds < 0.1


def test_more_voices_than_there_can_be_stay_mixed(made, model):
    told = told_of(made, model, Options(speakers=8))
    assert {turn.speaker for turn in told.turns} == {"mixed"}
    assert told.notes[-1].startswith("8 voices could not be told apart")


def test_only_recordings_with_one_channel_are_concerned(made, model):
    call = made.call
    assert concerns(call)
    assert not concerns(replace(call, source=Source.TRANSCRIPT)) and not concerns(replace(call, turns=()))
    stereo = replace(call, turns=tuple(replace(turn, speaker="left") for turn in call.turns))
    assert tell_apart(stereo, made.samples, model) is stereo


def test_a_turn_without_times_is_never_lost(made, model):
    call = replace(made.call, turns=(*made.call.turns, Turn(speaker="mixed", text="And more.")))
    told = tell_apart(call, made.samples, model)
    assert told.turns == call.turns


def test_the_same_call_is_told_apart_the_same_way_every_time(made, model, told):
    assert told_of(made, model).turns == told.turns


def test_words_in_doubt_are_nobodys_and_named_by_their_time(made, model, monkeypatch):
    monkeypatch.setattr(diarize, "_agreed", lambda pieces, given, *_: [None, None, *given[2:]])
    told = told_of(made, model)
    assert told.turns[0].speaker == UNSURE and len(told.turns[0].words) == 2
    assert any(note.startswith("2 words could be either voice's") and "0:00-0:0" in note for note in told.notes)


def test_too_much_doubt_leaves_the_call_mixed(made, model, monkeypatch):
    half = lambda pieces, given, *_: [None if at % 2 else voice for at, voice in enumerate(given)]  # noqa: E731
    monkeypatch.setattr(diarize, "_agreed", half)
    assert {turn.speaker for turn in told_of(made, model).turns} == {"mixed"}


def enrolled(call_of, model, name: str, label: str) -> Enrolled:
    made = call_of(name, line="clean", turns=8, seed=9)
    windows = windows_of(frames_of(made.samples), stretches_of(pieces_of(made.call.turns)), model)
    return Enrolled(name=label, point=tuple(voice_of(windows.points, windows.seconds)))


def test_an_enrolled_voice_is_recognized_on_another_line(call_of, made, model):
    luke = enrolled(call_of, model, "slt", "Luke Porter")
    told = told_of(made, model, Options(enrolled=(luke,)))
    speaker = next(each for each in told.speakers if each.name == "Luke Porter")
    assert speaker.role is Role.REP and "enrolled voice of Luke Porter" in speaker.reason
    mine = [owner for turn, owner in owners_of(told, made) if turn.speaker == "Luke Porter"]
    assert mine.count("slt") / len(mine) > 0.9
    assert any("recognized by an enrolled voice" in note and TRIED in note for note in told.notes)


def test_a_stranger_is_not_recognized(call_of, made, model):
    other = enrolled(call_of, model, "en-us+steph", "Luke Porter")
    told = told_of(made, model, Options(enrolled=(other,)))
    assert {speaker.name for speaker in told.speakers} - {UNSURE} == {"voice 1", "voice 2"}


def test_only_the_rep_of_the_call_is_looked_for(call_of, made, model):
    luke = enrolled(call_of, model, "slt", "Luke Porter")
    call = replace(made.call, details=replace(made.call.details, rep="Dana Whitfield"))
    told = tell_apart(call, made.samples, model, Options(enrolled=(luke,)))
    assert all(speaker.role is Role.UNKNOWN for speaker in told.speakers)


def owners_of(told: Call, made) -> list[tuple[Turn, str]]:
    said: list[tuple[Turn, Word]] = [(turn, word) for turn in told.turns for word in turn.words]
    return [(turn, owner) for (turn, _), owner in zip(said, made.owners, strict=True)]


def test_the_key_follows_the_number_and_the_enrolled_voices():
    one = Enrolled(name="Luke", point=(1.0, 2.0))
    keys = {Options().key(), Options(speakers=3).key(), Options(enrolled=(one,)).key()}
    keys.add(Options(enrolled=(Enrolled(name="Luke", point=(1.0, 2.5)),)).key())
    assert len(keys) == 4
