"""Call-level thresholds and quality, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn import calls
from ci_checker.learn.calls import CallScores
from ci_checker.learn.turns import Table


def scores(present: list[float], absent: list[float], unsure: list[float] = []) -> CallScores:  # noqa: B006
    best = np.array([*present, *absent, *unsure])
    truth = np.array([1] * len(present) + [0] * len(absent) + [-1] * len(unsure))
    return CallScores(best=best, truth=truth, number=np.arange(len(best)))


def test_thresholds_let_few_wrong_ones_through() -> None:
    probability = np.concatenate([np.linspace(0.02, 0.99, 200), np.linspace(0.0, 0.95, 800) ** 3])
    truth = np.array([1] * 200 + [0] * 800)
    seen, not_seen = calls.thresholds(probability, truth, most_missed=0.05, most_false=0.02)
    present, absent = probability[truth == 1], probability[truth == 0]
    assert 0.02 < (present < not_seen).mean() <= 0.05
    assert (absent >= seen).mean() <= 0.02
    assert (absent >= seen - 0.03).mean() > 0.02  # a lower one would have let too many through


def test_thresholds_believe_probabilities_where_no_error_was_seen() -> None:
    probability = np.array([0.25] * 30 + [0.97] * 20)
    truth = np.array([0] * 30 + [1] * 20)
    # none of the thirty is there, yet at 25 % each more than one in a hundred must be expected among them
    assert calls.thresholds(probability, truth)[1] == pytest.approx(0.25, abs=0.006)
    sure = np.where(probability < 0.5, 0.001, probability)
    assert calls.thresholds(sure, truth)[1] == calls.MOST_NOT_SEEN


def test_a_behavior_of_its_own_is_held_within_its_bounds() -> None:
    probability = np.array([0.9] * 20 + [0.7] * 3 + [0.3] * 17 + [0.1])
    truth = np.array([1] * 20 + [0] * 20 + [1])
    bounds = {"most_missed": 0.03, "most_false": 0.06}
    seen, not_seen = calls.within(probability, truth, 0.6, 0.2, **bounds)
    assert 0.7 < seen <= 0.71  # three of twenty were falsely seen
    assert 0.095 <= not_seen <= 0.1  # one of twenty-one was missed
    assert calls.within(probability, truth, 0.72, 0.05, **bounds) == (0.72, 0.05)
    assert calls.within(probability, np.full(41, -1), 0.6, 0.2, **bounds) == (0.6, 0.2)
    assert calls.within(np.ones(9), np.zeros(9, int), 0.6, 0.2, **bounds) == (calls.MOST_SEEN, 0.2)


def test_a_large_sample_is_believed_as_counted() -> None:
    few = np.array([0.75] * 40 + [0.02] * 60)
    truth = np.array([1] * 40 + [0] * 60)
    assert calls.thresholds(few, truth)[0] > 0.75  # a quarter of the forty must be expected wrong
    many, all_there = np.tile(few, 10), np.tile(truth, 10)
    assert calls.ENOUGH_ERRORS <= 0.02 * 600
    assert calls.thresholds(many, all_there)[0] == calls.LEAST_SEEN  # six hundred show that none is
    wrong = np.where(np.arange(1000) % 20 == 0, 1 - all_there, all_there)
    assert calls.thresholds(many, wrong)[0] > 0.75


def test_thresholds_stay_inside_their_bounds() -> None:
    right, wrong = np.array([1.0] * 50 + [0.0] * 50), np.array([1] * 50 + [0] * 50)
    assert calls.thresholds(right, wrong) == (calls.LEAST_SEEN, calls.MOST_NOT_SEEN)
    assert calls.thresholds(right, 1 - wrong) == (calls.MOST_SEEN, calls.LEAST_NOT_SEEN)
    assert calls.thresholds(np.array([0.4]), np.array([-1])) == (calls.MOST_SEEN, calls.LEAST_NOT_SEEN)
    for seed in range(5):
        draw = np.random.default_rng(seed)
        seen, not_seen = calls.thresholds(draw.random(18), draw.integers(0, 2, 18))
        assert 0 < not_seen < seen < 1


def test_the_calls_to_learn_from_can_be_named() -> None:
    made = scores([0.9, 0.8, 0.7], [0.2, 0.1])
    chosen = made.of({4, 1, 99})
    assert chosen.number.tolist() == [1, 4]
    assert chosen.best.tolist() == [0.8, 0.1] and chosen.truth.tolist() == [1, 0]


def test_calls_with_nothing_in_place_teach_no_chances() -> None:
    made = scores([0.95] * 30 + [0.7] * 10, [0.6] * 40, [0.3])
    more = scores([0.95] * 30 + [0.7] * 10 + [0.0] * 5, [0.6] * 40 + [0.0] * 20, [0.3])
    assert calls.of_calls(made) == calls.of_calls(more)
    assert (more.known() == 1).sum() == 40 and (more.known() == 0).sum() == 60 and (more.known() == -1).sum() == 6


def test_by_call_takes_the_best_turn_and_any_positive() -> None:
    table = Table(
        labels=("x",),
        items=(),
        dense=(np.zeros((5, 1)), np.zeros((5, 1))),
        group=np.array([0, 0, 1, 1, 2]),
        turn=np.array([0, 1, 0, 2, 0]),
        truth=np.array([[0], [1], [0], [-1], [0]], dtype=np.int8),
        near=np.zeros((5, 1), bool),
        whole=np.ones(5, bool),
    )
    found = calls.by_call(table, np.array([[0.8], [0.3], [0.1], [0.2], [0.4]]), 0)
    assert found.best.tolist() == [0.8, 0.2, 0.4]
    assert found.truth.tolist() == [1, -1, 0]
    assert found.number.tolist() == [0, 1, 2]


def test_quality_by_hand() -> None:
    verdicts = ["seen", "seen", "unclear", "not_seen", "not_applicable", "seen", "not_seen", "unclear", "seen"]
    truth = np.array([1, 1, 1, 1, 1, 0, 0, 0, -1])
    best = np.array([0.95, 0.85, 0.45, 0.05, 0.0, 0.75, 0.05, 0.35, 0.9])
    found = calls.quality("x", verdicts, best, truth)
    assert (found.present, found.absent) == (5, 3)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 5)
    assert found.f1 == pytest.approx(0.5)
    assert found.unclear == pytest.approx(2 / 8)
    assert found.false_not_seen == pytest.approx(2 / 5)
    assert found.false_seen == pytest.approx(1 / 3)
    # bins: 0-.1 holds .05 (1), 0 (1), .05 (0); .3 .35 (0); .4 .45 (1); .7 .75 (0); .8 .85 (1); .9 .95 (1)
    ece = (3 * abs(0.1 / 3 - 2 / 3) + 0.35 + 0.55 + 0.75 + 0.15 + 0.05) / 8
    assert found.ece == pytest.approx(ece)
    # ranks: .95 and .85 there, .75 not, .45 there (3/4), .35 not, then .05 there and not (tied, 4/7), 0 there (5/8)
    assert found.average_precision == pytest.approx((1 + 1 + 3 / 4 + 4 / 7 + 5 / 8) / 5)


def test_quality_of_nothing_is_no_error() -> None:
    found = calls.quality("x", [], np.array([]), np.array([], dtype=int))
    assert (found.present, found.absent, found.precision) == (0, 0, 0.0)
    assert np.isnan(found.average_precision)


def test_the_table_has_a_row_each_and_a_mean() -> None:
    one = calls.quality("one", ["seen"], np.array([0.9]), np.array([1]))
    two = calls.quality("two", ["not_seen"], np.array([0.1]), np.array([1]))
    lines = calls.table_of([one, two]).splitlines()
    assert [line.split("|")[1].strip() for line in lines] == ["behavior", "---", "one", "two", "**mean**"]
    assert len({line.count("|") for line in lines}) == 1
    assert "| 0.50 | 0.50 |" in lines[-1]
