"""Build ``models/behaviors`` in one command, and print its quality, cross-validated by file.

``python -m ci_checker.learn.behaviors --data models/behaviors/data --out models/behaviors``
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ci_checker.assets import find_model
from ci_checker.behaviors import catalogue, occasions, turn_encoder
from ci_checker.behaviors.classifier import Calibration
from ci_checker.learn import background, calls, noise, places, turns, weighing
from ci_checker.learn.cards import write_card
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.learner import Learner
from ci_checker.learn.turn_encoder import out_of_fold
from ci_checker.learn.turns import Table
from ci_checker.model import Role

OTHER_LABELS = ("objection", "gatekeeper")
OTHER_SIDE = frozenset({Role.PROSPECT, Role.GATEKEEPER})
MOST_TERMS = 30_000
MOST_MISSED, MOST_FALSE = 0.0075, 0.0125
"""Of the calls with a behavior those that may be "not seen", of the others those that may be "seen".

Less than the 1 % and 2 % that are allowed, since other people's calls are unlike those that they are learned from.
"""
OWN = 3
"""How many times as many of one behavior's own few calls may be wrong."""
TRAIN, CALLS, PLAIN, PHRASES, LATER = "train", "calls", "plain", "phrases", "later"
CROSS_VALIDATION = "cross-validation.json"
EVALUATION = "evaluation.json"
TRIED = "tried.md"


