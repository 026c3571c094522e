"""``behaviors train`` and ``behaviors eval``: classifiers for a team's own labelled turns."""

from __future__ import annotations

import json as jsons
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ci_checker.cli.console import check_writable, say, sink
from ci_checker.cli.options import Format, Json, Output, Quiet, examples
from ci_checker.errors import RequestError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The catalogue of behaviors, and a team's own.",
    epilog=examples("ci-checker behaviors list", "ci-checker behaviors show recap"),
)


FORMATS = ("text", "json")


class Groups(StrEnum):
    """What is never split between training and test."""

    CONVERSATION = "conversation"


Data = Annotated[
    Path, typer.Option("--data", metavar="FILE", help="Labelled turns, JSONL.", exists=True, show_default=False)
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same result.")]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, help="Cores to use.", show_default="all")]


@app.command(epilog=examples("ci-checker behaviors train --data turns.jsonl --out our-model"))
def train(
    data: Data,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the model is written.", show_default=False)],
    seed: Seed = 0,
    jobs: Jobs = None,
    format: Format = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit a classifier for every label; no code, no network.

    A label with fewer than five examples is left out, and named. Prints the cross-validated quality,
    which the model's card keeps too. Formats: text, json.
    """
    from ci_checker.learn import generic

    sunk = sink(FORMATS, format=format, json=json, quiet=quiet)
    if out.exists() and not out.is_dir():
        raise RequestError("this is a file", where=str(out), todo="Name a folder after --out.")
    found = generic.train(data, out, seed=seed, jobs=jobs)
    _warn(found, data)
    sunk.write(as_json(found) if sunk.format == "json" else as_text(found))
    say(f"The model is in {out}.", quiet=quiet)


@app.command(
    "eval",
    epilog=examples(
        "ci-checker behaviors eval --data turns.jsonl --model our-model",
        "ci-checker behaviors eval --data turns.jsonl --cv 10 --json --predictions out-of-fold.jsonl",
    ),
)
def evaluate(
    data: Data,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="DIR", help="A model of 'behaviors train'.", exists=True, file_okay=False),
    ] = None,
    cv: Annotated[
        int | None, typer.Option("--cv", metavar="N", min=2, help="Cross-validate in N folds.", show_default=False)
    ] = None,
    groups: Annotated[Groups, typer.Option("--groups", help="What stays together in a fold.")] = Groups.CONVERSATION,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", metavar="PATH", help="Write a probability a turn, JSONL.", show_default=False),
    ] = None,
    seed: Seed = 0,
    jobs: Jobs = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Measure a model, or cross-validate by conversation.

    Precision, recall, F1, average precision and calibration error of each label, and macro F1. Formats: text, json.
    """
    if (model is None) == (cv is None):
        raise RequestError("one of --model and --cv is needed", todo="Give --model DIR, or --cv 10.")
    if predictions is not None:
        check_writable(predictions)
    from ci_checker.learn import generic

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    found = generic.evaluate(data, model=model, cv=cv, predictions=predictions, jobs=jobs, seed=seed)
    _warn(found, data)
    out.write(as_json(found) if out.format == "json" else as_text(found))


def _warn(found: dict[str, Any], data: Path) -> None:
    """Say which labels were left out, quiet or not: a result that lacks something says so."""
    left_out: dict[str, int] = found.get("left_out", {})
    if left_out:
        named = ", ".join(f"'{label}' ({count})" for label, count in sorted(left_out.items()))
        say(f"{data}: left out, with too few examples to learn from or on every turn: {named}.")


def as_json(found: dict[str, Any]) -> str:
    """Return an evaluation as the contract's JSON object."""
    return jsons.dumps(found, ensure_ascii=False, indent=2)


def as_text(found: dict[str, Any]) -> str:
    """Return an evaluation as a table of labels, then what stands for all of them."""
    labels = found.get("labels", {})
    lines: list[str] = []
    if isinstance(labels, dict) and labels:
        columns = list(next(iter(labels.values())))
        width = max(len("label"), *(len(name) for name in labels))
        lines.append(" ".join([f"{'label':<{width}}", *(f"{column:>{max(9, len(column))}}" for column in columns)]))
        for name, row in labels.items():
            cells = (f"{_number(row.get(column)):>{max(9, len(column))}}" for column in columns)
            lines.append(" ".join([f"{name:<{width}}", *cells]))
    told = ("labels", "schema", "left_out")
    rest = [f"{name}: {_number(value)}" for name, value in found.items() if name not in told]
    return "\n".join([*lines, *rest])


def _number(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
