"""Clips without a word: nothing of them reaches a recognizer, with or without names to expect."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.errors import CallError
from ci_checker.learn.quiet import __main__ as command
from ci_checker.learn.quiet.clips import CLIPS
from ci_checker.model import Turn
from ci_checker.transcribe.listen import find_speech
from ci_checker.transcribe.vad import speech_spans


@pytest.mark.parametrize("name", CLIPS)
def test_no_speech_is_found_where_nobody_speaks(name):
    clip = CLIPS[name](12.0)
    assert clip.dtype == np.float32 and abs(len(clip) - 12 * 16_000) <= 1
    assert np.isfinite(clip).all() and np.abs(clip).max() <= 1.0
    assert speech_spans(clip) == []
    with pytest.raises(CallError, match="no speech"):
        find_speech(clip[None], ("mixed",), 10.0, lambda _: None)


@pytest.mark.parametrize("name", ["hold music", "ringing, American", "keypad", "noise of a bad line"])
def test_a_quiet_line_is_not_lifted_into_speech(name):
    assert speech_spans(CLIPS[name](12.0) * np.float32(0.05)) == []


def test_clips_are_the_same_every_time():
    assert all(np.array_equal(make(3.0), make(3.0)) for make in CLIPS.values())


class Inventor:
    """Hears "thank you" in everything but silence."""

    name, key = "inventor", "inventor/1"

    def transcribe(self, samples, *, channel_names, progress=None, note=None):
        if np.abs(samples).max() < 0.01:
            raise CallError("no speech was found in the recording")
        return (Turn(speaker="mixed", text="thank you"),)


def test_false_words_are_counted_a_minute():
    found = {each.clip: each for each in command.heard(Inventor(), seconds=6.0)}
    assert found["silence"].words == () and found["silence"].rate == 0
    assert found["hold music"].rate == pytest.approx(20.0)
    lines = command.table({"inventor": list(found.values())}).splitlines()
    assert lines[0] == "| false words a minute | inventor |" and len(lines) == 2 + len(CLIPS)
    assert '| hold music | 20.0 ("thank you") |' in lines


def test_the_command_prints_the_table(monkeypatch, capsys):
    monkeypatch.setattr(command, "resolve_model", lambda *_: None)
    monkeypatch.setattr(command, "load_engine", lambda *_: Inventor())
    assert command.main(["--seconds", "2", "--vocabulary", "Bright Harbor"]) == 0
    out = capsys.readouterr()
    assert "| keypad |" in out.out and "cannot be given a prompt" in out.err


def test_a_missing_model_ends_with_its_status(capsys):
    assert command.main(["--model", "enormous.en"]) == 2
    assert "enormous.en" in capsys.readouterr().err
