"""What ``--model`` means, and one clear line for everything that is not a model."""

from __future__ import annotations

import hashlib
import json
import lzma
import pickle
import shutil
from pathlib import Path

import pytest
import torch

from ci_checker import assets
from ci_checker.errors import CheckerError, MissingError, RequestError
from ci_checker.transcribe import models
from ci_checker.transcribe.checkpoint import load_whisper
from ci_checker.transcribe.download import fetch
from ci_checker.transcribe.models import ModelFile, official_names, resolve, size_bytes


@pytest.fixture(autouse=True)
def no_models_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(assets, "user_folder", lambda: tmp_path / "user")


@pytest.fixture
def published(tmp_path, monkeypatch, checkpoint):
    """An official model whose bytes are at a file: address."""
    import whisper

    sha256 = assets.sha256_of(checkpoint)
    home = tmp_path / "web" / sha256
    home.mkdir(parents=True)
    shutil.copy(checkpoint, home / "tiny.en.pt")
    monkeypatch.setitem(whisper._MODELS, "tiny.en", (home / "tiny.en.pt").as_uri())
    monkeypatch.setitem(whisper._ALIGNMENT_HEADS, "tiny.en", dumped([[0, 1], [1, 0]]))
    return home / "tiny.en.pt"


def dumped(pairs) -> bytes:
    import base64
    import gzip

    import numpy as np

    mask = np.zeros((2, 2), bool)
    for layer, head in pairs:
        mask[layer, head] = True
    return base64.b85encode(gzip.compress(mask.tobytes()))


def heads_of(model) -> list[list[int]]:
    return model.alignment_heads.to_dense().nonzero().tolist()


def carded(folder: Path, checkpoint: Path, name: str = "m.pt", **facts) -> Path:
    folder.mkdir()
    path = folder / name
    path.write_bytes(checkpoint.read_bytes())
    card = {"name": "small one", "files": {name: assets.sha256_of(path), "words.json": "0"}, **facts}
    (folder / "card.json").write_text(json.dumps(card))
    return path


def one_line(problem: pytest.ExceptionInfo[CheckerError]) -> str:
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_the_names_are_whispers_own():
    import whisper

    assert set(official_names()) == set(whisper.available_models())
    assert all(size_bytes(name) > 70e6 for name in official_names())


def test_an_official_model_is_fetched_once_with_its_size_said_before(published):
    told: list = []
    found = resolve("tiny.en", announce=lambda *a: told.append(a), received=lambda *a: told.append(a))
    assert told[0] == ("tiny.en", size_bytes("tiny.en"))
    assert told[-1] == (published.stat().st_size,) * 2
    assert found.path.read_bytes() == published.read_bytes() and found.name == "tiny.en"
    published.unlink()
    assert resolve("tiny.en", announce=lambda *a: pytest.fail("fetched twice")) == found


def test_whispers_own_cache_is_used(published, tmp_path):
    cache = tmp_path / "cache" / "whisper"
    cache.mkdir(parents=True)
    shutil.move(published, cache / "tiny.en.pt")
    assert resolve("tiny.en", download=False).path == cache / "tiny.en.pt"


def test_a_damaged_copy_is_not_used(published, tmp_path):
    cache = tmp_path / "cache" / "whisper"
    cache.mkdir(parents=True)
    (cache / "tiny.en.pt").write_bytes(b"half of it")
    assert resolve("tiny.en").path.parent == models.download_folder()


@pytest.mark.parametrize("download", [True, False])
def test_offline_names_the_size_and_the_two_ways_out(published, download):
    published.unlink()
    with pytest.raises(MissingError) as problem:
        resolve("tiny.en", download=download)
    line = one_line(problem)
    assert problem.value.exit_status == 3
    for part in ("tiny.en", "76 MB", "--model PATH", "ci-checker demo"):
        assert part in line
    assert not list(models.download_folder().glob("*"))


def test_other_bytes_than_published_are_refused_and_leave_nothing(published):
    published.write_bytes(b"something else")
    with pytest.raises(MissingError, match="sha256"):
        resolve("tiny.en")
    assert not list(models.download_folder().glob("*"))


def test_a_refused_download_keeps_what_was_there(tmp_path):
    (tmp_path / "new").write_bytes(b"new")
    target = tmp_path / "old"
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="sha256"):
        fetch((tmp_path / "new").as_uri(), target, "0" * 64)
    assert target.read_bytes() == b"old"
    fetch((tmp_path / "new").as_uri(), target, hashlib.sha256(b"new").hexdigest())
    assert target.read_bytes() == b"new"


