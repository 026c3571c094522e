"""Which checkpoint ``--model`` means: the shipped one, an official name, or a file of the user's."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ci_checker import assets
from ci_checker.errors import MissingError, RequestError
from ci_checker.transcribe.download import Received, fetch

SYNTHETIC: Final = "synthetic"
DEFAULT_MODEL: Final = "small.en"
_SHIPPED_FOLDER: Final = "whisper-synthetic"
_SUFFIXES: Final = (".pt", ".pth", ".bin", ".pt.xz", ".pt.gz")
_TWO_WAYS: Final = (
    "Give a checkpoint that you have with --model PATH, or run 'ci-checker demo', which needs no download."
)
_SIZE_MB: Final = {
    "tiny.en": 76, "tiny": 76, "base.en": 145, "base": 145, "small.en": 484, "small": 484,
    "medium.en": 1528, "medium": 1528, "large-v1": 3087, "large-v2": 3087, "large-v3": 3087,
    "large": 3087, "large-v3-turbo": 1618, "turbo": 1618,
}  # fmt: skip

AlignmentHeads = str | tuple[tuple[int, int], ...]
"""Either openai-whisper's base85 text, or (layer, head) pairs."""
Announce = Callable[[str, int], None]
"""Called once before a download with the model's name and its size in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A checkpoint on this machine. ``sha256`` is of the file's bytes.

    ``word_timestamps`` marks a model that writes a timestamp before and after every word. Such a
    model takes a prompt only where ``prompt_pieces`` tells below which token number it was taught to.
    ``synthetic_only`` marks the shipped model, which hears synthetic voices and no people.
    """

    name: str
    path: Path
    sha256: str
    alignment_heads: AlignmentHeads | None = None
    without_timestamps: bool = False
    word_timestamps: bool = False
    synthetic_only: bool = False
    prompt_pieces: int | None = None


def official_names() -> tuple[str, ...]:
    """Return the names of the published models, smallest first."""
    return tuple(_SIZE_MB)


def size_bytes(name: str) -> int:
    """Return about how many bytes an official model is to download."""
    return _SIZE_MB[name] * 1_000_000


def resolve(
    model: str,
    *,
    download: bool = True,
    announce: Announce | None = None,
    received: Received | None = None,
) -> ModelFile:
    """Return the checkpoint that ``model`` names, fetching an official one if it is not here.

    Parameters
    ----------
    model : str
        "synthetic", an official name (``official_names``), or a path to a checkpoint or
        to a folder that holds one and its card.json.
    announce, received : callables, optional
        Told of the size before a download, and of (bytes done, bytes in all) during it.

    Raises
    ------
    RequestError
        If it is neither a known name nor a file.
    MissingError
        If the shipped model is not installed, or an official one cannot be fetched.
    """
    if model == SYNTHETIC:
        return _from_folder(assets.find_model(_SHIPPED_FOLDER), synthetic_only=True)
    if model in _SIZE_MB:
        found = find_official(model)
        return found or _fetch_official(model, download, announce, received)
    path = Path(model).expanduser()
    # Nothing at all would otherwise mean the folder in which one stands.
    if model.strip() and path.is_dir():
        return _from_folder(path)
    if path.is_file():
        return _from_file(path)
    names = ", ".join((SYNTHETIC, *_SIZE_MB))
    raise RequestError("there is no such model and no such file", where=model, todo=f"Give a path, or one of: {names}.")


def find_official(name: str) -> ModelFile | None:
    """Return an official model that is on this machine and undamaged, else ``None``."""
    url, heads = _official(name)
    for folder in (_whisper_cache(), download_folder()):
        path = folder / Path(url).name
        if path.is_file() and assets.sha256_of(path) == _sha256_in(url):
            return ModelFile(name=name, path=path, sha256=_sha256_in(url), alignment_heads=heads)
    return None


def download_folder() -> Path:
    """Return the folder that downloads go to."""
    return assets.user_folder() / "whisper"


def _fetch_official(name: str, download: bool, announce: Announce | None, received: Received | None) -> ModelFile:
    url, heads = _official(name)
    size = f"about {_SIZE_MB[name]} MB"
    if not download:
        raise MissingError(f"the model '{name}' ({size}) is not on this machine", todo=_TWO_WAYS)
    if announce is not None:
        announce(name, size_bytes(name))
    path = download_folder() / Path(url).name
    try:
        fetch(url, path, _sha256_in(url), received)
    except OSError as problem:
        raise MissingError(
            f"the model '{name}' ({size}) is not on this machine and could not be downloaded ({problem})",
            todo=_TWO_WAYS,
        ) from problem
    return ModelFile(name=name, path=path, sha256=_sha256_in(url), alignment_heads=heads)


def _official(name: str) -> tuple[str, str]:
    import whisper

    return whisper._MODELS[name], whisper._ALIGNMENT_HEADS[name].decode("ascii")


def _sha256_in(url: str) -> str:
    return url.split("/")[-2]


def _whisper_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper"


def _from_folder(folder: Path, *, synthetic_only: bool = False) -> ModelFile:
    if not (folder / "card.json").is_file():
        raise RequestError(
            "the folder has no card.json that names a checkpoint", where=str(folder), todo="Give the checkpoint itself."
        )
    facts = assets.card(folder)
    named = [file for file in _files(facts) if file.endswith(_SUFFIXES)]
    if len(named) != 1 or not (folder / named[0]).is_file():
        raise RequestError("the folder's card.json must name one checkpoint that is in it", where=str(folder))
    return _with_card(folder / named[0], facts, synthetic_only=synthetic_only)


def _from_file(path: Path) -> ModelFile:
    sha256 = assets.sha256_of(path)
    for name in _SIZE_MB:
        url, heads = _official(name)
        if _sha256_in(url) == sha256:
            return ModelFile(name=name, path=path, sha256=sha256, alignment_heads=heads)
    if (path.parent / "card.json").is_file():
        facts = assets.card(path.parent)
        if path.name in _files(facts):
            return _with_card(path, facts)
    return ModelFile(name=path.name, path=path, sha256=sha256)


def _files(facts: dict[str, Any]) -> dict[str, str]:
    """Return file names with their sha256, however the card writes them."""
    named = dict(facts.get("files", {}))
    if "file" in facts and "sha256" in facts:
        named[facts["file"]] = facts["sha256"]
    return named


def _with_card(path: Path, facts: dict[str, Any], *, synthetic_only: bool = False) -> ModelFile:
    expected, found = _files(facts)[path.name], assets.sha256_of(path)
    if found != expected:
        raise MissingError(f"the model file is damaged: sha256 {found}, its card says {expected}", where=str(path))
    heads = facts.get("alignment_heads")
    if isinstance(heads, list):
        heads = tuple((int(layer), int(head)) for layer, head in heads)
    return ModelFile(
        name=str(facts.get("name", path.stem)),
        path=path,
        sha256=found,
        alignment_heads=heads or None,
        without_timestamps=bool(facts.get("without_timestamps", False)),
        word_timestamps=bool(facts.get("word_timestamps", False)),
        synthetic_only=synthetic_only or bool(facts.get("synthetic_only", False)),
        prompt_pieces=int(facts["prompt_pieces"]) if facts.get("prompt_pieces") else None,
    )
