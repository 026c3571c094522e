"""The benchmark: what it measures is fixed, each contender runs alone, and what is missing is said."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ci_checker.bench import __main__ as bench
from ci_checker.bench import alone, audio, contenders, sizes, transcribe
from ci_checker.bench.alone import peak_mb
from ci_checker.errors import MissingError
from ci_checker.transcribe.spans import Span

RATE = 16_000
SMALL = {
    "n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 32, "n_audio_head": 2, "n_audio_layer": 1,
    "n_vocab": 51864, "n_text_ctx": 448, "n_text_state": 32, "n_text_head": 2, "n_text_layer": 1,
}  # fmt: skip


def test_it_lists_what_there_is(capsys):
    assert bench.main([]) == 0
    assert "transcribe" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--dims", "huge"], ["--seconds", "1"], ["--tokens", "0"], ["--without", "nobody"]],
)
def test_what_cannot_be_measured_is_one_line(arguments, capsys):
    assert bench.main(["transcribe", *arguments]) == 2
    told = capsys.readouterr()
    assert len(told.err.strip().splitlines()) == 1 and "Traceback" not in told.err


def test_the_dimensions_are_the_published_ones():
    assert sizes.names() == ("tiny.en", "base.en", "small.en")
    found = [(dims["n_audio_state"], dims["n_audio_layer"]) for dims in map(sizes.dims_of, sizes.names())]
    assert found == [(384, 4), (512, 6), (768, 12)]


def test_the_call_is_half_speech(monkeypatch):
    quiet = np.zeros(30 * RATE, np.float32)
    left = quiet.copy()
    left[5 * RATE : 9 * RATE] = 0.5
    left[26 * RATE : 28 * RATE] = 0.5
    monkeypatch.setattr(audio, "_recorded", lambda: [np.stack([left, left])])

    def loud(channel):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], np.abs(channel) > 0.1, [0]]).astype(int)))
        return [Span(a / RATE, b / RATE) for a, b in edges.reshape(-1, 2)]

    monkeypatch.setattr("ci_checker.transcribe.vad.speech_spans", loud)
    call = audio.call(90.0)
    assert call.shape == (2, 90 * RATE)
    share = sum(span.length for span in loud(call[0])) / 90.0
    before = 6 / 30
    assert before < share <= 0.55


def test_tokens_follow_the_speech():
    spans = [Span(0, 15), Span(40, 70)]
    assert audio.tokens_for(spans, 0, 30, 100) == 50
    assert audio.tokens_for(spans, 30, 60, 100) == 67
    assert audio.tokens_for(spans, 15, 30, 100) == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("bench")
    sizes.write(SMALL, found / "random.pt")
    return found


def given(folder: Path, ready: list, seconds: float = 31.0) -> contenders.Given:
    samples = np.random.default_rng(1).normal(0, 0.1, (2, round(seconds * RATE))).astype(np.float32)
    return contenders.Given(
        samples=samples,
        spans=[[Span(0.0, 30.0)]] * 2,
        checkpoint=folder / "random.pt",
        converted=None,
        tokens=9,
        ready=lambda: ready.append(1),
    )


def test_the_whisper_command_writes_the_tokens_of_each_window(folder, monkeypatch):
    from whisper import decoding

    lengths: list[int] = []
    run = decoding.DecodingTask.run

    def counted(task, mel):
        found = run(task, mel)
        lengths.extend(len(one.tokens) for one in found)
        return found

    monkeypatch.setattr(decoding.DecodingTask, "run", counted)
    ready: list[int] = []
    contenders.CONTENDERS[2].run(given(folder, ready))
    assert ready == [1]
    assert lengths == [9, 1, 9, 1]


def test_ours_writes_the_tokens_of_its_windows(folder, monkeypatch):
    from ci_checker.transcribe import loop

    monkeypatch.setattr("ci_checker.transcribe.listen.speech_spans", lambda *_a, **_k: [Span(0.5, 30.0)])
    lengths: list[int] = []
    write = loop.write

    def counted(*args, **more):
        found = write(*args, **more)
        lengths.extend(len(row.tokens) for row in found)
        return found

    monkeypatch.setattr(loop, "write", counted)
    ready: list[int] = []
    contenders.CONTENDERS[0].run(given(folder, ready))
    assert ready == [1] and lengths == [9, 9]


def test_a_contender_runs_in_a_process_of_its_own(folder, monkeypatch, tmp_path):
    seen: list[list[str]] = []

    class Done:
        returncode, stderr = 0, ""
        stdout = "noise\n" + json.dumps({"start_s": 1.0, "heard_s": 4.0, "peak_mb": 500.0}) + "\n"

    monkeypatch.setattr(alone.subprocess, "run", lambda command, **_more: (seen.append(command), Done)[1])
    found = transcribe.run(contenders.CONTENDERS[1], tmp_path, 50)
    assert found == transcribe.Measured(start_s=1.0, heard_s=4.0, peak_mb=500.0)
    assert seen[0][:3] == [sys.executable, "-m", "ci_checker.bench.child"] and seen[0][3] == "ours-1"
    Done.returncode, Done.stderr = 1, "Traceback\nValueError: no such thing"
    with pytest.raises(MissingError, match="no such thing"):
        transcribe.run(contenders.CONTENDERS[1], tmp_path, 50)


def test_the_table_tells_ratios_and_what_was_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr(transcribe, "_lay_out", lambda *_: None)
    monkeypatch.setattr(transcribe.sizes, "write", lambda *_: None)
    monkeypatch.setattr(contenders, "find_spec", lambda _name: None)
    times = {"ours": 2.0, "ours-1": 3.6, "whisper": 44.0}
    monkeypatch.setattr(
        transcribe, "run", lambda c, *_: transcribe.Measured(start_s=2.5, heard_s=times[c.key], peak_mb=None)
    )
    told: list[str] = []
    found = transcribe.measure(transcribe.Plan(dims=("tiny.en",)), told.append)
    table = "\n".join(told)
    assert "22.0 x faster" in table and "1.8 x faster" in table
    assert table.count("faster_whisper is not installed") == 2
    assert found["tiny.en"]["whisper"].heard_s == 44.0


def test_memory_is_told():
    most = peak_mb()
    assert most is None or 10 < most < 100_000
