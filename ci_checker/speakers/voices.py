"""Voices as points: windows of speech in the space of the shipped speaker model.

The model was fitted on synthetic voices only. Its space is scaled so that windows of one voice
spread by 1 in every direction; ``between`` and ``session`` say how far voices lie apart, and how
far two recordings of one voice do.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker import assets
from ci_checker.errors import MissingError
from ci_checker.speakers.sound import CEPSTRA, Frames

MODEL: Final = "voices"
FILE: Final = "voices.npz"
SIZE: Final = 2 * CEPSTRA + 3
"""Numbers that describe a window: mean and spread of the cepstra, pitch, its spread, how much is voiced."""
WINDOW_S, STEP_S = 1.6, 0.8
SHORTEST_S: Final = 0.5
_BELOW_LOUD_DB: Final = 32.0
_VOICED: Final = 0.5
_FEWEST_ROWS: Final = 25

Stretch = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceModel:
    """The linear speaker model.

    ``center`` has shape (SIZE,), ``projection`` (SIZE, d), ``between`` and ``session`` (d,);
    ``sha256`` of its file is its identity: points of different models cannot be compared.
    """

    center: NDArray[np.float64]
    projection: NDArray[np.float64]
    between: NDArray[np.float64]
    session: NDArray[np.float64]
    sha256: str

    def place(self, described: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the points (n, d) of windows (n, SIZE)."""
        return (described - self.center) @ self.projection

    def likeness(self, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
        """Return the log-odds that two points (d,), a recording each, are one voice rather than two.

        The two-covariance model of Brummer and de Villiers (2010), a direction at a time.
        """
        total, shared = self.between + self.session, self.between
        spread = total**2 - shared**2
        same = (total * (one**2 + other**2) - 2 * shared * one * other) / spread + np.log(spread)
        apart = (one**2 + other**2) / total + 2 * np.log(total)
        return float((apart - same).sum() / 2)


def load_model(folder: Path | None = None) -> VoiceModel:
    """Return the shipped model, or that of a folder. Raises MissingError where it is absent or damaged."""
    found = folder or assets.find_model(MODEL)
    try:
        data = (found / FILE).read_bytes()
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            parts = {name: stored[name].astype(np.float64) for name in ("center", "projection", "between", "session")}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError) as problem:
        raise MissingError(
            "the speaker model cannot be read", where=str(found / FILE), todo="Install ci-checker again."
        ) from problem
    return VoiceModel(**parts, sha256=assets.sha256_of(found / FILE))


def spoken_rows(frames: Frames) -> NDArray[np.bool_]:
    """Return which rows are loud enough to be speech, shape (frames,); the loudest speech sets the measure."""
    if not len(frames):
        return np.zeros(0, bool)
    return frames.level > np.percentile(frames.level, 97) - _BELOW_LOUD_DB


def describe(frames: Frames, rows: NDArray[np.intp]) -> NDArray[np.float64] | None:
    """Return the numbers (SIZE,) of some rows, ``None`` where there are too few of them or none is voiced."""
    if len(rows) < _FEWEST_ROWS:
        return None
    cepstra = frames.cepstra[rows].astype(np.float64)
    voiced = rows[frames.voicing[rows] >= _VOICED]
    if len(voiced) < 5:
        return None
    pitch = frames.pitch[voiced].astype(np.float64)
    middle = float(np.median(pitch))
    tone = (middle, float(np.abs(pitch - middle).mean()), len(voiced) / len(rows))
    return np.concatenate([cepstra.mean(axis=0), cepstra.std(axis=0), tone])


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Windows of speech: ``spans`` in seconds, ``points`` (n, d), ``seconds`` of speech in each (n,)."""

    spans: tuple[Stretch, ...]
    points: NDArray[np.float64]
    seconds: NDArray[np.float64]

    @property
    def length_s(self) -> float:
        """Seconds that the windows cover; they overlap, and are in order."""
        covered, end = 0.0, 0.0
        for start, stop in self.spans:
            covered += max(0.0, stop - max(start, end))
            end = max(end, stop)
        return covered


def windows_of(frames: Frames, stretches: Iterable[Stretch], model: VoiceModel) -> Windows:
    """Return the windows of some stretches; none reaches over the end of a stretch."""
    loud = spoken_rows(frames)
    spans: list[Stretch] = []
    described: list[NDArray[np.float64]] = []
    seconds: list[float] = []
    for stretch in stretches:
        for start, end in _cut(*stretch):
            where = frames.between(start, end)
            rows = np.flatnonzero(loud[where]) + where.start
            if (found := describe(frames, rows)) is not None:
                spans.append((start, end))
                described.append(found)
                seconds.append(len(rows) / 100)
    table = np.array(described) if described else np.zeros((0, SIZE))
    return Windows(spans=tuple(spans), points=model.place(table), seconds=np.array(seconds))


def voice_of(points: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one point (d,) for windows of one voice, shape (n, d): odd windows weigh less."""
    middle = np.median(points, axis=0)
    away = np.sqrt(np.square(points - middle).mean(axis=1))
    weights = seconds / (1.0 + away**2)
    return np.asarray((points * weights[:, None]).sum(axis=0) / weights.sum())


def _cut(start: float, end: float) -> Sequence[Stretch]:
    length = end - start
    if length < SHORTEST_S:
        return ()
    count = max(1, round((length - WINDOW_S) / STEP_S) + 1)
    begins = np.linspace(start, max(start, end - WINDOW_S), count)
    return [(float(begin), min(end, float(begin) + WINDOW_S)) for begin in begins]
