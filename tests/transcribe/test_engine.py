"""The engine as the pipeline sees it: on a random model, and on the shipped one where it is."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np
import pytest
import torch

from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.transcribe import decode, engine_names, load_engine, rest
from ci_checker.transcribe.engine import channel_names
from ci_checker.transcribe.models import resolve
from ci_checker.transcribe.progress import Steps
from ci_checker.transcribe.spans import Span
from ci_checker.transcribe.turns import TimedWord
from ci_checker.transcribe.windows import pack

RATE = 16_000
LINES = (
    ("left", "nina", "Hello, Silver Creek Plumbing, this is Karen."),
    ("right", "mike", "Hi Karen, this is Luke with Bright Harbor. Do you have half a minute?"),
    ("left", "nina", "Okay, what is this about?"),
    ("right", "mike", "I saw that you opened a second warehouse last month. What happens when a truck is late?"),
)


@pytest.fixture(scope="module")
def stereo(say) -> np.ndarray:
    parts, at = [], RATE // 2
    for side, voice, text in LINES:
        audio = say(text, voice)
        parts.append((0 if side == "left" else 1, at, audio))
        at += len(audio) + RATE // 3
    samples = np.zeros((2, at + RATE // 2), np.float32)
    for channel, start, audio in parts:
        samples[channel, start : start + len(audio)] = audio
    return samples


@pytest.fixture
def anything_goes(monkeypatch):
    """A random model writes nonsense: let it pass, and do not try it again."""
    monkeypatch.setattr(decode, "_WARMER", ())
    monkeypatch.setattr("ci_checker.transcribe.engines.whisper_torch.is_too_fast", lambda *_: False)
    monkeypatch.setattr("ci_checker.transcribe.engines.whisper_torch.is_loop", lambda *_: False)


def test_engines_are_found_by_walking_the_folder():
    assert engine_names() == ("faster_whisper", "whisper_torch")
    with pytest.raises(RequestError, match="whisper_torch"):
        load_engine("deaf", None)


def test_unknown_options_are_refused(model_file):
    with pytest.raises(RequestError, match="beam"):
        load_engine("whisper_torch", model_file, beam=5)


def test_channels_are_named():
    assert channel_names(1) == ("mixed",)
    assert channel_names(2) == ("left", "right")
    assert len(set(channel_names(4))) == 4


def test_the_key_follows_the_model_and_what_shapes_the_text(model_file):
    key = load_engine("whisper_torch", model_file).key
    assert load_engine("whisper_torch", model_file, batch=2).key == key
    assert load_engine("whisper_torch", replace(model_file, sha256="f" * 64)).key != key
    assert load_engine("whisper_torch", replace(model_file, without_timestamps=False)).key != key
    assert load_engine("whisper_torch", replace(model_file, alignment_heads=((0, 0),))).key != key


@pytest.mark.usefixtures("anything_goes")
def test_turns_are_sound_and_the_same_in_any_batch(model_file, stereo):
    threads = torch.get_num_threads()
    told: list[tuple[float, float]] = []
    engine = load_engine("whisper_torch", model_file)
    turns = engine.transcribe(stereo, channel_names=("left", "right"), progress=lambda *a: told.append(a))
    duration = stereo.shape[1] / RATE
    assert turns and {turn.speaker for turn in turns} <= {"left", "right"}
    assert [turn.start_s for turn in turns] == sorted(turn.start_s for turn in turns)
    for turn in turns:
        assert turn.words and turn.text == " ".join(word.text for word in turn.words)
        assert 0 <= turn.start_s <= turn.end_s <= duration + 0.02
        assert turn.confidence == pytest.approx(np.mean([word.probability for word in turn.words]), abs=1e-3)
        assert all(turn.start_s <= word.start_s <= word.end_s <= turn.end_s for word in turn.words)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (pytest.approx(duration), pytest.approx(duration))
    one = load_engine("whisper_torch", model_file, batch=1)
    again = one.transcribe(stereo, channel_names=("left", "right"))
    assert [(t.speaker, t.text, t.start_s, t.end_s) for t in again] == [
        (t.speaker, t.text, t.start_s, t.end_s) for t in turns
    ]
    assert torch.get_num_threads() == threads and "silero_vad" not in sys.modules


def test_text_that_nobody_said_is_left_out_and_told_of(model_file, stereo, monkeypatch):
    monkeypatch.setattr(decode, "_WARMER", ())
    monkeypatch.setattr("ci_checker.transcribe.engines.whisper_torch.is_loop", lambda *_: True)
    notes: list[str] = []
    engine = load_engine("whisper_torch", model_file)
    assert engine.transcribe(stereo, channel_names=("left", "right"), note=notes.append) == ()
    assert any(re.match(r"right \d:\d\d-\d:\d\d: .*repetition", line) for line in notes)


@pytest.mark.parametrize("samples", [np.zeros((1, 3200)), np.zeros((1, 100)), np.full((1, 32000), np.nan)])
def test_nothing_to_hear_is_one_line(model_file, samples):
    with pytest.raises(CallError):
        load_engine("whisper_torch", model_file).transcribe(samples.astype(np.float32), channel_names=("mixed",))


def test_looking_for_engines_imports_nothing_heavy():
    code = (
        "import sys; from ci_checker import transcribe; transcribe.engine_names()\n"
        "heavy = {'torch', 'whisper', 'onnxruntime', 'numba'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def outcome(*spans: tuple[float, float], dropped: str = "") -> rest.Outcome:
    heard = tuple(TimedWord(text="w", start_s=a, end_s=b, probability=1.0) for a, b in spans)
    return rest.Outcome(words=heard, dropped=dropped)


def test_speech_without_words_is_heard_again_and_then_told_of():
    windows = pack(0, [Span(0, 8), Span(60, 68)], 20.0, 100)
    first = [outcome((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8))]
    again = rest.second_windows(windows, first, 20.0, 100)
    assert [piece.speech for window in again for piece in window.pieces] == [(60, 68)]
    told: list[str] = []
    rest.tell(windows, first, again, [outcome()], ["left"], told.append)
    assert told == [f"left 1:00-1:08: {rest.MISSED}"]


def test_a_stretched_word_does_not_cover_what_it_was_stretched_over():
    (window,) = pack(0, [Span(0, 10)], 20.0, 100)
    assert rest.uncovered(window, outcome((0, 10))) == [pytest.approx((1.8, 10))]


def test_a_lost_window_comes_again_in_halves_and_a_silent_one_not():
    windows = pack(0, [Span(0, 9), Span(9.5, 19)], 20.0, 100)
    again = rest.second_windows(windows, [outcome(dropped=rest.LOOP)], 20.0, 100)
    assert len(again) == 2
    assert rest.second_windows(windows, [outcome(dropped=rest.SILENT)], 20.0, 100) == []


def test_a_window_is_never_heard_twice():
    windows = pack(0, [Span(0, 3)], 20.0, 100)
    assert rest.second_windows(windows, [outcome()], 20.0, 100) == []


def test_progress_never_runs_backward():
    told: list[float] = []
    steps = Steps(lambda done, _total: told.append(done), 60.0, 2)
    steps.done(2)
    steps.add(6)
    steps.done(1)
    steps.finish()
    assert told == sorted(told) and told[-1] == 60.0


def plain(text: str) -> list[str]:
    return re.sub(r"[^\w\s']", " ", text.casefold()).split()


def word_errors(truth: list[str], heard: list[str]) -> float:
    """Edits a true word."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(truth, 1):
        last, row[0] = row[0], i
        for j, got in enumerate(heard, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (wanted != got))
    return row[-1] / max(1, len(truth))


