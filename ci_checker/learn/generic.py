"""The generic trainer of the contract: any labels, any domain, no code, no network.

``behaviors train`` fits and saves; ``behaviors eval`` measures a saved model on
other data, or cross-validates by conversation.

A label that is too rare to learn (or that every turn has) is left out where others are there to learn, and
``left_out`` names it with its examples: in a corpus of forty dialogue acts some occur three times. It is
measured by nothing; the predictions carry its share of the turns as its probability.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ci_checker.behaviors import features, neighbors, turn_encoder
from ci_checker.behaviors.classifier import Calibration, Detector
from ci_checker.errors import RequestError
from ci_checker.learn import turns
from ci_checker.learn.dialogues import Conversation, label_names, read_all
from ci_checker.learn.learner import Learner
from ci_checker.learn.turns import Table

LEAST_POSITIVES = 5
LEAST_CONVERSATIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Turn-level probabilities (turns, labels), decision thresholds (labels,), and truths -1, 0, 1.

    ``left_out`` maps labels that could not be learned to how many examples they have.
    """

    labels: tuple[str, ...]
    probabilities: np.ndarray
    thresholds: np.ndarray
    truth: np.ndarray
    group: np.ndarray
    turn: np.ndarray
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Labelled conversations that can be learned from."""

    conversations: tuple[Conversation, ...]
    labels: tuple[str, ...]
    left_out: Mapping[str, int]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read(path: Path) -> Data:
    """Return labelled data. Raises RequestError, with what is needed, for data that cannot be learned from."""
    return checked(read_all([path]), path)


def checked(conversations: Sequence[Conversation], where: Path) -> Data:
    """Return the data with the labels that can be learned. Raises RequestError where there is none."""
    labels = label_names(conversations)
    if not labels:
        raise RequestError("no turn has a label", where=str(where), todo="Fill 'labels' of the turns that count.")
    if (found := len(_with_judged(conversations))) < LEAST_CONVERSATIONS:
        raise RequestError(
            f"too few conversations with judged turns ({found}) to learn and to measure by conversation",
            where=str(where),
            todo=f"At least {LEAST_CONVERSATIONS} are needed, better 30.",
        )
    counts = {label: sum(label in (t.labels or ()) for c in conversations for t in c.turns) for label in labels}
    judged = sum(t.labels is not None for c in conversations for t in c.turns)
    left_out = {label: n for label, n in counts.items() if n < LEAST_POSITIVES or n == judged}
    rare = {label: n for label, n in left_out.items() if n < LEAST_POSITIVES}
    if len(left_out) == len(labels) and rare:
        name, n = max(rare.items(), key=lambda item: item[1])
        raise RequestError(
            f"'{name}' has {n} example{'s' if n != 1 else ''}; at least {LEAST_POSITIVES} are needed",
            where=str(where),
            todo="Label more turns, or take the label out.",
        )
    if len(left_out) == len(labels):
        raise RequestError(
            f"every judged turn has '{labels[0]}', so there is nothing to tell apart",
            where=str(where),
            todo='Add turns without it, with "labels": [].',
        )
    return Data(
        conversations=tuple(_sided(c) for c in conversations),
        labels=tuple(label for label in labels if label not in left_out),
        left_out=left_out,
    )


def _sided(conversation: Conversation) -> Conversation:
    """Return a conversation whose turns have sides: where nobody's role is known, speakers take turns."""
    known = any(turn.side for turn in conversation.turns) or any(turn.labels is None for turn in conversation.turns)
    if known or len({turn.role for turn in conversation.turns}) > 1:
        return conversation
    alternate = tuple(replace(turn, side=("one", "other")[at % 2]) for at, turn in enumerate(conversation.turns))
    return replace(conversation, turns=alternate)


def _with_judged(conversations: Sequence[Conversation]) -> list[Conversation]:
    return [c for c in conversations if any(t.labels is not None for t in c.turns)]


def tabulate(conversations: Sequence[Conversation], labels: Sequence[str], *, jobs: int = 1) -> Table:
    """Return the instances of all judged turns, with the signs of their neighbors; ``jobs`` threads read them."""
    table = turns.tabulate(conversations, labels, None, jobs=jobs)
    items: list[features.Instance] = []
    for number, conversation in enumerate(conversations):
        rows = np.flatnonzero(table.group == number)
        items += neighbors.add(turns.as_said(conversation, None), [table.items[row] for row in rows])
    return replace(table, items=tuple(items))


