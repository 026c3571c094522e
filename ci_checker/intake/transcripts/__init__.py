"""Transcript readers: one file a format, found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from ci_checker.errors import CallError
from ci_checker.intake.transcripts.base import Reader, Transcript
from ci_checker.intake.transcripts.jsons import describe, looks_like_json


@cache
def readers() -> tuple[Reader, ...]:
    """Return every reader of this folder, the strictest first."""
    found: list[Reader] = []
    for module in pkgutil.iter_modules(__path__):
        reader = getattr(importlib.import_module(f"{__name__}.{module.name}"), "READER", None)
        if reader is not None:
            found.append(reader)
    return tuple(sorted(found, key=lambda reader: (reader.order, reader.name)))


def parse(text: str, path: Path) -> tuple[Transcript, str]:
    """Read a transcript with the first reader that knows its format.

    Parameters
    ----------
    text : str
        The whole file.
    path : Path
        Its name, a hint for readers that need one.

    Returns
    -------
    tuple of Transcript and str
        The transcript and the name of the format.

    Raises
    ------
    CallError
        The file is empty, damaged, or in no known format.
    """
    if not text.strip():
        raise CallError("the transcript is empty")
    if looks_like_json(text):
        describe(text)
    for reader in readers():
        if reader.sniff(text, path):
            return reader.read(text), reader.name
    if looks_like_json(text):
        raise CallError(f"is JSON of an unknown kind; it has {describe(text)}", todo=_known())
    raise CallError("is text, but no transcript format that is known", todo=_known())


def _known() -> str:
    return f"Known formats: {', '.join(reader.name for reader in readers())}."
