"""``schema``: the JSON Schemas that the JSON output keeps to."""

from __future__ import annotations

import json as jsons
from typing import Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.console import sink
from ci_checker.cli.options import Output, Quiet, examples

EXAMPLES = examples("ci-checker schema", "ci-checker schema report -o report.schema.json")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema", epilog=EXAMPLES)(schema)


def schema(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Of which output: score, report, due …", autocompletion=complete.schemas),
    ] = "score",
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Print the JSON Schema of an output."""
    from ci_checker import report

    out = sink(("json",), output=output, quiet=quiet)
    out.write(jsons.dumps(report.schema(name), ensure_ascii=False, indent=2))
