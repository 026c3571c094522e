"""A killed run goes on where it was; several calls share batches; hours need no second copy."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ci_checker.errors import CallError
from ci_checker.transcribe import decode, listen, load_engine
from ci_checker.transcribe.engines.whisper_torch import Recording, WhisperTorch
from ci_checker.transcribe.kept import Kept, keeping
from ci_checker.transcribe.rest import Outcome
from ci_checker.transcribe.spans import Span
from ci_checker.transcribe.turns import TimedWord
from ci_checker.transcribe.windows import audio_of, pack

RATE = 16_000
NAMES = ("left", "right")


@pytest.fixture
def anything_goes(monkeypatch):
    """A random model writes nonsense: let it pass, and do not try it again."""
    monkeypatch.setattr(decode, "_WARMER", ())
    for filter_ in ("is_too_fast", "is_loop"):
        monkeypatch.setattr(f"ci_checker.transcribe.engines.whisper_torch.{filter_}", lambda *_: False)


@pytest.fixture
def hears(monkeypatch):
    """``hears(*spans)``: voice activity finds these on every channel, whatever the samples are."""

    def put(*spans: tuple[float, float]) -> None:
        found = [Span(*span) for span in spans]
        monkeypatch.setattr(listen, "speech_spans", lambda *_a, **_k: list(found))
        monkeypatch.setattr(listen, "without_bleed", lambda samples, spans: (samples, [list(s) for s in spans]))

    return put


def noise(seconds: float, channels: int = 2, seed: int = 1) -> np.ndarray:
    made = np.random.default_rng(seed).normal(0, 0.1, (channels, round(seconds * RATE)))
    return made.astype(np.float32)


def windows_and_outcomes():
    windows = pack(0, [Span(0, 4), Span(10, 14)], 5.0, 60)
    word = TimedWord(text="yes", start_s=0.5, end_s=0.9, probability=0.75)
    return windows, [Outcome(words=(word,)), Outcome(words=(), dropped="a loop")]


def test_windows_are_kept_by_recording_and_key(tmp_path):
    windows, outcomes = windows_and_outcomes()
    samples = noise(1.0)
    Kept(tmp_path, samples, "a").put(zip(windows, outcomes, strict=True))
    again = Kept(tmp_path, samples.copy(), "a")
    assert [again.get(window) for window in windows] == outcomes
    assert Kept(tmp_path, samples, "b").get(windows[0]) is None
    assert Kept(tmp_path, samples * 0.5, "a").get(windows[0]) is None
    assert again.get(pack(1, [Span(0, 4)], 5.0, 60)[0]) is None


def test_a_line_that_was_cut_off_does_not_count(tmp_path):
    windows, outcomes = windows_and_outcomes()
    Kept(tmp_path, noise(1.0), "a").put(zip(windows, outcomes, strict=True))
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text()[:-9] + '\n{"window": 3}\nnot json\n[]\n')
    again = Kept(tmp_path, noise(1.0), "a")
    assert again.get(windows[0]) == outcomes[0] and again.get(windows[1]) is None


def test_a_finished_recording_leaves_nothing_behind(tmp_path):
    windows, outcomes = windows_and_outcomes()
    kept = Kept(tmp_path, noise(1.0), "a")
    kept.done()
    kept.put(zip(windows, outcomes, strict=True))
    kept.done()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_kept_where_nothing_can_be(tmp_path):
    windows, outcomes = windows_and_outcomes()
    blocked = tmp_path / "file"
    blocked.write_text("")
    for folder in (None, blocked / "below"):
        kept = Kept(folder, noise(1.0), "a")
        kept.put(zip(windows, outcomes, strict=True))
        kept.done()
        assert kept.get(windows[0]) is None


@pytest.mark.usefixtures("anything_goes")
def test_a_killed_run_hears_only_what_it_had_not(model_file, hears, tmp_path, monkeypatch):
    hears(*[(start, start + 4.0) for start in range(0, 30, 5)])
    samples = noise(30.0)
    engine = load_engine("whisper_torch", model_file, batch=2)
    heard: list[int] = []
    hear, stop = WhisperTorch._hear, [100]

    def counted(self, jobs, *rest_of):
        if len(heard) == stop[0]:
            raise KeyboardInterrupt
        heard.append(len(jobs))
        return hear(self, jobs, *rest_of)

    monkeypatch.setattr(WhisperTorch, "_hear", counted)
    whole = engine.transcribe(samples, channel_names=NAMES)
    every = sum(heard)
    heard.clear()
    stop[0] = 3
    with pytest.raises(KeyboardInterrupt):
        keeping(engine, tmp_path).transcribe(samples, channel_names=NAMES)
    assert heard == [2, 2, 2] and len(list(tmp_path.iterdir())) == 1
    heard.clear()
    stop[0] = 100
    told: list[float] = []
    turns = keeping(engine, tmp_path).transcribe(
        samples, channel_names=NAMES, progress=lambda done, _total: told.append(done)
    )
    assert sum(heard) == every - 6
    assert [(t.speaker, t.text, t.start_s) for t in turns] == [(t.speaker, t.text, t.start_s) for t in whole]
    assert told[0] >= 0.4 * 30 and told == sorted(told) and told[-1] == 30.0
    assert list(tmp_path.iterdir()) == []


def test_keeping_changes_neither_key_nor_weights(model_file, tmp_path):
    engine = load_engine("whisper_torch", model_file)
    kept = keeping(engine, tmp_path)
    assert kept.key == engine.key and kept._loaded is engine._loaded
    assert keeping(object(), tmp_path) is not None


def test_a_prompt_changes_the_key_and_shares_the_weights(model_file):
    from dataclasses import replace

    engine = load_engine("whisper_torch", model_file)
    told = engine.prompted("Karen Walsh.")
    assert told.key != engine.key and told._loaded is engine._loaded
    stamping = load_engine("whisper_torch", replace(model_file, word_timestamps=True))
    assert stamping.prompted("Karen Walsh.") is stamping


def test_a_model_taught_a_prompt_in_some_pieces_is_given_it_in_those(model_file):
    from dataclasses import replace

    taught = load_engine("whisper_torch", replace(model_file, word_timestamps=True, prompt_pieces=300))
    told = taught.prompted("Bo, Al.")
    tokenizer = told._loaded.tokenizer
    tokens = told._expected(tokenizer)
    assert told.key != taught.key and max(tokens) < 300 and tokenizer.decode(tokens) == " Bo, Al."
    whole = load_engine("whisper_torch", model_file).prompted("Bo, Al.")._expected(tokenizer)
    assert tokenizer.decode(whole) == " Bo, Al." and len(whole) < len(tokens)
    long = taught.prompted("Ida Quill, " * 9)._expected(tokenizer)
    assert len(long) < 40 // 2 and tokenizer.decode(long) == " Ida Quill", "its first names, and no half ones"
    strange = taught.prompted("Acme & Sons, 3M, Zo\u00eb.")._expected(tokenizer)
    assert tokenizer.decode(strange) == " Acme Sons, M, Zoe.", "none that it was not taught"


@pytest.mark.usefixtures("anything_goes")
def test_several_calls_are_heard_together_as_alone(model_file, hears, monkeypatch):
    hears((0.0, 4.0))
    calls = [noise(5.0, 1, seed) for seed in (1, 2, 3)]
    engine = load_engine("whisper_torch", model_file)
    alone = [engine.transcribe(call, channel_names=("mixed",)) for call in calls]
    sizes: list[int] = []
    hear = WhisperTorch._hear

    def counted(self, jobs, *rest_of):
        sizes.append(len(jobs))
        return hear(self, jobs, *rest_of)

    monkeypatch.setattr(WhisperTorch, "_hear", counted)
    broken = np.full((1, 5 * RATE), np.nan, np.float32)
    together = engine.transcribe_all(
        [Recording(samples=call, channel_names=("mixed",)) for call in (calls[0], broken, calls[1], calls[2])]
    )
    assert isinstance(together[1], CallError)
    assert max(sizes) >= 3
    found = [[(t.text, t.start_s) for t in turns] for turns in (together[0], together[2], together[3])]
    assert found == [[(t.text, t.start_s) for t in turns] for turns in alone]


def test_an_echo_is_silent_in_the_window_and_the_recording_is_left_alone(monkeypatch):
    samples = noise(20.0)
    monkeypatch.setattr(listen, "speech_spans", lambda *_a, **_k: [Span(1.0, 9.0)])
    monkeypatch.setattr(
        listen, "without_bleed", lambda s, _spans: (s, [[Span(1.0, 9.0)], [Span(1.0, 4.0), Span(6.0, 9.0)]])
    )
    before = samples.copy()
    speech = listen.find_speech(samples, NAMES, 29.0, lambda _line: None)
    assert speech.muted == ((), (Span(4.0, 6.0),))
    (window,) = pack(1, [Span(1.0, 9.0)], 30.0, 20.0)
    audio, raw = speech.audio(window, 30 * RATE), audio_of(window, samples[1], 30 * RATE)
    quiet = slice(round(3.25 * RATE), round(5.15 * RATE))
    assert not audio[quiet].any() and raw[quiet].any()
    assert np.array_equal(audio[: 3 * RATE], raw[: 3 * RATE]) and np.array_equal(audio[6 * RATE :], raw[6 * RATE :])
    assert np.array_equal(samples, before)


def test_bleed_is_found_in_any_stretch_of_a_long_call(monkeypatch):
    told: list[tuple[int, list]] = []

    def echoes(samples, spans):
        told.append((samples.shape[1], spans))
        return samples, [list(spans[0]), [span for span in spans[1] if span.length < 3]]

    spans = [Span(start, start + 2.0 + 2 * (start % 100 == 0)) for start in range(50, 1300, 50)]
    monkeypatch.setattr(listen, "without_bleed", echoes)
    own = listen._own(np.zeros((2, 1300 * RATE), np.float32), [spans, spans])
    assert len(told) == 2 and all(length <= 652 * RATE for length, _ in told)
    assert own[0] == spans
    assert own[1] == [span for span in spans if span.length < 3]


def test_three_hours_of_stereo_are_not_copied(monkeypatch):
    """Silence and a few spoken stretches; what is allocated besides the recording is counted."""
    hours = np.zeros((2, 3 * 3600 * RATE + 5), np.float32)[:, 5:]
    spoken = noise(4.0)
    for start in (10, 5400, 10_790):
        hours[:, start * RATE : start * RATE + spoken.shape[1]] = spoken
    monkeypatch.setattr("ci_checker.transcribe.vad._session", lambda: None)

    def activity(samples, *_more):
        return (np.abs(samples[::512]) > 0).astype(np.float32)

    monkeypatch.setattr("ci_checker.transcribe.vad.speech_probabilities", activity)
    tracemalloc.start()
    speech = listen.find_speech(hours, NAMES, 29.6, lambda _line: None)
    windows = [w for channel, spans in enumerate(speech.spans) for w in pack(channel, spans, 30.0, speech.duration_s)]
    for window in windows:
        speech.audio(window, 30 * RATE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert windows
    assert most < 0.35 * hours.nbytes
    assert speech.samples is hours or np.shares_memory(speech.samples, hours)


def test_the_folder_is_made_when_it_is_needed(tmp_path):
    windows, outcomes = windows_and_outcomes()
    folder = Path(tmp_path) / "a" / "b"
    kept = Kept(folder, noise(1.0), "a")
    assert not folder.exists()
    kept.put([(windows[0], outcomes[0])])
    assert len(list(folder.iterdir())) == 1
