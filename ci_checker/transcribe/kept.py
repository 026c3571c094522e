"""Windows of a recording that are done, kept until the whole of it is: a killed run goes on from there.

One file a recording and engine key, a line a window. It is taken away when the turns are made,
since they are stored by whoever asked for them.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ci_checker.transcribe.engine import Engine
from ci_checker.transcribe.rest import Outcome
from ci_checker.transcribe.turns import TimedWord
from ci_checker.transcribe.windows import Window

_BLOCK = 1 << 22
OLDEST_S: Final = 14 * 24 * 3600.0
"""What no run has added to for two weeks is given up: words of a call must not lie about for ever."""


@runtime_checkable
class Keeping(Protocol):
    """An engine that can keep finished windows in a folder."""

    def keeping(self, folder: Path) -> Engine:
        """Return this engine, keeping what is done in ``folder``; its key and weights are the same."""
        ...


def keeping(engine: Engine, folder: Path) -> Engine:
    """Return the engine so that it keeps finished windows where it can, else as it is."""
    return engine.keeping(folder) if isinstance(engine, Keeping) else engine


class Kept:
    """The finished windows of one recording; without a folder it keeps nothing.

    Parameters
    ----------
    folder : Path, optional
        Made when the first window is kept. A folder that cannot be written costs the
        keeping and nothing else.
    samples : array of float32, shape (channels, n)
        The recording, known by its samples.
    key : str
        The engine's key: what another model or option heard is not taken.
    """

    def __init__(self, folder: Path | None, samples: NDArray[np.float32], key: str) -> None:
        if folder is not None:
            _sweep(folder)
        self._path = None if folder is None else folder / f"{_digest(samples, key)}.jsonl"
        self._known = _read(self._path) if self._path is not None else {}

    def get(self, window: Window) -> Outcome | None:
        """Return what came of a window, ``None`` if it is not known."""
        return self._known.get(_name(window))

    def put(self, found: Iterable[tuple[Window, Outcome]]) -> None:
        """Keep what came of windows, at once."""
        if self._path is None:
            return
        lines = [json.dumps({"window": _name(window), **asdict(outcome)}) + "\n" for window, outcome in found]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError:
            self._path = None

    def done(self) -> None:
        """Take the file away: the recording is done."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Take away the windows that are too old, of whatever recording."""
    with suppress(OSError):
        for path in list(folder.glob("*.jsonl")):
            if path.stat().st_mtime < time.time() - OLDEST_S:
                path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Outcome]:
    """Return the windows in a file; a line that was cut off when the run was killed does not count."""
    known: dict[str, Outcome] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return known
    for line in lines:
        try:
            told = json.loads(line)
            name = told.pop("window")
            words = tuple(TimedWord(**word) for word in told.pop("words"))
            known[name] = Outcome(words=words, **told)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return known


def _name(window: Window) -> str:
    return hashlib.sha256(repr((window.channel, *_places(window))).encode()).hexdigest()[:24]


def _places(window: Window) -> Sequence[tuple[float, float]]:
    return [(round(piece.start_s, 4), round(piece.end_s, 4)) for piece in window.pieces]


def _digest(samples: NDArray[np.float32], key: str) -> str:
    digest = hashlib.blake2b(f"{key} {samples.shape}".encode(), digest_size=20)
    for channel in samples:
        for first in range(0, len(channel), _BLOCK):
            digest.update(np.ascontiguousarray(channel[first : first + _BLOCK]))
    return digest.hexdigest()
