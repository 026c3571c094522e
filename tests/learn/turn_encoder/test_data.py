"""Labelled turns to what is read of them and truths: who is judged for what, and what a recognizer loses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ci_checker.behaviors import context
from ci_checker.learn import noise
from ci_checker.learn.dialogues import Conversation, read_all, read_shorthand
from ci_checker.learn.noise import Ear
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


def test_a_turn_is_read_with_what_stands_around_it(conversation: Conversation) -> None:
    written, heard = data.examples([conversation], REP, OTHER)[1].copies
    assert written.text == "fair enough, most people i call are"
    assert written.place == heard.place == context.place(1)
    assert [part.text for part in written.near] == ["we are all set thanks", "who is calling", "dana from fieldstone"]
    assert [part.kind for part in written.near] == [2, 8, 9]


def test_the_heard_copy_is_of_the_whole_conversation(conversation: Conversation, monkeypatch) -> None:
    monkeypatch.setattr(data, "spoil", lambda text, share, ear, random: f"heard {text}")
    one = data.examples([conversation], REP, OTHER)[1]
    assert one.copies[1].text == f"heard {one.copies[0].text}"
    assert [part.text for part in one.copies[1].near] == [f"heard {part.text}" for part in one.copies[0].near]


def test_a_key_names_one_turn(conversation: Conversation) -> None:
    keys = {data.key_of(conversation, index) for index in range(4)}
    assert len(keys) == 4
    assert data.key_of(conversation, 1) == data.key_of(conversation, 1)
    first, *rest = conversation.turns
    other = replace(conversation, turns=(replace(first, text="not now"), *rest))
    assert data.key_of(other, 1) != data.key_of(conversation, 1), "what was said before is read too"
    assert data.key_of(replace(conversation, kind="mid"), 1) != data.key_of(conversation, 1)


def test_spoiling_drops_marks() -> None:
    ear = Ear.of(["so what is it laughs no nothing"])
    for seed in range(20):
        told = data.spoil("so, what is it? (laughs) no; nothing.", 0.3, ear, Random(seed))
        assert told and not set(told) & set(",?();.")
    assert data.spoil("...", 0.3, ear, Random(1)) == "..."  # nothing of it is a word


def test_spoiling_gets_its_share_of_words_wrong() -> None:
    words = "one two three four five six seven eight nine ten".split()
    ear = Ear.of(words)
    for share in (0.0, 0.2, 0.5):
        said = [data.spoil(" ".join(words), share, ear, Random(seed)).split() for seed in range(300)]
        kept = np.mean([len(set(words) & set(found)) for found in said]) / len(words)
        assert kept == pytest.approx(1 - share, abs=0.12)
        assert all(said)


def test_spoiling_adds_fillers_and_is_repeatable() -> None:
    text = " ".join(f"word{i}" for i in range(400))
    told = data.spoil(text, 0.0, Ear(), Random(1))
    assert told == data.spoil(text, 0.0, Ear(), Random(1)) != data.spoil(text, 0.0, Ear(), Random(2))
    assert len(told.split()) == pytest.approx(400 * (1 + data.FILLED * 9 / 7), rel=0.03)
    assert [word for word in told.split() if word.startswith("word")] == text.split()


def test_a_twin_is_scored_as_it_stands_and_is_of_its_originals_file(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.txt"
        turns = "".join(f"## {name}{i} | cold |\nR[recap]: {TEXT.splitlines()[1]} {i}\n" for i in range(2))
        path.write_text(turns, encoding="utf-8")
        written += read_all([path])
    found = data.examples([*written, *noise.twins(written)], REP, OTHER)
    assert [example.hand for example in found] == [0, 0, 1, 1, 0, 1]
    assert [example.twin for example in found] == [False] * 4 + [True] * 2
    assert len({example.key for example in found}) == 6
    assert all((example.copies[0] == example.copies[1]) == example.twin for example in found)
