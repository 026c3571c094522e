"""A detector from a definition's examples alone, fitted when it is needed.

A handful of examples ranks well and decides badly, so every example is also scored by a fit that
did not see it (leave-one-out). Those scores calibrate the probabilities, and they say whether
the detector may call anything seen; "not seen" it can never say. What reps say all day
(``background.txt`` beside the shipped model, what it means with it for speed) stands for everything
that the examples are not; its turns of the same kind, by the shipped detector, are left out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ci_checker.behaviors import encoder, features, nlp, reading, turn_encoder
from ci_checker.behaviors.catalogue import Behavior, pattern
from ci_checker.behaviors.classifier import Calibration, Detector, Vectorizer, calibrate
from ci_checker.behaviors.features import Instance, Said
from ci_checker.behaviors.terms import Entries
from ci_checker.errors import MissingError

BACKGROUND, VECTORS = "background.txt", "background.npy"
LEAST = 3
SURE_FROM = 6
HIGH = 0.8
NEVER = 2.0
NEAR = 0.05
MOST_FOUND = 0.5
SAME_KIND = 0.5
STRENGTH = 6.0
CUE = 1.0
# the place in a call and the other side's words are not known of an example
_CONTEXT = (
    *("place=", "early=", "last=", "since_", "gatekeeper_", "left=", "answers_", "near=", "far", "turn_", "next"),
    "words=",  # an example is written short, a turn is not
)


@dataclass(slots=True, kw_only=True)
class ExampleVectorizer(Vectorizer):
    """The shipped vectorizer on an instance without its context, and a column for the definition's cues."""

    cues: tuple[str, ...]

    def entries(self, items: Sequence[Instance]) -> list[tuple[Entries, int, float]]:
        """Return what the instances have of every block, their context left out."""
        return Vectorizer.entries(self, [_bare(item) for item in items])

    @property
    def meant(self) -> bool:
        """It asks for nothing beyond the text: an example stands for a turn whose call is not known."""
        return False

    def dense(self, items: Sequence[Instance], meant: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
        """Return what the texts mean by themselves, and as the last column whether a cue is said."""
        cued = np.array([[self._cue(item)] for item in items], dtype=np.float32).reshape(-1, 1)
        known = reading.alone([item.text for item in items]) if meant is None else meant
        return np.hstack([Vectorizer.dense(self, items, known), cued])

    def told(self, item: Instance) -> list[tuple[str, int, float]]:
        """Return the words and signs of an instance, a cue among them: name, column, value."""
        return [*Vectorizer.told(self, _bare(item)), ("tag:cue", self.width - 1, self._cue(item))]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return Vectorizer.width.fget(self) + 1

    def _cue(self, item: Instance) -> float:
        return CUE * self._has_cue(item.text)

    def names(self) -> list[str]:
        """Return a name for every column."""
        return [*Vectorizer.names(self), "tag:cue"]

    def _has_cue(self, text: str) -> bool:
        said = f" {_forms(text)} "
        searched = (pattern(cue) for cue in self.cues)
        return any(
            f" {cue} " in said if wanted is None else wanted.search(text.lower()) is not None
            for cue, wanted in zip(self.cues, searched, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One example of the definition, and how likely a fit without it finds it."""

    text: str
    counts: bool
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """What a definition's examples carry.

    ``cutoff`` is the probability from which something is found; the detector's own ``seen`` threshold
    is that where the examples carry it (``sure``), else out of reach. Its ``not_seen`` threshold only
    tells from where on a turn is worth showing.
    """

    detector: Detector
    tried: tuple[Tried, ...]
    cutoff: float
    sure: bool

    @property
    def found(self) -> int:
        """How many of the examples that count are found by a fit that did not see them."""
        return sum(each.counts and each.probability >= self.cutoff for each in self.tried)

    @property
    def told(self) -> str:
        """How sure it can be, in a clause for people."""
        count = sum(each.counts for each in self.tried)
        wrong = sum(not each.counts and each.probability >= self.cutoff for each in self.tried)
        return f"left out one by one, {self.found} of {count} that count are found, {wrong} of the others"

    @property
    def doubt(self) -> str:
        """Why a person should look."""
        return (
            f"only {len(self.tried)} examples: a person should look; train it with 'ci-checker behaviors train' "
            f"({self.told})"
        )


def fit(behavior: Behavior, folder: Path, shipped: Detector) -> Examples | None:
    """Return a detector of the examples; ``None`` where fewer than ``LEAST`` count.

    ``folder`` is the shipped model's. Raises MissingError without its background.
    """
    counts = tuple(dict.fromkeys(behavior.counts))
    others = tuple(dict.fromkeys(behavior.does_not_count))
    if len(counts) < LEAST:
        return None
    own = _items([*counts, *others])
    background, meant = _unlike(own[: len(counts)], folder, shipped)
    items = [*own, *background]
    dense = [np.vstack(parts) for parts in zip(reading.alone([item.text for item in own]), meant, strict=True)]
    truth = np.array([1] * len(counts) + [0] * (len(items) - len(counts)))
    cues = tuple(cue if pattern(cue) else _forms(cue) for cue in behavior.cues)
    vectorizer = ExampleVectorizer(blocks=shipped.vectorizer.blocks, cues=cues)
    matrix = vectorizer.transform(items, (dense[0], dense[1]))
    held = _left_out(matrix, truth, len(own))
    a, b = calibrate(held, truth)
    plain = Calibration(a=a, b=b, seen=NEVER, not_seen=0.0)
    probability = plain.probability(held)
    like, unlike = probability[: len(counts)], probability[len(counts) :]
    most = (like >= HIGH).sum() > MOST_FOUND * len(counts)
    sure = bool(len(counts) >= SURE_FROM and most and not (unlike >= HIGH).any())
    floor = float(min(max(NEAR, np.quantile(unlike, 0.95)), np.median(like)))
    weights, intercept = _linear(matrix, truth)
    return Examples(
        detector=Detector(
            labels=(behavior.id,),
            vectorizer=vectorizer,
            coefficients=weights[None, :],
            intercepts=np.array([intercept]),
            calibrations={behavior.id: replace(plain, seen=HIGH if sure else NEVER, not_seen=floor, evidence=HIGH)},
        ),
        tried=tuple(
            Tried(text=text, counts=i < len(counts), probability=float(probability[i]))
            for i, text in enumerate([*counts, *others])
        ),
        cutoff=HIGH,
        sure=sure,
    )


def _linear(matrix: Any, truth: np.ndarray) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    weight = np.where(truth == 1, np.sqrt(len(truth) / max(1, (truth == 1).sum())), 1.0)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, random_state=0, max_iter=1000, tol=1e-3)
    model.fit(matrix, truth, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def _left_out(matrix: Any, truth: np.ndarray, own: int) -> np.ndarray:
    """Return every row's score by a fit without it, (n,): an example at a time, and as many parts of the rest."""
    part = np.arange(len(truth))
    part[own:] %= own
    scores = np.zeros(len(truth))
    for number in range(own):
        held = part == number
        weights, intercept = _linear(matrix[~held], truth[~held])
        scores[held] = np.asarray(matrix[held] @ weights) + intercept
    return scores


def _items(texts: Sequence[str]) -> list[Instance]:
    return [features.instances([Said(side="rep", text=text, judged=True)], whole_only=True)[0] for text in texts]


def _bare(item: Instance) -> Instance:
    return replace(
        item, previous="", following="", tags=tuple(tag for tag in item.tags if not tag.startswith(_CONTEXT))
    )


def _forms(text: str) -> str:
    return " ".join(token.form for token in nlp.analyze(text).tokens)


def _unlike(
    counts: list[Instance], folder: Path, shipped: Detector
) -> tuple[list[Instance], tuple[np.ndarray, np.ndarray]]:
    """Return the background without the turns of the built-in behaviors that the examples look like.

    What they mean is of shape (turns, 384) twice.
    """
    # an example stands for a turn whose place and neighbors are not known
    told = [Said(side="rep", text=item.text, judged=True) for item in counts]
    asked = bool(shipped.acts)
    scores = shipped.scores([turn_encoder.instances([said], asked=asked, whole_only=True)[0] for said in told])
    kin = {
        label
        for column, label in enumerate(shipped.labels)
        if (shipped.calibrations[label].probability(scores[:, column]) >= shipped.calibrations[label].evidence).mean()
        > SAME_KIND  # half of them is a coin's throw
    }
    said = {item.text.lower() for item in counts}
    found, vectors = _background(folder)
    kept = [i for i, (labels, item) in enumerate(found) if not labels & kin and item.text.lower() not in said]
    return [found[i][1] for i in kept], (vectors[kept, : encoder.SIZE], vectors[kept, encoder.SIZE :])


@lru_cache(maxsize=2)
def _background(folder: Path) -> tuple[tuple[tuple[frozenset[str], Instance], ...], np.ndarray]:
    path = folder / BACKGROUND
    try:
        lines = [line.partition("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
        vectors = np.load(folder / VECTORS, allow_pickle=False).astype(np.float32)
        if vectors.shape != (len(lines), 2 * encoder.SIZE):
            raise ValueError(f"{BACKGROUND} and {VECTORS} do not belong together")
    except (OSError, EOFError, ValueError, AttributeError, zipfile.BadZipFile) as problem:
        raise MissingError(
            f"what reps say all day, which examples are set against, cannot be read ({problem})",
            where=str(path),
            todo="Install ci-checker again, or write it anew with 'python -m ci_checker.learn.background'.",
        ) from problem
    items = _items([text for _, _, text in lines])
    return tuple(
        (frozenset(labels.split(",")), item) for (labels, _, _), item in zip(lines, items, strict=True)
    ), vectors
