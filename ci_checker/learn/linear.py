"""Logistic regression of all labels at once, on rows that every fold shares.

Cross-validation fits labels times folds models. Here a fold is a matter of weights (a row that is held out
weighs nothing), so that the matrix is built once, and one product serves every label (L-BFGS, Liu and
Nocedal 1989, on the sum of the labels' losses, which have no parameter in common).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

STEPS = 60
MEMORY = 6
MOST_WEIGHT = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A matrix in two parts: ``sparse`` and ``dense`` hold the columns of these numbers."""

    sparse: Any
    turned: Any
    """``sparse`` transposed, by rows."""
    dense: np.ndarray
    sparse_columns: np.ndarray
    dense_columns: np.ndarray

    @classmethod
    def of(cls, matrix: Any) -> Rows:
        """Split a CSR matrix (rows, columns) by how full its columns are."""
        full = np.bincount(matrix.indices, minlength=matrix.shape[1]) > matrix.shape[0] / 2
        thin = matrix[:, np.flatnonzero(~full)].tocsr().astype(np.float32)
        return cls(
            sparse=thin,
            turned=thin.T.tocsr(),
            dense=np.ascontiguousarray(matrix[:, np.flatnonzero(full)].toarray(), dtype=np.float32),
            sparse_columns=np.flatnonzero(~full),
            dense_columns=np.flatnonzero(full),
        )

    @property
    def width(self) -> int:
        """How many parameters a label has: a column each, and the intercept."""
        return len(self.sparse_columns) + len(self.dense_columns) + 1

    def scores(self, model: np.ndarray) -> np.ndarray:
        """Return log-odds (rows, labels) of a model (width, labels): sparse columns, dense ones, intercept."""
        middle = len(self.sparse_columns)
        return np.asarray(self.sparse @ model[:middle]) + self.dense @ model[middle:-1] + model[-1]

    def gradient(self, pull: np.ndarray) -> np.ndarray:
        """Return the gradient (width, labels) of scores that are pulled by ``pull`` (rows, labels)."""
        return np.vstack([self.turned @ pull, self.dense.T @ pull, pull.sum(axis=0, keepdims=True)])

    def unfold(self, model: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return coefficients (labels, columns) in the matrix's own order, and intercepts (labels,)."""
        found = np.zeros((model.shape[1], self.width - 1), dtype=np.float32)
        middle = len(self.sparse_columns)
        found[:, self.sparse_columns] = model[:middle].T
        found[:, self.dense_columns] = model[middle:-1].T
        return found, model[-1].astype(np.float64)


def weights(truth: np.ndarray) -> np.ndarray:
    """Return a weight a row and label (rows, labels): a rare label's examples weigh more, at most fourfold.

    ``truth`` of 1, 0 and -1; what is not judged weighs nothing.
    """
    there = truth == 1
    share = np.sqrt(len(truth) / np.maximum(1, there.sum(axis=0)))
    return np.where(there, np.minimum(MOST_WEIGHT, share), truth == 0).astype(np.float32)


def fit(
    rows: Rows, truth: np.ndarray, weight: np.ndarray, *, strength: float, start: np.ndarray | None = None,
    steps: int = STEPS,
) -> np.ndarray:  # fmt: skip
    """Return a model (width, labels) of least weighted logistic loss times ``strength`` plus half its square.

    ``start`` is a model to begin at. Deterministic.
    """
    from scipy.optimize import minimize

    shape = (rows.width, truth.shape[1])
    sign = np.where(truth == 1, 1.0, -1.0).astype(np.float32)
    weight = weight.astype(np.float32)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * rows.scores(flat.reshape(shape).astype(np.float32))
        fear = np.exp(-np.abs(margin))
        cost = np.maximum(-margin, 0) + np.log1p(fear)
        miss = np.where(margin > 0, fear, 1.0) / (1.0 + fear)
        value = strength * float((weight * cost).sum(dtype=np.float64)) + 0.5 * float(flat @ flat)
        return value, flat - strength * rows.gradient(weight * sign * miss).ravel()

    begin = np.zeros(shape) if start is None else start.astype(np.float64)
    options = {"maxiter": steps, "maxcor": MEMORY, "ftol": 1e-6, "gtol": 1e-3}
    found = minimize(loss, begin.ravel(), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(shape).astype(np.float32)
