"""Which windows are decoded together: alike in length, and no more than memory takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

MOST_ROWS: Final = 16
"""Twice the rows cost less than a tenth a row less from here on (FACTS: 8 to 16 rows, 5-6 %)."""
_LEAST_ROWS: Final = 2
_FOR_ALL: Final = 1_500_000_000
"""Bytes for the recording and the batch together, so that three hours of stereo stay under 2 GB."""
_FOR_BATCH: Final = 900_000_000
_ALWAYS: Final = 300_000_000
"""What the command itself takes for its five beams and its whole file's spectrum, roughly."""


def batch_bytes(saved_bytes: int) -> int:
    """Return the bytes that a batch may take where the weights take ``saved_bytes`` less than in float32.

    What fewer bits save goes to the batch and no more, so that hearing holds no more memory than the
    ``whisper`` command does, which keeps float32 weights and hears one window at a time. Where nothing
    is saved there is no such promise, and a larger batch is faster.
    """
    return min(_FOR_BATCH, _ALWAYS + saved_bytes) if saved_bytes else _FOR_BATCH


def rows_that_fit(row_bytes: int, audio_bytes: int, most: int = MOST_ROWS, room_bytes: int = _FOR_BATCH) -> int:
    """Return how many windows may be decoded at once.

    Parameters
    ----------
    row_bytes : int
        Keys and values of one window.
    audio_bytes : int
        What the recordings take.
    room_bytes : int
        What a batch may take at most.
    """
    room = min(room_bytes, _FOR_ALL - audio_bytes)
    return min(most, max(_LEAST_ROWS, room // max(1, row_bytes)))


def batches(lengths: Sequence[float], rows: int, workers: int = 1) -> list[list[int]]:
    """Return the windows' numbers in batches, the longest first, batches about equally large.

    Windows that say about as much end about together, so that few rows wait for others. There are
    as many batches as keep all of ``workers`` busy to the end, where there are windows for them.
    """
    if not lengths:
        return []
    order = sorted(range(len(lengths)), key=lambda index: (-lengths[index], index))
    count = min(len(order), workers * -(-len(order) // (rows * workers)))
    edges = [round(part * len(order) / count) for part in range(count + 1)]
    return [order[first:last] for first, last in pairwise(edges)]
