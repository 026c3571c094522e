"""Thresholds as promises: how many wrong ones they let through, whatever the sample, and the table they end in."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ci_checker.learn import calls
from ci_checker.learn.calls import quality, thresholds

SAMPLES = some.lists(some.tuples(some.floats(0, 1), some.sampled_from([-1, 0, 1])), min_size=1, max_size=60)


def arrays(rows: list) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


@given(SAMPLES)
@settings(max_examples=60, deadline=None)
def test_neither_threshold_lets_through_more_than_it_may(rows: list) -> None:
    probability, truth = arrays(rows)
    seen, not_seen = thresholds(probability, truth, most_missed=0.1, most_false=0.1)
    there, absent = probability[truth == 1], probability[truth == 0]
    if not_seen > calls.LEAST_NOT_SEEN:  # it was moved up from its bound, so it must keep its promise
        assert (there < not_seen).mean() <= 0.1
    if seen < calls.MOST_SEEN:
        assert (absent >= seen).mean() <= 0.1
    assert calls.LEAST_NOT_SEEN <= not_seen <= calls.MOST_NOT_SEEN < calls.LEAST_SEEN <= seen <= calls.MOST_SEEN


@given(SAMPLES)
@settings(max_examples=30, deadline=None)
def test_who_may_miss_more_says_not_seen_no_later(rows: list) -> None:
    probability, truth = arrays(rows)
    strict = thresholds(probability, truth, most_missed=0.01, most_false=0.01)
    kind = thresholds(probability, truth, most_missed=0.2, most_false=0.2)
    assert kind[0] <= strict[0] and kind[1] >= strict[1]


def test_calls_that_nobody_judged_move_no_threshold() -> None:
    draw = np.random.default_rng(5)
    truth = draw.integers(0, 2, 200)
    probability = np.clip(truth * 0.6 + draw.random(200) * 0.4, 0, 1)
    noisy = np.append(probability, draw.random(100)), np.append(truth, np.full(100, -1))
    assert thresholds(*noisy) == thresholds(probability, truth)


@pytest.mark.parametrize("truth", [0, 1])
def test_without_an_example_of_one_kind_its_threshold_stays_at_its_bound(truth: int) -> None:
    seen, not_seen = thresholds(np.full(50, 0.45), np.full(50, truth))
    assert (seen == calls.MOST_SEEN) if truth == 1 else (not_seen == calls.LEAST_NOT_SEEN)


# --- quality --------------------------------------------------------------------------------------


VERDICTS = some.sampled_from(["seen", "not_seen", "unclear", "not_applicable"])


@given(some.lists(some.tuples(VERDICTS, some.integers(-1, 1)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_quality_is_what_plain_counting_gives(rows: list) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = quality("x", [r[0] for r in rows], np.full(len(rows), 0.5), np.array([r[1] for r in rows], int))
    there, lacking = ([v for v, t in rows if t == truth] for truth in (1, 0))
    assert (found.present, found.absent) == (len(there), len(lacking))
    hits, wrong = there.count("seen"), lacking.count("seen")
    assert found.precision == pytest.approx(hits / max(1, hits + wrong))
    assert found.recall == pytest.approx(hits / max(1, len(there)))
    accused = there.count("not_seen") + there.count("not_applicable")
    assert found.false_not_seen == pytest.approx(accused / max(1, len(there)))
    assert found.false_seen == pytest.approx(wrong / max(1, len(lacking)))
    assert 0.0 <= found.ece <= 1.0


def test_verdicts_of_calls_that_are_left_out_change_nothing() -> None:
    best, truth = np.array([0.9, 0.1, 0.9]), np.array([1, 0, -1])
    judged = quality("x", ["seen", "not_seen"], best[:2], truth[:2])
    assert quality("x", ["seen", "not_seen", "seen"], best, truth) == judged


def test_the_mean_leaves_out_an_average_precision_that_is_unknown() -> None:
    one = quality("one", ["seen", "not_seen"], np.array([0.9, 0.1]), np.array([1, 0]))
    none = quality("none", ["not_seen"], np.array([0.1]), np.array([0]))
    last = calls.table_of([one, none]).splitlines()[-1]
    assert last == "| **mean** | | 0.50 | 0.50 | 0.50 | 1.00 | 0% | 0.0% | 0.0% | 0.10 |"
