"""Measure the shipped detectors on held-out conversations, through the very code that scores calls.

``python -m ci_checker.learn evaluate`` prints the tables that the card and the README show; with
``--write`` they are put beside the model, so that reports can say how reliable a verdict is. ``--noise``
does the same again through a recognizer's errors.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ci_checker.behaviors import catalogue, detect
from ci_checker.errors import RequestError
from ci_checker.learn import behaviors, calls, evaluation_tables, noise
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.places import as_call
from ci_checker.model import Role

DATA = Path("models/behaviors/data/eval")
OPENING, CLOSING = "<!-- evaluation -->", "<!-- /evaluation -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the detectors said of one behavior on many calls; arrays of shape (calls,).

    ``truth`` is 1, 0 or -1 (left out); ``near`` marks calls with a near miss of it; ``quote`` tells whether
    the top quote is a labelled turn: 1, 0, or -1 where there is none to judge.
    """

    label: str
    verdicts: tuple[str, ...]
    probability: np.ndarray
    truth: np.ndarray
    near: np.ndarray
    quote: np.ndarray


def judge(conversations: Sequence[Conversation]) -> list[Judged]:
    """Return what the detectors say of every classified behavior, in the order of their ids."""
    scored = {b.id: b for b in catalogue.load().values() if b.measure is None}
    said: dict[str, list[tuple[str, float, int, bool, int]]] = {b: [] for b in scored}
    for conversation in conversations:
        results, _ = detect.detect(as_call(conversation), scored)
        # nobody answered: the contract makes every behavior not applicable, whatever was said to the machine
        nobody = not any(t.role is Role.PROSPECT and len(t.text.split()) > 2 for t in conversation.turns)
        for result in results:
            name = result.behavior
            labelled = {i for i, t in enumerate(conversation.turns) if name in (t.labels or ())}
            unsure = nobody or any(name in t.open for t in conversation.turns)
            truth = -1 if nobody else 1 if labelled else -1 if unsure else 0
            quote = -1
            if result.evidence and labelled:
                quote = int(max(result.evidence, key=lambda e: e.probability).turn in labelled)
            near = any(name in t.near for t in conversation.turns)
            said[name].append((result.verdict.value, result.probability or 0.0, truth, near, quote))
    return [
        Judged(
            label=name,
            verdicts=tuple(row[0] for row in rows),
            probability=np.array([row[1] for row in rows]),
            truth=np.array([row[2] for row in rows], dtype=int),
            near=np.array([row[3] for row in rows], dtype=bool),
            quote=np.array([row[4] for row in rows], dtype=int),
        )
        for name, rows in said.items()
    ]


def evaluate(conversations: Sequence[Conversation]) -> tuple[list[calls.Quality], dict[str, float]]:
    """Return call-level quality a behavior, and how often the top quote is a labelled turn."""
    judged = judge(conversations)
    return evaluation_tables.qualities(judged), {j.label: evaluation_tables.right_quotes(j) for j in judged}


def through_noise(
    conversations: Sequence[Conversation], shares: Iterable[float], *, unpunctuated: bool, seed: int = 0
) -> dict[str, list[Judged]]:
    """Return what the detectors say through a recognizer's errors, by a name of the condition."""
    dropped = "no case and marks on half the turns"
    found: dict[str, list[Judged]] = {}
    if unpunctuated:
        found[dropped] = judge(noise.heard(conversations, 0.0, unpunctuated=True, seed=seed))
    for share in shares:
        name = f"{share:.0%} of words wrong" + (f", {dropped}" if unpunctuated else "")
        found[name] = judge(noise.heard(conversations, share, unpunctuated=unpunctuated, seed=seed))
    return found


def put_into(readme: Path, text: str) -> None:
    """Replace what stands between the markers of a file. Raises RequestError where they are missing."""
    try:
        before, rest = readme.read_text(encoding="utf-8").split(OPENING)
        _, after = rest.split(CLOSING)
    except (OSError, ValueError) as problem:
        raise RequestError(
            "the table cannot be put there", where=str(readme), todo=f"It needs one {OPENING} … {CLOSING}."
        ) from problem
    readme.write_text(f"{before}{OPENING}\n{text}\n{CLOSING}{after}", encoding="utf-8")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--data", type=Path, default=DATA, help="labelled conversations that nothing was learned from")
    parser.add_argument(
        "--noise", type=_share, nargs="+", default=[], metavar="SHARE", help="again, with so many words wrong"
    )
    parser.add_argument("--unpunctuated", action="store_true", help="again, without case and marks on half the turns")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same words and intervals")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument(
        "--write", type=Path, metavar="MODEL", default=None, help="put the tables into this model's card"
    )
    parser.add_argument("--readme", type=Path, default=None, help="put the first tables into this file")


def run(options: argparse.Namespace) -> None:
    """Print the tables; with ``--write`` and ``--readme`` also keep them. Raises RequestError, MissingError."""
    conversations = read_all([options.data])
    if not conversations:
        raise RequestError("there are no conversations to evaluate on", where=str(options.data))
    if options.readme:  # before the work begins
        put_into(options.readme, _between(options.readme))
    if options.write and not options.write.is_dir():
        raise RequestError("there is no such model to put the tables into", where=str(options.write))
    judged = judge(conversations)
    heard = through_noise(conversations, options.noise, unpunctuated=options.unpunctuated, seed=options.seed)
    told = evaluation_tables.told(judged, heard, len(conversations), options.data.as_posix(), seed=options.seed)
    print(json.dumps(told.facts, indent=1) if options.json else told.whole)
    if options.write:
        rows = [asdict(row) for row in evaluation_tables.qualities(judged)]
        kept = {"title": told.title, "table": told.tables, "rows": rows, **told.facts}
        (options.write / behaviors.EVALUATION).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        behaviors.write_cards(options.write)
    if options.readme:
        put_into(options.readme, told.short)


def _between(readme: Path) -> str:
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    return text.partition(OPENING)[2].partition(CLOSING)[0].strip("\n")


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError("a share is between 0 and 1, like 0.1")
    return value


def main(given: Sequence[str] | None = None) -> int:
    """Run as ``python -m ci_checker.learn.evaluate``; return the exit status."""
    from ci_checker.learn.__main__ import main as learn

    return learn(["evaluate", *(given if given is not None else _rest())])


def _rest() -> list[str]:
    import sys

    return sys.argv[1:]


if __name__ == "__main__":
    raise SystemExit(main())
