"""Build ``models/behaviors`` in one command, and print its cross-validated quality by conversation.

``python -m ci_checker.learn.behaviors --data models/behaviors/data/train --out models/behaviors``
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from ci_checker.assets import find_model
from ci_checker.behaviors import catalogue, occasions, turn_encoder
from ci_checker.behaviors.classifier import Calibration
from ci_checker.learn import background, calls, turns
from ci_checker.learn.cards import write_card
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.turn_encoder import out_of_fold
from ci_checker.learn.turns import Table
from ci_checker.model import Role

OTHER_LABELS = ("objection", "gatekeeper")
OTHER_SIDE = frozenset({Role.PROSPECT, Role.GATEKEEPER})
STRENGTH = 6.0
CROSS_VALIDATION = "cross-validation.json"
EVALUATION = "evaluation.json"


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


def calibrated(table: Table, scores: np.ndarray) -> tuple[dict[str, Calibration], np.ndarray, list[calls.Quality]]:
    """Return calibrations, probabilities (n, labels) and call-level quality from out-of-fold scores."""
    _, first = turns.turn_keys(table)
    best = turns.turn_scores(table, scores)
    probabilities = np.zeros_like(scores)
    found: dict[str, Calibration] = {}
    judged_calls: dict[str, tuple[np.ndarray, calls.CallScores]] = {}
    for column, label in enumerate(table.labels):
        truth = table.truth[first, column]
        judged = truth >= 0
        a, b = turns.calibrate(best[judged, column], truth[judged])
        found[label] = plain = Calibration(a=a, b=b, seen=0.5, not_seen=0.1)
        probabilities[:, column] = plain.probability(scores[:, column])
        if label.startswith(turns.ATTEMPT):
            continue
        call = calls.by_call(table, probabilities, column)
        a, b = calls.of_calls(call)
        found[label] = plain = replace(plain, call_a=a, call_b=b)
        judged_calls[label] = np.array([plain.of_call(p) for p in call.best]), call
    # a missed objection only makes a call not applicable, which accuses nobody
    most_missed = 0.04 if set(judged_calls) & set(OTHER_LABELS) else 0.01
    whole = {label: calls.whole_calls(call) for label, (_, call) in judged_calls.items()}
    # a hundred calls show no error in a hundred: all behaviors together do, since their chances are calibrated
    shared = calls.thresholds(
        np.concatenate([chances[whole[label]] for label, (chances, _) in judged_calls.items()]),
        np.concatenate([call.truth[whole[label]] for label, (_, call) in judged_calls.items()]),
        most_missed=most_missed,
    )
    rows: list[calls.Quality] = []
    for label, (chances, call) in judged_calls.items():
        own = calls.thresholds(chances[whole[label]], call.truth[whole[label]], most_missed=most_missed)
        # its own calls may show that less is enough for "seen"; neither may loosen "not seen"
        seen, not_seen = min(own[0], shared[0]), min(own[1], shared[1])
        plain = found[label]
        least = plain.of_turn(seen)
        found[label] = replace(plain, seen=least, not_seen=plain.of_turn(not_seen), evidence=min(least, 0.5))
        said = ["seen" if p >= seen else "not_seen" if p < not_seen else "unclear" for p in chances]
        rows.append(calls.quality(label, said, chances, call.truth))
    return found, probabilities, rows


def build(data: Path, out: Path, *, count: int = 5, seed: int = 0) -> str:
    """Fit both detectors, write them with their cards, and return the table of quality."""
    conversations = with_gatekeepers(read_all([data]))
    acts = out_of_fold.read(find_model(turn_encoder.MODEL))
    rep = turns.tabulate(conversations, (*rep_labels(), *attempt_labels()), acts=acts, act_labels=acts.labels)
    theirs = turns.tabulate(conversations, OTHER_LABELS, OTHER_SIDE, acts=acts, act_labels=acts.labels)
    other = blind_sides(theirs)
    report = []
    facts: dict[str, object] = {"conversations": len(conversations), "folds": count, "seed": seed}
    for side, table in (("rep", rep), ("other", other)):
        scores = turns.out_of_fold(table, count=count, seed=seed, strength=STRENGTH)
        calibrations, _, rows = calibrated(table, scores)
        turns.detector_of(table, calibrations, strength=STRENGTH, seed=seed).save(out / side)
        facts[side] = [asdict(row) for row in rows]
        report.append(calls.table_of(rows))
    judged = len(np.unique(turns.turn_keys(rep)[0]))
    quality = (
        f"Cross-validated in {count} folds by conversation, over {len(conversations)} conversations and excerpts "
        f"({judged} judged turns of reps); thresholds learned from the same out-of-fold scores, so these "
        f"verdict columns are a little kind:\n\n{report[0]}\n\n"
        f"The other side (objections, gatekeepers):\n\n{report[1]}\n"
    )
    background.write(conversations, out)
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
    write_card(
        out,
        title="behaviors: which behaviors a call shows",
        recipe=(
            "python -m ci_checker.learn.behaviors --data models/behaviors/data/train --out models/behaviors"
            " && python -m ci_checker.learn.evaluate --write models/behaviors"
        ),
        licence="MIT (ours, like the data under data/)",
        data=(
            "Invented sales conversations under `data/train`, written for this project from the definitions by "
            "several writers; near misses are marked (`~`). `data/eval` was written by others, who saw neither the "
            "training data nor the cues, and is never trained on; the labels of e5 to e10 were checked by a second "
            "reader."
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
    parser.add_argument("--data", type=Path, default=Path("models/behaviors/data/train"))
    parser.add_argument("--out", type=Path, default=Path("models/behaviors"))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(build(options.data, options.out, count=options.folds, seed=options.seed))


if __name__ == "__main__":
    main()
