"""``due``: what is to be checked."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.console import colorful, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, examples

EXAMPLES = examples(
    "ci-checker due", 'ci-checker due --manager "Maya Collins" --as-of mon', "ci-checker due -o checks.ics"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("due", epilog=EXAMPLES)(due)


def due(
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="NAME", help="Only reps of a manager.", autocompletion=complete.managers),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Seen from this day: 2026-11-23, mon.", show_default="today"),
    ] = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """List what is to be checked, overdue first.

    Then today, then the days to come; reps with no active commitment are named. Formats: text, md,
    json, and ics: calendar entries for the check dates.
    """
    from ci_checker import report, settings
    from ci_checker.app import rhythm

    out = sink(report.formats("due"), format=format, json=json, output=output, quiet=quiet)
    day = date.today() if as_of is None else parse_date(as_of, date.today(), option="--as-of")
    found = rhythm.checks(settings.load(), manager=manager, as_of=day)
    out.write(report.render([found], out.format, color=colorful(out.path), kind="due"))
