"""How much the words of a turn and the fine-tuned encoder count against each other.

In one model together, the words explain the turns they are learned from and leave the encoder too little weight.
So the words' model is learned alone, and its scores of turns that it had *not* seen are weighed against the
encoder's of the same turns: stacked generalization (Wolpert 1992) with a linear second model, which folds back
into the one linear model that ships. A label is weighed by its own score and the encoder's of it and of its
attempts; what the encoder says of other labels hangs too much on the one encoder it was learned from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ci_checker.learn import turns
from ci_checker.learn.turns import Table

STRENGTH = 0.05
"""Inverse of the regularization (``C``), on inputs divided by their spread."""
STEPS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linear model of every label: of its words' score (labels,), of the encoder's (acts, labels), and (labels,)."""

    words: np.ndarray
    acts: np.ndarray
    intercepts: np.ndarray

    def scores(self, words: np.ndarray, acts: np.ndarray) -> np.ndarray:
        """Return log-odds (rows, labels) from the words' (rows, labels) and the encoder's columns (rows, acts)."""
        return np.asarray(words * self.words + acts @ self.acts + self.intercepts)

    def fold(self, coefficients: np.ndarray, intercepts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the model of words and encoder (labels, columns + acts), (labels,) from that of words alone."""
        return np.hstack([coefficients * self.words[:, None], self.acts.T]), intercepts * self.words + self.intercepts


def fit(table: Table, words: np.ndarray, acts: np.ndarray, keep: np.ndarray | None = None) -> Weights:
    """Return the weights by the rows in ``keep`` (rows,), of out-of-fold scores ``words`` (rows, labels).

    ``acts`` (rows, acts) are the encoder's columns of the table's matrix. Of a turn that shows a behavior, the
    part whose words score highest is learned from.
    """
    from sklearn.linear_model import LogisticRegression

    keep = np.ones(len(words), dtype=bool) if keep is None else keep
    inverse, _ = turns.turn_keys(table)
    of = np.array([name.removeprefix(turns.ATTEMPT) for name in table.acts])
    found = Weights(
        words=np.ones(len(table.labels)),
        acts=np.zeros((len(of), len(table.labels))),
        intercepts=np.zeros(len(table.labels)),
    )
    for column, label in enumerate(table.labels):
        truth, score = table.truth[:, column], words[:, column]
        best = np.full(inverse.max() + 1, -np.inf)
        np.maximum.at(best, inverse, score)
        telling = (score >= best[inverse]) | label.startswith(turns.ATTEMPT)
        used = keep & ((truth == 0) | ((truth == 1) & telling))
        if len(np.unique(truth[used])) < 2:  # nothing to tell apart: the words' score stays as it is
            continue
        own = np.flatnonzero(of == label.removeprefix(turns.ATTEMPT))
        inputs = np.column_stack([score, acts[:, own]])[used].astype(np.float64)
        spread = inputs.std(axis=0) + 1e-6
        model = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(inputs / spread, truth[used])
        weights = model.coef_[0] / spread
        found.words[column], found.acts[own, column] = weights[0], weights[1:]
        found.intercepts[column] = model.intercept_[0]
    return found


def out_of_fold(table: Table, words: np.ndarray, acts: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return scores (rows, labels) of every row by weights that were learned without its fold (rows,)."""
    scores = np.zeros_like(words)
    for number in np.unique(fold):
        held = fold == number
        scores[held] = fit(table, words, acts, ~held).scores(words[held], acts[held])
    return scores
