"""Fetch one file, check its sha256, and only then give it its name."""

from __future__ import annotations

import hashlib
import os
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final

Received = Callable[[int, int], None]
"""Called with the bytes that have come and the bytes there are (0 where unknown)."""
_BLOCK: Final = 1 << 18
_TIMEOUT_S: Final = 30


def fetch(url: str, target: Path, sha256: str, received: Received | None = None) -> None:
    """Download ``url`` to ``target``.

    An interrupted or wrong download leaves nothing under the target's name. Raises
    OSError (its text fit for people) if it fails or the checksum differs.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as source, partial.open("wb") as file:
            total, done = int(source.headers.get("Content-Length") or 0), 0
            while block := source.read(_BLOCK):
                file.write(block)
                digest.update(block)
                done += len(block)
                if received is not None:
                    received(done, total)
        if total and done != total:
            raise OSError(f"the download broke off after {done} of {total} bytes")
        if digest.hexdigest() != sha256:
            raise OSError("what came is not the model: its sha256 differs from the published one")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
