"""A mixture of Gaussians with a variance a direction: what one voice sounds like in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MOST: Final = 8
_ROWS_EACH: Final = 60
_ROUNDS: Final = 12
_LEAST_VARIANCE: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """``weights`` (k,), ``means`` (k, d) and ``variances`` (k, d)."""

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    variances: NDArray[np.float64]

    def log_likelihood(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-likelihood of every row (n, d), shape (n,)."""
        parts = self.log_parts(rows)
        top = parts.max(axis=1)
        return np.asarray(top + np.log(np.exp(parts - top[:, None]).sum(axis=1)))

    def log_parts(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-likelihood of every row under every Gaussian with its weight, shape (n, k)."""
        inverse = 1.0 / self.variances
        distances = rows**2 @ inverse.T - 2 * rows @ (self.means * inverse).T + (self.means**2 * inverse).sum(axis=1)
        constant = np.log(2 * np.pi * self.variances).sum(axis=1)
        return np.asarray(np.log(self.weights) - 0.5 * (distances + constant))


def fit_mixture(rows: NDArray[np.float64]) -> Mixture:
    """Return a mixture fitted to rows (n, d) by expectation and maximization, the same every time."""
    count = max(1, min(_MOST, len(rows) // _ROWS_EACH))
    along = (rows - rows.mean(axis=0)) @ np.linalg.eigh(np.cov(rows, rowvar=False) + 1e-6 * np.eye(rows.shape[1]))[1]
    order = np.argsort(along[:, -1], kind="stable")
    means = np.array([rows[part].mean(axis=0) for part in np.array_split(order, count)])
    whole = rows.var(axis=0) + _LEAST_VARIANCE
    mixture = Mixture(weights=np.full(count, 1 / count), means=means, variances=np.tile(whole, (count, 1)))
    for _ in range(_ROUNDS if count > 1 else 1):
        parts = mixture.log_parts(rows)
        shares = np.exp(parts - parts.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        mass = shares.sum(axis=0) + 1e-6
        means = shares.T @ rows / mass[:, None]
        variances = np.maximum(shares.T @ rows**2 / mass[:, None] - means**2, _LEAST_VARIANCE)
        mixture = Mixture(weights=mass / mass.sum(), means=means, variances=variances)
    return mixture
