"""``commitment close``: what the manager records after the 1:1, in half a minute."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ci_checker.cli import ask
from ci_checker.cli.commitment import parts, show
from ci_checker.cli.commitment.listing import FORMATS, Which
from ci_checker.cli.console import either, interactive, say, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, Yes, examples
from ci_checker.errors import RequestError
from ci_checker.model import Bucket, Commitment, CommitmentStatus, NextStep, Outcome

EXAMPLES = examples(
    "ci-checker commitment close Luke",
    'ci-checker commitment close 3 --outcome done --next keep --note "One opener booked a meeting"',
    'ci-checker commitment close Luke --outcome partly --bucket system --blocker "team call at 9" --next reissue',
)


def register(app: typer.Typer) -> None:
    """Add the command to the group ``commitment``."""
    app.command("close", epilog=EXAMPLES)(close)


def close(
    which: Which,
    outcome: parts.HowItWent = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What the rep said.")] = None,
    bucket: parts.Cause = None,
    blocker: Annotated[str | None, typer.Option("--blocker", metavar="TEXT", help="What stood in the way.")] = None,
    next_step: parts.Next = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day of the 1:1.", show_default="today")
    ] = None,
    check_on: Annotated[
        str | None, typer.Option("--check-on", metavar="DATE", help="With --next reissue: the next check.")
    ] = None,
    yes: Yes = False,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Record how it went, and what is next.

    'reissue' opens the same promise again with new dates. Formats: text, json, md.
    """
    from ci_checker import settings
    from ci_checker.app import ledger
    from ci_checker.commitments.ending import closed_already

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    loaded = settings.load()
    commitment = ledger.meant(which, loaded)
    if commitment.status is CommitmentStatus.CLOSED:
        raise closed_already(commitment)
    today = date.today()
    day = today if on is None else parse_date(on, today, option="--on")
    check = None if check_on is None else parse_date(check_on, day, option="--check-on", later=True)
    if check is not None and next_step not in (None, NextStep.REISSUE):
        raise RequestError("--check-on belongs to --next reissue", todo="Leave one of them away.")
    asking = interactive() and not yes
    if asking:
        say(show.as_text(commitment))
    if outcome is None:
        outcome = _asked_outcome(asking)
        if asking:
            note = ask.text("What did the rep say? (Enter to skip)") if note is None else note
            if outcome is not Outcome.DONE:
                bucket = bucket or asked_bucket()
                blocker = ask.text("What stood in the way? (Enter to skip)") if blocker is None else blocker
            next_step = next_step or NextStep(
                ask.choice("What is next?", [each.value for each in NextStep], suggested(outcome))
            )
    kept = ledger.close(
        commitment,
        loaded,
        outcome=outcome,
        closed_on=day,
        note=note or "",
        bucket=bucket,
        blocker=blocker or "",
        next_step=next_step or (NextStep.REISSUE if check is not None else None),
        check_on=check,
    )
    for text in kept.warnings:
        say(f"Note: {text}", quiet=quiet)
    _say_next(kept.commitment, kept.successor, quiet)
    write = {"json": show.as_json, "md": show.as_markdown, "text": show.as_text}[out.format]
    out.write(write(kept.successor or kept.commitment))


def _asked_outcome(asking: bool) -> Outcome:
    choices = [each.value for each in Outcome]
    if not asking:
        raise RequestError(
            "it is not said how it went", where="--outcome", todo=f"Give --outcome {either(tuple(choices))}."
        )
    return Outcome(ask.choice("How did it go?", choices))


def asked_bucket() -> Bucket | None:
    """Ask which of the four it is; a manager may leave it open."""
    choice = ask.choice("Which is it, as far as you can tell?", [*(each.value for each in Bucket), "open"], "open")
    return None if choice == "open" else Bucket(choice)


def suggested(outcome: Outcome) -> str:
    """Return what usually follows an outcome."""
    return NextStep.KEEP.value if outcome is Outcome.DONE else NextStep.REISSUE.value


def _say_next(closed: Commitment, successor: Commitment | None, quiet: bool) -> None:
    if successor is not None:
        say(f"Commitment {closed.id} is closed; the same one is open again as {successor.id}.", quiet=quiet)
    else:
        same = closed.outcome is not Outcome.DONE and closed.next_step not in (NextStep.REPLACE, NextStep.KEEP)
        what = "--again" if same else '"…"'
        then = f'ci-checker commitment add {what} --rep "{closed.rep}"'
        say(f"Commitment {closed.id} is closed. Next: {then}", quiet=quiet)
