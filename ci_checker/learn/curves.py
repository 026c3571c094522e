"""How good the generic trainer gets with more examples: learning curves over foreign labels.

``python -m ci_checker.learn curves`` learns what the agents of a help line do, labels of another trade that
nothing shipped was trained on: half the turns lose case and marks, and the trainer sees so many examples of each
and as many turns without any as a person would have labelled beside them. What is measured is average precision
and F1 on conversations it did not see, over several draws. ``--write`` puts table and figure beside the model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from ci_checker.assets import sha256_of
from ci_checker.errors import RequestError
from ci_checker.learn import generic, intervals, noise, turns
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.learner import Learner
from ci_checker.learn.turns import Table
from ci_checker.model import Role

SIZES = (5, 10, 25, 50, 100)
LABELS = ("identity-check", "cause-explained", "feeling-named", "alternative-offered", "solved-confirmed")
NEGATIVES = 4
"""Turns without the label that are labelled beside each example with it, drawn from the same conversations."""
HELD = 0.3
FOLDS = 5
LINE = 17
"""Units of the figure between two lines of text."""
FIGURE, CARD = "learning-curves.svg", "MODEL_CARD.md"
OPENING, CLOSING = "<!-- learning curves -->", "<!-- /learning curves -->"
_SIDES = {Role.REP: "agent", Role.PROSPECT: "customer", Role.GATEKEEPER: "desk"}
_COLORS = ("#1b6ca8", "#b3541e", "#3d7d3a", "#7a3e8e", "#5a5a5a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One label with so many examples: means over draws, each with its smallest and largest."""

    label: str
    examples: int
    draws: int
    ap: float
    ap_range: tuple[float, float]
    f1: float
    f1_range: tuple[float, float]


def foreign(conversations: Sequence[Conversation], seed: int = 0) -> tuple[Conversation, ...]:
    """Return conversations as a stranger's data: other role names, half the turns without case and marks."""
    bare = noise.heard(conversations, 0.0, unpunctuated=True, seed=seed)
    renamed = (tuple(replace(t, side=_SIDES.get(t.role, t.role.value)) for t in c.turns) for c in bare)
    return tuple(replace(c, turns=t) for c, t in zip(bare, renamed, strict=True))


def measure(
    conversations: Sequence[Conversation],
    labels: Sequence[str] = LABELS,
    sizes: Sequence[int] = SIZES,
    *,
    draws: int = 3,
    seed: int = 0,
) -> list[Point]:
    """Return the points of the curves; a size that a label has not enough examples for is left out.

    Raises RequestError where a label has fewer examples than the smallest size.
    """
    judged = tuple(_judged(c) for c in foreign(conversations, seed))
    table = generic.tabulate(judged, labels, jobs=generic.cores())
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    groups = np.unique(table.group)
    for number in range(draws):
        random = np.random.default_rng((seed, number))
        held = np.isin(table.group, random.choice(groups, round(HELD * len(groups)), replace=False))
        for column, label in enumerate(labels):
            one = replace(table, labels=(label,), truth=table.truth[:, [column]], near=table.near[:, [column]])
            order = random.permutation(int(turns.turn_keys(table)[0].max()) + 1)
            for size in sizes:
                keep = _some(one, ~held, size, order)
                if keep is not None:
                    found.setdefault((label, size), []).append(_quality(one.rows(keep), one.rows(held), seed))
    if short := [label for label in labels if (label, min(sizes)) not in found]:
        raise RequestError(f"'{short[0]}' has fewer than {min(sizes)} examples to learn from")
    return [_point(label, size, found[label, size]) for label in labels for size in sizes if (label, size) in found]


def _judged(conversation: Conversation) -> Conversation:
    """Return a conversation of which only the rep's turns are judged."""
    judged = (t if t.role is Role.REP else replace(t, labels=None) for t in conversation.turns)
    return replace(conversation, turns=tuple(judged))


