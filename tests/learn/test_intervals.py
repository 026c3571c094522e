"""Intervals against numbers worked out elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import average_precision_score

from ci_checker.learn import intervals


def test_wilson_by_hand() -> None:
    # Brown, Cai and DasGupta (2001): the interval of 0 in 10 ends at 0.2775, that of 5 in 10 is 0.2366-0.7634
    assert intervals.wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert intervals.wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert intervals.wilson(10, 10)[1] == pytest.approx(1.0)
    assert intervals.wilson(0, 0) == (0.0, 1.0)


@given(some.integers(0, 200), some.integers(0, 200))
def test_wilson_holds_the_share_and_narrows(hits: int, misses: int) -> None:
    low, high = intervals.wilson(hits, hits + misses)
    assert 0.0 <= low <= high <= 1.0
    if hits + misses:
        assert low - 1e-9 <= hits / (hits + misses) <= high + 1e-9
        wider = intervals.wilson(2 * hits, 2 * (hits + misses))
        assert wider[1] - wider[0] < high - low


def test_draws_are_of_whole_groups() -> None:
    groups = np.array([7, 7, 3, 9, 9, 9])
    draws = intervals.resampled(groups, count=20, seed=1)
    for rows in draws:
        for group, size in ((7, 2), (3, 1), (9, 3)):
            assert (groups[rows] == group).sum() % size == 0
    again = intervals.resampled(groups, count=20, seed=1)
    assert all((a == b).all() for a, b in zip(draws, again))
    assert any(len(a) != len(b) or (a != b).any() for a, b in zip(draws, intervals.resampled(groups, count=20, seed=2)))


def test_of_nothing_there_is_no_interval() -> None:
    assert intervals.resampled(np.array([])) == []
    assert np.isnan(intervals.bootstrap(lambda _: 1.0, [])).all()


def test_the_bootstrap_covers_a_mean() -> None:
    values = np.random.default_rng(0).normal(5, 1, 400)
    draws = intervals.resampled(np.arange(400))
    low, high = intervals.bootstrap(lambda rows: float(values[rows].mean()), draws)
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.25)
    assert np.isnan(intervals.bootstrap(lambda _: float("nan"), draws)).all()


@given(some.lists(some.tuples(some.booleans(), some.integers(0, 5)), min_size=1, max_size=30))
def test_average_precision_is_the_librarys(rows: list[tuple[bool, int]]) -> None:
    truth, scores = np.array([int(r[0]) for r in rows]), np.array([r[1] / 5 for r in rows])
    found = intervals.average_precision(truth, scores)
    if truth.any():
        assert found == pytest.approx(average_precision_score(truth, scores))
    else:
        assert np.isnan(found)


def test_the_calibration_error_by_hand() -> None:
    truth, probability = np.array([1, 0, 1]), np.array([0.9, 0.7, 0.4])
    assert intervals.calibration_error(truth, probability) == pytest.approx((0.1 + 0.7 + 0.6) / 3)
    assert np.isnan(intervals.calibration_error(np.array([]), np.array([])))
