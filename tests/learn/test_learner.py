"""The learner: which rows a model sees, which part of a turn it picks, and what a near miss weighs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ci_checker.learn import linear, turns
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.learner import Learner
from ci_checker.learn.turns import Table

ASKS = ("What does that cost you?", "How much does it cost a month?", "what would it cost you to wait")
SAYS = ("We take the orders by phone.", "It types them in again.", "right, I see", "That is what we do.")


def written(folder: Path, text: str) -> tuple[Conversation, ...]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return read_all([folder])


@pytest.fixture
def talks(tmp_path: Path) -> tuple[Conversation, ...]:
    draw = np.random.default_rng(0)
    lines = []
    for number in range(12):
        lines.append(f"## {number}")
        for _ in range(6):
            ask = draw.random() < 0.4
            lines.append(f"R[ask]: {draw.choice(ASKS)}" if ask else f"R: {draw.choice(SAYS)}")
    return written(tmp_path, "\n".join(lines))


@pytest.fixture
def table(talks: tuple[Conversation, ...]) -> Table:
    return turns.tabulate(talks, ("ask",))


def scored(table: Table, learner: Learner) -> np.ndarray:
    return learner.rows.scores(learner.fit(np.ones(len(table.items), dtype=bool)))


def seen_rows(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    real = linear.fit

    def spy(rows, truth, weight, **options):
        found.append(weight)
        return real(rows, truth, weight, **options)

    monkeypatch.setattr(linear, "fit", spy)
    return found


def test_what_counts_scores_above_what_does_not(table: Table) -> None:
    scores, truth = scored(table, Learner(table))[:, 0], table.truth[:, 0]
    assert scores[truth == 1].min() > scores[truth == 0].max()


def test_a_fold_is_scored_by_a_model_that_never_saw_it(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = seen_rows(monkeypatch)
    Learner(table).out_of_fold(3, seed=0)
    fold = turns.folds(table.group, 3, 0)
    held = [set(table.group[fold == number].tolist()) for number in range(3)]
    assert len(weights) >= 3
    for weight in weights:
        used = set(table.group[weight.any(axis=1)].tolist())
        assert sum(not used & each for each in held) == 1  # one fold weighs nothing
        assert len(used) >= 12 - max(map(len, held))


def test_a_twin_stays_in_the_fold_of_its_conversation(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = seen_rows(monkeypatch)
    twins = table.group % 6  # as if the second six were the first six, heard
    Learner(table).out_of_fold(3, seed=0, fold=turns.folds(twins, 3))
    for weight in weights:
        used = weight.any(axis=1)
        assert not set(twins[used].tolist()) & set(twins[~used].tolist())


def test_out_of_fold_scores_are_worse_than_those_of_what_was_seen(table: Table) -> None:
    noisy = replace(table, truth=np.random.default_rng(1).integers(0, 2, table.truth.shape).astype(np.int8))
    learner = Learner(noisy)
    truth = noisy.truth[:, 0]
    inside = turns.average_precision(truth, scored(noisy, learner)[:, 0])
    outside = turns.average_precision(truth, learner.out_of_fold(4, seed=0)[:, 0])
    assert outside < inside


def test_the_telling_sentence_of_a_long_turn_is_found(tmp_path: Path) -> None:
    rest = "We take the orders by phone and we type them in again. " * 6
    asks = "What does that cost you in a month then? " + rest
    short = "R[ask]: What does it cost you in a month?\nR: We take the orders by phone.\n"
    talks = written(tmp_path, "".join(f"## {i}\nR[ask]: {asks}\nR: {rest}\n{short}" for i in range(5)))
    found = turns.tabulate(talks, ("ask",))
    scores = scored(found, Learner(found))[:, 0]
    of_asks = [i for i, item in enumerate(found.items) if item.turn == 0 and found.group[i] == 0]
    assert "cost" in found.items[max(of_asks, key=lambda i: scores[i])].text


def test_only_long_turns_can_be_learned_from_too(tmp_path: Path) -> None:
    long = "We take the orders by phone and we type them in again. " * 6
    asks = "What does that cost you in a month then? " + long
    found = turns.tabulate(
        written(tmp_path, "".join(f"## {i}\nR[ask]: {asks}\nR: {long}\n" for i in range(3))), ("ask",)
    )
    assert not found.whole.any()
    by_turn = turns.turn_scores(found, scored(found, Learner(found))).ravel()
    assert (by_turn[0::2] > by_turn[1::2]).all()


def test_an_attempt_is_learned_from_every_part_of_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "What does that cost you in a month then? We take the orders by phone."
    talks = written(tmp_path, f"## 1\nR[ask]: {said}\nR: I see.\n## 2\nR: Well.\nR: We take the orders by phone.")
    found = turns.tabulate(talks, ("ask", "~ask"))
    weights = seen_rows(monkeypatch)
    learner = Learner(found)
    learner.fit(np.ones(len(found.items), dtype=bool))
    last = weights[-1]
    positive = found.truth[:, 0] == 1
    assert positive.sum() == 3 and (last[positive, 1] > 0).all()  # the turn and both of its sentences
    assert (last[positive, 0] > 0).sum() == 2  # the turn and the one that tells


def test_what_is_not_judged_weighs_nothing(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = table.truth.copy()
    truth[::3] = -1
    weights = seen_rows(monkeypatch)
    open_table = replace(table, truth=truth)
    Learner(open_table).fit(np.ones(len(truth), dtype=bool))
    assert all((weight[truth[:, 0] == -1] == 0).all() for weight in weights)


def test_a_label_that_nobody_gave_is_never_found(talks: tuple[Conversation, ...]) -> None:
    found = turns.tabulate(talks, ("ask", "never"))
    learner = Learner(found)
    detector = learner.detector({})
    assert detector.coefficients.shape == (2, len(detector.vectorizer.names()))
    assert np.isfinite(learner.out_of_fold(5, seed=0)).all()
    assert scored(found, learner)[:, 1].max() < -2


def test_the_detector_scores_as_the_learner_does(table: Table) -> None:
    learner = Learner(table)
    found = learner.detector({}).scores(table.items, table.dense)
    assert found[:, 0] == pytest.approx(scored(table, learner)[:, 0], abs=1e-3)


def test_fitting_is_repeatable(table: Table) -> None:
    one, two = (Learner(table).detector({}) for _ in range(2))
    assert np.array_equal(one.coefficients, two.coefficients) and np.array_equal(one.intercepts, two.intercepts)


def test_the_number_of_workers_changes_nothing(table: Table) -> None:
    assert np.array_equal(Learner(table).out_of_fold(3, 0, jobs=1), Learner(table).out_of_fold(3, 0, jobs=2))


def test_words_are_learned_without_the_encoder(table: Table) -> None:
    told = 9.0 * (2 * table.truth[:, 0] - 1)
    items = tuple(replace(item, acts=(float(act), -1.0)) for item, act in zip(table.items, told, strict=True))
    plain = Learner(
        replace(table, dense=None, items=tuple(replace(item, acts=(0.0, -1.0)) for item in items), acts=("ask", "x"))
    )
    read = Learner(replace(table, dense=None, items=items, acts=("ask", "x")))
    assert read.rows.width == read.words + 1 == len(read.vectorizer.names()) - 1
    assert np.array_equal(scored(table, read), scored(table, plain))
    assert np.array_equal(read.acts[:, 0] > 0, table.truth[:, 0] == 1)
