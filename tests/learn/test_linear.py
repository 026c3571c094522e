"""The solver against scikit-learn's, and the promise that a row of no weight is not seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from ci_checker.learn import linear


@pytest.fixture
def data() -> tuple[sparse.csr_matrix, np.ndarray]:
    draw = np.random.default_rng(0)
    thin = sparse.random(200, 60, density=0.1, random_state=0, format="csr", dtype=np.float32)
    dense = sparse.csr_matrix(draw.normal(size=(200, 5)).astype(np.float32))
    matrix = sparse.hstack([thin[:, :30], dense, thin[:, 30:]], format="csr")
    scores = matrix @ draw.normal(size=(65, 3))
    return matrix, (scores > [0.0, 0.5, 1.5]).astype(np.int8)


def test_every_label_is_the_librarys_logistic_regression(data) -> None:
    matrix, truth = data
    rows = linear.Rows.of(matrix)
    assert sorted([*rows.dense_columns]) == [30, 31, 32, 33, 34]
    weight = linear.weights(truth)
    model = linear.fit(rows, truth, weight, strength=2.0, steps=500)
    coefficients, intercepts = rows.unfold(model)
    wide = sparse.hstack([matrix, np.ones((200, 1))], format="csr")  # the intercept is regularized here
    for column in range(3):
        known = LogisticRegression(C=2.0, fit_intercept=False, max_iter=5000, tol=1e-8)
        known.fit(wide, truth[:, column], sample_weight=weight[:, column])
        mine = matrix @ coefficients[column] + intercepts[column]
        assert np.abs(mine - wide @ known.coef_[0]).max() < 0.05
    assert np.allclose(rows.scores(model), matrix @ coefficients.T + intercepts, atol=1e-4)


def test_a_row_without_weight_changes_nothing(data) -> None:
    matrix, truth = data
    weight = linear.weights(truth)
    weight[150:] = 0
    lied = truth.copy()
    lied[150:] = 1 - lied[150:]
    one = linear.fit(linear.Rows.of(matrix), truth, weight, strength=2.0)
    other = linear.fit(linear.Rows.of(matrix), lied, weight, strength=2.0)
    assert (one == other).all()


def test_weights() -> None:
    truth = np.array([[1, 1], [0, -1], [0, 1], [0, 1]])
    assert linear.weights(truth) == pytest.approx(
        np.array([[2, np.sqrt(4 / 3)], [1, 0], [1, np.sqrt(4 / 3)], [1, np.sqrt(4 / 3)]])
    )
    rare = np.zeros((1000, 1), int)
    rare[0] = 1
    assert linear.weights(rare)[0] == linear.MOST_WEIGHT


def test_a_label_that_is_never_there(data) -> None:
    matrix, truth = data
    truth = np.zeros_like(truth)
    rows = linear.Rows.of(matrix)
    model = linear.fit(rows, truth, linear.weights(truth), strength=2.0)
    assert np.isfinite(model).all()
    assert (rows.scores(model) < 0).all()
