"""Labelled conversations as the judging code sees calls: where a behavior counts, what the other side shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from ci_checker.behaviors import catalogue, detect, occasions
from ci_checker.behaviors.catalogue import Occasion, Place
from ci_checker.behaviors.classifier import Calibration
from ci_checker.behaviors.occasions import Had, Signals
from ci_checker.learn.dialogues import Conversation
from ci_checker.learn.turns import Table, turn_keys, turn_scores
from ci_checker.model import Call, Role, Source, Speaker, Turn

NAMES = {Role.REP: "Rep", Role.PROSPECT: "Prospect", Role.GATEKEEPER: "Gatekeeper"}
STRONG = 0.5
"""Probability from which an answer to an objection counts by itself, until that of "seen" is known."""


def as_call(conversation: Conversation) -> Call:
    """Return a conversation as a transcript whose roles are known."""
    present = dict.fromkeys(turn.role for turn in conversation.turns)
    return Call(
        path=conversation.id,
        sha256=conversation.id,
        source=Source.TRANSCRIPT,
        turns=tuple(Turn(speaker=NAMES[t.role], text=t.text) for t in conversation.turns),
        speakers=tuple(Speaker(name=NAMES[r], role=r, reason="labelled") for r in present),
    )


def signals(
    conversations: Sequence[Conversation], table: Table, scores: np.ndarray, calibrations: Mapping[str, Calibration]
) -> list[Signals]:
    """Return what the other side's turns of every conversation show, from scores (rows, labels) of its table."""
    _, first = turn_keys(table)
    best = turn_scores(table, scores)
    found: dict[str, list[dict[int, float]]] = defaultdict(lambda: [{} for _ in conversations])
    for column, label in enumerate(table.labels):
        probability = calibrations[label].probability(best[:, column])
        for row, value in zip(first, probability, strict=True):
            number, turn = int(table.group[row]), int(table.turn[row])
            if label != "gatekeeper" or not occasions.is_greeting(conversations[number].turns[turn].text):
                found[label][number][turn] = float(value)
    objection, gatekeeper = calibrations["objection"], calibrations["gatekeeper"]
    return [
        Signals(
            objection=found["objection"][number],
            gatekeeper=found["gatekeeper"][number],
            objection_sure=objection.seen,
            objection_possible=objection.not_seen,
            gatekeeper_sure=gatekeeper.seen,
            gatekeeper_possible=gatekeeper.not_seen,
        )
        for number in range(len(conversations))
    ]


def live(conversations: Sequence[Conversation], table: Table) -> np.ndarray:
    """Return which rows count for a label of the other side, (rows, labels): a greeting is no gatekeeper."""
    recorded = [
        occasions.is_greeting(conversations[number].turns[turn].text)
        for number, turn in zip(table.group.tolist(), table.turn.tolist(), strict=True)
    ]
    return ~(np.array(recorded)[:, None] & np.array([label == "gatekeeper" for label in table.labels]))


def in_place(
    conversations: Sequence[Conversation],
    table: Table,
    probabilities: np.ndarray,
    shown: Sequence[Signals],
    strong: Mapping[str, float],
) -> np.ndarray:
    """Return whether a row's turn stands where each behavior counts, (rows, labels), as the judge of calls has it.

    ``strong`` are probabilities from which an answer to an objection counts by itself, ``STRONG`` where none
    is known.
    """
    known = catalogue.load()
    made = [as_call(conversation) for conversation in conversations]
    own = [detect.own_turns(call) for call in made]
    found = np.ones(probabilities.shape, dtype=bool)
    for column, label in enumerate(table.labels):
        behavior = known.get(label)
        if behavior is None or behavior.place is Place.ANYWHERE:
            continue
        asked: dict[tuple[int, int], bool] = {}
        for row, key in enumerate(zip(table.group.tolist(), table.turn.tolist(), strict=True)):
            if key not in asked:
                asked[key] = detect.in_place(made[key[0]], behavior, key[1], shown[key[0]], own[key[0]])
            found[row, column] = asked[key]
        if behavior.place is Place.AFTER_OBJECTION:
            found[:, column] |= probabilities[:, column] >= strong.get(label, STRONG)
    return found


def without_occasion(conversations: Sequence[Conversation]) -> dict[str, frozenset[int]]:
    """Return, a behavior, the numbers of conversations that gave no occasion for it: nobody there, nothing objected."""
    made = [as_call(conversation) for conversation in conversations]
    objected = {n for n, c in enumerate(conversations) if any("objection" in (t.labels or ()) for t in c.turns)}
    nobody = _never(made, Occasion.CONVERSATION)
    none = {
        Occasion.CONVERSATION: nobody,
        Occasion.GATEKEEPER: nobody | _never(made, Occasion.GATEKEEPER),
        Occasion.OBJECTION: nobody | (frozenset(range(len(made))) - objected),
    }
    return {b.id: none[b.occasion] for b in catalogue.load().values()}


def _never(made: Sequence[Call], kind: Occasion) -> frozenset[int]:
    return frozenset(n for n, call in enumerate(made) if occasions.had_occasion(call, kind, Signals()).had is Had.NO)
