"""From turn scores to call verdicts: thresholds, counts and the table that the card prints.

The unit of a verdict is a call. Thresholds are learned from scores that no
model gave to a conversation it had seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ci_checker.learn.turns import Table, turn_keys, turn_scores

LEAST_SEEN, MOST_SEEN = 0.5, 0.85
LEAST_NOT_SEEN, MOST_NOT_SEEN = 0.02, 0.3
WHOLE_CALL = 6
ENOUGH_CALLS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScores:
    """Best probability a conversation (calls,), whether the behavior is there (1, 0, -1 unsure), judged turns."""

    best: np.ndarray
    truth: np.ndarray
    turns: np.ndarray


def by_call(table: Table, probabilities: np.ndarray, column: int) -> CallScores:
    """Return the best turn of every conversation that has a judged turn."""
    _, first = turn_keys(table)
    best_turn = turn_scores(table, probabilities)[:, column]
    truth_turn = table.truth[first, column]
    groups = table.group[first]
    ids = np.unique(groups)
    best = np.array([best_turn[groups == g].max() for g in ids])
    truth = np.array(
        [
            1 if (truth_turn[groups == g] == 1).any() else (-1 if (truth_turn[groups == g] == -1).any() else 0)
            for g in ids
        ]
    )
    sizes = np.array([(groups == g).sum() for g in ids])
    return CallScores(best=best, truth=truth, turns=sizes)


def thresholds(scores: CallScores, *, most_missed: float = 0.02, most_false: float = 0.04) -> tuple[float, float]:
    """Return (seen, not_seen) such that few present calls fall under one and few absent ones over the other.

    ``seen`` is learned from whole calls where there are enough of them: excerpts are
    written around the hard cases, and a call is what a verdict is for. ``not_seen`` is
    learned from everything, because accusing wrongly is the worst error. Both are
    bounded, so that a small sample cannot move them to the ends.
    """
    present = np.sort(scores.best[scores.truth == 1])
    absent = _of(scores, 0)
    low = float(present[int(most_missed * len(present))]) * 0.9 if len(present) else LEAST_NOT_SEEN
    high = float(absent[min(len(absent) - 1, int((1 - most_false) * len(absent)))]) + 1e-6 if len(absent) else MOST_SEEN
    seen = float(np.clip(high, LEAST_SEEN, MOST_SEEN))
    return round(seen, 3), round(float(np.clip(min(low, seen - 0.1), LEAST_NOT_SEEN, MOST_NOT_SEEN)), 3)


def _of(scores: CallScores, truth: int) -> np.ndarray:
    """Return the sorted best probabilities of whole calls with a truth, of all where those are few."""
    these = scores.truth == truth
    whole = these & (scores.turns >= WHOLE_CALL)
    return np.sort(scores.best[whole if whole.sum() >= ENOUGH_CALLS else these])


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Call-level quality of one behavior. Rates are of the calls where it is there, or is not."""

    label: str
    present: int
    absent: int
    precision: float
    recall: float
    f1: float
    average_precision: float
    unclear: float
    false_not_seen: float
    false_seen: float
    ece: float


def quality(label: str, verdicts: Sequence[str], best: np.ndarray, truth: np.ndarray) -> Quality:
    """Return the quality of verdicts against truths of 1 and 0 (others are left out).

    Precision and recall are of the definite verdicts ``seen``: an unclear call
    counts neither as found nor as accused, but lowers recall. ECE has ten bins.
    """
    from sklearn.metrics import average_precision_score

    said = np.array(verdicts)
    keep = truth >= 0
    said, best, truth = said[keep], best[keep], truth[keep]
    there = truth == 1
    found = int(((said == "seen") & there).sum())
    false = int(((said == "seen") & ~there).sum())
    definite_missed = int(((said != "seen") & there).sum())
    precision = found / max(1, found + false)
    recall = found / max(1, found + definite_missed)
    bins = np.clip((best * 10).astype(int), 0, 9)
    ece = sum(
        abs(best[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    return Quality(
        label=label,
        present=int(there.sum()),
        absent=int((~there).sum()),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(1e-9, precision + recall),
        average_precision=float(average_precision_score(truth, best)) if there.any() else float("nan"),
        unclear=float((said == "unclear").mean()) if len(said) else 0.0,
        false_not_seen=float((np.isin(said, ("not_seen", "not_applicable")) & there).sum() / max(1, there.sum())),
        false_seen=false / max(1, int((~there).sum())),
        ece=float(ece),
    )


HEADER = (
    "| behavior | calls with / without | precision | recall | F1 | AP | unclear | false not_seen | false seen | ECE |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def table_of(rows: Sequence[Quality]) -> str:
    """Return a Markdown table of qualities with their mean last."""
    lines = [HEADER]
    for q in rows:
        lines.append(
            f"| {q.label} | {q.present} / {q.absent} | {q.precision:.2f} | {q.recall:.2f} | {q.f1:.2f} | "
            f"{q.average_precision:.2f} | {q.unclear:.0%} | {q.false_not_seen:.1%} | {q.false_seen:.1%} | {q.ece:.2f} |"
        )
    names = (
        "precision",
        "recall",
        "f1",
        "average_precision",
        "unclear",
        "false_not_seen",
        "false_seen",
        "ece",
    )
    mean = {name: float(np.nanmean([getattr(q, name) for q in rows])) for name in names}
    lines.append(
        f"| **mean** | | {mean['precision']:.2f} | {mean['recall']:.2f} | {mean['f1']:.2f} | "
        f"{mean['average_precision']:.2f} | {mean['unclear']:.0%} | {mean['false_not_seen']:.1%} | "
        f"{mean['false_seen']:.1%} | {mean['ece']:.2f} |"
    )
    return "\n".join(lines)
