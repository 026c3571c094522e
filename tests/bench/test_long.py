"""Hours of stereo: the file that is heard, what is told of its memory, and one short run of the real thing."""

from __future__ import annotations

import json
import tracemalloc
import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.bench import alone, audio, heard, long
from ci_checker.bench.long import Measured, lines, measure, write
from ci_checker.errors import MissingError, RequestError
from ci_checker.intake import audio as intake

RATE = audio.RATE


def read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return frames.T, file.getframerate()


@settings(max_examples=30, deadline=None)
@given(samples=st.integers(1, 400), piece=st.integers(1, 150))
def test_a_file_is_its_piece_end_to_end_to_the_very_sample(tmp_path_factory, samples, piece):
    path = tmp_path_factory.mktemp("long") / "call.wav"
    made = np.random.default_rng(piece).uniform(-1, 1, (2, piece)).astype(np.float32)
    write(path, samples / RATE, made)
    found, rate = read(path)
    wanted = np.resize(made.T, (samples, 2)).T
    assert rate == RATE and found.shape == (2, samples)
    assert np.abs(found / 32767 - wanted).max() <= 0.505 / 32767, "half a step, and what float32 rounds off"


def test_what_is_louder_than_full_scale_is_cut_and_not_turned_around(tmp_path):
    piece = np.array([[1.5, -1.5, 1.0, -1.0], [0.0, 9.0, -9.0, 0.5]], np.float32)
    write(tmp_path / "call.wav", 4 / RATE, piece)
    found, _ = read(tmp_path / "call.wav")
    assert found.tolist() == [[32767, -32767, 32767, -32767], [0, 32767, -32767, 16384]]


def test_channels_are_not_swapped_and_intake_reads_what_was_written(tmp_path):
    seconds = np.arange(RATE) / RATE
    piece = np.stack([0.5 * np.sin(700 * seconds), 0.1 * np.sin(900 * seconds)]).astype(np.float32)
    write(tmp_path / "call.wav", 2.5, piece)
    facts, _ = intake.examine(tmp_path / "call.wav")
    assert (facts.duration_s, facts.channels, facts.sample_rate, facts.fake_stereo) == (2.5, 2, RATE, False)
    left, right = intake.load(tmp_path / "call.wav")
    assert np.abs(left).max() == pytest.approx(0.5, abs=0.01) and np.abs(right).max() == pytest.approx(0.1, abs=0.01)


def test_a_long_file_is_never_whole_in_memory(tmp_path):
    piece = np.full((2, RATE), 0.25, np.float32)
    tracemalloc.start()
    write(tmp_path / "call.wav", 300, piece)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "call.wav").stat().st_size == 44 + 300 * RATE * 4 and most < 2e6


def took(**changed: object) -> Measured:
    told = {"model": "tiny", "loaded_mb": 400.0, "peak_mb": 1900.4, "audio_s": 10800.0, "heard_s": 400.0, "words": 12}
    return Measured(**{**told, **changed})  # type: ignore[arg-type]


def test_what_is_told_to_the_letter():
    assert lines(took()) == [
        "memory, the model 'tiny' loaded                   400 MB",
        "peak memory                                      1900 MB",
        "above the model                                  1500 MB  (within 2000 MB)",
        "audio                                          10800.0 s",
        "hearing                                          400.0 s  (27.0 x faster than spoken)",
        "words that came                                       12",
    ]


@pytest.mark.parametrize(
    ("peak_mb", "told"),
    [(2400.0, "2000 MB  (within 2000 MB)"), (2400.1, "2000 MB  (over 2000 MB)"), (9000.0, "8600 MB  (over 2000 MB)")],
)
def test_the_bound_is_two_gigabytes_above_the_model_itself_included(peak_mb, told):
    assert lines(took(peak_mb=peak_mb))[2].endswith(told)


@pytest.mark.parametrize("unknown", [{"loaded_mb": None}, {"peak_mb": None}, {"loaded_mb": None, "peak_mb": None}])
def test_memory_that_is_not_told_is_neither_within_nor_over(unknown):
    found = took(**unknown)
    assert found.above_mb is None
    assert lines(found)[2].split() == ["above", "the", "model", "-"]


def test_a_model_that_writes_nothing_is_told_of():
    assert lines(took(words=0))[5].endswith("         0  (the model writes nothing for this audio)")


class Heard(NamedTuple):
    """What a stand-in for the process saw."""

    module: str
    model: str
    folder: str
    what: str
    samples: np.ndarray


@pytest.fixture
def child(monkeypatch, tmp_path):
    """``child(told)``: a stand-in for the process, and for the call a short piece of noise."""
    seen: list[Heard] = []
    pieces: list[float] = []

    def call(seconds: float) -> np.ndarray:
        pieces.append(seconds)
        return np.random.default_rng(1).uniform(-0.5, 0.5, (2, round(min(seconds, 20) * RATE))).astype(np.float32)

    def put(told: dict | Exception) -> tuple[list[Heard], list[float]]:
        def run(module: str, path: str, model: str, folder: str, *, what: str) -> dict:
            seen.append(Heard(module, model, folder, what, read(Path(path))[0]))
            if isinstance(told, Exception):
                raise told
            return told

        monkeypatch.setattr(alone, "run", run)
        monkeypatch.setattr(audio, "call", call)
        monkeypatch.setattr(long.models, "resolve", lambda *_a, **_k: None)
        monkeypatch.setattr(long.tempfile, "tempdir", str(tmp_path))
        return seen, pieces

    return put


