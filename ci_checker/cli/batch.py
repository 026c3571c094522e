"""``batch``: a week of recordings into the workspace's store."""

from __future__ import annotations

import json as jsons
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import progress
from ci_checker.cli.console import say, sink
from ci_checker.cli.options import Engine, Folders, Format, Json, Model, Output, Quiet, RepName, Speakers, examples

if TYPE_CHECKING:
    from ci_checker.app.batching import Summary

EXAMPLES = examples(
    "ci-checker batch recordings/",
    "ci-checker batch week.csv",
    "ci-checker batch calls/ --pattern '{rep}/{started_at:%Y-%m-%d_%H%M}_{account}.{ext}'",
)
FORMATS = ("text", "json")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("batch", epilog=EXAMPLES)(batch)


def batch(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A folder, a manifest (.csv, .jsonl), or a URL.", show_default=False)
    ],
    pattern: Annotated[
        str | None,
        typer.Option("--pattern", metavar="TEXT", help="How a path tells rep, time and account.", show_default=False),
    ] = None,
    rep: RepName = None,
    model: Model = None,
    engine: Engine = None,
    speakers: Speakers = 2,
    behaviors: Folders = None,
    again: Annotated[bool, typer.Option("--again", help="Hear and score anew what was done before.")] = False,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Hear and score a week of calls into the workspace.

    What was done before is skipped, by content and settings; a run that was stopped goes on where it
    was. A bad file is named and the rest goes on. Formats of the summary: text, json.
    """
    from ci_checker import settings
    from ci_checker.app import batching

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    with progress.shown(quiet) as shown:
        summary = batching.batch(
            source,
            settings.load(),
            pattern=pattern,
            rep=rep,
            model=model,
            engine=engine,
            speakers=speakers,
            behaviors_folders=tuple(behaviors or ()),
            again=again,
            progress=shown,
        )
    out.write(as_json(summary) if out.format == "json" else as_text(summary))
    for _, line in summary.failed:
        say(f"ci-checker: {line}")
    if summary.failed:
        raise typer.Exit(1)


def as_text(summary: Summary) -> str:
    """Return the summary in a few lines."""
    heard = f"; {summary.heard_s / 60:.0f} minutes of audio heard" if summary.heard_s else ""
    skipped = f", {summary.skipped} done before" if summary.skipped else ""
    failed = f", {len(summary.failed)} failed" if summary.failed else ""
    lines = [f"{summary.done} call{'' if summary.done == 1 else 's'} done{skipped}{failed}{heard}."]
    return "\n".join([*lines, *summary.notes])


def as_json(summary: Summary) -> str:
    """Return the summary as one JSON object."""
    value = {
        "schema": 1,
        "done": summary.done,
        "skipped": summary.skipped,
        "failed": [{"call": path, "error": line} for path, line in summary.failed],
        "notes": list(summary.notes),
        "heard_seconds": round(summary.heard_s, 1),
    }
    return jsons.dumps(value, ensure_ascii=False, indent=2)
