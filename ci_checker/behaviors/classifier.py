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

from ci_checker.behaviors import encoder, features
from ci_checker.behaviors.features import Instance
from ci_checker.errors import MissingError

BLOCKS = ("word", "previous", "following", "letter", "tag")
_WEIGHTS = {
    "word": 1.0,
    "previous": 0.5,
    "following": 1.0,
    "letter": 0.7,
    "tag": 0.35,
    "meaning": 1.6,
    "meaning_previous": 0.6,
    "act": 0.3,
}
MOST_ODDS = 6.0
"""Log-odds of the fine-tuned encoder are cut off here: beyond, a fold's certainty is not the shipped one's."""


def _identity(value: Any) -> Any:
    return value


def _analyzer(block: str) -> dict[str, Any]:
    if block == "letter":
        return {"analyzer": "char_wb", "ngram_range": (2, 4), "lowercase": False}
    return {"tokenizer": _identity, "preprocessor": _identity, "token_pattern": None, "lowercase": False}


def _block(block: str, **options: Any) -> Any:
    """Return the vectorizer of a block: tags are there or not, everything else is weighed by rarity."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if block == "tag":
        return CountVectorizer(**_analyzer(block), binary=True, dtype=np.float32, **options)
    return TfidfVectorizer(**_analyzer(block), sublinear_tf=True, dtype=np.float32, **options)


def _fitted(block: str, raw: list[Any], most: int) -> Any:
    """Return a vectorizer of what stands at least twice; of a term that never comes where nothing does."""
    if any(raw):
        try:
            return _block(block, min_df=2, max_features=most).fit(raw)
        except ValueError:  # every term stands once
            pass
    return _block(block, vocabulary={"\0": 0}).fit([["\0"] if block != "letter" else "\0"])


def _raw(block: str, items: Sequence[Instance]) -> list[Any]:
    if block == "word":
        return [features.word_grams(i) for i in items]
    if block == "previous":
        return [features.previous_grams(i) for i in items]
    if block == "following":
        return [features.following_grams(i) for i in items]
    if block == "letter":
        return [features.letters(i) for i in items]
    return [list(i.tags) for i in items]


def meaning(items: Sequence[Instance]) -> tuple[np.ndarray, np.ndarray]:
    """Return sentence vectors of the instances and of the other side's last words, each (n, 384)."""
    own = encoder.vectors([i.text.lower() for i in items])
    return own, encoder.vectors([i.previous.lower() for i in items])


@dataclass(slots=True, kw_only=True)
class Vectorizer:
    """Sparse blocks, and the fine-tuned encoder's scores or sentence vectors, to one matrix."""

    vectorizers: dict[str, Any]
    acts: tuple[str, ...] = ()
    """Labels of the fine-tuned encoder's scores, if it is asked."""

    @classmethod
    def fit(cls, items: Sequence[Instance], *, most: int = 30_000, acts: Sequence[str] = ()) -> Vectorizer:
        """Learn vocabularies and document frequencies."""
        return cls(vectorizers={b: _fitted(b, _raw(b, items), most) for b in BLOCKS}, acts=tuple(acts))

    def transform(self, items: Sequence[Instance], dense: tuple[np.ndarray, np.ndarray] | None = None) -> Any:
        """Return a CSR matrix, a row an instance. ``dense`` saves encoding again what was encoded."""
        from scipy import sparse

        parts = [self.vectorizers[b].transform(_raw(b, items)) * _WEIGHTS[b] for b in BLOCKS]
        if self.acts:  # the fine-tuned encoder has read the turn and what was said before it
            odds = np.array([item.acts for item in items], dtype=np.float32).reshape(len(items), len(self.acts))
            parts.append(sparse.csr_matrix(np.clip(odds, -MOST_ODDS, MOST_ODDS) * _WEIGHTS["act"]))
        else:
            own, previous = dense if dense is not None else meaning(items)
            parts.append(sparse.csr_matrix(own * _WEIGHTS["meaning"]))
            parts.append(sparse.csr_matrix(previous * _WEIGHTS["meaning_previous"]))
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def names(self) -> list[str]:
        """Return a name for every column."""
        found: list[str] = []
        for block in BLOCKS:
            found += [f"{block}:{term}" for term in self.vectorizers[block].get_feature_names_out()]
        if self.acts:
            return found + [f"act:{label}" for label in self.acts]
        found += [f"meaning:{i}" for i in range(encoder.SIZE)]
        return found + [f"meaning_previous:{i}" for i in range(encoder.SIZE)]


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
    _names: list[str] = field(default_factory=list)

    @property
    def acts(self) -> tuple[str, ...]:
        """Labels of the fine-tuned encoder's scores that every instance must bring; empty if none."""
        return self.vectorizer.acts

    def scores(self, items: Sequence[Instance], dense: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
        """Return raw scores (log-odds before calibration), shape (instances, labels)."""
        if not items:
            return np.zeros((0, len(self.labels)), dtype=np.float64)
        matrix = self.vectorizer.transform(items, dense)
        return np.asarray(matrix @ self.coefficients.T) + self.intercepts

    def contributions(self, item: Instance, label: str, most: int = 3) -> tuple[tuple[str, float], ...]:
        """Return the words and signs that added most to one score, largest first."""
        row = self.vectorizer.transform([item])
        column = self.coefficients[self.labels.index(label)]
        self._names = self._names or self.vectorizer.names()
        added = [(self._names[i], float(v * column[i])) for i, v in zip(row.indices, row.data, strict=True)]
        readable = [(n, v) for n, v in added if n.startswith(("word:", "tag:")) and v > 0.05]
        return tuple(sorted(readable, key=lambda pair: -pair[1])[:most])

    def save(self, folder: Path) -> None:
        """Write ``detector.json`` (vocabularies, calibration) and ``detector.npz`` (arrays)."""
        folder.mkdir(parents=True, exist_ok=True)
        described = {
            "labels": list(self.labels),
            "acts": list(self.vectorizer.acts),
            "calibrations": {name: asdict(calibration) for name, calibration in self.calibrations.items()},
            "vocabularies": {
                block: v.get_feature_names_out().tolist() for block, v in self.vectorizer.vectorizers.items()
            },
        }
        (folder / "detector.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        arrays = {f"idf_{b}": v.idf_.astype(np.float32) for b, v in self.vectorizer.vectorizers.items() if b != "tag"}
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
            with np.load(folder / "detector.npz", allow_pickle=False) as arrays:
                vectorizers = {}
                for block, terms in described["vocabularies"].items():
                    vectorizer = _block(block, vocabulary={term: i for i, term in enumerate(terms)})
                    if block != "tag":
                        vectorizer.idf_ = arrays[f"idf_{block}"]
                    vectorizers[block] = vectorizer
                found = cls(
                    labels=tuple(described["labels"]),
                    vectorizer=Vectorizer(vectorizers=vectorizers, acts=tuple(described.get("acts", ()))),
                    coefficients=arrays["coefficients"].astype(np.float32),
                    intercepts=arrays["intercepts"].astype(np.float64),
                    calibrations={k: Calibration(**c) for k, c in described["calibrations"].items()},
                )
            wanted = (len(found.labels), len(found.vectorizer.names()))
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
