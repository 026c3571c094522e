"""Labelled conversations to packed tokens and truths."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from ci_checker.behaviors import context, turn_encoder
from ci_checker.learn import noise, turns
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.learn.noise import Ear
from ci_checker.model import Role

SPOILED = 0.2
"""Share of words that go wrong in the spoiled copy of a turn, as a recognizer gets them wrong."""
FILLED = 0.03
"""Share of places where a spoiled copy has a filler more."""
FILLERS = ("um", "uh", "you know", "like", "i mean", "so", "well")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One window of a turn: tokens as written and of a spoiled copy, and a truth a label.

    ``truth`` is (labels,) with 1 counts, 0 does not, -1 not judged; ``key`` names the turn; ``hand`` is a number
    for the file it stands in; ``twin`` tells that its conversation is another one spoiled (``noise.twins``),
    to be scored only.
    """

    key: str
    hand: int
    twin: bool
    copies: tuple[tuple[list[int], list[int]], tuple[list[int], list[int]]]
    truth: np.ndarray
    near: np.ndarray


def key_of(conversation: Conversation, index: int) -> str:
    """Return what names a labelled turn: its conversation, its place and its words."""
    told = f"{conversation.id}\n{index}\n{conversation.turns[index].text}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def examples(
    conversations: Sequence[Conversation], rep: Sequence[str], other: Sequence[str], *, seed: int = 0
) -> list[Example]:
    """Return the examples of every labelled turn; of a long one each window.

    Which window of a long turn holds the behavior is not known: only what the turn lacks is sure of each.
    """
    random = Random(seed)
    tokens = turn_encoder.tokenizer()
    ear = Ear.of(turn.text for conversation in conversations for turn in conversation.turns)
    found: list[Example] = []
    for hand, conversation in zip(noise.hands(conversations), conversations, strict=True):
        twin = conversation.id.endswith(noise.HEARD)
        offset = turns.EXCERPT_OFFSETS.get(conversation.kind, 0)
        said = turns.as_said(conversation, None)
        for index, turn in enumerate(conversation.turns):
            if turn.labels is None:
                continue
            truth = _truths(turn, rep, other)
            near = np.array([name.removeprefix(turns.ATTEMPT) in turn.near for name in (*rep, *other)])
            before = context.before(said, index, offset=offset)
            place, _, earlier = before.partition(" ")
            windows = context.windows(turn.text)
            of_part = np.where(truth == 1, -1, truth)
            for text in windows:
                packed = _pack(before, text, tokens)
                copies = (packed, packed)
                if not twin:
                    spoiled = [spoil(part, SPOILED, ear, random) for part in (earlier, text)]
                    copies = (packed, _pack(f"{place} {spoiled[0]}", spoiled[1], tokens))
                found.append(
                    Example(
                        key=key_of(conversation, index),
                        hand=hand,
                        twin=twin,
                        copies=copies,
                        truth=truth if windows == [text] else of_part,
                        near=near,
                    )
                )
    return found


def spoil(text: str, share: float, ear: Ear, random: Random) -> str:
    """Return ``text`` as a recognizer might write it: no marks, ``share`` of its words wrong, some fillers more.

    The words that tell whose turn it is (``me:``, ``them:``) stay.
    """
    found: list[str] = []
    for run in _runs(text):
        if run in ("me:", "them:"):
            found.append(run)
            continue
        for word in noise.bare(noise.mangled(run, share, ear, random)).split():
            if random.random() < FILLED:
                found.append(random.choice(FILLERS))
            found.append(word)
    return " ".join(found) or text


def _runs(text: str) -> list[str]:
    """Return the words between ``me:`` and ``them:``, and these, in order."""
    found: list[str] = []
    for word in text.split():
        if not found or word in ("me:", "them:") or found[-1] in ("me:", "them:"):
            found.append(word)
        else:
            found[-1] += f" {word}"
    return found


def _pack(before: str, text: str, tokens: Any) -> tuple[list[int], list[int]]:
    return turn_encoder.pack(before, text, tokens)


def _truths(turn: LabelledTurn, rep: Sequence[str], other: Sequence[str]) -> np.ndarray:
    is_rep = turn.role is Role.REP
    own = [turns.truth(name, turn) if is_rep else -1 for name in rep]
    theirs = [-1 if is_rep else turns.truth(name, turn) for name in other]
    return np.array([*own, *theirs], dtype=np.int8)
