"""The arithmetic behind a voice, checked against the same quantities reckoned another way."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from ci_checker.speakers import allot
from ci_checker.speakers.allot import posteriors
from ci_checker.speakers.cluster import apart, grouped
from ci_checker.speakers.mixture import Mixture, fit_mixture
from ci_checker.speakers.voices import VoiceModel


def two_humps(seed: int = 0, count: int = 150, size: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.concatenate([random.normal(-2, 0.4, (count, size)), random.normal(2, 1.5, (count, size))])


def test_a_mixtures_likelihood_is_the_weighted_sum_of_its_gaussians():
    mixture = Mixture(
        weights=np.array([0.3, 0.7]),
        means=np.array([[0.0, 1.0], [2.0, -1.0]]),
        variances=np.array([[0.5, 2.0], [1.0, 0.25]]),
    )
    rows = np.random.default_rng(1).normal(size=(20, 2)) * 2
    wanted = sum(
        weight * multivariate_normal(mean, np.diag(variance)).pdf(rows)
        for weight, mean, variance in zip(mixture.weights, mixture.means, mixture.variances, strict=True)
    )
    assert mixture.log_likelihood(rows) == pytest.approx(np.log(wanted))


def test_a_row_far_from_everything_is_unlikely_and_not_nan():
    mixture = fit_mixture(two_humps())
    far = mixture.log_likelihood(np.full((1, 3), 1e4))
    assert np.isfinite(far).all() and far[0] < -1e6


def test_two_humps_are_told_better_by_two_gaussians_than_by_one():
    rows = two_humps()
    one = multivariate_normal(rows.mean(axis=0), np.diag(rows.var(axis=0))).logpdf(rows).mean()
    assert fit_mixture(rows).log_likelihood(rows).mean() > one + 0.5


@pytest.mark.parametrize(("rows", "gaussians"), [(59, 1), (119, 1), (120, 2), (300, 5), (480, 8), (5_000, 8)])
def test_a_voice_has_as_many_gaussians_as_its_rows_can_carry(rows, gaussians):
    mixture = fit_mixture(np.random.default_rng(2).normal(size=(rows, 4)))
    assert len(mixture.weights) == gaussians == len(mixture.means) == len(mixture.variances)


def test_rows_that_are_all_the_same_leave_a_width_to_every_gaussian():
    mixture = fit_mixture(np.ones((200, 4)))
    assert (mixture.variances >= 0.05).all() and mixture.weights.sum() == pytest.approx(1)
    assert np.isfinite(mixture.log_likelihood(np.zeros((2, 4)))).all()


def test_the_order_of_the_rows_does_not_change_a_voice():
    rows = two_humps(4)
    shuffled = np.random.default_rng(9).permutation(rows)
    one, two = fit_mixture(rows).log_likelihood(rows), fit_mixture(shuffled).log_likelihood(rows)
    assert one == pytest.approx(two, abs=1e-6)


def by_every_course(scores: np.ndarray, opens: list[bool]) -> np.ndarray:
    """The posterior of each piece, summed over every course that the talk could have taken."""
    number, count = scores.shape
    total = np.zeros((number, count))
    for course in product(range(count), repeat=number):
        chance = math.exp(sum(scores[at, voice] for at, voice in enumerate(course)))
        for at in range(1, number):
            change = allot._CHANGE_OPEN if opens[at] else allot._CHANGE_CLOSED
            chance *= 1 - change if course[at] == course[at - 1] else change / (count - 1)
        for at, voice in enumerate(course):
            total[at, voice] += chance
    return total / total.sum(axis=1, keepdims=True)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(2, 3))
def test_the_chain_sums_over_every_course_of_the_talk(data, number, count):
    score = st.floats(-6, 6)
    scores = np.array(
        data.draw(st.lists(st.lists(score, min_size=count, max_size=count), min_size=number, max_size=number))
    )
    opens = data.draw(st.lists(st.booleans(), min_size=number, max_size=number))
    assert posteriors(scores, opens) == pytest.approx(by_every_course(scores, opens), abs=1e-9)


def test_an_hour_of_words_neither_vanishes_nor_overflows():
    random = np.random.default_rng(3)
    scores = random.normal(0, 400, (9_000, 2)) - 20_000
    found = posteriors(scores, list(random.random(9_000) < 0.2))
    assert np.isfinite(found).all() and found.sum(axis=1) == pytest.approx(np.ones(9_000))


def test_swapping_the_voices_swaps_the_chances():
    scores = np.random.default_rng(5).normal(0, 2, (12, 2))
    opens = [at % 3 == 0 for at in range(12)]
    assert posteriors(scores[:, ::-1], opens) == pytest.approx(posteriors(scores, opens)[:, ::-1])


def test_inside_a_phrase_a_neighbor_weighs_more_than_across_a_pause():
    scores = np.array([[5.0, 0.0], [0.0, 1.0]])
    inside, across = (posteriors(scores, [True, opens])[1, 0] for opens in (False, True))
    assert inside > 0.95 and across < 0.5


def test_the_likeness_is_the_ratio_of_two_gaussian_models():
    random = np.random.default_rng(6)
    between, session = random.uniform(1, 9, 4), random.uniform(0.2, 2, 4)
    nothing = np.zeros(0)
    model = VoiceModel(center=nothing, projection=nothing, between=between, session=session, sha256="")
    for _ in range(5):
        one, other = random.normal(size=(2, 4)) * 3
        wanted = 0.0
        for b, s, x, y in zip(between, session, one, other, strict=True):
            same = multivariate_normal([0, 0], [[b + s, b], [b, b + s]]).logpdf([x, y])
            wanted += same - sum(multivariate_normal(0, b + s).logpdf(value) for value in (x, y))
        assert model.likeness(one, other) == pytest.approx(wanted)


def clouds(distance: float, seed: int = 0, count: int = 25, size: int = 2) -> np.ndarray:
    random = np.random.default_rng(seed)
    centers = np.eye(5)[:size] * distance
    return np.concatenate([random.normal(center, 1.0, (count, 5)) for center in centers])


points_of_speech = st.lists(
    st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=4, max_size=25, unique=True
).map(lambda rows: np.array(rows))


@settings(max_examples=35, deadline=None)
@given(points_of_speech, st.integers(2, 3), st.integers(0, 1000))
def test_no_window_lies_nearer_to_another_voices_middle(points, count, seed):
    weights = np.random.default_rng(seed).uniform(0.3, 1.6, len(points))
    groups = grouped(points, weights, count)
    assert groups.min() == 0 and groups.max() < count and len(groups) == len(points)
    middles = {g: np.average(points[groups == g], axis=0, weights=weights[groups == g]) for g in set(groups.tolist())}
    for point, group in zip(points, groups.tolist(), strict=True):
        own = np.square(point - middles[group]).sum()
        assert all(own <= np.square(point - other).sum() + 1e-6 for other in middles.values())


@pytest.mark.parametrize("size", [2, 3, 4])
def test_groups_are_at_least_as_tight_as_those_of_a_known_library(size):
    from sklearn.cluster import KMeans

    points = clouds(5.0, seed=size, size=size)
    groups = grouped(points, np.ones(len(points)), size)
    spread = sum(np.square(points[groups == g] - points[groups == g].mean(axis=0)).sum() for g in range(size))
    assert spread <= KMeans(size, n_init=10, random_state=0).fit(points).inertia_ * 1.0001


def test_moving_and_turning_the_space_changes_no_group_and_no_distance():
    points, weights = clouds(6.0), np.linspace(0.5, 1.6, 50)
    turn = np.linalg.qr(np.random.default_rng(8).normal(size=(5, 5)))[0]
    moved = points @ turn + 40.0
    groups = grouped(points, weights, 2)
    assert (grouped(moved, weights, 2) == groups).all()
    assert apart(moved, weights, groups) == pytest.approx(apart(points, weights, groups), rel=1e-6)


def test_a_larger_space_has_larger_distances_and_the_same_ratio_to_the_spread():
    points, weights = clouds(6.0), np.ones(50)
    groups = grouped(points, weights, 2)
    near, far = apart(points, weights, groups), apart(points * 3, weights, groups)
    assert far[0] == pytest.approx(3 * near[0]) and far[1] == pytest.approx(near[1])


def test_of_three_voices_the_two_nearest_are_what_counts():
    points = np.concatenate(
        [clouds(0.0, size=1), clouds(0.0, 1, size=1) + 30, clouds(0.0, 2, size=1) + np.array([33, 30, 30, 30, 30])]
    )
    groups = np.repeat([0, 1, 2], 25)
    assert apart(points, np.ones(75), groups)[0] == pytest.approx(
        np.linalg.norm(points[25:50].mean(axis=0) - points[50:].mean(axis=0))
    )


def test_one_window_alone_is_no_voice_that_could_lie_apart():
    points = np.array([[0.0, 0.0], [0.1, 0.0], [50.0, 50.0]])
    assert apart(points, np.ones(3), np.array([0, 0, 1])) == (0.0, 0.0)


def test_a_heavy_window_draws_the_middle_of_its_voice():
    points = np.array([[0.0], [1.0], [10.0], [12.0]])
    groups = np.array([0, 0, 1, 1])
    plain = apart(points, np.ones(4), groups)[0]
    heavy = apart(points, np.array([1.0, 9.0, 9.0, 1.0]), groups)[0]
    assert plain == pytest.approx(10.5) and heavy == pytest.approx(10.2 - 0.9)
