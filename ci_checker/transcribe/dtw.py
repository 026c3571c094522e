"""Dynamic time warping in NumPy: no compiler is started, so the first call is as fast as the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def first_columns(cost: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return for every row the first column of the cheapest monotone path.

    Parameters
    ----------
    cost : array, shape (rows, columns)
        Both at least 1, and finite: of others the path is any, but there is one. It runs from the
        top left to the bottom right corner in steps of one row, one column, or both.

    Returns
    -------
    array of int64, shape (rows,)
        Never decreasing.

    Notes
    -----
    Whoever enters a row at column k and leaves it at column j pays the row's costs from k to j, a difference
    of running sums. So the cheapest way to every j of a row is a running minimum: a few vector operations
    a row instead of a few for each of the (rows + columns) antidiagonals.
    """
    rows, columns = cost.shape
    sums = np.cumsum(cost, axis=1, dtype=np.float64)
    totals = np.empty((rows, columns))
    totals[0] = sums[0]
    for row in range(1, rows):
        above, entered = totals[row - 1], totals[row]
        entered[0] = above[0]
        np.minimum(above[1:], above[:-1], out=entered[1:])
        entered[1:] -= sums[row, :-1]
        np.minimum.accumulate(entered, out=entered)
        entered += sums[row]
    return _trace(totals)


def _trace(totals: NDArray[np.float64]) -> NDArray[np.int64]:
    row, column = totals.shape[0] - 1, totals.shape[1] - 1
    first = np.zeros(totals.shape[0], np.int64)
    while True:
        first[row] = column
        if row == 0:
            first[0] = 0
            return first
        if column == 0:
            row -= 1
            continue
        both, down, right = totals[row - 1, column - 1], totals[row - 1, column], totals[row, column - 1]
        across = both <= down and both <= right
        if across or not right < down:
            row -= 1
        if across or right < down:
            column -= 1
