"""Fit the speaker model: a linear discriminant that keeps of a window what is the voice.

The discriminant (Fisher 1936) is scaled so that windows of one voice spread by 1 in every
direction; how far voices lie apart, and how far two recordings of one voice do, is measured in
that space and shipped with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.voices.takes import Take
from ci_checker.speakers.sound import HOP_S
from ci_checker.speakers.voices import FILE, SIZE, STEP_S, WINDOW_S, describe, spoken_rows

DIRECTIONS: Final = 16
_RIDGE: Final = 0.02


def windows(take: Take) -> NDArray[np.float64]:
    """Return what every window of a take looks like, shape (n, SIZE)."""
    loud = spoken_rows(take.frames)
    width, step = round(WINDOW_S / HOP_S), round(STEP_S / HOP_S)
    found = []
    for first in range(0, len(take.frames) - width, step):
        described = describe(take.frames, np.flatnonzero(loud[first : first + width]) + first)
        if described is not None:
            found.append(described)
    return np.array(found) if found else np.zeros((0, SIZE))


def fit(takes: Sequence[Take], directions: int = DIRECTIONS) -> dict[str, NDArray[np.float64]]:
    """Return the arrays of the model: ``center``, ``projection``, ``between``, ``session``."""
    tables = [(take.person, windows(take)) for take in takes]
    tables = [(person, table) for person, table in tables if len(table) >= 3]
    people = sorted({person for person, _ in tables})
    everything = np.concatenate([table for _, table in tables])
    center = everything.mean(axis=0)
    within = np.zeros((SIZE, SIZE))
    means = []
    for person in people:
        own = np.concatenate([table for name, table in tables if name == person])
        means.append(own.mean(axis=0))
        within += (own - means[-1]).T @ (own - means[-1])
    within /= len(everything)
    # A number that never changes within a voice must not count without bound.
    within += _RIDGE * np.diag(np.diag(within)) + 1e-8 * np.eye(SIZE)
    between = np.cov(np.array(means), rowvar=False)
    values, vectors = np.linalg.eigh(within)
    whiten = vectors / np.sqrt(values)
    _, turned = np.linalg.eigh(whiten.T @ between @ whiten)
    projection = whiten @ turned[:, ::-1][:, :directions]
    return {"center": center, "projection": projection, **_spreads(tables, people, center, projection)}


def _spreads(
    tables: Sequence[tuple[str, NDArray[np.float64]]],
    people: Sequence[str],
    center: NDArray[np.float64],
    projection: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """Return the variance between people, and between two recordings of one, a direction at a time."""
    placed = [(person, ((table - center) @ projection).mean(axis=0)) for person, table in tables]
    own = [np.array([point for name, point in placed if name == person]) for person in people]
    inside = [np.square(points - points.mean(axis=0)).sum(axis=0) for points in own]
    free = sum(len(points) - 1 for points in own)
    session = np.sum(inside, axis=0) / max(free, 1)
    total = np.var(np.array([points.mean(axis=0) for points in own]), axis=0, ddof=1)
    return {"between": np.maximum(total - session / 2, 0.05), "session": np.maximum(session, 0.05)}


def write(arrays: dict[str, NDArray[np.float64]], folder: Path) -> Path:
    """Write the model's file; the same arrays give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("wb") as file:
        np.savez(file, **{name: value.astype(np.float32) for name, value in sorted(arrays.items())})
    return folder / FILE
