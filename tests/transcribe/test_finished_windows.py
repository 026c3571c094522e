"""What a run has finished outlasts it: stopped or spoiled, it is taken up where it was, and not for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_checker.errors import CallError
from ci_checker.transcribe import listen
from ci_checker.transcribe.engines.whisper_torch import Recording, WhisperTorch
from ci_checker.transcribe.kept import OLDEST_S, Kept, keeping
from ci_checker.transcribe.progress import Steps
from ci_checker.transcribe.rest import LOOP, Outcome
from ci_checker.transcribe.spans import Span
from ci_checker.transcribe.turns import TimedWord
from ci_checker.transcribe.windows import Window, pack

RATE = 16_000
NAMES = ("left", "right")
SPEECH = tuple(Span(start, start + 4.0) for start in (0.0, 5.0, 10.0, 15.0))
WINDOWS = 2 * len(SPEECH)


def noise(seed: int = 1, seconds: float = 20.0, channels: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, (channels, round(seconds * RATE))).astype(np.float32)


def words_of(window: Window) -> Outcome:
    """A word a second over the window's speech, so that nothing is left to be heard again."""
    span = window.pieces[0].speech
    times = np.arange(span.start, span.end, 0.9)
    said = [
        TimedWord(text=f"{window.channel}-{at:.1f}", start_s=float(at), end_s=float(at) + 0.8, probability=0.5)
        for at in times
    ]
    return Outcome(words=tuple(said))


class Ears:
    """Stands in for the model: counts the windows that come, and may be interrupted before any of them."""

    def __init__(self) -> None:
        self.heard: list[Window] = []
        self.before: Callable[[int], None] = lambda _count: None

    def hear(self, _engine, jobs, *_more) -> list[Outcome]:
        self.before(len(self.heard))
        self.heard += [job.window for job in jobs]
        return [words_of(job.window) for job in jobs]

    def stop_after(self, count: int, problem: type[BaseException] = KeyboardInterrupt) -> None:
        def before(done: int) -> None:
            if done >= count:
                raise problem

        self.before = before


@pytest.fixture
def ears(monkeypatch) -> Ears:
    made = Ears()
    monkeypatch.setattr(WhisperTorch, "_hear", lambda *args: made.hear(*args))
    monkeypatch.setattr(listen, "speech_spans", lambda *_a, **_k: list(SPEECH))
    monkeypatch.setattr(listen, "without_bleed", lambda samples, spans: (samples, [list(s) for s in spans]))
    return made


@pytest.fixture
def engine(model_file, tmp_path):
    return keeping(WhisperTorch(model_file, batch=1), tmp_path / "hearing")


def left_in(folder: Path) -> list[Path]:
    return sorted((folder / "hearing").iterdir()) if (folder / "hearing").is_dir() else []


@pytest.mark.parametrize("stop", range(0, WINDOWS, 3))
@pytest.mark.parametrize("problem", [KeyboardInterrupt, MemoryError, SystemExit])
def test_stopped_anywhere_only_the_rest_is_heard(engine, ears, tmp_path, stop, problem):
    whole = engine.transcribe(noise(), channel_names=NAMES)
    ears.heard.clear()
    ears.stop_after(stop, problem)
    with pytest.raises(problem):
        engine.transcribe(noise(), channel_names=NAMES)
    assert len(ears.heard) == stop and len(left_in(tmp_path)) == (1 if stop else 0)
    first, ears.heard, ears.before = ears.heard, [], lambda _count: None
    assert engine.transcribe(noise(), channel_names=NAMES) == whole
    assert len(ears.heard) == WINDOWS - stop and not any(window in first for window in ears.heard)
    assert left_in(tmp_path) == []


def test_it_may_be_stopped_again_and_again(engine, ears):
    for goal in range(1, WINDOWS):
        ears.heard.clear()
        ears.stop_after(1)
        with pytest.raises(KeyboardInterrupt):
            engine.transcribe(noise(), channel_names=NAMES)
        assert len(ears.heard) == 1, f"window {goal}"
    ears.heard.clear()
    ears.before = lambda _count: None
    engine.transcribe(noise(), channel_names=NAMES)
    assert len(ears.heard) == 1


