"""Groups of points: found, in order, the same every time, and how far apart."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.speakers.cluster import apart, grouped
from ci_checker.speakers.mixture import fit_mixture


def clouds(distance: float, seed: int = 0, count: int = 40, size: int = 2) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    owners = np.tile(np.arange(size), count)
    points = random.normal(size=(len(owners), 6))
    points[:, 0] += owners * distance
    points[:, 1] += (owners % 2) * distance
    return points, owners


@pytest.mark.parametrize("size", [2, 3])
def test_clouds_far_apart_are_found(size):
    points, owners = clouds(9.0, size=size)
    assert (grouped(points, np.ones(len(points)), size) == owners).all()


def test_groups_are_numbered_by_their_first_point():
    points, owners = clouds(9.0)
    found = grouped(points[::-1].copy(), np.ones(len(points)), 2)
    assert found[0] == 0 and set(found) == {0, 1}
    assert (found == 1 - owners[::-1]).all() or (found == owners[::-1]).all()


def test_the_same_points_give_the_same_groups():
    points, _ = clouds(1.0)
    weights = np.linspace(0.5, 2, len(points))
    assert (grouped(points, weights, 2) == grouped(points, weights, 2)).all()


def test_two_clouds_lie_further_apart_than_one_cut_in_two():
    for seed in range(5):
        points, _ = clouds(0.0, seed)
        weights = np.ones(len(points))
        distance, spread = apart(points, weights, grouped(points, weights, 2))
        assert spread < 4.0
        points, _ = clouds(6.0, seed)
        far = apart(points, weights, grouped(points, weights, 2))
        assert far[0] > distance and far[1] > 4.6


def test_too_few_points_and_equal_points():
    assert list(grouped(np.zeros((1, 3)), np.ones(1), 2)) == [0]
    same = np.zeros((6, 3))
    assert apart(same, np.ones(6), grouped(same, np.ones(6), 2)) == (0.0, 0.0)
    assert apart(same, np.ones(6), np.zeros(6, np.intp)) == (0.0, 0.0)


def test_a_mixture_prefers_what_it_was_fitted_on():
    random = np.random.default_rng(3)
    one = np.concatenate([random.normal(-3, 1, (200, 4)), random.normal(3, 0.5, (200, 4))])
    other = random.normal(0, 1, (400, 4))
    mixture = fit_mixture(one)
    assert mixture.weights.sum() == pytest.approx(1.0)
    assert mixture.log_likelihood(one).mean() > mixture.log_likelihood(other).mean() + 1
    assert np.allclose(fit_mixture(one).means, mixture.means)


def test_a_mixture_of_a_handful_of_rows_is_one_gaussian():
    rows = np.random.default_rng(0).normal(size=(30, 4))
    mixture = fit_mixture(rows)
    assert len(mixture.weights) == 1 and np.allclose(mixture.means[0], rows.mean(axis=0), atol=1e-6)
    assert np.isfinite(mixture.log_likelihood(rows)).all()