def with_gatekeepers(conversations: Sequence[Conversation]) -> list[Conversation]:
    """Label every turn of a live gatekeeper, so that one on the prospect's channel can be told."""
    found = []
    for conversation in conversations:
        marked = tuple(
            replace(t, labels=(t.labels or frozenset()) | {"gatekeeper"})
            if t.role is Role.GATEKEEPER and not occasions.is_greeting(t.text)
            else t
            for t in conversation.turns
        )
        found.append(replace(conversation, turns=marked))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is learned from: conversations as written, the numbers of the whole calls among them, then twins.

    ``train`` holds excerpts and calls that are written around the hard cases; ``calls`` whole calls as they go,
    written from the definitions alone; ``plain`` excerpts in which a behavior is as clear as in a textbook, so that
    the hard cases do not make these doubtful; ``phrases`` excerpts with the phrases that most people use, which
    have no twins; ``later`` whole calls too, written after the encoder was trained (``turn_encoder.extend``). What
    a verdict's chance is, is learned from whole calls: they are what a verdict is for.
    """

    conversations: tuple[Conversation, ...]
    written: int
    calls: frozenset[int]
    phrases: frozenset[int] = frozenset()
    later: frozenset[int] = frozenset()

    def folds(self, count: int, seed: int) -> np.ndarray:
        """Return a fold for the number of every file (``noise.hands``), the same for encoder and detectors.

        Files of phrases and later ones are dealt out after the others, so that more of them move none of the others.
        """
        hands = noise.hands(self.conversations)
        last = sorted({hands[number] for number in self.phrases | self.later})
        others = np.array(sorted(set(hands) - set(last)), dtype=np.int64)
        found = np.zeros(max(hands) + 1, dtype=np.int64)
        found[others] = turns.folds(others, count, seed)
        found[last] = np.arange(len(last)) % count
        return found


def corpus(data: Path) -> Corpus:
    """Return the conversations of the folders, then spoiled twins of every second one but of phrases."""
    whole, short = ({path.name for path in (data / name).iterdir()} for name in (CALLS, PHRASES))
    first = with_gatekeepers(read_all([data / name for name in (TRAIN, CALLS, PLAIN, PHRASES)]))
    later = with_gatekeepers(read_all([data / LATER])) if (data / LATER).is_dir() else []
    noisy = [conversation for conversation in first if conversation.file not in short]
    added = frozenset(range(len(first), len(first) + len(later)))
    return Corpus(
        # twins of the later ones apart, because which they are and what is misheard hangs on all of a set
        conversations=(*first, *later, *noise.twins(noisy), *noise.twins(later)),
        written=len(first) + len(later),
        calls=frozenset(number for number, conversation in enumerate(first) if conversation.file in whole) | added,
        phrases=frozenset(number for number, conversation in enumerate(first) if conversation.file in short),
        later=added,
    )


def rep_labels() -> tuple[str, ...]:
    """Return the ids of the built-in behaviors that are classified."""
    return tuple(b.id for b in catalogue.load().values() if b.measure is None)


def attempt_labels() -> tuple[str, ...]:
    """Return the labels under which near misses are learned."""
    return tuple(f"{turns.ATTEMPT}{label}" for label in rep_labels())


def blind_sides(table: Table) -> Table:
    """Return the table with the side of other speakers hidden, as on a stereo channel that two share."""
    hidden = tuple(
        replace(i, tags=tuple(t for t in i.tags if "gatekeeper" not in t and not t.startswith("last=")))
        for i in table.items
    )
    return replace(table, items=hidden)


def calibrated(
    table: Table,
    scores: np.ndarray,
    *,
    whole: Collection[int],
    in_place: Callable[[np.ndarray], np.ndarray] | None = None,
    without_occasion: Mapping[str, frozenset[int]] | None = None,
) -> tuple[dict[str, Calibration], list[calls.Quality]]:
    """Return calibrations and call-level quality from out-of-fold scores (n, labels).

    ``whole`` are the numbers of the conversations that are whole calls.
    ``in_place`` tells of probabilities (n, labels) which stand where the behavior counts; a call's verdict
    hangs on these alone. ``without_occasion`` names the conversations that a label is not judged in unless
    it is there.
    """
    _, first = turns.turn_keys(table)
    best = turns.turn_scores(table, scores)
    probabilities = np.zeros_like(scores)
    found: dict[str, Calibration] = {}
    for column, label in enumerate(table.labels):
        truth = table.truth[first, column]
        judged = truth >= 0
        a, b = turns.calibrate(best[judged, column], truth[judged])
        found[label] = plain = Calibration(a=a, b=b, seen=0.5, not_seen=0.1)
        probabilities[:, column] = plain.probability(scores[:, column])
    placed = probabilities if in_place is None else np.where(in_place(probabilities), probabilities, 0.0)
    judged_calls: dict[str, tuple[np.ndarray, calls.CallScores]] = {}
    for column, label in enumerate(table.labels):
        if label.startswith(turns.ATTEMPT):
            continue
        call = calls.by_call(table, placed, column, (without_occasion or {}).get(label, frozenset())).of(whole)
        a, b = calls.of_calls(call)
        found[label] = plain = replace(found[label], call_a=a, call_b=b)
        judged_calls[label] = np.array([plain.of_call(p) for p in call.best]), call
    # a missed objection only makes a call not applicable, which accuses nobody
    most_missed = 4 * MOST_MISSED if set(judged_calls) & set(OTHER_LABELS) else MOST_MISSED
    # a hundred calls show no error in a hundred: all behaviors together do, since their chances are calibrated
    shared = calls.thresholds(
        np.concatenate([chances for chances, _ in judged_calls.values()]),
        np.concatenate([call.known() for _, call in judged_calls.values()]),
        most_missed=most_missed,
        most_false=MOST_FALSE,
    )
    rows: list[calls.Quality] = []
    for label, (chances, call) in judged_calls.items():
        plain = found[label]
        # ... but no behavior may be wrong much more often than all together
        seen, not_seen = calls.within(
            chances, call.known(), *shared, most_missed=OWN * most_missed, most_false=OWN * MOST_FALSE
        )
        least = plain.of_turn(seen)
        found[label] = replace(plain, seen=least, not_seen=plain.of_turn(not_seen), evidence=min(least, 0.5))
        said = ["seen" if p >= seen else "not_seen" if p < not_seen else "unclear" for p in chances]
        rows.append(calls.quality(label, said, chances, call.truth))
    return found, rows


def scored(
    learner: Learner, learned: Corpus, *, count: int, seed: int, jobs: int
) -> tuple[Table, np.ndarray, weighing.Weights]:
    """Return the rows as written, their scores (rows, labels) by models without their files, and the last weights."""
    table = learner.table
    fold = learned.folds(count, seed)[np.array(noise.hands(learned.conversations))[table.group]]
    first = learner.out_of_fold(count, seed, jobs, fold=fold)
    scores = weighing.out_of_fold(table, first, learner.acts, fold)
    own = table.group < learned.written
    return table.rows(own), scores[own], weighing.fit(table, first, learner.acts)


def build(data: Path, out: Path, *, count: int = out_of_fold.FOLDS, seed: int = out_of_fold.SEED, jobs: int = 1) -> str:
    """Fit both detectors, write them with their cards, and return the table of quality.

    Turns are calibrated on the conversations as written, calls on the whole ones; twins are only learned from.
    """
    learned = corpus(data)
    acts = out_of_fold.read(find_model(turn_encoder.MODEL))
    written = learned.conversations[: learned.written]
    facts: dict[str, Any] = {"conversations": len(written), "calls": len(learned.calls), "folds": count, "seed": seed}
    theirs = turns.tabulate(
        learned.conversations, OTHER_LABELS, OTHER_SIDE, acts=acts, act_labels=acts.labels, shared=True
    )
    learner = Learner(blind_sides(theirs), most=MOST_TERMS)
    table, scores, weights = scored(learner, learned, count=count, seed=seed, jobs=jobs)
    found, others = calibrated(table, scores, whole=learned.calls, in_place=lambda p: places.live(written, table))
    learner.detector(found, weights).save(out / "other")
    shown = places.signals(written, table, scores, found)
    mine = turns.tabulate(
        learned.conversations, (*rep_labels(), *attempt_labels()), acts=acts, act_labels=acts.labels, shared=True
    )
    learner = Learner(mine, most=MOST_TERMS)
    own, scores, weights = scored(learner, learned, count=count, seed=seed, jobs=jobs)

    def placed(strong: Mapping[str, float], p: np.ndarray) -> np.ndarray:
        return places.in_place(written, own, p, shown, strong)

    strong: dict[str, float] = {}
    for _ in range(2):  # what counts by itself hangs on "seen", which is learned from what counts
        found, rows = calibrated(
            own,
            scores,
            whole=learned.calls,
            in_place=partial(placed, strong),
            without_occasion=places.without_occasion(written),
        )
        strong = {label: calibration.seen for label, calibration in found.items()}
    learner.detector(found, weights).save(out / "rep")
    facts |= {"rep": [asdict(row) for row in rows], "other": [asdict(row) for row in others]}
    quality = (
        f"Cross-validated in {count} folds by file over {len(written)} conversations and excerpts; the table is of the "
        f"{len(learned.calls)} whole calls among them (`data/{CALLS}`), from which chances and thresholds are learned "
        f"too, so that its verdict columns are a little kind:\n\n{calls.table_of(rows)}\n\n"
        f"The other side (objections, gatekeepers):\n\n{calls.table_of(others)}\n"
    )
    background.write(written, out)
    (out / EVALUATION).unlink(missing_ok=True)
    (out / CROSS_VALIDATION).write_text(
        json.dumps({"quality": quality, "facts": facts}, indent=1) + "\n", encoding="utf-8"
    )
    write_cards(out)
    return quality


def write_cards(out: Path) -> None:
    """Write the cards from what was measured: the cross-validation, and the held-out evaluation if it was run."""
    kept = json.loads((out / CROSS_VALIDATION).read_text(encoding="utf-8"))
    quality, facts = kept["quality"], kept["facts"]
    if (out / EVALUATION).exists():
        told = json.loads((out / EVALUATION).read_text(encoding="utf-8"))
        quality = f"{told['title']}\n\n{told['table']}\n\n{quality}"
        facts["evaluation"] = told["rows"]
    if (out / TRIED).exists():
        tried = (out / TRIED).read_text(encoding="utf-8").strip()
        quality += (
            "\n## Tried, and what came of it\nKept by hand: figures of the day on which a thing was tried, with the "
            f"data and detectors of that day.\n\n{tried}\n"
        )
    write_card(
        out,
        title="behaviors: which behaviors a call shows",
        recipe=(
            "python -m ci_checker.learn.behaviors --data models/behaviors/data --out models/behaviors"
            " && python -m ci_checker.learn evaluate --noise 0.1 0.2 --unpunctuated --write models/behaviors"
            " && python -m ci_checker.learn curves --write models/behaviors"
        ),
        licence="MIT (ours, like the data under data/)",
        data=(
            "Invented sales conversations, written for this project from the definitions by many writers; near misses "
            "are marked (`~`). `data/train`: excerpts and calls around the hard cases. `data/plain`: excerpts as "
            "clear as in a textbook. `data/phrases`: excerpts with the phrases that most people use. `data/calls`: "
            "whole calls by writers who saw neither the other data nor the cues, most labels checked by a second "
            "reader; `data/later` more of them, written after the encoder was trained. Every second conversation but "
            "those of phrases is learned from a second time with one or two words in ten wrong, as a recognizer might "
            "have it. `data/eval`: whole calls by yet other writers, their "
            "labels checked by a second reader; never trained on. `data/support`: calls to help lines, labelled for "
            "five other things; only the learning curves are drawn from them."
        ),
        quality=quality,
        limits=(
            "English sales calls. It says what was said, never why, and nothing of a person's will, skill or character."
        ),
        facts=facts,
    )


def main() -> None:
    """Build and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("models/behaviors/data"))
    parser.add_argument("--out", type=Path, default=Path("models/behaviors"))
    parser.add_argument("--folds", type=int, default=out_of_fold.FOLDS)
    parser.add_argument("--seed", type=int, default=out_of_fold.SEED)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    print(build(options.data, options.out, count=options.folds, seed=options.seed, jobs=options.jobs))


if __name__ == "__main__":
    main()
