"""How sure a measured number is: Wilson's interval of a share, and the bootstrap by conversation of anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Z = 1.959964
"""Standard deviations on each side that hold 95 % of a normal distribution."""
RESAMPLES = 500


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of ``hits`` in ``of`` (Wilson 1927); (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, spread = hits / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * np.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def resampled(groups: np.ndarray, *, count: int = RESAMPLES, seed: int = 0) -> list[np.ndarray]:
    """Return ``count`` draws of rows, whole groups with replacement; ``groups`` of shape (rows,). None of no rows."""
    if not len(groups):
        return []
    _, inverse = np.unique(groups, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(inverse))[:-1])
    random = np.random.default_rng(seed)
    return [np.concatenate([parts[i] for i in random.integers(len(parts), size=len(parts))]) for _ in range(count)]


def bootstrap(statistic: Callable[[np.ndarray], float], draws: Sequence[np.ndarray]) -> tuple[float, float]:
    """Return the 95 % interval of ``statistic`` over draws of rows; a draw that it cannot tell of (nan) is left out."""
    found = np.array([statistic(rows) for rows in draws])
    found = found[~np.isnan(found)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def average_precision(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under precision and recall, ties as one step, as scikit-learn has it; nan without positives."""
    there = int((truth == 1).sum())
    if not there:
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order] == 1)
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)  # the end of every run of equal scores
    precision = hits[last] / (last + 1)
    return float(np.sum(np.diff(hits[last], prepend=0) * precision) / there)


def calibration_error(truth: np.ndarray, probability: np.ndarray, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width; nan of nothing."""
    if not len(truth):
        return float("nan")
    place = np.clip((probability * bins).astype(int), 0, bins - 1)
    gaps = np.bincount(place, weights=probability - (truth == 1), minlength=bins)
    return float(np.abs(gaps).sum() / len(truth))
