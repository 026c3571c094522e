"""``cadence``: the leader's view of the loop."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.console import colorful, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, examples

EXAMPLES = examples("ci-checker cadence", "ci-checker cadence --weeks 12 -o cadence.html")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cadence", epilog=EXAMPLES)(cadence)


def cadence(
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="NAME", help="Only one manager.", autocompletion=complete.managers),
    ] = None,
    weeks: Annotated[
        int, typer.Option("--weeks", "-w", metavar="N", min=1, max=104, help="So many weeks, this one included.")
    ] = 8,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Up to this day: 2026-11-23, mon.", show_default="today"),
    ] = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Show a leader how each manager's loop is kept up.

    Over weeks: commitments made and how specific, checks on time, late and overdue, re-issued ones,
    reps with none, the focus behavior, evidence overruled. It is about the cadence: neither reps nor
    managers are ranked. The focus behavior is 'focus' under [team] in ci-checker.toml. Formats: text,
    html, json, md.
    """
    from ci_checker import report, settings
    from ci_checker.app import cadence as leading

    out = sink(report.formats("cadence"), format=format, json=json, output=output, quiet=quiet)
    day = date.today() if as_of is None else parse_date(as_of, date.today(), option="--as-of")
    found = leading.overview(settings.load(), manager=manager, weeks=weeks, as_of=day)
    out.write(report.render([found], out.format, color=colorful(out.path), kind="cadence"))
