"""Measure the shipped detectors on held-out conversations, through the very code that scores calls.

``python -m ci_checker.learn.evaluate`` prints the table that the card and the README show; with
``--write`` it is put beside the model, so that reports can say how reliable a verdict is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ci_checker.behaviors import catalogue, detect
from ci_checker.learn import behaviors, calls
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.model import Call, Role, Source, Speaker, Turn

NAMES = {Role.REP: "Rep", Role.PROSPECT: "Prospect", Role.GATEKEEPER: "Gatekeeper"}


def as_call(conversation: Conversation) -> Call:
    """Return a conversation as a transcript whose roles are known."""
    present = dict.fromkeys(turn.role for turn in conversation.turns)
    return Call(
        path=conversation.id,
        sha256=conversation.id,
        source=Source.TRANSCRIPT,
        turns=tuple(Turn(speaker=NAMES[t.role], text=t.text) for t in conversation.turns),
        speakers=tuple(Speaker(name=NAMES[r], role=r, reason="labelled") for r in present),
    )


def evaluate(conversations: Sequence[Conversation]) -> tuple[list[calls.Quality], dict[str, float]]:
    """Return call-level quality a behavior, and how often the top quote is a labelled turn."""
    scored = {b.id: b for b in catalogue.load().values() if b.measure is None}
    verdicts: dict[str, list[str]] = {b: [] for b in scored}
    best: dict[str, list[float]] = {b: [] for b in scored}
    truth: dict[str, list[int]] = {b: [] for b in scored}
    quotes: dict[str, list[bool]] = {b: [] for b in scored}
    for conversation in conversations:
        results, _ = detect.detect(as_call(conversation), scored)
        for result in results:
            name = result.behavior
            labelled = {i for i, t in enumerate(conversation.turns) if name in (t.labels or ())}
            # nobody answered: the contract makes every behavior not applicable, whatever was said to the machine
            nobody = not any(t.role is Role.PROSPECT and len(t.text.split()) > 2 for t in conversation.turns)
            unsure = nobody or any(name in t.open for t in conversation.turns)
            verdicts[name].append(result.verdict.value)
            best[name].append(result.probability or 0.0)
            truth[name].append(-1 if nobody else 1 if labelled else -1 if unsure else 0)
            if result.evidence and labelled:
                top = max(result.evidence, key=lambda e: e.probability)
                quotes[name].append(top.turn in labelled)
    rows = [calls.quality(b, verdicts[b], np.array(best[b]), np.array(truth[b])) for b in scored]
    right = {b: float(np.mean(q)) if q else float("nan") for b, q in quotes.items()}
    return rows, right


def main() -> None:
    """Print the table; with ``--write`` also keep it beside the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("models/behaviors/data/eval"))
    parser.add_argument("--write", type=Path, metavar="MODEL", default=None)
    parser.add_argument("--readme", type=Path, default=None, help="put the table into this file")
    options = parser.parse_args()
    conversations = read_all([options.data])
    rows, right = evaluate(conversations)
    told = calls.table_of(rows)
    title = (
        f"Held out, by another writer: {len(conversations)} conversations in `{options.data.as_posix()}`, scored as "
        f"calls are; top quote a labelled turn in {np.nanmean(list(right.values())):.0%} of the calls rightly seen:"
    )
    print(f"{title}\n\n{told}")
    if options.write:
        kept = {"title": title, "table": told, "rows": [asdict(r) for r in rows], "top_quote": right}
        (options.write / behaviors.EVALUATION).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        behaviors.write_cards(options.write)
    if options.readme:
        text = options.readme.read_text(encoding="utf-8")
        before, rest = text.split("<!-- evaluation -->")
        after = rest.split("<!-- /evaluation -->")[1]
        text = f"{before}<!-- evaluation -->\n{title}\n\n{told}\n<!-- /evaluation -->{after}"
        options.readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
