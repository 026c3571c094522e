"""Fit and cross-validate detectors on a table: the one learner, of the built-in behaviors and of any other.

Multiple-instance learning (Andrews et al. 2002, "mi-SVM"): labels are a turn's, instances are the turn and
its segments. A first model on whole turns picks, in every positive turn of several segments, the one that
scores highest; the second learns from the whole turns and those.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ci_checker.behaviors.classifier import Calibration, Detector, Vectorizer
from ci_checker.learn import linear, turns
from ci_checker.learn.turns import Table
from ci_checker.learn.weighing import Weights

STRENGTH = 6.0
MOST_TERMS = 15_000
"""Columns a block of the vectorizer; beyond come terms too rare to tell."""


class Learner:
    """The matrix of a table, made once, and models of words and signs of any part of it.

    Vocabulary and rarity of terms, and how rare a label is, are counted over the whole table, held out or not;
    everything else is learned from the rows that a model may see.
    """

    def __init__(self, table: Table, *, most: int = MOST_TERMS) -> None:
        self.table = table
        self.vectorizer = Vectorizer.fit(table.items, most=most, acts=table.acts)
        matrix = self.vectorizer.transform(table.items, table.dense)
        self.words = matrix.shape[1] - len(table.acts)
        self.acts = matrix[:, self.words :].toarray()
        """The fine-tuned encoder's columns (rows, acts), which the model of words goes without: see ``weighing``."""
        self.rows = linear.Rows.of(matrix[:, : self.words])
        self._inverse, _ = turns.turn_keys(table)
        single = np.bincount(self._inverse)[self._inverse] == 1
        self._part = ~table.whole | single
        self._weight = linear.weights(table.truth)

    def fit(self, keep: np.ndarray) -> np.ndarray:
        """Return a model of the rows in ``keep`` (rows,): of whole turns first, then with their telling segments."""
        weight = self._weight * keep[:, None]
        whole = self.table.whole
        if whole.all():
            return linear.fit(self.rows, self.table.truth, weight, strength=STRENGTH)
        # a long turn has no instance of its whole: at first all of its segments stand for it
        first = whole | (np.bincount(self._inverse, weights=whole)[self._inverse] == 0)
        model = linear.fit(self.rows, self.table.truth, weight * first[:, None], strength=STRENGTH)
        scores = self.rows.scores(model)
        scores[~self._part] = -np.inf
        best = np.full((self._inverse.max() + 1, scores.shape[1]), -np.inf, dtype=np.float32)
        np.maximum.at(best, self._inverse, scores)
        telling = self._part[:, None] & (scores >= best[self._inverse])
        # an attempt is seen at any part of a turn
        attempts = np.array([label.startswith(turns.ATTEMPT) for label in self.table.labels])
        weight = weight * ((self.table.truth != 1) | whole[:, None] | telling | attempts)
        steps = linear.STEPS // 3
        return linear.fit(self.rows, self.table.truth, weight, strength=STRENGTH, start=model, steps=steps)

    def out_of_fold(self, count: int, seed: int, jobs: int = 1, *, fold: np.ndarray | None = None) -> np.ndarray:
        """Return scores (rows, labels) of every row by a model that saw none of its fold.

        ``fold`` (rows,) are ``count`` numbers, by default folds of the table's conversations.
        """
        from threadpoolctl import threadpool_limits

        fold = turns.folds(self.table.group, count, seed) if fold is None else fold

        def one(number: int) -> np.ndarray:
            return self.rows.scores(self.fit(fold != number))

        scores = np.zeros(self.table.truth.shape)
        with threadpool_limits(1), ThreadPoolExecutor(max(1, jobs)) as pool:
            for number, found in enumerate(pool.map(one, range(count))):
                scores[fold == number] = found[fold == number]
        return scores

    def detector(self, calibrations: dict[str, Calibration], weights: Weights | None = None) -> Detector:
        """Return the detector of all rows, with the encoder's scores weighed in."""
        coefficients, intercepts = self.rows.unfold(self.fit(np.ones(len(self.table.items), dtype=bool)))
        if weights is not None:
            coefficients, intercepts = weights.fold(coefficients, intercepts)
        else:
            coefficients = np.hstack([coefficients, np.zeros((len(coefficients), len(self.table.acts)), np.float32)])
        return Detector(
            labels=self.table.labels,
            vectorizer=self.vectorizer,
            coefficients=coefficients,
            intercepts=intercepts,
            calibrations=calibrations,
        )