GOOD = {"model": "tiny", "loaded_mb": 1.0, "peak_mb": 2.0, "audio_s": 36.0, "heard_s": 3.0, "words": 0}


@pytest.mark.parametrize(("hours", "piece"), [(0.01, 36.0), (0.5, 600.0)])
def test_the_file_is_as_long_as_asked_of_pieces_of_ten_minutes(child, tmp_path, hours, piece):
    seen, pieces = child(GOOD)
    told: list[str] = []
    assert measure(hours, "tiny.en", told.append) == Measured(**GOOD)
    (found,) = seen
    assert (found.module, found.model, found.what) == ("ci_checker.bench.heard", "tiny.en", "hearing the call")
    assert found.samples.shape == (2, round(hours * 3600 * RATE)) and pieces == [pytest.approx(piece)]
    size = round((44 + hours * 3600 * RATE * 4) / 1e6)
    assert told[0].startswith(f"A stereo call of {hours:g} h in a wav file of {size} MB, heard as 'ci-checker")
    assert told[1:] == lines(Measured(**GOOD)) and list(tmp_path.iterdir()) == []


def test_hearing_that_fails_is_passed_on_and_its_file_is_gone(child, tmp_path):
    child(MissingError("hearing the call failed (MemoryError)"))
    with pytest.raises(MissingError, match=r"^hearing the call failed \(MemoryError\)$"):
        measure(0.01, "synthetic", lambda _line: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("tinyy", r"^tinyy: there is no such model and no such file\. Give a path, or one of: synthetic, "),
        ("", r"^there is no such model and no such file\."),
    ],
)
def test_a_model_that_does_not_exist_is_refused_before_anything_is_written(monkeypatch, model, line):
    monkeypatch.setattr(long, "write", lambda *_: pytest.fail("a file was written for nothing"))
    monkeypatch.setattr(audio, "call", lambda *_: pytest.fail("a call was made for nothing"))
    with pytest.raises(RequestError, match=line):
        measure(0.01, model, lambda _line: None)


def test_a_model_is_never_downloaded(monkeypatch):
    asked: list[dict] = []

    def resolve(model: str, **told: object) -> None:
        asked.append({"model": model, **told})
        raise MissingError("the model is not on this machine")

    monkeypatch.setattr(long.models, "resolve", resolve)
    with pytest.raises(MissingError, match="not on this machine"):
        measure(0.01, "large", lambda _line: None)
    assert asked == [{"model": "large", "download": False}]


@pytest.mark.parametrize(("free", "enough"), [(330_399_999, False), (330_400_000, True)])
def test_a_disk_without_room_is_told_of_before_the_call_is_made(child, monkeypatch, tmp_path, free, enough):
    _, pieces = child(GOOD)

    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(long.shutil, "disk_usage", lambda _folder: Usage(free))
    if enough:
        measure(1.0, "synthetic", lambda _line: None)
        assert pieces == [600.0]
        return
    with pytest.raises(RequestError) as problem:
        measure(1.0, "synthetic", lambda _line: None)
    what = "the call takes 330 MB and the folder for temporary files has 330 MB free"
    todo = "Set TMPDIR to another folder, or give fewer --hours."
    assert problem.value.line == f"{tmp_path}: {what}. {todo}" and pieces == []


@pytest.fixture
def nowhere_else(monkeypatch) -> None:
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_a, **_k: pytest.fail("it kept something elsewhere"))


def test_a_short_call_is_heard_by_the_shipped_checkpoint(tmp_path, capsys, nowhere_else):
    write(tmp_path / "call.wav", 12.0, audio.call(12.0))
    assert heard.main(str(tmp_path / "call.wav"), "synthetic", str(tmp_path)) == 0
    found = Measured(**json.loads(capsys.readouterr().out))
    assert found.model == "whisper-synthetic" and found.audio_s == 12.0 and found.heard_s > 0
    assert found.words > 5, "the fixtures' voices are the ones that it knows"
    assert found.above_mb is None or found.above_mb > -1


def test_the_model_is_loaded_before_its_memory_is_told_and_the_call_is_read_after(tmp_path, monkeypatch, capsys):
    from ci_checker import pipeline
    from ci_checker.transcribe import loaded

    order: list[str] = []
    network = loaded.Loaded.network.func
    real_read = pipeline.read
    monkeypatch.setattr(loaded.Loaded.network, "func", lambda self: (order.append("network"), network(self))[1])
    monkeypatch.setattr(alone, "now_mb", lambda: (order.append("now"), 1.0)[1])
    monkeypatch.setattr(pipeline, "read", lambda *a, **k: (order.append("read"), real_read(*a, **k))[1])
    write(tmp_path / "call.wav", 5.0, audio.call(5.0))
    assert heard.main(str(tmp_path / "call.wav"), "synthetic", str(tmp_path)) == 0
    assert order == ["network", "now", "read"] and json.loads(capsys.readouterr().out)["loaded_mb"] == 1.0


def test_a_file_in_which_nobody_speaks_is_one_line(tmp_path, capsys):
    write(tmp_path / "call.wav", 5.0, np.full((2, RATE), 0.0, np.float32))
    assert heard.main(str(tmp_path / "call.wav"), "synthetic", str(tmp_path)) == 1
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 1 and "is silent from beginning to end" in told.err
