"""A classifier per label over shared features: vectorizer, linear models, calibration.

Kept as JSON and arrays (no pickle). The same class scores built-in behaviors
and a team's own labels.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ci_checker.behaviors import encoder, features, terms
from ci_checker.behaviors.features import Instance
from ci_checker.behaviors.terms import Entries, Terms
from ci_checker.errors import MissingError

BLOCKS = ("word", "previous", "following", "letter", "tag")
_WEIGHTS = {
    "word": 1.0,
    "previous": 0.5,
    "following": 1.0,
    "letter": 0.7,
    "tag": 0.35,
    "meaning": 1.6,
    "doing": 1.6,
    "act": 0.3,
}
FORMAT = 2
"""What the columns mean; a detector of another one must be trained again."""
MOST_ODDS = 6.0
"""Log-odds of the fine-tuned encoder are cut off here: beyond, a fold's certainty is not the shipped one's."""


def _texts(block: str, items: Sequence[Instance]) -> list[Sequence[str]]:
    """Return the terms of every instance for a block."""
    if block == "word":
        return [features.word_grams(i) for i in items]
    if block == "previous":
        return [features.previous_grams(i) for i in items]
    if block == "following":
        return [features.following_grams(i) for i in items]
    if block == "letter":
        return [terms.letters(features.letters(i)) for i in items]
    return [list(dict.fromkeys(i.tags)) for i in items]


@dataclass(slots=True, kw_only=True)
class Vectorizer:
    """Sparse blocks, and the fine-tuned encoder's scores or what the turns mean, to one matrix."""

    blocks: dict[str, Terms]
    acts: tuple[str, ...] = ()
    """Labels of the fine-tuned encoder's scores, if it is asked."""

    @classmethod
    def fit(cls, items: Sequence[Instance], *, most: int = 30_000, acts: Sequence[str] = ()) -> Vectorizer:
        """Learn vocabularies and document frequencies."""
        blocks = {b: Terms.fit(_texts(b, items), most, weighed=b != "tag") for b in BLOCKS}
        return cls(blocks=blocks, acts=tuple(acts))

    def entries(self, items: Sequence[Instance]) -> list[tuple[Entries, int, float]]:
        """Return what the instances have of every block, with the block's width and its weight."""
        return [
            (known.entries(_texts(block, items)), len(known.columns), _WEIGHTS[block])
            for block, known in self.blocks.items()
        ]

    def dense(self, items: Sequence[Instance], meant: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
        """Return the columns after the blocks, (n, acts) or (n, 768) of ``meant``: see ``reading.meaning``."""
        if self.acts:  # the fine-tuned encoder has read the turn and what stands around it
            odds = np.array([item.acts for item in items], dtype=np.float32).reshape(len(items), len(self.acts))
            return np.clip(odds, -MOST_ODDS, MOST_ODDS) * np.float32(_WEIGHTS["act"])
        if meant is None:
            raise ValueError("this detector asks what the turns mean")
        own, doing = meant
        return np.hstack([own * _WEIGHTS["meaning"], doing * _WEIGHTS["doing"]]).astype(np.float32)

    def transform(self, items: Sequence[Instance], meant: tuple[np.ndarray, np.ndarray] | None = None) -> Any:
        """Return a CSR matrix, a row an instance."""
        from scipy import sparse

        known = terms.matrix(self.entries(items), len(items))
        return sparse.hstack([known, sparse.csr_matrix(self.dense(items, meant))], format="csr", dtype=np.float32)

    def told(self, item: Instance) -> list[tuple[str, int, float]]:
        """Return the words and signs of an instance: name, column, value."""
        found: list[tuple[str, int, float]] = []
        first = 0
        for block, known in self.blocks.items():
            if block in ("word", "tag"):
                texts = _texts(block, [item])
                columns, values = known.entries(texts).row(0)
                names = dict.fromkeys(term for term in texts[0] if term in known.columns)
                weighed = (values * np.float32(_WEIGHTS[block])).tolist()
                found += [
                    (f"{block}:{name}", first + int(column), value)
                    for name, column, value in zip(names, columns, weighed, strict=True)
                ]
            first += len(known.columns)
        return found

    @property
    def meant(self) -> bool:
        """Whether it asks what the instances mean."""
        return not self.acts

    @property
    def width(self) -> int:
        """How many columns there are."""
        rest = len(self.acts) or 2 * encoder.SIZE
        return sum(len(known.columns) for known in self.blocks.values()) + rest

    def names(self) -> list[str]:
        """Return a name for every column."""
        found = [f"{block}:{term}" for block, known in self.blocks.items() for term in known.columns]
        if self.acts:
            return found + [f"act:{label}" for label in self.acts]
        found += [f"meaning:{i}" for i in range(encoder.SIZE)]
        return found + [f"doing:{i}" for i in range(encoder.SIZE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Score to probability (Platt: ``sigmoid(a * score + b)``), and the two thresholds on it.

    A call whose best turn's probability is at least ``seen`` is seen, below
    ``not_seen`` is not, between is unclear. The best of many turns is high by
    chance, so ``of_call`` makes a call's probability of it, by Platt's method
    again (``call_a``, ``call_b`` on its log-odds).
    """

    a: float
    b: float
    seen: float
    not_seen: float
    evidence: float = 0.5
    call_a: float = 1.0
    call_b: float = 0.0

    def of_call(self, best: float) -> float:
        """Return how likely a call holds the behavior whose best turn has the probability ``best``."""
        return float(expit(self.call_a * logit(best) + self.call_b))

    def of_turn(self, call: float) -> float:
        """Return the probability of the best turn of a call whose own is ``call``: the inverse of ``of_call``."""
        return float(expit((logit(call) - self.call_b) / self.call_a))

    def probability(self, score: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities of raw scores, same shape."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.a * score + self.b, -30, 30)))


def logit(p: Any) -> Any:
    """Return log-odds of probabilities, those of 0 and 1 cut off at 12."""
    with np.errstate(divide="ignore"):
        return np.clip(np.log(p) - np.log1p(-np.asarray(p, dtype=np.float64)), -12.0, 12.0)


def expit(x: Any) -> Any:
    """Return probabilities of log-odds."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))


def calibrate(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Return Platt's (a, b) for scores and 0/1 truths (Platt 1999, with his smoothed targets)."""
    from scipy.optimize import minimize

    positives, negatives = int((truth == 1).sum()), int((truth == 0).sum())
    target = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(ab: np.ndarray) -> float:
        z = ab[0] * scores + ab[1]
        return float(np.sum(np.logaddexp(0, z) - target * z)) + 1e-3 * float(ab[0] ** 2)

    found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.05, 20), (-20, 20)])
    return float(found.x[0]), float(found.x[1])


@dataclass(slots=True, kw_only=True)
class Detector:
    """Linear models for several labels on one vectorizer.

    ``coefficients`` has shape (labels, columns), ``intercepts`` (labels,).
    """

    labels: tuple[str, ...]
    vectorizer: Vectorizer
    coefficients: np.ndarray
    intercepts: np.ndarray
    calibrations: dict[str, Calibration]
    _table: np.ndarray | None = field(default=None, init=False, repr=False, compare=False)
    """The coefficients a column a row, as rows are looked up."""

    @property
    def acts(self) -> tuple[str, ...]:
        """Labels of the fine-tuned encoder's scores that every instance must bring; empty if none."""
        return self.vectorizer.acts

    def scores(self, items: Sequence[Instance], meant: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
        """Return raw scores (log-odds before calibration), shape (instances, labels)."""
        found = np.zeros((len(items), len(self.labels)), dtype=np.float64)
        if not items:
            return found
        if self._table is None:
            self._table = np.ascontiguousarray(self.coefficients.T)
        first = 0
        for entries, width, weight in self.vectorizer.entries(items):
            for number in range(len(items)):
                columns, values = entries.row(number)
                found[number] += (values * np.float32(weight)) @ self._table[first + columns]
            first += width
        # a row at a time, because a product of many adds up in another order
        found += np.array([row @ self._table[first:] for row in self.vectorizer.dense(items, meant)])
        return found + self.intercepts

    def contributions(self, item: Instance, label: str, most: int = 3) -> tuple[tuple[str, float], ...]:
        """Return the words and signs that added most to one score, largest first."""
        coefficients = self.coefficients[self.labels.index(label)]
        added = [(name, float(value * coefficients[column])) for name, column, value in self.vectorizer.told(item)]
        return tuple(sorted((pair for pair in added if pair[1] > 0.05), key=lambda pair: -pair[1])[:most])

    def save(self, folder: Path) -> None:
        """Write ``detector.json`` (vocabularies, calibration) and ``detector.npz`` (arrays)."""
        folder.mkdir(parents=True, exist_ok=True)
        described = {
            "format": FORMAT,
            "labels": list(self.labels),
            "acts": list(self.vectorizer.acts),
            "calibrations": {name: asdict(calibration) for name, calibration in self.calibrations.items()},
            "vocabularies": {block: known.names for block, known in self.vectorizer.blocks.items()},
        }
        (folder / "detector.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        blocks = self.vectorizer.blocks.items()
        arrays = {f"idf_{block}": known.rarity for block, known in blocks if known.rarity is not None}
        np.savez_compressed(
            folder / "detector.npz",
            coefficients=self.coefficients.astype(np.float16),
            intercepts=self.intercepts.astype(np.float32),
            **arrays,
        )

    @classmethod
    def load(cls, folder: Path) -> Detector:
        """Read what ``save`` wrote. Raises MissingError for a file that does not fit."""
        try:
            described = json.loads((folder / "detector.json").read_text(encoding="utf-8"))
            if described.get("format") != FORMAT:
                raise ValueError("it was trained by another version")
            with np.load(folder / "detector.npz", allow_pickle=False) as arrays:
                blocks = {
                    block: Terms(
                        {term: column for column, term in enumerate(described["vocabularies"][block])},
                        None if block == "tag" else arrays[f"idf_{block}"].astype(np.float32),
                    )
                    for block in BLOCKS
                }
                found = cls(
                    labels=tuple(described["labels"]),
                    vectorizer=Vectorizer(blocks=blocks, acts=tuple(described.get("acts", ()))),
                    coefficients=arrays["coefficients"].astype(np.float32),
                    intercepts=arrays["intercepts"].astype(np.float64),
                    calibrations={k: Calibration(**c) for k, c in described["calibrations"].items()},
                )
            for block, known in blocks.items():
                if known.rarity is not None and known.rarity.shape != (len(known.columns),):
                    raise ValueError(f"its block '{block}' has not a number a term")
            wanted = (len(found.labels), found.vectorizer.width)
            if found.coefficients.shape != wanted or found.intercepts.shape != wanted[:1]:
                raise ValueError("its two files do not belong together")
            if missing := set(found.labels) - found.calibrations.keys():
                raise ValueError(f"'{min(missing)}' has no calibration")
            return found
        except (
            OSError, EOFError, ValueError, LookupError, TypeError, AttributeError,
            zipfile.BadZipFile, zlib.error, RuntimeError,  # a method or an encryption that zips can have
        ) as problem:  # fmt: skip
            raise MissingError(
                f"the detector cannot be read ({problem})", where=str(folder), todo="Train it again."
            ) from problem