def _turn_level(table: Table, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    _, first = turns.turn_keys(table)
    return turns.turn_scores(table, scores), table.truth[first], table.group[first], table.turn[first]


def _threshold(probability: np.ndarray, truth: np.ndarray) -> float:
    """Return the probability above which F1 is largest, as counted plus as the probabilities expect it.

    A few examples place the largest counted F1 by chance; what calibrated probabilities expect steadies it.
    The cut lies halfway to the next probability below.
    """
    if not (truth == 1).any():
        return 0.5
    order = np.argsort(-probability, kind="stable")
    ranked, said = probability[order], np.arange(1, len(order) + 1)
    hits = np.cumsum(truth[order] == 1)
    counted = 2 * hits / (said + hits[-1])
    expected = 2 * np.cumsum(ranked) / (said + ranked.sum())
    best = int(np.argmax(counted + expected))
    below = ranked[best + 1] if best + 1 < len(order) else 0.0
    return float((ranked[best] + below) / 2)


def cross_validate(table: Table, *, count: int, seed: int, jobs: int = 1) -> Judged:
    """Return out-of-fold probabilities; calibration and threshold of a fold come from the other folds."""
    best, truth, group, turn = _turn_level(table, Learner(table).out_of_fold(count, seed, jobs))
    fold = turns.folds(group, count, seed)
    probabilities = np.zeros_like(best)
    thresholds = np.zeros_like(best)
    for column in range(best.shape[1]):
        for number in range(count):
            held = fold == number
            rest = ~held & (truth[:, column] >= 0)
            a, b = turns.calibrate(best[rest, column], truth[rest, column])
            calibration = Calibration(a=a, b=b, seen=0.5, not_seen=0.5)
            probabilities[held, column] = calibration.probability(best[held, column])
            inside = calibration.probability(best[rest, column])
            thresholds[held, column] = _threshold(inside, truth[rest, column])
    return Judged(
        labels=table.labels,
        probabilities=probabilities,
        thresholds=thresholds,
        truth=truth,
        group=group,
        turn=turn,
    )


def measure(judged: Judged) -> dict[str, Any]:
    """Return the contract's numbers: a label and macro F1."""
    rows: dict[str, dict[str, float | None]] = {}
    for column, label in enumerate(judged.labels):
        keep = judged.truth[:, column] >= 0
        truth, probability = judged.truth[keep, column], judged.probabilities[keep, column]
        said = probability >= judged.thresholds[keep, column]
        hits, said_all, there = int((said & (truth == 1)).sum()), int(said.sum()), int((truth == 1).sum())
        bins = np.clip((probability * 10).astype(int), 0, 9)
        ece = sum(
            abs(probability[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean()
            for b in range(10)
            if (bins == b).any()
        )
        precision, recall = hits / max(1, said_all), hits / max(1, there)
        rows[label] = {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
            # JSON has no "not a number": without an example there is nothing to rank
            "average_precision": round(turns.average_precision(truth, probability), 4) if there else None,
            "calibration_error": round(float(ece), 4),
            "positives": there,
            "turns": int(keep.sum()),
        }
    macro = float(np.mean([row["f1"] for row in rows.values()]))
    told: dict[str, Any] = {"schema": 1, "labels": rows, "macro_f1": round(macro, 4)}
    return {**told, "left_out": dict(judged.left_out)} if judged.left_out else told


def train(data: Path, out: Path, *, seed: int = 0, jobs: int | None = None, count: int = 5) -> dict[str, Any]:
    """Fit a detector for every label in ``data``, save it under ``out``, return its cross-validated quality.

    ``jobs`` of ``None`` uses every core. Raises RequestError for data that cannot be learned from.
    """
    from ci_checker.learn.cards import write_card

    jobs = jobs or cores()
    known = read(data)
    labels = known.labels
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise RequestError(
            f"the model cannot be written there ({problem.strerror or problem})", where=str(out)
        ) from problem
    table = tabulate(known.conversations, labels, jobs=jobs)
    count = min(count, len(_with_judged(known.conversations)))
    learner = Learner(table)
    judged, calibrations = calibrated(table, learner.out_of_fold(count, seed, jobs))
    told = measure(replace(judged, left_out=known.left_out))
    learner.detector(calibrations).save(out)
    rows = "\n".join(
        f"| {name} | {r['positives']} | {r['precision']:.2f} | {r['recall']:.2f} | {r['f1']:.2f} |"
        for name, r in told["labels"].items()
    )
    write_card(
        out,
        title=f"Detectors of {', '.join(labels)}",
        recipe=f"ci-checker behaviors train --data {data.name} --out {out.name} --seed {seed}",
        licence="Yours, like the data",
        data=f"{len(known.conversations)} conversations of {data.name}",
        quality=(
            f"Cross-validated in {count} folds by conversation, decision thresholds from the same scores:\n\n"
            f"| label | examples | precision | recall | F1 |\n| --- | --- | --- | --- | --- |\n{rows}\n\n"
            f"Macro F1 {told['macro_f1']:.2f}"
        ),
        limits="Conversations unlike those it learned from.",
        facts={"measured": told},
    )
    return told


def calibrated(table: Table, scores: np.ndarray) -> tuple[Judged, dict[str, Calibration]]:
    """Return how turns are judged by out-of-fold scores (rows, labels), and the calibration of every label."""
    best, truth, group, turn = _turn_level(table, scores)
    calibrations: dict[str, Calibration] = {}
    probabilities = np.zeros_like(best)
    thresholds = np.zeros_like(best)
    for column, label in enumerate(table.labels):
        keep = truth[:, column] >= 0
        a, b = turns.calibrate(best[keep, column], truth[keep, column])
        plain = Calibration(a=a, b=b, seen=0.5, not_seen=0.1)
        probabilities[:, column] = plain.probability(best[:, column])
        cut = _threshold(probabilities[keep, column], truth[keep, column])
        thresholds[:, column] = cut
        calibrations[label] = replace(plain, seen=max(cut, 0.05), not_seen=cut / 3, evidence=cut)
    judged = Judged(
        labels=table.labels, probabilities=probabilities, thresholds=thresholds, truth=truth, group=group, turn=turn
    )
    return judged, calibrations


def evaluate(
    data: Path,
    *,
    model: Path | None = None,
    cv: int | None = None,
    predictions: Path | None = None,
    jobs: int | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure a saved model on ``data``, or cross-validate with ``cv`` folds; the contract's JSON object."""
    jobs = jobs or cores()
    if model is None:
        known = read(data)
        conversations = known.conversations
        count = cv or 5
        most = len(_with_judged(conversations))
        if not 2 <= count <= most:
            raise RequestError(
                f"{count} folds of {most} conversations with judged turns are not possible",
                todo=f"Choose 2 to {most}.",
            )
        table = tabulate(conversations, known.labels, jobs=jobs)
        judged = replace(cross_validate(table, count=count, seed=seed, jobs=jobs), left_out=known.left_out)
    else:
        detector = Detector.load(model)
        conversations = tuple(_sided(c) for c in read_all([data]))
        if not set(detector.labels) & set(label_names(conversations)):
            raise RequestError(
                "no judged turn has a label that the model knows",
                where=str(data),
                todo=f"The model knows: {', '.join(detector.labels)}.",
            )
        judged = _by_model(conversations, detector, jobs)
    if predictions is not None:
        try:
            _write(predictions, conversations, judged)
        except OSError as problem:
            raise RequestError(
                f"the predictions cannot be written ({problem.strerror or problem})", where=str(predictions)
            ) from problem
    return measure(judged)


def _by_model(conversations: Sequence[Conversation], detector: Detector, jobs: int) -> Judged:
    if detector.acts:
        table = turns.tabulate(conversations, detector.labels, None, acts=_acts, act_labels=detector.acts)
    else:
        table = tabulate(conversations, detector.labels, jobs=jobs)
    best, truth, group, turn = _turn_level(table, detector.scores(table.items, table.dense))
    probabilities = np.column_stack(
        [detector.calibrations[label].probability(best[:, i]) for i, label in enumerate(detector.labels)]
    )
    cut = np.array([detector.calibrations[label].evidence for label in detector.labels])
    return Judged(
        labels=detector.labels,
        probabilities=probabilities,
        thresholds=np.broadcast_to(cut, probabilities.shape),
        truth=truth,
        group=group,
        turn=turn,
    )


def _acts(conversation: Conversation, said: list[features.Said], offset: int) -> Mapping[int, Sequence[float]]:
    return turn_encoder.scores(said, offset=offset)


def _write(path: Path, conversations: Sequence[Conversation], judged: Judged) -> None:
    shares = {label: round(n / max(1, len(judged.group)), 4) for label, n in judged.left_out.items()}
    with path.open("w", encoding="utf-8") as file:
        for row in range(len(judged.group)):
            conversation = conversations[judged.group[row]]
            said = {label: round(float(judged.probabilities[row, i]), 4) for i, label in enumerate(judged.labels)}
            line = {
                "conversation": conversation.id,
                "turn": conversation.turns[judged.turn[row]].number,
                "probabilities": dict(sorted({**said, **shares}.items())),
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
