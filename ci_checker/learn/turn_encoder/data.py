"""Labelled conversations to what the encoder reads of every turn, and truths."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from ci_checker.behaviors import context, turn_encoder
from ci_checker.behaviors.context import Part
from ci_checker.learn import noise, turns
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.learn.noise import Ear
from ci_checker.model import Role

SPOILED = 0.2
"""Share of words that go wrong in the spoiled copy of a turn, as a recognizer gets them wrong."""
FILLED = 0.03
"""Share of places where a spoiled copy has a filler more."""
FILLERS = ("um", "uh", "you know", "like", "i mean", "so", "well")


@dataclass(frozen=True, slots=True)
class Copy:
    """What is read of a window of a turn: its text, the kind of its first token, and what stands around it."""

    text: str
    place: int
    near: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One window of a turn, as written and as a recognizer might have heard the conversation, and a truth a label.

    ``truth`` is (labels,) with 1 counts, 0 does not, -1 not judged; ``key`` names the turn; ``hand`` is a number
    for the file it stands in; ``twin`` tells that its conversation is another one spoiled (``noise.twins``),
    to be scored only: it has no spoiled copy of its own.
    """

    key: str
    hand: int
    twin: bool
    copies: tuple[Copy, Copy]
    truth: np.ndarray
    near: np.ndarray


def key_of(conversation: Conversation, index: int) -> str:
    """Return what names a labelled turn: its conversation, its place, and all that is read of it and around it."""
    around = conversation.turns[max(0, index - context.REACH_BEFORE) : index + 1 + context.REACH_AFTER]
    told = [conversation.id, conversation.kind, str(index), *(f"{t.role.value} {t.side} {t.text}" for t in around)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:20]


def examples(
    conversations: Sequence[Conversation], rep: Sequence[str], other: Sequence[str], *, seed: int = 0
) -> list[Example]:
    """Return the examples of every labelled turn; of a long one each window.

    Which window of a long turn holds the behavior is not known: only what the turn lacks is sure of each.
    """
    random = Random(seed)
    ear = Ear.of(turn.text for conversation in conversations for turn in conversation.turns)
    found: list[Example] = []
    for hand, conversation in zip(noise.hands(conversations), conversations, strict=True):
        twin = conversation.id.endswith(noise.HEARD)
        offset = turns.EXCERPT_OFFSETS.get(conversation.kind, 0)
        sides = [turn.side for turn in turns.as_said(conversation, None)]
        written = [context.windows(turn.text) for turn in conversation.turns]
        spoiled = written if twin else [[spoil(text, SPOILED, ear, random) for text in turn] for turn in written]
        for index, turn in enumerate(conversation.turns):
            if turn.labels is None:
                continue
            truth = _truths(turn, rep, other)
            near = np.array([name.removeprefix(turns.ATTEMPT) in turn.near for name in (*rep, *other)])
            place = context.place(index + offset)
            around = [tuple(context.near(sides, texts, index, turn_encoder.count)) for texts in (written, spoiled)]
            whole = len(written[index]) == 1
            for texts in zip(written[index], spoiled[index], strict=True):
                found.append(
                    Example(
                        key=key_of(conversation, index),
                        hand=hand,
                        twin=twin,
                        copies=(Copy(texts[0], place, around[0]), Copy(texts[1], place, around[1])),
                        truth=truth if whole else np.where(truth == 1, -1, truth),
                        near=near,
                    )
                )
    return found


def spoil(text: str, share: float, ear: Ear, random: Random) -> str:
    """Return ``text`` as a recognizer might write it: no marks, ``share`` of its words wrong, some fillers more."""
    found: list[str] = []
    for word in noise.bare(noise.mangled(text, share, ear, random)).split():
        if random.random() < FILLED:
            found.append(random.choice(FILLERS))
        found.append(word)
    return " ".join(found) or text


def _truths(turn: LabelledTurn, rep: Sequence[str], other: Sequence[str]) -> np.ndarray:
    is_rep = turn.role is Role.REP
    own = [turns.truth(name, turn) if is_rep else -1 for name in rep]
    theirs = [-1 if is_rep else turns.truth(name, turn) for name in other]
    return np.array([*own, *theirs], dtype=np.int8)
