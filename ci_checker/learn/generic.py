"""The generic trainer of the contract: any labels, any domain, no code, no network.

``behaviors train`` fits and saves; ``behaviors eval`` measures a saved model on
other data, or cross-validates by conversation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ci_checker.behaviors.classifier import Calibration, Detector
from ci_checker.errors import RequestError
from ci_checker.learn import turns
from ci_checker.learn.dialogues import Conversation, label_names, read_all
from ci_checker.learn.turns import Table

LEAST_POSITIVES = 5
LEAST_CONVERSATIONS = 5
STRENGTH = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Turn-level probabilities (turns, labels), decision thresholds (labels,), and truths -1, 0, 1."""

    labels: tuple[str, ...]
    probabilities: np.ndarray
    thresholds: np.ndarray
    truth: np.ndarray
    group: np.ndarray
    turn: np.ndarray


def _checked(conversations: Sequence[Conversation], where: Path) -> tuple[str, ...]:
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
    rare = {label: n for label, n in counts.items() if n < LEAST_POSITIVES}
    if rare:
        name, n = min(rare.items(), key=lambda item: item[1])
        raise RequestError(
            f"'{name}' has {n} example{'s' if n != 1 else ''}; at least {LEAST_POSITIVES} are needed",
            where=str(where),
            todo="Label more turns, or take the label out.",
        )
    full = [label for label, n in counts.items() if n == judged]
    if full:
        raise RequestError(f"every judged turn has '{full[0]}', so there is nothing to tell apart", where=str(where))
    return labels


def _with_judged(conversations: Sequence[Conversation]) -> list[Conversation]:
    return [c for c in conversations if any(t.labels is not None for t in c.turns)]


def _turn_level(table: Table, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    _, first = turns.turn_keys(table)
    return turns.turn_scores(table, scores), table.truth[first], table.group[first], table.turn[first]


def _threshold(probability: np.ndarray, truth: np.ndarray) -> float:
    """Return the probability above which F1 is largest, halfway to the next one below."""
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(truth[order] == 1)
    if not hits[-1]:
        return 0.5
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + hits[-1])
    best = int(np.argmax(f1))
    below = probability[order[best + 1]] if best + 1 < len(order) else 0.0
    return float((probability[order[best]] + below) / 2)


def _out_of_fold(table: Table, count: int, seed: int, jobs: int) -> np.ndarray:
    if jobs <= 1:
        return turns.out_of_fold(table, count=count, seed=seed, strength=STRENGTH)
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial
    from multiprocessing import get_context

    one = partial(turns.one_fold, table, count=count, seed=seed, strength=STRENGTH)
    scores = np.zeros(table.truth.shape)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for held, part in pool.map(one, range(count)):
            scores[held] = part
    return scores


def cross_validate(table: Table, *, count: int, seed: int, jobs: int = 1) -> Judged:
    """Return out-of-fold probabilities; calibration and threshold of a fold come from the other folds."""
    best, truth, group, turn = _turn_level(table, _out_of_fold(table, count, seed, jobs))
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
    return {"schema": 1, "labels": rows, "macro_f1": round(macro, 4)}


def train(data: Path, out: Path, *, seed: int = 0, jobs: int = 1, count: int = 5) -> dict[str, Any]:
    """Fit a detector for every label in ``data``, save it under ``out``, return its cross-validated quality.

    Raises RequestError for data that cannot be learned from.
    """
    from ci_checker.learn.cards import write_card

    conversations = read_all([data])
    labels = _checked(conversations, data)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise RequestError(
            f"the model cannot be written there ({problem.strerror or problem})", where=str(out)
        ) from problem
    table = turns.tabulate(conversations, labels, None)
    count = min(count, len(_with_judged(conversations)))
    raw = _out_of_fold(table, count, seed, jobs)
    best, truth, group, turn = _turn_level(table, raw)
    calibrations: dict[str, Calibration] = {}
    probabilities = np.zeros_like(best)
    thresholds = np.zeros_like(best)
    for column, label in enumerate(labels):
        keep = truth[:, column] >= 0
        a, b = turns.calibrate(best[keep, column], truth[keep, column])
        plain = Calibration(a=a, b=b, seen=0.5, not_seen=0.1)
        probabilities[:, column] = plain.probability(best[:, column])
        cut = _threshold(probabilities[keep, column], truth[keep, column])
        thresholds[:, column] = cut
        calibrations[label] = Calibration(a=a, b=b, seen=max(cut, 0.05), not_seen=cut / 3, evidence=cut)
    judged = Judged(
        labels=labels, probabilities=probabilities, thresholds=thresholds, truth=truth, group=group, turn=turn
    )
    told = measure(judged)
    turns.detector_of(table, calibrations, strength=STRENGTH, seed=seed).save(out)
    rows = "\n".join(
        f"| {name} | {r['positives']} | {r['precision']:.2f} | {r['recall']:.2f} | {r['f1']:.2f} |"
        for name, r in told["labels"].items()
    )
    write_card(
        out,
        title=f"Detectors of {', '.join(labels)}",
        recipe=f"ci-checker behaviors train --data {data.name} --out {out.name} --seed {seed}",
        licence="Yours, like the data",
        data=f"{len(conversations)} conversations of {data.name}",
        quality=(
            f"Cross-validated in {count} folds by conversation, decision thresholds from the same scores:\n\n"
            f"| label | examples | precision | recall | F1 |\n| --- | --- | --- | --- | --- |\n{rows}\n\n"
            f"Macro F1 {told['macro_f1']:.2f}"
        ),
        limits="Conversations unlike those it learned from.",
        facts={"measured": told},
    )
    return told


def evaluate(
    data: Path,
    *,
    model: Path | None = None,
    cv: int | None = None,
    predictions: Path | None = None,
    jobs: int = 1,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure a saved model on ``data``, or cross-validate with ``cv`` folds; the contract's JSON object."""
    conversations = read_all([data])
    if model is None:
        labels = _checked(conversations, data)
        count = cv or 5
        most = len(_with_judged(conversations))
        if not 2 <= count <= most:
            raise RequestError(
                f"{count} folds of {most} conversations with judged turns are not possible",
                todo=f"Choose 2 to {most}.",
            )
        judged = cross_validate(turns.tabulate(conversations, labels, None), count=count, seed=seed, jobs=jobs)
    else:
        detector = Detector.load(model)
        if not set(detector.labels) & set(label_names(conversations)):
            raise RequestError(
                "no judged turn has a label that the model knows",
                where=str(data),
                todo=f"The model knows: {', '.join(detector.labels)}.",
            )
        judged = _by_model(conversations, detector)
    if predictions is not None:
        try:
            _write(predictions, conversations, judged)
        except OSError as problem:
            raise RequestError(
                f"the predictions cannot be written ({problem.strerror or problem})", where=str(predictions)
            ) from problem
    return measure(judged)


def _by_model(conversations: Sequence[Conversation], detector: Detector) -> Judged:
    table = turns.tabulate(conversations, detector.labels, None)
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


def _write(path: Path, conversations: Sequence[Conversation], judged: Judged) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in range(len(judged.group)):
            conversation = conversations[judged.group[row]]
            line = {
                "conversation": conversation.id,
                "turn": conversation.turns[judged.turn[row]].number,
                "probabilities": {
                    label: round(float(judged.probabilities[row, i]), 4) for i, label in enumerate(judged.labels)
                },
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
