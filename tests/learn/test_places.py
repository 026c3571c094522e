"""Labelled conversations as the judging code sees them: places, what the other side shows, occasions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ci_checker.behaviors.classifier import Calibration
from ci_checker.behaviors.features import Instance
from ci_checker.learn import places
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.turns import Table
from ci_checker.model import Role

CALM = "".join(f"R: we do it in that order every week {i}\nP: right, I see how you do it {i}\n" for i in range(9))
TEXT = f"""\
## calm | cold
{CALM}
## hard | cold
P[objection]: we have no budget for that at all this year
R: I hear you, budgets are tight everywhere
P: they are
R: and what happens next year
P: no idea
R: right
## gate | cold
G: Front desk, who is calling please?
R: It is Ann, about the labels you print
G: Please leave a message after the tone
"""
SURE = Calibration(a=1.0, b=0.0, seen=0.8, not_seen=0.1)


@pytest.fixture
def conversations(tmp_path: Path) -> tuple[Conversation, ...]:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return read_all([tmp_path])


def table(conversations: tuple[Conversation, ...], labels: tuple[str, ...], *roles: Role) -> Table:
    """Return a table with one row a turn of these roles, in order."""
    rows = [(n, i) for n, c in enumerate(conversations) for i, t in enumerate(c.turns) if t.role in roles]
    shape = (len(rows), len(labels))
    return Table(
        labels=labels,
        items=tuple(Instance(turn=i, start=0, end=1, text="a", previous="", tags=()) for _, i in rows),
        dense=(np.zeros((len(rows), 384), np.float32),) * 2,
        group=np.array([n for n, _ in rows]),
        turn=np.array([i for _, i in rows]),
        truth=np.zeros(shape, dtype=np.int8),
        near=np.zeros(shape, dtype=bool),
        whole=np.ones(len(rows), dtype=bool),
    )


@pytest.fixture
def theirs(conversations: tuple[Conversation, ...]) -> Table:
    return table(conversations, ("objection", "gatekeeper"), Role.PROSPECT, Role.GATEKEEPER)


def shown(conversations: tuple[Conversation, ...], theirs: Table, odds: float) -> list[places.Signals]:
    scores = np.full((len(theirs.items), 2), -9.0)
    scores[theirs.group == 1, 0] = odds
    scores[theirs.group == 2, 1] = 9.0
    return places.signals(conversations, theirs, scores, {"objection": SURE, "gatekeeper": SURE})


def test_a_conversation_becomes_a_call_with_known_roles(conversations: tuple[Conversation, ...]) -> None:
    call = places.as_call(conversations[2])
    assert [call.role_of(t.speaker) for t in call.turns] == [Role.GATEKEEPER, Role.REP, Role.GATEKEEPER]
    assert call.has_known_rep and [t.text for t in call.turns] == [t.text for t in conversations[2].turns]


def test_signals_are_by_conversation_and_turn(conversations: tuple[Conversation, ...], theirs: Table) -> None:
    calm, hard, gate = shown(conversations, theirs, odds=3.0)
    assert max(calm.objection.values()) < 0.001
    assert sorted(hard.objection) == [0, 2, 4] and hard.objection[0] == pytest.approx(1 / (1 + np.exp(-3)))
    assert (hard.objection_sure, hard.objection_possible) == (0.8, 0.1)
    assert sorted(gate.gatekeeper) == [0]  # a recorded greeting is nobody


def test_an_opener_counts_in_the_opening_alone(conversations: tuple[Conversation, ...], theirs: Table) -> None:
    mine = table(conversations, ("trigger-event-opener", "recap", "~recap"), Role.REP)
    inside = places.in_place(conversations, mine, np.zeros((len(mine.items), 3)), shown(conversations, theirs, 3.0), {})
    assert inside[:, 1:].all()
    assert inside[mine.group == 0, 0].tolist() == [True] * 6 + [False] * 3


@pytest.mark.parametrize(("odds", "expected"), [(3.0, [True, True, True]), (-9.0, [False, False, False])])
def test_an_answer_to_an_objection_needs_one_before_it(
    odds: float, expected: list[bool], conversations: tuple[Conversation, ...], theirs: Table
) -> None:
    mine = table(conversations, ("objection-acknowledged",), Role.REP)
    nothing = np.zeros((len(mine.items), 1))
    inside = places.in_place(conversations, mine, nothing, shown(conversations, theirs, odds), {})
    assert inside[mine.group == 1, 0].tolist() == expected
    assert not inside[mine.group == 0].any()


def test_a_strong_answer_shows_that_there_was_an_objection(
    conversations: tuple[Conversation, ...], theirs: Table
) -> None:
    mine = table(conversations, ("objection-acknowledged",), Role.REP)
    sure = np.where(np.arange(len(mine.items)) == 2, places.STRONG, places.STRONG - 0.01)[:, None]
    calm = shown(conversations, theirs, -9.0)
    inside = places.in_place(conversations, mine, sure, calm, {})
    assert np.flatnonzero(inside[:, 0]).tolist() == [2]
    known = {"objection-acknowledged": places.STRONG + 0.2}  # from where a verdict is "seen"
    assert not places.in_place(conversations, mine, sure, calm, known).any()
    assert places.in_place(conversations, mine, sure + 0.2, calm, known).sum() == 1


def test_who_had_no_objection_or_gatekeeper(conversations: tuple[Conversation, ...]) -> None:
    found = places.without_occasion(conversations)
    assert found["objection-acknowledged"] == {0, 2}
    assert found["gatekeeper-reason"] == {0, 1}
    assert found["recap"] == set()


def test_a_greeting_counts_for_no_label_of_a_gatekeeper(conversations: tuple[Conversation, ...], theirs: Table) -> None:
    found = places.live(conversations, theirs)
    recorded = [bool("leave a message" in conversations[g].turns[t].text) for g, t in zip(theirs.group, theirs.turn)]
    assert sum(recorded) == 1
    assert found[:, 0].all() and found[:, 1].tolist() == [not r for r in recorded]


def test_a_recorded_greeting_is_no_gatekeeper(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("## x\nG: Please leave a message after the tone\nR: Hi, it is Ann\n")
    found = places.without_occasion(read_all([tmp_path]))
    assert found["gatekeeper-reason"] == found["recap"] == {0}  # nobody was there at all
