"""Find model files and check them against the sha256 in the card beside them.

A model is a folder with a ``card.json`` whose ``files`` map names to sha256.
Looked for, in this order: the folder in ``CI_CHECKER_MODELS``, the user's model
folder, the installed package, the repository (an editable install).
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from ci_checker.errors import MissingError

_PACKAGE = Path(__file__).resolve().parent


def user_folder() -> Path:
    """Return the folder where models that the user fetched are kept."""
    import platformdirs

    return Path(platformdirs.user_data_dir("ci-checker", appauthor=False)) / "models"


def model_roots() -> tuple[Path, ...]:
    """Return the folders that may hold models, first match wins."""
    roots = [_PACKAGE / "_assets" / "models", _PACKAGE.parent / "models"]
    named = os.environ.get("CI_CHECKER_MODELS")
    return tuple(([Path(named)] if named else []) + [user_folder(), *roots])


def fixtures_root() -> Path:
    """Return the shipped recordings of the demo; raises MissingError where they are not installed."""
    for root in (_PACKAGE / "_assets" / "fixtures", _PACKAGE.parent / "fixtures"):
        if root.is_dir():
            return root
    raise MissingError(
        "the demo's recordings are not installed", todo="Install ci-checker from a clone of its repository."
    )


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def card(folder: Path) -> dict[str, Any]:
    """Return a model's card; raises MissingError if it is absent or damaged."""
    try:
        found = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not isinstance(found.get("files", {}), dict):
            raise ValueError("it is no card")
        return found
    except (OSError, ValueError) as problem:
        raise MissingError(
            f"the model's card.json cannot be read ({problem})",
            where=str(folder),
            todo="Install ci-checker again, or restore the folder from its repository.",
        ) from problem


@lru_cache(maxsize=32)
def find_model(name: str) -> Path:
    """Return the verified folder of a shipped model.

    Raises MissingError where it is absent, or where a file differs from the
    sha256 that its card names.
    """
    for root in model_roots():
        folder = root / name
        if (folder / "card.json").is_file():
            verify(folder)
            return folder
    raise MissingError(f"the model '{name}' is not installed", todo="Run 'ci-checker doctor' to see what is missing.")


def verify(folder: Path) -> None:
    """Raise MissingError if a file of the model is absent or is not the one its card names."""
    for file, expected in card(folder).get("files", {}).items():
        path = folder / file
        if not path.is_file():
            raise MissingError("the model file is missing", where=str(path), todo="Install ci-checker again.")
        try:
            found = sha256_of(path)
        except OSError as problem:
            raise MissingError(
                f"the model file cannot be read ({problem.strerror or problem})",
                where=str(path),
                todo="Check the file's permissions, or install ci-checker again.",
            ) from problem
        if found != expected:
            raise MissingError(
                f"the model file is damaged: sha256 {found}, expected {expected}",
                where=str(path),
                todo="Install ci-checker again, or rebuild the file with the recipe in its model card.",
            )
