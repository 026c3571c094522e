"""Scores of turns that the encoder had not seen: found by the turn's words, missed aloud."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ci_checker.errors import RequestError
from ci_checker.learn import turns
from ci_checker.learn.dialogues import Conversation, read_shorthand
from ci_checker.learn.learner import Learner
from ci_checker.learn.turn_encoder import out_of_fold
from ci_checker.learn.turn_encoder.data import key_of

TEXT = "## x-1 | cold | a note\nP: we are all set\nR[recap]: so you are all set\nR: bye\n"


@pytest.fixture
def conversation(tmp_path: Path) -> Conversation:
    (tmp_path / "x.txt").write_text(TEXT, encoding="utf-8")
    return read_shorthand(tmp_path / "x.txt")[0]


@pytest.fixture
def folder(tmp_path: Path, conversation: Conversation) -> Path:
    made = tmp_path / "encoder"
    made.mkdir()
    (made / "card.json").write_text(json.dumps({"labels": ["recap", "objection"], "files": {}}), encoding="utf-8")
    keys = np.array([key_of(conversation, index) for index in range(3)])
    np.savez(made / out_of_fold.FILE, keys=keys, scores=np.array([[0, 1], [2, 3], [4, 5]], np.float16))
    return made


def test_judged_turns_get_their_scores(folder: Path, conversation: Conversation) -> None:
    found = out_of_fold.read(folder)
    said = turns.as_said(conversation, frozenset({turn.role for turn in conversation.turns[1:]}))
    scores = found(conversation, said, 0)
    assert found.labels == ("recap", "objection")
    assert {index: row.tolist() for index, row in scores.items()} == {1: [2.0, 3.0], 2: [4.0, 5.0]}


def test_a_changed_turn_is_asked_for_anew(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "y.txt").write_text(TEXT.replace("bye", "goodbye"), encoding="utf-8")
    changed = read_shorthand(tmp_path / "y.txt")[0]
    with pytest.raises(RequestError, match="x-1.*turn_encoder"):
        out_of_fold.read(folder)(changed, turns.as_said(changed, None), 0)


def test_a_table_holds_them_as_columns(folder: Path, conversation: Conversation) -> None:
    found = out_of_fold.read(folder)
    table = turns.tabulate([conversation], ("recap",), acts=found, act_labels=found.labels)
    assert [item.acts for item in table.items] == [(2.0, 3.0), (4.0, 5.0)]
    detector = Learner(table).detector({})
    assert detector.vectorizer.names()[-2:] == ["act:recap", "act:objection"]
    assert detector.coefficients.shape == (1, len(detector.vectorizer.names()))
