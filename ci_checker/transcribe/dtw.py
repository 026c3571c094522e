"""Dynamic time warping in NumPy: no compiler is started, so the first call is as fast as the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def first_columns(cost: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return for every row the first column of the cheapest monotone path.

    Parameters
    ----------
    cost : array, shape (rows, columns)
        Both at least 1. The path runs from the top left to the bottom right corner in
        steps of one row, one column, or both.

    Returns
    -------
    array of int64, shape (rows,)
        Never decreasing.
    """
    rows, columns = cost.shape
    # Cells of one antidiagonal depend on the two before it only, so each is one vector operation.
    steps = np.zeros((rows, columns), np.int8)
    before, last = np.full(rows + 1, np.inf), np.full(rows + 1, np.inf)
    before[0] = 0.0
    for diagonal in range(rows + columns - 1):
        low, high = max(0, diagonal - columns + 1), min(rows, diagonal + 1)
        row = np.arange(low, high)
        both, down, right = before[low:high], last[low:high], last[low + 1 : high + 1]
        choices = np.stack([both, down, right])
        step = choices.argmin(axis=0)
        steps[row, diagonal - row] = step
        now = np.full(rows + 1, np.inf)
        now[low + 1 : high + 1] = cost[row, diagonal - row] + choices.min(axis=0)
        before, last = last, now
    return _trace(steps)


def _trace(steps: NDArray[np.int8]) -> NDArray[np.int64]:
    row, column = steps.shape[0] - 1, steps.shape[1] - 1
    first = np.zeros(steps.shape[0], np.int64)
    while row >= 0:
        first[row] = column
        step = steps[row, column] if row and column else (1 if row else 2)
        if row == 0 and column == 0:
            break
        row -= step in (0, 1)
        column -= step in (0, 2)
    return first
