"""Labelled turns to tokens and truths: who is judged for what, and what a recognizer loses."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from ci_checker.learn.dialogues import Conversation, read_shorthand
from ci_checker.learn.turn_encoder import data

TEXT = """## x-1 | cold | a note
P[objection]: we are all set thanks
R[objection-acknowledged,~recap]: fair enough, most people i call are
G[?objection]: who is calling
R[?recap]: dana from fieldstone
"""
REP, OTHER = ("objection-acknowledged", "recap", "~recap"), ("objection",)


@pytest.fixture
def conversation(tmp_path: Path) -> Conversation:
    path = tmp_path / "x.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read_shorthand(path)[0]


def test_every_side_is_judged_for_its_own_labels(conversation: Conversation) -> None:
    truths = [example.truth.tolist() for example in data.examples([conversation], REP, OTHER)]
    assert truths == [[-1, -1, -1, 1], [1, 0, 1, -1], [-1, -1, -1, -1], [0, -1, -1, -1]]


def test_near_misses_are_marked(conversation: Conversation) -> None:
    near = [example.near.tolist() for example in data.examples([conversation], REP, OTHER)]
    assert near == [[False] * 4, [False, True, True, False], [False] * 4, [False] * 4]


def test_a_long_turn_is_not_sure_where_the_behavior_is(tmp_path: Path) -> None:
    long = " ".join(f"We looked at plant number {i} and it was fine." for i in range(20))
    path = tmp_path / "y.txt"
    path.write_text(f"## y | cold |\nR[recap]: {long}\n", encoding="utf-8")
    found = data.examples(read_shorthand(path), REP, OTHER)
    assert len(found) > 1
    assert {tuple(example.truth.tolist()) for example in found} == {(0, -1, -1, -1)}
    assert len({example.key for example in found}) == 1


def test_the_turns_own_tokens_are_marked(conversation: Conversation) -> None:
    example = data.examples([conversation], REP, OTHER)[1]
    ids, types = example.copies[0]
    assert len(ids) == len(types)
    assert types == sorted(types) and set(types) == {0, 1}
    assert sum(types) == 8 + 1  # "fair enough, most people i call are" and the closing mark


def test_a_key_names_one_turn(conversation: Conversation) -> None:
    keys = {data.key_of(conversation, index) for index in range(4)}
    assert len(keys) == 4
    assert data.key_of(conversation, 1) == data.key_of(conversation, 1)


def test_spoiling_drops_marks_and_few_words_and_keeps_whose_they_are() -> None:
    text = "start me: so, what is it? them: (laughs) no; nothing."
    assert data.spoil(text, Random(3)).replace("laughs ", "").split(":")[0] == "start me"
    kept = [data.spoil("one two three four five six seven eight", Random(seed)).split() for seed in range(300)]
    lost = 1 - np.mean([len(words) for words in kept]) / 8
    assert lost == pytest.approx(data.LOST, abs=0.02)
    assert all(words for words in kept)
    assert "?" not in data.spoil(text, Random(1)) and "them:" in data.spoil(text, Random(1))
