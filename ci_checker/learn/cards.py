"""Model cards, written from a run: ``card.json`` for programs, ``MODEL_CARD.md`` for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ci_checker.assets import sha256_of

_OWN = ("card.json", "MODEL_CARD.md")


def write_card(
    folder: Path,
    *,
    title: str,
    recipe: str,
    licence: str,
    data: str,
    quality: str,
    limits: str,
    facts: dict[str, Any] | None = None,
    skip: tuple[str, ...] = (),
) -> None:
    """Write both cards of a model folder, with the sha256 of every file in it but those under ``skip``."""
    files = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _OWN and path.relative_to(folder).parts[0] not in skip
    }
    machine = {"title": title, "recipe": recipe, "licence": licence, **(facts or {}), "files": files}
    (folder / "card.json").write_text(json.dumps(machine, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    rows = "\n".join(f"| `{name}` | `{digest}` |" for name, digest in files.items())
    (folder / "MODEL_CARD.md").write_text(
        f"# {title}\n\n## Data\n{data}\n\n## Recipe\n`{recipe}`\n\n## Licence\n{licence}\n\n"
        f"## Measured quality\n{quality}\n\n## What it is not for\n{limits}\n\n"
        f"## Files\n| file | sha256 |\n| --- | --- |\n{rows}\n",
        encoding="utf-8",
    )
