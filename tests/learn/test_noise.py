"""A recognizer's errors: how many, of what kind, and the same ones every time."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from ci_checker.learn import noise
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.model import Role

TEXT = "So, what would it cost you if the boiler broke down again, right in the middle of your busiest season?"


def conversations(count: int = 30) -> tuple[Conversation, ...]:
    turn = LabelledTurn(role=Role.REP, text=TEXT, labels=frozenset({"impact-question"}), near=frozenset({"recap"}))
    return tuple(Conversation(id=f"c{n}", kind="", turns=(turn, turn)) for n in range(count))


@pytest.mark.parametrize("share", [0.1, 0.2])
def test_about_so_many_words_go_wrong(share: float) -> None:
    heard = noise.heard(conversations(), share)
    words = TEXT.split()
    wrong = [
        sum(max(b - a, d - c) for kind, a, b, c, d in SequenceMatcher(None, words, t.text.split()).get_opcodes()
            if kind != "equal") / len(words)
        for c in heard
        for t in c.turns
    ]  # fmt: skip
    assert 0.6 * share < sum(wrong) / len(wrong) < 1.5 * share


def test_nothing_but_the_words_changes() -> None:
    said = conversations(3)
    for before, after in zip(said, noise.heard(said, 0.2, unpunctuated=True), strict=True):
        assert before.id == after.id
        for a, b in zip(before.turns, after.turns, strict=True):
            assert (a.role, a.labels, a.near) == (b.role, b.labels, b.near)
            assert b.text
    assert noise.heard(said, 0.0) == said


def test_the_same_words_go_wrong_every_time() -> None:
    assert noise.heard(conversations(), 0.2, seed=3) == noise.heard(conversations(), 0.2, seed=3)
    assert noise.heard(conversations(), 0.2, seed=3) != noise.heard(conversations(), 0.2, seed=4)
    assert noise.heard(conversations()[:4], 0.2) == noise.heard(conversations(), 0.2)[:4]


def test_half_the_turns_lose_case_and_marks() -> None:
    turns = [t for c in noise.heard(conversations(100), 0.0, unpunctuated=True) for t in c.turns]
    bare = [t for t in turns if t.text == noise.bare(TEXT)]
    assert {t.text for t in turns} == {TEXT, noise.bare(TEXT)}
    assert 0.4 < len(bare) / len(turns) < 0.6


def test_bare_keeps_apostrophes_inside_words() -> None:
    assert noise.bare("Don't -- you're 'sure', e-mail?") == "don't you're sure e mail"


def test_what_sounds_alike() -> None:
    ear = noise.Ear.of(["their there they're fourty for four write right knight night phone fawn table"])
    assert "there" in ear.alike("their")
    assert "right" in ear.alike("write")
    assert "fawn" in ear.alike("phone")
    assert "table" not in ear.alike("phone")
    assert ear.alike("xylophone") == []


def test_a_turn_of_one_word_stays_a_turn() -> None:
    turn = LabelledTurn(role=Role.REP, text="Zoom?", labels=frozenset())
    said = tuple(Conversation(id=str(n), kind="", turns=(turn,)) for n in range(50))
    assert all(c.turns[0].text for c in noise.heard(said, 0.9))
