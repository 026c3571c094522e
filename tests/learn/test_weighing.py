"""Weighing words and encoder against each other by scores of rows that the words' model had not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ci_checker.behaviors.classifier import Calibration
from ci_checker.behaviors.features import Instance
from ci_checker.learn import turns, weighing
from ci_checker.learn.learner import Learner
from ci_checker.learn.turns import Table, average_precision

CALIBRATIONS = {name: Calibration(a=1, b=0, seen=0.6, not_seen=0.2) for name in ("ask", "tell")}
ROWS = 240


def talk(*, parts: int = 1) -> Table:
    """Rows whose words tell nothing, whose first act tells of ``ask`` and whose third of nothing."""
    draw = np.random.default_rng(0)
    truth = np.repeat((draw.random((ROWS // parts, 2)) < 0.4).astype(np.int8), parts, axis=0)
    items = []
    for row in range(ROWS):
        act = 1.2 * (2 * truth[row, 0] - 1) + draw.normal()
        words = " ".join(draw.choice(["we", "take", "orders", "by", "phone", "and", "then"], 4))
        acts = (float(act), float(draw.normal()), float(3 * truth[row, 1]))
        items.append(Instance(turn=row // parts, start=0, end=1, text=words, previous="", tags=(), acts=acts))
    return Table(
        labels=("ask", "tell"),
        items=tuple(items),
        dense=None,
        group=np.arange(ROWS) // (8 * parts),
        turn=np.arange(ROWS) // parts,
        truth=truth,
        near=np.zeros_like(truth, dtype=bool),
        whole=np.ones(ROWS, dtype=bool),
        acts=("ask", "~ask", "other"),
    )


@pytest.fixture(scope="module")
def learner() -> Learner:
    return Learner(talk())


@pytest.fixture(scope="module")
def words(learner: Learner) -> np.ndarray:
    return learner.out_of_fold(3, 0)


def folds(table: Table) -> np.ndarray:
    return turns.folds(table.group, 3, 1)


def test_a_label_is_weighed_by_its_own_scores_alone(learner: Learner, words: np.ndarray) -> None:
    weights = weighing.fit(learner.table, words, learner.acts)
    assert (weights.acts[:2, 0] != 0).all() and weights.acts[2, 0] == 0
    assert (weights.acts[:, 1] == 0).all()  # whatever tells of it in another label's column
    assert (weights.words != 0).all()


def test_where_words_mislead_the_encoder_decides(learner: Learner) -> None:
    table = learner.table
    noise = np.random.default_rng(1).normal(0.0, 4.0, table.truth.shape)
    scores = weighing.out_of_fold(table, noise, learner.acts, folds(table))
    truth = table.truth[:, 0]
    assert average_precision(truth, noise[:, 0]) < 0.55
    assert average_precision(truth, scores[:, 0]) > 0.85


def test_where_words_tell_all_they_decide(learner: Learner) -> None:
    told = np.where(learner.table.truth == 1, 3.0, -3.0)
    scores = weighing.out_of_fold(learner.table, told, learner.acts, folds(learner.table))
    assert ((scores > 0) == (told > 0)).all()


def test_a_rows_score_does_not_hang_on_its_own_truth(learner: Learner, words: np.ndarray) -> None:
    table = learner.table
    before = weighing.out_of_fold(table, words, learner.acts, folds(table))
    truth = table.truth.copy()
    own = table.group == 4
    truth[own] = 1 - truth[own]
    after = weighing.out_of_fold(replace(table, truth=truth), words, learner.acts, folds(table))
    assert np.array_equal(before[own], after[own])
    assert not np.array_equal(before[~own], after[~own])


def test_the_shipped_model_does_in_one_step_what_was_learned_in_two(learner: Learner, words: np.ndarray) -> None:
    weights = weighing.fit(learner.table, words, learner.acts)
    detector = learner.detector(CALIBRATIONS, weights)
    items = learner.table.items
    alone = learner.rows.scores(learner.fit(np.ones(ROWS, dtype=bool)))
    wanted = weights.scores(alone, learner.acts)
    assert np.allclose(detector.scores(items), wanted, atol=1e-3)
    assert not np.allclose(alone, wanted, atol=0.1)


def test_a_label_that_cannot_be_told_apart_keeps_its_words_score(learner: Learner, words: np.ndarray) -> None:
    truth = learner.table.truth.copy()
    truth[:, 1] = 0
    weights = weighing.fit(replace(learner.table, truth=truth), words, learner.acts)
    scores = weights.scores(words, learner.acts)
    assert np.array_equal(scores[:, 1], words[:, 1])
    assert not np.allclose(scores[:, 0], words[:, 0], atol=0.1)


def test_of_a_turn_that_counts_its_most_telling_part_is_learned_from() -> None:
    table = talk(parts=2)
    learner = Learner(table)
    quiet = np.arange(ROWS) % 2 == 1
    words = np.where(quiet[:, None], -5.0, 5.0) * np.ones((1, 2))
    found = weighing.fit(table, words, learner.acts)
    truth = table.truth.copy()
    truth[quiet & (truth[:, 0] == 1), 0] = -1
    unjudged = weighing.fit(replace(table, truth=truth), words, learner.acts)
    assert np.allclose(found.acts, unjudged.acts)
    attempts = weighing.fit(replace(table, labels=("~ask", "tell")), words, learner.acts)
    assert not np.allclose(found.acts, attempts.acts)


def test_the_same_rows_give_the_same_weights(learner: Learner, words: np.ndarray) -> None:
    one, two = (weighing.fit(learner.table, words, learner.acts) for _ in range(2))
    assert np.array_equal(one.acts, two.acts) and np.array_equal(one.words, two.words)