def test_progress_begins_where_the_run_before_was(engine, ears):
    ears.stop_after(6)
    with pytest.raises(KeyboardInterrupt):
        engine.transcribe(noise(), channel_names=NAMES)
    ears.before, told = lambda _count: None, []
    engine.transcribe(noise(), channel_names=NAMES, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (pytest.approx(15.0), 20.0) and told[-1] == (20.0, 20.0)


def test_of_several_recordings_each_keeps_its_own_and_a_bad_one_leaves_nothing(engine, ears, tmp_path):
    broken = np.full((2, 20 * RATE), np.nan, np.float32)
    calls = [Recording(samples=samples, channel_names=NAMES) for samples in (noise(1), broken, noise(2))]
    ears.stop_after(WINDOWS + 2)
    with pytest.raises(KeyboardInterrupt):
        engine.transcribe_all(calls)
    assert len(left_in(tmp_path)) == 2
    ears.heard.clear()
    ears.before = lambda _count: None
    one, problem, two = engine.transcribe_all(calls)
    assert isinstance(problem, CallError) and one and two
    assert len(ears.heard) == WINDOWS - 2 and left_in(tmp_path) == []


def test_another_recording_model_or_prompt_takes_nothing_over(engine, ears, model_file):
    ears.stop_after(3)
    with pytest.raises(KeyboardInterrupt):
        engine.transcribe(noise(), channel_names=NAMES)
    ears.before = lambda _count: None
    for other, samples in ((engine, noise(7)), (engine.prompted("Bright Harbor."), noise()), (engine, noise(1, 19.9))):
        ears.heard.clear()
        other.transcribe(samples, channel_names=NAMES)
        assert len(ears.heard) == WINDOWS


def test_without_a_folder_nothing_is_written(model_file, ears, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ears.stop_after(2)
    with pytest.raises(KeyboardInterrupt):
        WhisperTorch(model_file, batch=1).transcribe(noise(), channel_names=NAMES)
    assert list(tmp_path.iterdir()) == []


def kept_file(folder: Path, key: str = "key") -> tuple[Path, list[Window], list[Outcome]]:
    windows = pack(0, SPEECH, 5.0, 20.0)
    outcomes = [words_of(windows[0]), Outcome(words=(), dropped=LOOP), Outcome(words=()), words_of(windows[3])]
    Kept(folder, noise(), key).put(zip(windows, outcomes, strict=True))
    (path,) = folder.glob("*.jsonl")
    return path, windows, outcomes


def test_what_came_of_a_window_comes_back_to_the_digit(tmp_path):
    _, windows, outcomes = kept_file(tmp_path)
    again = Kept(tmp_path, noise(), "key")
    assert [again.get(window) for window in windows] == outcomes


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_of_a_spoiled_file_the_lines_that_are_whole_are_taken(tmp_path, data):
    for old in tmp_path.glob("*"):
        old.unlink()
    path, windows, outcomes = kept_file(tmp_path)
    lines = path.read_bytes().splitlines()
    text = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        if data.draw(st.booleans()):
            del text[at : at + data.draw(st.integers(1, 200))]
        else:
            text[at:at] = data.draw(st.sampled_from([b"\n", b"\xff\xfe", b"{}", b"null", b'"', b"[]\n", b"\x00"]))
        text = text or bytearray(b" ")
    path.write_bytes(bytes(text))
    again = Kept(tmp_path, noise(), "key")
    intact = bytes(text).split(b"\n")
    for window, outcome, line in zip(windows, outcomes, lines, strict=True):
        found = again.get(window)
        assert found is None or isinstance(found, Outcome)
        assert line not in intact or found == outcome


def test_two_runs_over_one_recording_do_not_harm_each_other(tmp_path):
    windows = pack(0, SPEECH, 5.0, 20.0)
    one, two = (Kept(tmp_path, noise(), "key") for _ in range(2))
    for number, window in enumerate(windows):
        (one, two)[number % 2].put([(window, words_of(window))])
    again = Kept(tmp_path, noise(), "key")
    assert [again.get(window) for window in windows] == [words_of(window) for window in windows]
    one.done()
    two.done()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("days", "kept"), [(0, True), (13, True), (15, False), (400, False)])
def test_what_nobody_went_on_with_for_two_weeks_is_given_up(tmp_path, days, kept):
    path, windows, _ = kept_file(tmp_path)
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))
    found = Kept(tmp_path, noise(), "key").get(windows[0])
    assert (found is not None) is kept and path.exists() is kept


def test_old_windows_of_any_recording_go_and_nothing_else_does(tmp_path):
    path, *_ = kept_file(tmp_path, "an engine of last month")
    beside = tmp_path / "notes.txt"
    beside.write_text("mine")
    then = time.time() - OLDEST_S - 60
    for each in (path, beside):
        os.utime(each, (then, then))
    Kept(tmp_path, noise(9), "another")
    assert not path.exists() and beside.exists()


def test_adding_to_it_keeps_a_recording_young(tmp_path):
    path, windows, _ = kept_file(tmp_path)
    kept = Kept(tmp_path, noise(), "key")
    then = time.time() - OLDEST_S - 60
    os.utime(path, (then, then))
    kept.put([(windows[0], words_of(windows[0]))])
    assert Kept(tmp_path, noise(), "key").get(windows[0]) is not None


@given(st.lists(st.sampled_from(["add", "done", "part"]), max_size=20), st.floats(0.1, 9_000))
@settings(max_examples=40, deadline=None)
def test_progress_only_rises_and_never_past_the_end(steps, total_s):
    told: list[tuple[float, float]] = []
    progress = Steps(lambda done, total: told.append((done, total)), total_s, 40)
    for step in steps:
        {"add": lambda: progress.add(3), "done": lambda: progress.done(1), "part": lambda: progress.done(0.35)}[step]()
    progress.finish()
    done = [each for each, _ in told]
    assert done == sorted(done) and done[-1] == total_s and all(total == total_s for _, total in told)