def test_a_path_to_an_official_file_keeps_its_alignment_heads(published):
    found = resolve(str(published))
    assert found.name == "tiny.en"
    assert heads_of(load_whisper(found)) == [[0, 1], [1, 0]]


def test_a_path_with_a_card_keeps_what_the_card_says(checkpoint, tmp_path):
    path = carded(tmp_path / "own", checkpoint, alignment_heads=[[1, 1]], without_timestamps=True)
    for where in (path, path.parent):
        found = resolve(str(where))
        assert found.without_timestamps and found.name == "small one" and not found.synthetic_only
        assert heads_of(load_whisper(found)) == [[1, 1]]


def test_a_card_may_name_its_one_file_by_itself(checkpoint, tmp_path):
    path = carded(tmp_path / "own", checkpoint)
    facts = {"file": "m.pt", "sha256": assets.sha256_of(path), "alignment_heads": dumped([[1, 0]]).decode()}
    (path.parent / "card.json").write_text(json.dumps(facts))
    assert heads_of(load_whisper(resolve(str(path.parent)))) == [[1, 0]]
    (path.parent / "card.json").write_text(json.dumps({**facts, "sha256": "0" * 64}))
    with pytest.raises(MissingError, match="damaged"):
        resolve(str(path))


def test_a_path_without_a_card_has_whispers_default_heads(checkpoint):
    found = resolve(str(checkpoint))
    assert found.alignment_heads is None and not found.without_timestamps
    assert heads_of(load_whisper(found)) == [[1, 0], [1, 1]]


def test_a_file_that_its_card_does_not_know_is_refused(checkpoint, tmp_path):
    path = carded(tmp_path / "own", checkpoint)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(MissingError, match="damaged"):
        resolve(str(path))


def test_the_shipped_model_is_marked(checkpoint, tmp_path, monkeypatch):
    path = carded(tmp_path / "whisper-synthetic", checkpoint, without_timestamps=True)
    facts = json.loads((path.parent / "card.json").read_text())
    del facts["files"]["words.json"]
    (path.parent / "card.json").write_text(json.dumps(facts))
    monkeypatch.setenv("CI_CHECKER_MODELS", str(tmp_path))
    assets.find_model.cache_clear()
    try:
        found = resolve("synthetic")
    finally:
        assets.find_model.cache_clear()
    assert found.synthetic_only and found.without_timestamps and found.path == path


def test_a_compressed_checkpoint_loads(checkpoint, tmp_path):
    path = tmp_path / "m.pt.xz"
    path.write_bytes(lzma.compress(checkpoint.read_bytes(), preset=0))
    found = load_whisper(ModelFile(name="m", path=path, sha256=""))
    assert found.dims.n_audio_ctx == 250


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RequestError, match=r"small\.en") as problem:
        resolve("smal.en")
    assert problem.value.exit_status == 2
    one_line(problem)


class _Bomb:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


@pytest.mark.parametrize("kind", ["empty", "text", "half", "pickle", "other", "bomb", "wrong dims", "no weights"])
def test_what_is_not_a_checkpoint_is_one_line(kind, checkpoint, tmp_path):
    path = tmp_path / "model.pt"
    good = torch.load(checkpoint, weights_only=True)
    if kind in ("other", "bomb", "wrong dims", "no weights"):
        stored = {
            "other": {"a": torch.zeros(2)},
            "bomb": {"dims": _Bomb()},
            "wrong dims": {**good, "dims": {**good["dims"], "n_audio_state": 64}},
            "no weights": {"dims": good["dims"], "model_state_dict": {}},
        }[kind]
        torch.save(stored, path)
    else:
        path.write_bytes(
            {
                "empty": b"",
                "text": b"this is a text\n" * 40,
                "half": checkpoint.read_bytes()[:5000],
                "pickle": pickle.dumps({"dims": 1}),
            }[kind]
        )
    with pytest.raises(RequestError, match="not a Whisper checkpoint") as problem:
        load_whisper(resolve(str(path)))
    assert str(path) in one_line(problem)


def test_heads_that_the_model_has_not_are_refused(checkpoint):
    for heads in (((9, 0),), "nonsense!", dumped([[0, 0]]).decode()[:-4]):
        with pytest.raises(RequestError, match="alignment heads"):
            load_whisper(ModelFile(name="m", path=checkpoint, sha256="", alignment_heads=heads))