def _some(table: Table, free: np.ndarray, size: int, order: np.ndarray) -> np.ndarray | None:
    """Return rows of ``size`` turns with the label and some without, in this order; ``None`` of too few.

    A larger size holds all turns of a smaller one.
    """
    keys, first = turns.turn_keys(table)
    truth, usable = table.truth[first, 0], free[first]
    there = [turn for turn in order if truth[turn] == 1 and usable[turn]]
    others = [turn for turn in order if truth[turn] == 0 and usable[turn]]
    if len(there) < size or len(others) < size:
        return None
    return np.isin(keys, [*there[:size], *others[: NEGATIVES * size]])


def _quality(labelled: Table, held: Table, seed: int) -> tuple[float, float]:
    """Return average precision and F1 on held-out turns of a detector as ``behaviors train`` makes it."""
    learner = Learner(labelled)
    _, calibrations = generic.calibrated(labelled, learner.out_of_fold(FOLDS, seed))
    detector = learner.detector(calibrations)
    calibration = calibrations[labelled.labels[0]]
    _, first = turns.turn_keys(held)
    best = turns.turn_scores(held, detector.scores(held.items, held.dense))[:, 0]
    truth = held.truth[first, 0]
    best, truth = best[truth >= 0], truth[truth >= 0]
    said, there = calibration.probability(best) >= calibration.evidence, truth == 1
    f1 = 2 * int((said & there).sum()) / max(1, int(said.sum() + there.sum()))
    return intervals.average_precision(truth, best), f1


def _point(label: str, size: int, found: Sequence[tuple[float, float]]) -> Point:
    ap, f1 = np.array(found).T
    return Point(
        label=label,
        examples=size,
        draws=len(found),
        ap=float(ap.mean()),
        ap_range=(float(ap.min()), float(ap.max())),
        f1=float(f1.mean()),
        f1_range=(float(f1.min()), float(f1.max())),
    )


def table_of(points: Sequence[Point]) -> str:
    """Return a Markdown table: average precision and F1 a label and number of examples."""
    labels = list(dict.fromkeys(p.label for p in points))
    sizes = sorted({p.examples for p in points})
    known = {(p.label, p.examples): p for p in points}
    head = ["| label | | " + " | ".join(map(str, sizes)) + " |", "| --- | --- |" + " --- |" * len(sizes)]
    lines = []
    for label in labels:
        row = [known.get((label, size)) for size in sizes]
        lines.append(f"| {label} | AP | " + " | ".join(_cell(p.ap, p.ap_range) if p else "-" for p in row) + " |")
        lines.append("| | F1 | " + " | ".join(_cell(p.f1, p.f1_range) if p else "-" for p in row) + " |")
    return "\n".join([*head, *lines])


def _cell(value: float, span: tuple[float, float]) -> str:
    return f"{value:.2f} ({span[0]:.2f}-{span[1]:.2f})"


