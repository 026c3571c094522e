"""The published JSON Schemas of the JSON formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ci_checker.errors import RequestError

FOLDER = Path(__file__).parent
ENDING = ".schema.json"


def schemas() -> tuple[str, ...]:
    """Return the names that ``schema`` knows."""
    return tuple(sorted(path.name.removesuffix(ENDING) for path in FOLDER.glob(f"*{ENDING}")))


def schema(name: str) -> dict[str, Any]:
    """Return a JSON Schema (2020-12) by name.

    Raises
    ------
    RequestError
        If there is no schema of that name.
    """
    if name not in schemas():
        raise RequestError(f"there is no schema called {name!r}", todo=f"Use one of: {', '.join(schemas())}.")
    found: dict[str, Any] = json.loads((FOLDER / f"{name}{ENDING}").read_text(encoding="utf-8"))
    return found
