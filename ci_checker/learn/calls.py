"""From turn scores to call verdicts: thresholds, counts and the table that the card prints.

The unit of a verdict is a call. Thresholds are learned from scores that no
model gave to a conversation it had seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ci_checker.behaviors.classifier import calibrate, logit
from ci_checker.learn.turns import Table, turn_keys, turn_scores

LEAST_SEEN, MOST_SEEN = 0.5, 0.9
LEAST_NOT_SEEN, MOST_NOT_SEEN = 0.02, 0.4
ENOUGH_ERRORS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScores:
    """Best probability a conversation (calls,), whether the behavior is there (1, 0, -1 unsure), and its number."""

    best: np.ndarray
    truth: np.ndarray
    number: np.ndarray

    def of(self, numbers: Collection[int]) -> CallScores:
        """Return those of the conversations ``numbers``."""
        keep = np.isin(self.number, list(numbers))
        return CallScores(best=self.best[keep], truth=self.truth[keep], number=self.number[keep])

    def known(self) -> np.ndarray:
        """Return the truths, -1 for a call that holds the behavior with no turn in place: no threshold finds it."""
        return np.where((self.best > 0) | (self.truth < 1), self.truth, -1)


def by_call(table: Table, probabilities: np.ndarray, column: int, without_occasion: Collection[int] = ()) -> CallScores:
    """Return the best turn of every conversation that has a judged turn.

    In the conversations numbered ``without_occasion`` a behavior that is not there could not be: unsure.
    """
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
    truth[(truth == 0) & np.isin(ids, list(without_occasion))] = -1
    return CallScores(best=best, truth=truth, number=ids)


def of_calls(scores: CallScores) -> tuple[float, float]:
    """Return Platt's (a, b) from the log-odds of the best turn to whether the call holds the behavior.

    To be learned from whole calls: excerpts are written around the hard cases, and a call is what a verdict is for.
    A call without any turn in place has no best turn to learn from.
    """
    judged = (scores.truth >= 0) & (scores.best > 0)
    return calibrate(logit(scores.best[judged]), scores.truth[judged])


def thresholds(
    probability: np.ndarray, truth: np.ndarray, *, most_missed: float = 0.01, most_false: float = 0.02
) -> tuple[float, float]:
    """Return (seen, not_seen) on the calls' probabilities, (calls,), given whether the behavior is there, (calls,).

    Of the calls where it is there, at most ``most_missed`` may fall under ``not_seen``, and of the others at
    most ``most_false`` may reach ``seen``, as counted; in a sample that would show fewer than ``ENOUGH_ERRORS`` of
    them also as the probabilities expect it: it shows no rare error, and calibrated probabilities tell of it all
    the same. Both are bounded.
    """
    judged = truth >= 0
    p, there = probability[judged], truth[judged] == 1
    not_seen, seen = LEAST_NOT_SEEN, MOST_SEEN
    for cut in np.arange(LEAST_NOT_SEEN, MOST_NOT_SEEN + 1e-9, 0.005):
        below = p < cut
        if _wrong(below, there, p, most_missed) <= most_missed:
            not_seen = float(cut)
    for cut in np.arange(MOST_SEEN, LEAST_SEEN - 1e-9, -0.005):
        above = p >= cut
        if _wrong(above, ~there, 1 - p, most_false) <= most_false:
            seen = float(cut)
    return round(seen, 3), round(not_seen, 3)


def within(
    probability: np.ndarray, truth: np.ndarray, seen: float, not_seen: float, *, most_missed: float, most_false: float
) -> tuple[float, float]:
    """Return (seen, not_seen), each moved towards its bound until a behavior's own calls show no more errors.

    For the few calls of one behavior, whose thresholds come from all behaviors together.
    """
    judged = truth >= 0
    p, there = probability[judged], truth[judged] == 1
    while not_seen > LEAST_NOT_SEEN and there.any() and (p[there] < not_seen).mean() > most_missed:
        not_seen = round(not_seen - 0.005, 3)
    while seen < MOST_SEEN and (~there).any() and (p[~there] >= seen).mean() > most_false:
        seen = round(seen + 0.005, 3)
    return seen, not_seen


def _wrong(inside: np.ndarray, counted: np.ndarray, expected: np.ndarray, most: float) -> float:
    """Return which share of what must not lie inside does, the larger of counted and expected in a small sample."""
    share = _share(inside, counted.astype(float))
    return share if most * counted.sum() >= ENOUGH_ERRORS else max(share, _share(inside, expected))


def _share(inside: np.ndarray, weight: np.ndarray) -> float:
    """Return which share of ``weight`` lies inside; all of it where there is none, so that nothing is allowed."""
    total = float(weight.sum())
    return float(weight[inside].sum()) / total if total else 1.0


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
