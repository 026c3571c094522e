"""What a detector asks for, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ci_checker.behaviors import neighbors, reading, turn_encoder
from ci_checker.behaviors.features import Said
from ci_checker.behaviors.terms import Terms
from ci_checker.errors import MissingError

TURNS = [Said(side="a", text="are you there", judged=False), Said(side="b", text="yes. go on then", judged=True)]


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the models, instead of asking them."""
    found: list[str] = []

    def scores(turns: list[Said]) -> dict[int, np.ndarray]:
        found.append("scores")
        return {1: np.ones(3, np.float32)}

    def states(turns: list[Said], items: list[Any], *, offset: int = 0) -> np.ndarray:
        found.append("states")
        return np.ones((len(items), 384), np.float32)

    def vectors(texts: list[str]) -> np.ndarray:
        found.append("vectors")
        assert texts == [text.lower() for text in texts]
        return np.zeros((len(texts), 384), np.float32)

    monkeypatch.setattr(turn_encoder, "labels", lambda: ("x", "y", "z"))
    monkeypatch.setattr(turn_encoder, "scores", scores)
    monkeypatch.setattr(turn_encoder, "states", states)
    monkeypatch.setattr(reading.encoder, "vectors", vectors)
    return found


def detector(*, acts: tuple[str, ...], meant: bool, signs: list[str]) -> Any:
    blocks = {"tag": Terms.fit([signs, signs], 10, weighed=False)}
    return SimpleNamespace(acts=acts, vectorizer=SimpleNamespace(meant=meant, blocks=blocks))


def test_one_that_was_trained_with_the_encoder_gets_its_scores(asked: list[str]) -> None:
    items, meant = reading.read(detector(acts=("x", "y", "z"), meant=False, signs=["early"]), TURNS)
    assert asked == ["scores"] and meant is None
    assert all(item.acts == (1.0, 1.0, 1.0) for item in items)


def test_a_teams_gets_what_the_turns_mean_and_their_neighbors(asked: list[str]) -> None:
    items, meant = reading.read(detector(acts=(), meant=True, signs=[neighbors.MARK]), TURNS)
    assert sorted(asked) == ["states", "vectors"]
    assert meant is not None and [part.shape for part in meant] == [(len(items), 384)] * 2
    assert all(neighbors.MARK in item.tags and item.acts == () for item in items)


def test_one_of_examples_reads_the_text_alone(asked: list[str]) -> None:
    items, meant = reading.read(detector(acts=(), meant=False, signs=["early"]), TURNS)
    assert asked == [] and meant is None
    assert not any(neighbors.MARK in item.tags for item in items)


def test_one_that_was_trained_with_another_encoder_is_refused() -> None:
    with pytest.raises(MissingError, match="another encoder"):
        reading.read(detector(acts=("x", "z", "y"), meant=False, signs=["early"]), TURNS)
