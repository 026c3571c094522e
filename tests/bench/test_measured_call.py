"""What is heard in a benchmark: a call of any length, half of it speech, and random weights of a real size."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from ci_checker.bench import audio, converted, sizes
from ci_checker.errors import MissingError, RequestError
from ci_checker.transcribe.checkpoint import load_whisper
from ci_checker.transcribe.models import ModelFile
from ci_checker.transcribe.spans import Span

RATE = audio.RATE
SMALL = {
    "n_mels": 80, "n_audio_ctx": 50, "n_audio_state": 16, "n_audio_head": 2, "n_audio_layer": 1,
    "n_vocab": 51864, "n_text_ctx": 12, "n_text_state": 16, "n_text_head": 2, "n_text_layer": 2,
}  # fmt: skip


def loud(channel: np.ndarray) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.abs(channel) > 0.1, [0]]).astype(int)))
    return [Span(float(a) / RATE, float(b) / RATE) for a, b in edges.reshape(-1, 2)]


@pytest.fixture
def recorded(monkeypatch):
    """``recorded(*spans, seconds=20)``: one recording, loud in these places on the left, always on the right."""

    def put(*spans: tuple[float, float], seconds: float = 20.0) -> np.ndarray:
        samples = np.zeros((2, round(seconds * RATE)), np.float32)
        samples[1] = 0.5
        for number, (start, end) in enumerate(spans):
            samples[0, round(start * RATE) : round(end * RATE)] = 0.2 + 0.1 * number
        monkeypatch.setattr(audio, "_recorded", lambda: [samples])
        monkeypatch.setattr("ci_checker.transcribe.vad.speech_spans", loud)
        return samples

    return put


@pytest.mark.parametrize("seconds", [5.0, 19.99, 20.0, 20.01, 61.3])
def test_a_call_is_as_long_as_asked_and_the_same_every_time(recorded, seconds):
    recorded((2, 5), (8, 9), (15, 17))
    one, two = audio.call(seconds), audio.call(seconds)
    assert one.shape == (2, round(seconds * RATE)) and one.dtype == np.float32
    assert np.array_equal(one, two)


def test_a_short_recording_is_laid_end_to_end(recorded):
    samples = recorded((2, 9), (12, 18))
    found = audio.call(50.0)
    assert np.array_equal(found[:, : 20 * RATE], samples) and np.array_equal(found[:, 20 * RATE : 40 * RATE], samples)


def test_a_channel_that_speaks_enough_is_left_as_it_was(recorded):
    samples = recorded((0.5, 6), (9, 16))
    assert np.array_equal(audio.call(20.0), samples)


def test_what_is_laid_over_silence_is_the_channels_own_speech_and_leaves_a_pause(recorded):
    samples = recorded((1, 4), (14, 16))
    found = audio.call(20.0)
    added = (found[0] != samples[0]).nonzero()[0] / RATE
    assert added.min() >= 4.4 - 1e-3 and added.max() <= 13.6 + 1e-3
    assert set(np.unique(found[0])) <= set(np.unique(samples[0]))
    assert np.array_equal(found[1], samples[1])


def test_a_channel_without_any_speech_stays_silent(recorded):
    recorded()
    assert not audio.call(30.0)[0].any()


@pytest.mark.parametrize("seconds", [0.0, 4.99, -1.0, float("nan"), float("-inf"), float("inf"), 4 * 3600 + 1.0])
def test_a_call_of_no_use_is_refused_before_any_recording_is_read(monkeypatch, seconds):
    monkeypatch.setattr(audio, "_recorded", lambda: pytest.fail("the recordings were read"))
    with pytest.raises(RequestError) as problem:
        audio.call(seconds)
    assert problem.value.exit_status == 2 and "seconds" in str(problem.value)


def test_without_recordings_of_two_channels_it_says_where_it_looked(monkeypatch, tmp_path):
    (tmp_path / "team" / "recordings").mkdir(parents=True)
    monkeypatch.setattr(audio.assets, "fixtures_root", lambda: tmp_path)
    with pytest.raises(RequestError) as problem:
        audio.call(10.0)
    where = tmp_path / "team" / "recordings"
    assert str(problem.value) == f"{where}: the fixtures hold no two-channel recordings"


def test_tokens_add_up_over_a_call_and_a_window_without_speech_has_one():
    spans = [Span(float(start), start + 12.0) for start in range(0, 240, 24)]
    whole = audio.tokens_for(spans, 0, 240, 100)
    parts = [audio.tokens_for(spans, at, at + 30, 100) for at in range(0, 240, 30)]
    assert whole == 400 and sum(parts) == pytest.approx(whole, abs=len(parts))
    assert audio.tokens_for([], 0, 30, 200) == audio.tokens_for(spans, 500, 530, 200) == 1


@pytest.mark.parametrize("name", sizes.names())
def test_a_sizes_dimensions_are_those_of_the_model_that_is_published(name):
    dims = sizes.dims_of(name)
    assert dims["n_audio_state"] == 64 * dims["n_audio_head"], "all published heads are 64 wide"
    assert (dims["n_vocab"], dims["n_text_ctx"], dims["n_audio_ctx"], dims["n_mels"]) == (51864, 448, 1500, 80)
    for part in ("state", "head", "layer"):
        assert dims[f"n_audio_{part}"] == dims[f"n_text_{part}"]


def test_random_weights_are_halves_the_same_each_time_and_load_as_a_checkpoint(tmp_path):
    one, two = (sizes.write(SMALL, tmp_path / name) for name in ("one.pt", "two.pt"))
    stored, again = (torch.load(path, weights_only=True) for path in (one, two))
    assert stored["dims"] == SMALL
    for name, value in stored["model_state_dict"].items():
        assert torch.equal(value, again["model_state_dict"][name]) and value.dtype != torch.float32
    model = load_whisper(ModelFile(name="random", path=one, sha256="0" * 64))
    assert model.dims.n_text_layer == 2 and all(torch.isfinite(value).all() for value in model.parameters())


def test_weights_are_converted_into_a_folder_that_is_read_without_a_download(tmp_path):
    pytest.importorskip("ctranslate2")
    checkpoint = sizes.write(SMALL, tmp_path / "random.pt")
    folder = tmp_path / "converted"
    folder.mkdir()
    (folder / "left over.bin").write_bytes(b"old")
    assert converted.write(checkpoint, SMALL, folder) == folder
    names = {path.name for path in folder.iterdir()}
    assert {"model.bin", "tokenizer.json", "config.json"} <= names and "left over.bin" not in names


def test_weights_of_another_size_are_not_converted(tmp_path):
    pytest.importorskip("ctranslate2")
    checkpoint = sizes.write(SMALL, tmp_path / "random.pt")
    with pytest.raises(MissingError, match="^CTranslate2 .* does not take these weights"):
        converted.write(checkpoint, {**SMALL, "n_text_layer": 3}, tmp_path / "converted")


def test_without_ctranslate2_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(MissingError, match="^ctranslate2 is not installed$"):
        converted.write(tmp_path / "random.pt", SMALL, tmp_path / "converted")
