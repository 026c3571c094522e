"""A folder of pages, or one .zip of it: where several reports go that are to be mailed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from ci_checker.cli.console import check_writable
from ci_checker.errors import RequestError


def target(output: Path | None, *, several: bool, format: str | None) -> Path | None:
    """Return the folder or .zip that pages are to go into, ``None`` where one file is wanted.

    Raises RequestError for a format that is no page, and for what cannot be written.
    """
    if output is None or str(output) == "-":
        return None
    path = output.expanduser()
    zipped = path.suffix.lower() == ".zip"
    folder = path.is_dir() or (not path.suffix and not path.exists() and format in (None, "html"))
    if not several:
        if zipped:
            raise RequestError("one report is one file", where=str(path), todo="Name a .html file after -o.")
        return None
    if not zipped and not folder:
        return None
    if format not in (None, "html"):
        raise RequestError(
            f"a folder holds pages, not {format}", where=str(path), todo="Name a file after -o, or leave --format away."
        )
    if zipped:
        check_writable(path)
    elif not path.parent.is_dir():
        raise RequestError("there is no such folder", where=str(path.parent), todo="Make it, or name another.")
    return path


def write(place: Path, pages: Mapping[str, str]) -> Path:
    """Write pages by name and return the first, or the .zip. Raises RequestError."""
    try:
        if place.suffix.lower() == ".zip":
            with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, text in pages.items():
                    # A fixed date: the same reports give the same file.
                    archive.writestr(zipfile.ZipInfo(f"{place.stem}/{name}"), text, zipfile.ZIP_DEFLATED)
            return place
        place.mkdir(exist_ok=True)
        for name, text in pages.items():
            (place / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise RequestError(f"the pages cannot be written ({why})", where=str(place)) from problem
    return place / next(iter(pages))
