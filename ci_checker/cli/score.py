"""``score``: one call or a few, evidence out."""

from __future__ import annotations

from typing import Annotated

import typer

from ci_checker.cli import progress
from ci_checker.cli.console import colorful, say, sink
from ci_checker.cli.options import (
    Behaviors,
    Engine,
    Folders,
    Format,
    Json,
    Model,
    Output,
    Quiet,
    RepSpeaker,
    Speakers,
    examples,
)

EXAMPLES = examples(
    "ci-checker score call.mp3 --rep left",
    "ci-checker score zoom.vtt --rep Luke --behavior trigger-event-opener --behavior recap",
    "ci-checker score *.wav --model base.en --json -o week.json",
)
CALL = typer.Argument(metavar="CALL", help="Recordings, transcripts or e-mails.", show_default=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score", epilog=EXAMPLES)(score)


def score(
    call: Annotated[list[str], CALL],
    rep: RepSpeaker = None,
    behavior: Behaviors = None,
    behaviors: Folders = None,
    model: Model = None,
    engine: Engine = None,
    speakers: Speakers = 2,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Print the evidence in calls: who did what, with quotes.

    Recordings are transcribed first. Works without a workspace and stores nothing.
    Formats: text, json, md, html.
    """
    from ci_checker import report, settings
    from ci_checker.app import catalogue, scoring

    out = sink(report.formats("score"), format=format, json=json, output=output, quiet=quiet)
    loaded = settings.load()
    folders = tuple(behaviors or ())
    options = scoring.ScoreOptions(
        rep=rep,
        behaviors=catalogue.chosen(behavior or (), catalogue.behaviors(loaded, folders)),
        folders=folders,
        model=model,
        engine=engine,
        speakers=speakers,
    )
    with progress.shown(quiet) as shown:
        scored = scoring.score(call, options, loaded, shown)
    out.write(report.render(scored, out.format, color=colorful(out.path), kind="score"))
    leave([each.error for each in scored])


def leave(errors: list[str | None]) -> None:
    """Name every call that failed; exit with 1 if there is one."""
    failed = [error for error in errors if error is not None]
    for error in failed:
        say(f"ci-checker: {error}")
    if failed:
        raise typer.Exit(1)
