"""Labelled conversations to packed tokens and truths."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from ci_checker.behaviors import context, turn_encoder
from ci_checker.learn import turns
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.model import Role

_MARKS = re.compile(r"[.,?!;:\"()]")
LOST = 0.05
"""Share of words that the spoiled copy of a turn loses, as a recognizer loses them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One window of a turn: tokens of the turn as written and of a spoiled copy, and a truth a label.

    ``truth`` is (labels,) with 1 counts, 0 does not, -1 not judged; ``key`` names the turn.
    """

    key: str
    group: int
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
    """Return the examples of every labelled turn; of a long one each window, with the turn's truth."""
    random = Random(seed)
    tokens = turn_encoder.tokenizer()
    found: list[Example] = []
    for group, conversation in enumerate(conversations):
        offset = turns.EXCERPT_OFFSETS.get(conversation.kind, 0)
        said = turns.as_said(conversation, None)
        for index, turn in enumerate(conversation.turns):
            if turn.labels is None:
                continue
            truth = _truths(turn, rep, other)
            near = np.array([name.removeprefix(turns.ATTEMPT) in turn.near for name in (*rep, *other)])
            before = context.before(said, index, offset=offset)
            windows = context.windows(turn.text)
            # which window of a long turn holds the behavior is not known: only what is not there is sure of each
            if len(windows) > 1:
                truth = np.where(truth == 1, -1, truth)
            for text in windows:
                copies = (_pack(before, text, tokens), _pack(spoil(before, random), spoil(text, random), tokens))
                found.append(
                    Example(key=key_of(conversation, index), group=group, copies=copies, truth=truth, near=near)
                )
    return found


def spoil(text: str, random: Random) -> str:
    """Return ``text`` as a recognizer might write it: no marks, some words lost."""
    words = _MARKS.sub(" ", text.replace("me:", "me\0").replace("them:", "them\0")).replace("\0", ":").split()
    kept = [word for word in words if word.endswith(":") or random.random() > LOST]
    return " ".join(kept or words)


def _pack(before: str, text: str, tokens: Any) -> tuple[list[int], list[int]]:
    return turn_encoder.pack(before, text, tokens)


def _truths(turn: LabelledTurn, rep: Sequence[str], other: Sequence[str]) -> np.ndarray:
    is_rep = turn.role is Role.REP
    own = [turns.truth(name, turn) if is_rep else -1 for name in rep]
    theirs = [-1 if is_rep else turns.truth(name, turn) for name in other]
    return np.array([*own, *theirs], dtype=np.int8)
