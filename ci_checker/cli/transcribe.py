"""``transcribe``: audio to transcript, nothing else."""

from __future__ import annotations

from typing import Annotated

import typer

from ci_checker.cli import progress
from ci_checker.cli.console import sink
from ci_checker.cli.options import Engine, Format, Json, Model, Output, Quiet, Speakers, examples
from ci_checker.cli.score import CALL, leave

EXAMPLES = examples(
    "ci-checker transcribe call.mp3 -o call.vtt",
    "ci-checker transcribe *.wav --model small.en --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("transcribe", epilog=EXAMPLES)(transcribe)


def transcribe(
    call: Annotated[list[str], CALL],
    model: Model = None,
    engine: Engine = None,
    speakers: Speakers = 2,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Write down what is said in recordings: who, when, what.

    Formats: text (which 'score' reads again), json, md, vtt. A stereo call has one speaker a channel.
    """
    from ci_checker import report, settings
    from ci_checker.app import scoring

    out = sink(report.formats("transcript"), format=format, json=json, output=output, quiet=quiet)
    options = scoring.ScoreOptions(model=model, engine=engine, speakers=speakers)
    with progress.shown(quiet) as shown:
        heard = scoring.transcribe(call, options, settings.load(), shown)
    good = [each.call for each in heard if each.error is None]
    if good or out.format == "json":
        out.write(report.render_transcript(good, out.format))
    leave([each.error for each in heard])
