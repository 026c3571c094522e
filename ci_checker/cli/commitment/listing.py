"""``commitment list`` and ``commitment show``."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.commitment import show
from ci_checker.cli.console import sink
from ci_checker.cli.options import Format, Json, Output, Quiet, RepName, examples

FORMATS = ("text", "json", "md")
Which = Annotated[
    str,
    typer.Argument(
        metavar="ID|REP", help="A commitment's number, or a rep's active one.", autocompletion=complete.reps,
        show_default=False,
    ),
]  # fmt: skip


class Status(StrEnum):
    """Which commitments are listed."""

    ACTIVE = "active"
    CLOSED = "closed"
    ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``commitment``."""
    app.command("list", epilog=examples(
        "ci-checker commitment list",
        "ci-checker commitment list --rep Luke --json",
        "ci-checker commitment list --status closed -o crm.csv",
    ))(list_all)  # fmt: skip
    app.command("show", epilog=examples("ci-checker commitment show 3", "ci-checker commitment show Luke --json"))(
        show_one
    )


def list_all(
    rep: RepName = None,
    status: Annotated[Status, typer.Option("--status", help="Which ones.")] = Status.ALL,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """List commitments, a line each: who, what, how it stands.

    Formats: text, json, md, and csv for a CRM: one row a commitment, with the columns that the task
    imports of Salesforce and HubSpot match (Subject, Description, Due Date, Activity Date, Status, Rep,
    Rep Email, Manager, Behavior, Outcome, Made On, External Id). A rep's address is the first of 'emails' in
    ci-checker.toml.
    """
    from ci_checker import report, settings
    from ci_checker.app import ledger, teams
    from ci_checker.model import CommitmentStatus
    from ci_checker.report.ledger import Entry

    out = sink((*FORMATS, *report.formats("ledger")), format=format, json=json, output=output, quiet=quiet)
    wanted = None if status is Status.ALL else CommitmentStatus(status.value)
    loaded = settings.load()
    found = ledger.listed(loaded, rep=rep, status=wanted)
    if out.format in FORMATS:
        out.write(show.table(found, date.today(), out.format))
        return
    entries = [Entry(commitment=each, mail=teams.mail_of(each.rep, loaded)) for each in found]
    out.write(report.render(entries, out.format, kind="ledger"))


def show_one(
    which: Which, format: Format = None, json: Json = False, output: Output = None, quiet: Quiet = False
) -> None:
    """Show one commitment with all its parts.

    Formats: text, json, md."""
    from ci_checker import settings
    from ci_checker.app import ledger

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    write = {"json": show.as_json, "md": show.as_markdown, "text": show.as_text}[out.format]
    out.write(write(ledger.meant(which, settings.load())))
