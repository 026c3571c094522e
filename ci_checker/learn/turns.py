"""Labelled conversations as a table of instances (turns and their segments), and scores back to turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ci_checker.behaviors import encoder, features, reading
from ci_checker.behaviors.classifier import calibrate as calibrate
from ci_checker.behaviors.features import Instance, Said
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.model import Role

EXCERPT_OFFSETS = {"mid": 16, "end": 30}
ATTEMPT = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Instances of many conversations with their turn's labels.

    ``group`` and ``turn`` are integer arrays (n,), ``truth`` is (n, labels) with
    1 counts, 0 does not, -1 not judged; ``whole`` marks an instance that is a whole turn.
    ``dense`` is what the instances mean (``reading.meaning``), which a table with ``acts`` goes without.
    """

    labels: tuple[str, ...]
    items: tuple[Instance, ...]
    dense: tuple[np.ndarray, np.ndarray] | None
    group: np.ndarray
    turn: np.ndarray
    truth: np.ndarray
    near: np.ndarray
    whole: np.ndarray
    acts: tuple[str, ...] = ()

    def rows(self, keep: np.ndarray) -> Table:
        """Return the table of the rows where ``keep`` is true."""
        chosen = np.flatnonzero(keep)
        return Table(
            labels=self.labels,
            items=tuple(self.items[i] for i in chosen),
            dense=None if self.dense is None else (self.dense[0][chosen], self.dense[1][chosen]),
            group=self.group[chosen],
            turn=self.turn[chosen],
            truth=self.truth[chosen],
            near=self.near[chosen],
            whole=self.whole[chosen],
            acts=self.acts,
        )


def as_said(conversation: Conversation, judged: frozenset[Role] | None, *, one_channel: bool = False) -> list[Said]:
    """Return a conversation as the features need it; turns without labels are context.

    ``judged`` of ``None`` judges every labelled turn. ``one_channel`` hides who
    is a gatekeeper, as where gatekeeper and prospect share a channel.
    """
    hidden = {Role.GATEKEEPER: Role.PROSPECT} if one_channel else {}
    return [
        Said(
            side=turn.side or hidden.get(turn.role, turn.role).value,
            text=turn.text,
            judged=turn.labels is not None and (judged is None or turn.role in judged),
        )
        for turn in conversation.turns
    ]


def tabulate(
    conversations: Sequence[Conversation],
    labels: Sequence[str],
    judged: frozenset[Role] | None = frozenset({Role.REP}),
    *,
    acts: Callable[[Conversation, list[Said], int], Mapping[int, Sequence[float]]] | None = None,
    act_labels: Sequence[str] = (),
    jobs: int = 1,
    shared: bool = False,
) -> Table:
    """Return the instances of the judged turns with their labels.

    With ``shared``, every second conversation is seen as if all other speakers shared a channel. ``acts`` gives the
    fine-tuned encoder's scores (``act_labels``) of a conversation's judged turns, by turn; without, ``jobs``
    threads find out what the instances mean.
    """
    items: list[Instance] = []
    group: list[int] = []
    truths: list[list[int]] = []
    near: list[list[bool]] = []
    whole: list[bool] = []
    read: list[tuple[list[Said], list[Instance], int]] = []
    for number, conversation in enumerate(conversations):
        offset = EXCERPT_OFFSETS.get(conversation.kind, 0)
        said = as_said(conversation, judged, one_channel=shared and number % 2 == 1)
        done = acts(conversation, said, offset) if acts is not None else None
        found = features.instances(said, offset=offset, acts=done)
        read.append((said, found, offset))
        for item in found:
            turn = conversation.turns[item.turn]
            items.append(item)
            group.append(number)
            whole.append(item.start == 0 and item.end == len(turn.text))
            truths.append([truth(name, turn) for name in labels])
            near.append([name in turn.near for name in labels])
    return Table(
        labels=tuple(labels),
        items=tuple(items),
        dense=None if act_labels else _meaning(read, jobs),
        group=np.array(group),
        turn=np.array([i.turn for i in items]),
        truth=np.array(truths, dtype=np.int8).reshape(len(items), len(labels)),
        near=np.array(near, dtype=bool).reshape(len(items), len(labels)),
        whole=np.array(whole),
        acts=tuple(act_labels),
    )


def _meaning(read: Sequence[tuple[list[Said], list[Instance], int]], jobs: int) -> tuple[np.ndarray, np.ndarray]:
    with ThreadPoolExecutor(max(1, jobs)) as pool:  # the encoders hold no lock on us
        parts = list(pool.map(lambda one: reading.meaning(one[0], one[1], offset=one[2]), read))
    empty = np.zeros((0, encoder.SIZE), dtype=np.float32)
    return np.vstack([empty, *(about for about, _ in parts)]), np.vstack([empty, *(doing for _, doing in parts)])


def truth(label: str, turn: LabelledTurn) -> int:
    """Return 1, 0 or -1 (not judged); ``~id`` is an attempt: a near miss of ``id``, or the thing itself."""
    name = label.removeprefix(ATTEMPT)
    if name in turn.open:
        return -1
    return int(name in (turn.labels or ()) or (label != name and name in turn.near))


def turn_keys(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Return the index of each instance's turn, shape (n,), and a first row for each turn."""
    keys = table.group.astype(np.int64) * 100_000 + table.turn
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return inverse, first


def turn_scores(table: Table, scores: np.ndarray) -> np.ndarray:
    """Return the largest instance score a turn and label, shape (turns, labels)."""
    inverse, first = turn_keys(table)
    out = np.full((len(first), scores.shape[1]), -np.inf)
    np.maximum.at(out, inverse, scores)
    return out


def folds(groups: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """Return a fold number a row, the same for all rows of a group; groups are shuffled by ``seed``."""
    ids = np.unique(groups)
    order = np.random.default_rng(seed).permutation(len(ids))
    of_group = {ids[g]: i % count for i, g in enumerate(order)}
    return np.array([of_group[g] for g in groups])


def average_precision(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under precision and recall; nan without positives."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(truth, scores)) if (truth == 1).any() else float("nan")
