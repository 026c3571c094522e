"""``demo``: the whole job on the shipped recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ci_checker.cli import progress
from ci_checker.cli.browser import open_page
from ci_checker.cli.console import colorful, interactive, say, sink
from ci_checker.cli.options import Format, Json, Quiet, examples

EXAMPLES = examples("ci-checker demo", "ci-checker demo -o /tmp/first-look --no-open")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog=EXAMPLES)(demo)


def demo(
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the demo's workspace is made.")
    ] = Path("ci-checker-demo"),
    open_report: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open the report in the browser.", show_default="on a terminal"),
    ] = None,
    format: Format = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Do the whole job on made-up recordings, up to the report.

    A rep's week of calls is heard on this machine and checked against what the rep promised. No
    download. The voices are synthesized, and so is all that they say.
    """
    from ci_checker import report
    from ci_checker.app import demo as whole

    out = sink(report.formats("report"), format=format, json=json, quiet=quiet)
    with progress.shown(quiet) as shown:
        result = whole.run(folder.expanduser(), progress=shown)
    out.write(report.render(result.reports, out.format, color=colorful(), kind="report"))
    for line in result.lines:
        say(line, quiet=quiet)
    if interactive() if open_report is None else open_report:
        open_page(result.page, quiet=quiet)
    if result.summary.failed:
        raise typer.Exit(1)
