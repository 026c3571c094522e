"""``commitment edit``: change parts of a promise."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ci_checker.cli.commitment import parts, show
from ci_checker.cli.commitment.listing import FORMATS, Which
from ci_checker.cli.console import say, sink
from ci_checker.cli.options import Format, Json, Output, Quiet, examples
from ci_checker.errors import RequestError

EXAMPLES = examples(
    "ci-checker commitment edit Luke --check-on 2026-11-30",
    'ci-checker commitment edit 3 --target 8 --statement "8 trigger-event openers, mornings, Monday to Thursday"',
)


def register(app: typer.Typer) -> None:
    """Add the command to the group ``commitment``."""
    app.command("edit", epilog=EXAMPLES)(edit)


def edit(
    which: Which,
    statement: Annotated[str | None, typer.Option("--statement", metavar="TEXT", help="The promise in words.")] = None,
    behavior: parts.Behavior = None,
    target: parts.Target = None,
    per_call: parts.PerCall = None,
    weekdays: parts.Weekdays = None,
    from_time: parts.From = None,
    to_time: parts.To = None,
    call_type: parts.CallType = None,
    direction: parts.Direction = None,
    account: parts.Account = None,
    start: parts.Start = None,
    end: parts.End = None,
    check_on: parts.CheckOn = None,
    bound: parts.Bound = None,
    rep_words: parts.RepWords = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A note.")] = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Change parts of a commitment.

    Only what is given changes. Formats: text, json, md."""
    from ci_checker import settings
    from ci_checker.app import ledger

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    terms = parts.terms(
        date.today(),
        statement=statement,
        behavior=behavior,
        target=target,
        per_call=per_call,
        weekdays=weekdays,
        from_time=from_time,
        to_time=to_time,
        call_type=call_type,
        direction=direction,
        account=account,
        start=start,
        end=end,
        check_on=check_on,
        rep_words=rep_words,
        bound=bound,
    )
    if terms == ledger.NOTHING and note is None:
        raise RequestError("nothing is changed", todo="Say what: 'ci-checker commitment edit --help' lists the parts.")
    loaded = settings.load()
    kept = ledger.edit(ledger.meant(which, loaded), terms, loaded, note=note)
    for text in kept.warnings:
        say(f"Note: {text}", quiet=quiet)
    write = {"json": show.as_json, "md": show.as_markdown, "text": show.as_text}[out.format]
    out.write(write(kept.commitment))