def figure(points: Sequence[Point]) -> str:
    """Return the curves as an SVG: examples on a logarithmic axis, average precision upward, draws as a band."""
    width, height, left, top = 640, 360, 56, 24
    right, bottom = width - 190, height - 44
    sizes = sorted({p.examples for p in points})
    low, high = np.log(sizes[0]), np.log(max(sizes[-1], sizes[0] + 1))

    def at(size: int, value: float) -> str:
        x = left + (right - left) * (np.log(size) - low) / (high - low)
        return f"{x:.1f},{bottom - (bottom - top) * value:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="Average precision by number of examples" font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for value in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        y = at(sizes[0], value).split(",")[1]
        parts.append(f'<path d="M{left},{y} H{right}" stroke="#dddddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y}" dy="4" text-anchor="end" fill="#333333">{value:.1f}</text>')
    for size in sizes:
        x = at(size, 0.0).split(",")[0]
        parts.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle" fill="#333333">{size}</text>')
    middle = (left + right) / 2
    parts.append(f'<text x="{middle}" y="{height - 6}" text-anchor="middle" fill="#333333">examples that count</text>')
    parts.append(f'<text x="{left - 40}" y="{top - 10}" fill="#333333">average precision</text>')
    names: dict[str, tuple[float, str]] = {}
    for number, label in enumerate(dict.fromkeys(p.label for p in points)):
        color = _COLORS[number % len(_COLORS)]
        own = [p for p in points if p.label == label]
        upper = [at(p.examples, p.ap_range[1]) for p in own]
        lower = [at(p.examples, p.ap_range[0]) for p in reversed(own)]
        parts.append(f'<polygon points="{" ".join([*upper, *lower])}" fill="{color}" fill-opacity="0.15"/>')
        line = " ".join(at(p.examples, p.ap) for p in own)
        dash = ("", ' stroke-dasharray="7 4"', ' stroke-dasharray="2 3"')[number % 3]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"{dash}/>')
        names[label] = float(at(1, own[-1].ap).split(",")[1]), color
    shown = sorted(names, key=lambda label: names[label][0])
    for label, y in zip(shown, _apart([names[label][0] for label in shown]), strict=True):
        parts.append(f'<text x="{right + 8}" y="{y:.1f}" dy="4" fill="{names[label][1]}">{escape(label)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _apart(heights: Sequence[float]) -> list[float]:
    """Return rising heights so far apart that text at them can be read."""
    found: list[float] = []
    for height in heights:
        found.append(max(height, found[-1] + LINE) if found else height)
    return found


def put_into(card: Path, text: str) -> None:
    """Put the curves between their markers in a card, at its end where it has none yet. Raises RequestError."""
    try:
        kept = card.read_text(encoding="utf-8")
    except OSError as problem:
        raise RequestError("there is no such card", where=str(card)) from problem
    before, _, rest = kept.partition(OPENING)
    after = rest.partition(CLOSING)[2].lstrip("\n")
    block = f"{OPENING}\n{text}\n{CLOSING}\n"
    whole = f"{before.rstrip()}\n\n{block}" + (f"\n{after}" if after else "")
    card.write_text(whole, encoding="utf-8", newline="\n")


def register(folder: Path) -> None:
    """Put the figure's sha256 into both cards of a model, which are written before it."""
    card = folder / "card.json"
    try:
        told = json.loads(card.read_text(encoding="utf-8"))
        files = told["files"]
    except (OSError, ValueError, LookupError, TypeError) as problem:
        raise RequestError(f"the model's card cannot be read ({problem})", where=str(card)) from problem
    files[FIGURE] = sha256_of(folder / FIGURE)
    card.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    people = folder / CARD
    rows = [line for line in people.read_text(encoding="utf-8").split("\n") if not line.startswith(f"| `{FIGURE}` |")]
    last = max((at for at, line in enumerate(rows) if line.startswith("| `")), default=-1)
    if last >= 0:
        rows.insert(last + 1, f"| `{FIGURE}` | `{files[FIGURE]}` |")
    people.write_text("\n".join(rows), encoding="utf-8", newline="\n")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument(
        "--data", type=Path, default=Path("models/behaviors/data/support"), help="labelled conversations"
    )
    parser.add_argument("--label", nargs="+", default=list(LABELS), metavar="ID", help="labels to learn")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N", help="numbers of examples")
    parser.add_argument("--draws", type=int, default=3, help="so many times with other examples")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same curves")
    parser.add_argument(
        "--write", type=Path, metavar="FOLDER", help="put the figure beside this card, and both into it"
    )


def run(options: argparse.Namespace) -> None:
    """Print the table; with ``--write`` also put it and the figure into a model's card. Raises RequestError."""
    if min(*options.sizes, options.draws) < 1:
        raise RequestError("sizes and draws are whole numbers of 1 and more")
    if options.write and not (options.write / CARD).is_file():  # before the work begins
        raise RequestError("there is no such card", where=str(options.write / CARD))
    points = measure(
        read_all([options.data]), options.label, sorted(set(options.sizes)), draws=options.draws, seed=options.seed
    )
    text = (
        f"Learning curves of the generic trainer over `{options.data.name}`: half the turns without case and marks, "
        f"{NEGATIVES} turns without the label beside each that counts, measured on {HELD:.0%} of the conversations "
        f"held out; means of {options.draws} draws where there are examples enough, smallest to largest in "
        f"parentheses.\n\n{table_of(points)}"
    )
    print(text)
    if options.write:
        (options.write / FIGURE).write_text(figure(points), encoding="utf-8", newline="\n")
        put_into(options.write / CARD, f"## Learning curves\n\n{text}\n\n![Learning curves]({FIGURE})")
        register(options.write)
