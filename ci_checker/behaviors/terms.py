"""The terms of one block of features: which there are, how rare each is, and what a text has of them.

The usual weighing (Salton and Buckley 1988): 1 + log of how often a term stands there, times the smoothed inverse
document frequency that scikit-learn counts, rows of length 1. Written out here because scoring a call needs a
table and a product, and importing scikit-learn for that takes longer than the scoring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LETTERS = (2, 4)
NOTHING = "\0"
"""A term that never comes, for a block without any: no column would be none to learn."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a matrix (rows, columns) row by row: those of row i stand at ``ends[i]:ends[i + 1]``."""

    ends: np.ndarray
    columns: np.ndarray
    values: np.ndarray

    def row(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Return columns and values of one row."""
        inside = slice(self.ends[number], self.ends[number + 1])
        return self.columns[inside], self.values[inside]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms and their columns; ``rarity`` (columns,) is float32, or ``None`` where a term is there or not."""

    columns: dict[str, int]
    rarity: np.ndarray | None

    @classmethod
    def fit(cls, texts: Sequence[Sequence[str]], most: int, *, weighed: bool = True) -> Terms:
        """Learn from the terms of every text: those that two texts have, the ``most`` frequent, by alphabet."""
        held: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for text in texts:
            held.update(set(text))
            total.update(text)
        usual = sorted(term for term, count in held.items() if count >= 2)
        usual = sorted(sorted(usual, key=lambda term: -total[term])[:most]) or [NOTHING]
        rarity = np.log((1 + len(texts)) / (1 + np.array([held[term] for term in usual]))) + 1
        return cls({term: i for i, term in enumerate(usual)}, rarity.astype(np.float32) if weighed else None)

    @property
    def names(self) -> list[str]:
        """The terms in the order of their columns."""
        return list(self.columns)

    def entries(self, texts: Sequence[Sequence[str]]) -> Entries:
        """Return what every text has of the terms."""
        columns: list[int] = []
        counts: list[int] = []
        ends = np.zeros(len(texts) + 1, dtype=np.int64)
        known = self.columns
        for number, text in enumerate(texts):
            found: dict[int, int] = {}
            for term in text:
                if (column := known.get(term)) is not None:
                    found[column] = found.get(column, 0) + 1
            columns += found
            counts += found.values()
            ends[number + 1] = len(columns)
        where = np.array(columns, dtype=np.int32)
        if self.rarity is None:
            return Entries(ends, where, np.ones(len(where), dtype=np.float32))
        values = (np.log(np.array(counts, dtype=np.float64)) + 1) * self.rarity[where]
        rows = np.repeat(np.arange(len(texts)), np.diff(ends))
        length = np.sqrt(np.bincount(rows, weights=values * values, minlength=len(texts)))
        return Entries(ends, where, (values / length[rows]).astype(np.float32))


def letters(text: str) -> list[str]:
    """Return the runs of letters of every word, a space before and after it among them."""
    least, most = LETTERS
    found: list[str] = []
    for word in text.split():
        framed = f" {word} "
        for size in range(least, most + 1):
            found += [framed[at : at + size] for at in range(len(framed) - size + 1)]
            if size >= len(framed):  # a short word counts once
                break
    return found


def matrix(blocks: Sequence[tuple[Entries, int, float]], rows: int) -> Any:
    """Return the CSR matrix of blocks side by side, each with its width and its weight."""
    from scipy import sparse

    parts = [
        sparse.csr_matrix((entries.values * np.float32(weight), entries.columns, entries.ends), shape=(rows, width))
        for entries, width, weight in blocks
    ]
    return sparse.hstack(parts, format="csr", dtype=np.float32)
