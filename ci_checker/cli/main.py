"""The entry point of ``ci-checker``: all commands, none of their work."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import ci_checker
from ci_checker.cli import (
    batch,
    behaviors,
    cadence,
    checkin,
    demo,
    dispute,
    doctor,
    due,
    init,
    learn,
    nudge,
    report,
    review,
    schema,
    score,
    transcribe,
    voices,
)
from ci_checker.cli.commitment import app as commitment
from ci_checker.cli.guard import Commands
from ci_checker.cli.options import examples

app = typer.Typer(
    name="ci-checker",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=examples(
        "ci-checker demo                      the whole job on made-up recordings",
        "ci-checker score call.mp3 --rep left one call of yours",
        "ci-checker init                      a workspace for your team's weeks",
    ),
)

for module in (demo, score, transcribe, init, batch):
    module.register(app)
app.add_typer(commitment, name="commitment")
report.register(app)
for module in (checkin, nudge, due, cadence):
    module.register(app)
review.register(app)
app.add_typer(dispute.app, name="dispute")
behaviors.register(learn.app)
app.add_typer(learn.app, name="behaviors")
app.add_typer(voices.app, name="voices")
doctor.register(app)
schema.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ci-checker {ci_checker.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Check sales-coaching commitments against evidence from recorded calls, on this machine only.

    Evidence for a conversation between a manager and a rep: quotes with their place in a call, and
    how sure the checker is. It is not a score of a person. Nothing leaves this machine.
    """


def run() -> None:
    """Run the command line of this process."""
    # A pipe's encoding follows the locale on some systems; results are UTF-8 wherever they go.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace") if stream.isatty() else stream.reconfigure(encoding="utf-8")
    app(prog_name="ci-checker")
