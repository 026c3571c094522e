"""Model files: where they are looked for, and that each is the one its card names."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import pickletools
from pathlib import Path

import pytest

from ci_checker import assets
from ci_checker.errors import MissingError

PACKAGE = Path(assets.__file__).parent
MODELS = PACKAGE.parent / "models"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("CI_CHECKER_MODELS", raising=False)
    monkeypatch.setattr(assets, "user_folder", lambda: tmp_path / "user")
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "site" / "ci_checker")
    assets.find_model.cache_clear()
    yield
    assets.find_model.cache_clear()


def model(root: Path, content: bytes = b"weights") -> Path:
    folder = root / "tiny"
    folder.mkdir(parents=True)
    (folder / "file.bin").write_bytes(content)
    card = {"files": {"file.bin": hashlib.sha256(content).hexdigest()}}
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def test_roots_in_their_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CI_CHECKER_MODELS", str(tmp_path / "named"))
    roots = assets.model_roots()
    assert roots == (
        tmp_path / "named",
        tmp_path / "user",
        tmp_path / "site" / "ci_checker" / "_assets" / "models",
        tmp_path / "site" / "models",
    )
    for root in reversed(roots):
        folder = model(root)
        assets.find_model.cache_clear()
        assert assets.find_model("tiny") == folder


def test_a_folder_without_a_card_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CI_CHECKER_MODELS", str(tmp_path / "named"))
    (tmp_path / "named" / "tiny").mkdir(parents=True)
    folder = model(tmp_path / "user")
    assert assets.find_model("tiny") == folder


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"'tiny' is not installed.*doctor") as caught:
        assets.find_model("tiny")
    assert caught.value.exit_status == 3
    with pytest.raises(MissingError, match="demo"):
        assets.fixtures_root()


def test_damage_names_the_expected_hash_and_is_not_remembered(tmp_path: Path) -> None:
    folder = model(tmp_path / "user")
    good = hashlib.sha256(b"weights").hexdigest()
    (folder / "file.bin").write_bytes(b"weighty")
    with pytest.raises(MissingError) as caught:
        assets.find_model("tiny")
    line = caught.value.line
    assert good in line and hashlib.sha256(b"weighty").hexdigest() in line and "file.bin" in line
    (folder / "file.bin").write_bytes(b"weights")
    assert assets.find_model("tiny") == folder


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = model(tmp_path / "user")
    (folder / "file.bin").unlink()
    with pytest.raises(MissingError, match=r"file\.bin: the model file is missing"):
        assets.find_model("tiny")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": []}', '"a"', "\xff"])
def test_a_damaged_card_is_one_line(tmp_path: Path, text: str) -> None:
    folder = model(tmp_path / "user")
    (folder / "card.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(MissingError, match=r"card\.json cannot be read") as caught:
        assets.find_model("tiny")
    assert caught.value.line.startswith(str(folder))


def test_sha256_of_known_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert assets.sha256_of(tmp_path / "a").startswith("ba7816bf")


@pytest.mark.parametrize("folder", sorted(MODELS.glob("*/card.json")), ids=lambda p: p.parent.name)
def test_every_shipped_model_is_the_one_its_card_names(folder: Path) -> None:
    assets.verify(folder.parent)
    told = json.loads(folder.read_text(encoding="utf-8"))
    assert {"title", "recipe", "licence", "files"} <= told.keys()
    assert told["files"]
    assert (folder.parent / "MODEL_CARD.md").is_file()


def _is_pickle(data: bytes) -> bool:
    if not data.endswith(b".") and not data.startswith(b"PK"):
        return False
    if data.startswith(b"PK"):  # torch.save puts one into a zip archive
        import zipfile

        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.endswith(".pkl") or _is_pickle(archive.read(name)) for name in archive.namelist())
    try:
        return sum(1 for _ in pickletools.genops(data)) > 1
    except (ValueError, UnicodeDecodeError, IndexError):
        return False


def test_no_model_file_is_a_pickle() -> None:
    import pickle

    assert _is_pickle(pickle.dumps({"a": 1}))
    for path in sorted(MODELS.rglob("*")):
        if path.is_file():
            assert path.suffix not in (".pkl", ".pickle", ".joblib"), path
            if path.suffix == ".pt":
                # Whisper's own file format; what reads it may make tensors and nothing else
                import torch

                assert set(torch.load(path, weights_only=True)) == {"dims", "model_state_dict"}
                continue
            assert not _is_pickle(path.read_bytes()), path


def test_no_code_loads_pickles() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in ("pickle", "joblib", "dill", "cloudpickle"), path
            if isinstance(node, ast.Import):
                assert not {a.name for a in node.names} & {"joblib", "dill", "cloudpickle", "shelve"}, path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "pickle":
                assert node.attr == "UnpicklingError", f"{path}: pickle.{node.attr}"
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "load":
                options = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
                owner = getattr(getattr(node.func, "value", None), "id", "")
                if owner == "np":
                    assert options.get("allow_pickle") is False, f"{path}:{node.lineno}"
                if owner == "torch":
                    assert options.get("weights_only") is True, f"{path}:{node.lineno}"
