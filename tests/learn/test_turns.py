"""From labelled turns to tables, folds, calibration and a linear model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ci_checker.behaviors.features import Instance
from ci_checker.learn import turns
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.turns import Table
from ci_checker.model import Role

TEXT = """\
## one | cold
P: Front desk, who is calling?
R[greet,?plan]: Hello there, this is Ann. We would like to talk about the new labels with you.
R[~greet]: right
## two | mid
G: Front desk, who is calling?
R[plan]: We plan it together.
"""


@pytest.fixture
def conversations(tmp_path: Path) -> tuple[Conversation, ...]:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return read_all([tmp_path])


def table(truth: list[int], group: list[int], turn: list[int], whole: list[bool] | None = None) -> Table:
    n = len(truth)
    item = Instance(turn=0, start=0, end=1, text="a", previous="", tags=())
    return Table(
        labels=("x",),
        items=(item,) * n,
        dense=(np.zeros((n, 384), np.float32), np.zeros((n, 384), np.float32)),
        group=np.array(group),
        turn=np.array(turn),
        truth=np.array(truth, dtype=np.int8)[:, None],
        near=np.zeros((n, 1), dtype=bool),
        whole=np.array(whole if whole is not None else [True] * n),
    )


def test_tabulate_gives_every_part_its_turns_label(conversations) -> None:
    found = turns.tabulate(conversations, ("greet", "plan"))
    assert found.labels == ("greet", "plan")
    assert found.group.tolist() == [0, 0, 0, 0, 1]
    assert found.turn.tolist() == [1, 1, 1, 2, 1]
    assert found.whole.tolist() == [True, False, False, True, True]
    assert found.truth.tolist() == [[1, -1]] * 3 + [[0, 0], [0, 1]]
    assert found.near.tolist() == [[False, False]] * 3 + [[True, False], [False, False]]
    assert found.dense[0].shape == (5, 384)


def test_more_threads_find_the_same(conversations) -> None:
    one, two = (turns.tabulate(conversations, ("greet",), None, jobs=jobs) for jobs in (1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one.dense, two.dense, strict=True))
    assert all(np.abs(part).sum(axis=1).all() for part in one.dense)


def test_every_second_conversation_is_heard_on_one_channel_where_that_is_asked(conversations) -> None:
    found = turns.tabulate(conversations, ("greet",), shared=True)
    assert "last=prospect" in found.items[-1].tags
    assert "last=gatekeeper" in turns.tabulate(conversations, ("greet",)).items[-1].tags
    assert [s.side for s in turns.as_said(conversations[1], None)] == ["gatekeeper", "rep"]
    assert [s.judged for s in turns.as_said(conversations[0], frozenset({Role.REP}))] == [False, True, True]


def test_an_attempt_is_a_near_miss_or_the_thing_itself(conversations) -> None:
    found = turns.tabulate(conversations, (f"{turns.ATTEMPT}greet", f"{turns.ATTEMPT}plan"))
    assert found.truth.tolist() == [[1, -1]] * 3 + [[1, 0], [0, 1]]


def test_rows_keep_everything_together(conversations) -> None:
    found = turns.tabulate(conversations, ("greet",))
    part = found.rows(found.group == 1)
    assert [i.text for i in part.items] == ["We plan it together."]
    assert (part.truth.shape, part.dense[1].shape, part.whole.tolist()) == ((1, 1), (1, 384), [True])


def test_turn_scores_are_the_largest_of_the_parts() -> None:
    found = table([1, 1, 0, 0], group=[0, 0, 0, 2], turn=[4, 4, 5, 4])
    inverse, first = turns.turn_keys(found)
    assert (inverse.tolist(), first.tolist()) == ([0, 0, 1, 2], [0, 2, 3])
    assert turns.turn_scores(found, np.array([[0.1], [0.9], [-2.0], [0.3]])).ravel().tolist() == [0.9, -2.0, 0.3]


@pytest.mark.parametrize("count", [2, 3, 7])
def test_no_conversation_is_in_two_folds(count: int) -> None:
    groups = np.repeat(np.arange(23), np.arange(23) % 4 + 1)
    fold = turns.folds(groups, count, seed=3)
    assert all(len(set(fold[groups == g])) == 1 for g in range(23))
    sizes = [len(set(groups[fold == f])) for f in range(count)]
    assert max(sizes) - min(sizes) <= 1
    assert np.array_equal(fold, turns.folds(groups, count, seed=3))
    assert not np.array_equal(fold, turns.folds(groups, count, seed=4))
    # a turn-level array of the same conversations must fall into the same folds
    assert np.array_equal(turns.folds(np.arange(23), count, seed=3)[groups], fold)


def test_platt_finds_the_sigmoid_that_made_the_data() -> None:
    draw = np.random.default_rng(1)
    scores = draw.normal(size=4000) * 2
    truth = (draw.random(4000) < 1 / (1 + np.exp(-(1.7 * scores - 0.6)))).astype(int)
    a, b = turns.calibrate(scores, truth)
    assert a == pytest.approx(1.7, abs=0.15)
    assert b == pytest.approx(-0.6, abs=0.15)


def test_calibration_of_one_kind_only_is_finite_and_rising() -> None:
    for truth in (np.zeros(20, int), np.ones(20, int)):
        a, b = turns.calibrate(np.linspace(-1, 1, 20), truth)
        assert np.isfinite([a, b]).all() and a > 0


def test_average_precision() -> None:
    assert turns.average_precision(np.array([1, 0, 1]), np.array([0.9, 0.8, 0.7])) == pytest.approx((1 + 2 / 3) / 2)
    assert np.isnan(turns.average_precision(np.array([0, 0]), np.array([0.1, 0.2])))
