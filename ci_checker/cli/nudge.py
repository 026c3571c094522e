"""``nudge``: the mid-week message to a rep."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.console import say, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, RepName, examples
from ci_checker.errors import RequestError

EXAMPLES = examples(
    "ci-checker nudge --rep Luke", "ci-checker nudge", 'ci-checker nudge --manager "Maya Collins" --json'
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("nudge", epilog=EXAMPLES)(nudge)


def nudge(
    rep: RepName = None,
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="NAME", help="All reps of a manager.", autocompletion=complete.managers),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day of the message: 2026-11-18, wed.", show_default="today"),
    ] = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Write the mid-week message to a rep.

    Two sentences to send: where the count stands against the promise, and until when. Of one rep, of
    a manager's reps, or of all. The same text all day. Formats: text, json.
    """
    from ci_checker import report, settings
    from ci_checker.app import rhythm

    if rep is not None and manager is not None:
        raise RequestError("--rep and --manager are both given", todo="Give one of them.")
    out = sink(report.formats("nudge"), format=format, json=json, output=output, quiet=quiet)
    day = date.today() if as_of is None else parse_date(as_of, date.today(), option="--as-of")
    found = rhythm.nudges(settings.load(), rep=rep, manager=manager, as_of=day)
    for name in found.without:
        say(f"{name} has no active commitment, so there is nothing to send.", quiet=quiet)
    for line in found.failed:
        say(f"ci-checker: {line}")
    if found.nudges or out.format != "text":
        out.write(report.render([found], out.format, kind="nudge"))
    if found.failed:
        raise typer.Exit(1)