def time_errors(truth, heard) -> list[float]:
    """Seconds between the true and the heard start of every word that both have, in order."""
    names = [[plain(word[0])[:1] for word in side] for side in (truth, heard)]
    flat = [[name[0] if name else "" for name in side] for side in names]
    blocks = SequenceMatcher(None, *flat, autojunk=False).get_matching_blocks()
    return [abs(truth[a + k][1] - heard[b + k][1]) for a, b, size in blocks for k in range(size)]


def test_the_shipped_model_hears_a_synthetic_call(say):
    from ci_checker.learn.speech.voices import synthesize, voice

    try:
        engine = load_engine("whisper_torch", resolve("synthetic"))
    except MissingError as problem:
        pytest.skip(f"the shipped model is not here: {problem}")
    truth: dict[str, list] = {"left": [], "right": []}
    samples, at = np.zeros((2, 40 * RATE), np.float32), RATE // 2
    for side, name, text in LINES:
        audio, spoken = synthesize(text, voice(name))
        samples[0 if side == "left" else 1, at : at + len(audio)] = audio
        truth[side] += [(word, start + at / RATE, end + at / RATE) for word, start, end in spoken]
        at += len(audio) + RATE // 3
    turns = engine.transcribe(samples[:, : at + RATE], channel_names=("left", "right"))
    wrong, off = [], []
    for side in truth:
        heard = [(w.text, w.start_s, w.end_s) for turn in turns if turn.speaker == side for w in turn.words]
        wrong.append(word_errors(plain(" ".join(w[0] for w in truth[side])), plain(" ".join(w[0] for w in heard))))
        off += time_errors(truth[side], heard)
    print(f"word error rate {np.mean(wrong):.3f}, word start off by {np.median(off):.3f} s (median)")
    assert [turn.speaker for turn in turns] == [side for side, *_ in LINES]
    assert np.median(off) <= 0.05
    assert np.mean(wrong) <= 0.2
