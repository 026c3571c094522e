"""Engines: found in their folder, asked for by name, and known by a key that tells what they would write."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ci_checker import assets
from ci_checker.errors import CheckerError, MissingError, RequestError
from ci_checker.transcribe import engine as room
from ci_checker.transcribe import engines
from ci_checker.transcribe.engine import channel_names, engine_called, engine_names, load_engine, resolve_model
from ci_checker.transcribe.engines.whisper_torch import WhisperTorch
from ci_checker.transcribe.kept import keeping
from ci_checker.transcribe.models import SYNTHETIC, ModelFile, official_names, resolve
from ci_checker.transcribe.prompt import prompted

ADAPTER = """
from ci_checker.errors import RequestError

class Parrot:
    name = "parrot"

    def __init__(self, says):
        self.key = f"parrot/1/{says}"

    def transcribe(self, samples, *, channel_names, progress=None, note=None):
        return ()

def open_engine(model, **options):
    if options:
        raise RequestError(f"the engine parrot has no option {min(options)}")
    return Parrot(model)
"""
OWN_RESOLVE = "\n\ndef resolve(name, *, announce=None, received=None):\n    return f'feathers of {name}'\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """One more folder in which engines are looked for."""
    monkeypatch.setattr(engines, "__path__", [*engines.__path__, str(tmp_path)])
    return tmp_path


def test_a_file_in_the_folder_is_an_engine(folder):
    assert "parrot" not in engine_names()
    (folder / "parrot_one.py").write_text(ADAPTER)
    (folder / "_helper.py").write_text("raise ImportError")
    assert engine_names() == ("faster_whisper", "parrot_one", "whisper_torch")
    found = load_engine("parrot-one", "hello")
    assert found.key == "parrot/1/hello" and prompted(found, "Acme.") is found and keeping(found, folder) is found
    with pytest.raises(RequestError, match="^the engine parrot has no option beam$"):
        load_engine("parrot_one", "hello", beam=5)


def test_an_engine_may_read_models_of_its_own_and_else_reads_whispers(folder, model_file):
    (folder / "parrot_two.py").write_text(ADAPTER + OWN_RESOLVE)
    (folder / "parrot_three.py").write_text(ADAPTER)
    assert resolve_model("parrot_two", "tiny.en") == "feathers of tiny.en"
    assert resolve_model("parrot_three", str(model_file.path)).path == model_file.path


@pytest.mark.parametrize(
    "name", ["", " ", "whisper", "whisper.torch", "engines", "_helper", "whisper_torch.py", "../x"]
)
def test_what_is_no_engine_is_one_line_with_the_choice(name):
    for ask in (engine_called, lambda n: load_engine(n, None), lambda n: resolve_model(n, "tiny.en")):
        with pytest.raises(RequestError) as problem:
            ask(name)
        wanted = f"there is no engine '{name}'. Choose one of: faster_whisper, whisper_torch."
        assert str(problem.value) == " ".join(wanted.split())


@pytest.mark.parametrize("name", ["whisper_torch", "whisper-torch", " whisper_torch "])
def test_a_name_may_be_written_in_more_than_one_way(name):
    assert engine_called(name) == "whisper_torch" == room.DEFAULT_ENGINE


def test_every_engine_offers_what_the_pipeline_asks(model_file):
    for name in engine_names():
        made = load_engine(name, model_file)
        asked = inspect.signature(made.transcribe).parameters
        assert list(asked) == ["samples", "channel_names", "progress", "note"] and made.name == name
        assert all(each.kind is each.KEYWORD_ONLY for each in list(asked.values())[1:])
        assert re.fullmatch(rf"{name}/\d+/tiny-random/[0-9a-f]{{16}}", made.key)
        with pytest.raises(TypeError, match="a ModelFile is needed, not str"):
            load_engine(name, "tiny.en")


def test_channels_have_one_name_each():
    for count in range(1, 9):
        names = channel_names(count)
        assert len(set(names)) == count == len(names) and all(name == name.strip() != "" for name in names)


CHANGES = {
    "weights": {"sha256": "f" * 64},
    "name": {"name": "another"},
    "heads": {"alignment_heads": ((0, 1),)},
    "more heads": {"alignment_heads": ((0, 1), (1, 1))},
    "heads as text": {"alignment_heads": "ABzY8"},
    "no times": {"without_timestamps": False},
    "times of words": {"word_timestamps": True},
}


def test_no_two_models_that_write_differently_share_a_key(model_file):
    keys = [WhisperTorch(replace(model_file, **change)).key for change in ({}, *CHANGES.values())]
    assert len(set(keys)) == len(CHANGES) + 1


@pytest.mark.parametrize("precision", ["float32", "int8", "bfloat16"])
def test_the_precision_and_the_prompt_are_in_the_key(model_file, precision):
    auto, told = WhisperTorch(model_file), WhisperTorch(model_file, precision=precision)
    assert auto.key != told.key
    assert len({told.key, told.prompted("Acme.").key, told.prompted("Acme, Bright Harbor.").key}) == 3
    assert told.prompted("Acme.").key == WhisperTorch(model_file, precision=precision, prompt="Acme.").key


def test_where_and_how_many_at_once_are_not_in_the_key(model_file, tmp_path):
    key = WhisperTorch(model_file).key
    moved = replace(model_file, path=tmp_path / "elsewhere.pt")
    for same in (WhisperTorch(moved), WhisperTorch(model_file, batch=1), WhisperTorch(model_file, kept=tmp_path)):
        assert same.key == key


def test_a_key_is_told_before_any_weights_are_read(tmp_path):
    absent = ModelFile(name="absent", path=tmp_path / "absent.pt", sha256="a" * 64)
    assert WhisperTorch(absent).key == WhisperTorch(absent).key


def test_a_new_release_of_the_recognizer_or_of_voice_activity_changes_the_key(model_file, monkeypatch):
    from ci_checker.transcribe.engines import whisper_torch as adapter

    keys = set()
    for whisper, silero in (("1", "1"), ("2", "1"), ("1", "2")):
        versions = {"openai-whisper": whisper, "silero-vad": silero}
        monkeypatch.setattr(adapter, "version", versions.__getitem__)
        keys.add(WhisperTorch(model_file).key)
    assert len(keys) == 3


def test_a_prompt_and_a_folder_may_be_given_in_either_order(model_file, tmp_path):
    engine = WhisperTorch(model_file)
    one, two = engine.prompted("Acme.").keeping(tmp_path), engine.keeping(tmp_path).prompted("Acme.")
    assert one.key == two.key == engine.prompted("Acme.").key != engine.key


def test_weights_that_are_not_there_any_more_are_one_line(tmp_path, model_file):
    import numpy as np

    gone = WhisperTorch(replace(model_file, path=tmp_path / "gone.pt"))
    with pytest.raises(MissingError) as problem:
        gone.transcribe(np.ones((1, 16_000), np.float32), channel_names=("mixed",))
    assert str(problem.value) == f"{tmp_path / 'gone.pt'}: the model file is missing"


@pytest.mark.parametrize("name", ["", "tiny.en ", "Tiny.en", "base_en", "small", "no/such/file.pt"])
def test_a_model_is_named_exactly(name, tmp_path, monkeypatch):
    """Nothing is no model either, and not the folder in which one happens to stand."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(assets, "user_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises((RequestError, MissingError)) as problem:
        resolve(name, download=False)
    assert isinstance(problem.value, MissingError) is (name in official_names())
    assert "\n" not in str(problem.value) and (SYNTHETIC in str(problem.value) or "--model PATH" in str(problem.value))
    with pytest.raises(CheckerError) as problem:
        resolve_model("faster_whisper", name) if name not in official_names() else resolve(name, download=False)
    assert "\n" not in str(problem.value) and "card.json" not in str(problem.value)


def test_a_folder_without_a_card_says_what_to_give_instead(tmp_path):
    with pytest.raises(RequestError) as problem:
        resolve(str(tmp_path))
    told = "the folder has no card.json that names a checkpoint. Give the checkpoint itself."
    assert str(problem.value) == f"{tmp_path}: {told}"
