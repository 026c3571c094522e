"""``checkin``: the half minute after the 1:1, from how it went to the next promise."""

from __future__ import annotations

import json as jsons
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import ask, complete
from ci_checker.cli.commitment import add, close, parts, show
from ci_checker.cli.console import interactive, say, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, Yes, examples
from ci_checker.errors import RequestError
from ci_checker.model import Bucket, Commitment, CommitmentStatus, NextStep, Outcome

if TYPE_CHECKING:
    from ci_checker.app.ledger import Terms
    from ci_checker.app.rhythm import Said
    from ci_checker.commitments import Partial
    from ci_checker.settings import Settings

FORMATS = ("text", "json", "md")
EXAMPLES = examples(
    "ci-checker checkin Luke",
    'ci-checker checkin Luke --outcome partly --words "the list ran out" --bucket system --next reissue --yes',
    'ci-checker checkin Dana --outcome done --next keep --promise "4 recaps, Monday to Friday" --yes',
    'ci-checker checkin Nina --look --words "two so far"',
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("checkin", epilog=EXAMPLES)(checkin)


def checkin(
    rep: Annotated[
        str,
        typer.Argument(
            metavar="REP",
            help="Whose 1:1 it was, or a commitment's number.",
            autocompletion=complete.reps,
            show_default=False,
        ),
    ],
    outcome: parts.HowItWent = None,
    words: Annotated[str | None, typer.Option("--words", metavar="TEXT", help="What the rep said.")] = None,
    bucket: parts.Cause = None,
    blocker: Annotated[str | None, typer.Option("--blocker", metavar="TEXT", help="What stood in the way.")] = None,
    next_step: parts.Next = None,
    promise: Annotated[
        str | None, typer.Option("--promise", metavar="TEXT", help="The next promise, in a sentence.")
    ] = None,
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
    rep_words: parts.RepWords = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day of the 1:1.", show_default="today")
    ] = None,
    look: Annotated[
        bool,
        typer.Option(
            "--look", help="Only the daily look at a new rep's promise: it stays open, its check moves on by a day."
        ),
    ] = False,
    yes: Yes = False,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Record a 1:1: how it went, and what is next.

    Closes the active commitment and opens the next one together, or changes nothing. What no option
    says is asked for at a terminal; with --yes nothing is asked. A new rep's promise is looked at every
    working day: --look keeps it open. Formats: text, json, md.
    """
    from ci_checker import settings
    from ci_checker.app import ledger, rhythm
    from ci_checker.cli import looking
    from ci_checker.commitments.ending import closed_already
    from ci_checker.commitments.words import day as spoken

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    loaded = settings.load()
    commitment = ledger.meant(rep, loaded)
    if commitment.status is CommitmentStatus.CLOSED:
        raise closed_already(commitment)
    today = date.today()
    day = today if on is None else parse_date(on, today, option="--on")
    given = parts.terms(
        day,
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
    )
    asking = interactive() and not yes
    whole = outcome, bucket, blocker, next_step, promise, rep_words
    if looking.meant(commitment, loaded, look=look, whole=whole, given=given, on=day, asking=asking):
        looked = looking.look(commitment, loaded, on=day, words=words, check_on=given.check_on, asking=asking)
        say(f"The promise stays open; the next look is on {spoken(looked.check_on)}.", quiet=quiet)
        out.write(_written(None, looked, out.format))
        return
    said = _said(commitment, asking, outcome, words, bucket, blocker)
    if next_step is None:
        next_step = _next(commitment, said.outcome, day, loaded, asking)
    following = _promise(commitment, loaded, next_step, promise, given, day, asking)
    if rep_words is None and asking:
        otherwise = "Enter to skip" if following is not None else "Enter: as before"
        rep_words = ask.text(f"How does {commitment.rep} say it back? (their own words; {otherwise})")
    kept = rhythm.check_in(
        commitment,
        loaded,
        said,
        on=day,
        next_step=next_step,
        promise=following,
        rep_words=rep_words or "",
        check_on=given.check_on,
    )
    for text in (*(following.notes if following else ()), *kept.warnings):
        say(f"Note: {text}", quiet=quiet)
    fresh = kept.successor or kept.commitment
    say(f"Commitment {commitment.id} is closed, {fresh.id} is open.", quiet=quiet)
    out.write(_written(kept.commitment, fresh, out.format))


def _said(
    commitment: Commitment,
    asking: bool,
    outcome: Outcome | None,
    words: str | None,
    bucket: Bucket | None,
    blocker: str | None,
) -> Said:
    """Return what the manager says of the 1:1; what no option says is asked for."""
    from ci_checker.app.rhythm import Said

    choices = [each.value for each in Outcome]
    if outcome is None:
        if not asking:
            raise RequestError(
                "it is not said how it went", where="--outcome", todo=f"Give --outcome {'|'.join(choices)}."
            )
        say(f"{commitment.rep} promised: {commitment.statement}")
        outcome = Outcome(ask.choice("How did it go?", choices))
    if asking:
        words = ask.text(f"What did {commitment.rep} say? (Enter to skip)") if words is None else words
        if outcome is not Outcome.DONE:
            bucket = bucket or close.asked_bucket()
            blocker = ask.text("What stood in the way? (Enter to skip)") if blocker is None else blocker
    return Said(outcome=outcome, words=words or "", bucket=bucket, blocker=blocker or "")


def _next(commitment: Commitment, outcome: Outcome, day: date, loaded: Settings, asking: bool) -> NextStep:
    """Return what the manager chooses; a layer is only suggested where the behavior has stuck."""
    from ci_checker.app import ledger

    choices = [each.value for each in NextStep]
    if not asking:
        raise RequestError("it is not said what is next", where="--next", todo=f"Give --next {'|'.join(choices)}.")
    say("keep: it stays, and one thing is added. reissue: the same again. replace: another one.")
    suggested = close.suggested(outcome)
    if outcome is Outcome.DONE:
        stuck, progress = ledger.sticking(commitment, outcome, day, loaded)
        suggested = suggested if stuck else NextStep.REISSUE.value
        say(progress)
    return NextStep(ask.choice("What is next?", choices, suggested))


def _promise(
    commitment: Commitment,
    loaded: Settings,
    next_step: NextStep,
    promise: str | None,
    given: Terms,
    day: date,
    asking: bool,
) -> Partial | None:
    """Return what is promised next, complete; ``None`` where it is the same again or not said at all."""
    from ci_checker.app import catalogue, ledger, rhythm

    if next_step is NextStep.REISSUE:
        if promise is not None or given.changes_promise:
            raise RequestError(
                "the same promise again and another one contradict each other",
                where="--next reissue",
                todo="Leave the new promise away, or choose --next keep or replace.",
            )
        return None
    if promise is None and given.behavior is None:
        if not asking:
            return None
        promise = ask.text(f"What does {commitment.rep} promise to do until the next 1:1? (one sentence)")
    known = catalogue.behaviors(loaded)
    partial = rhythm.next_promise(promise or "", given, loaded, rep=commitment.rep, on=day)
    partial = add.asked(partial, known) if asking else add.refused(partial)
    return partial if partial.statement else replace(partial, statement=ledger.in_one_sentence(partial, known))


def _written(closed: Commitment | None, fresh: Commitment, format: str) -> str:
    if format == "json":
        value = {"schema": 1, "closed": None if closed is None else show.plain(closed), "next": show.plain(fresh)}
        return jsons.dumps(value, ensure_ascii=False, indent=2)
    if closed is None:
        return show.as_markdown(fresh) if format == "md" else show.as_text(fresh)
    if format == "md":
        return f"{show.as_markdown(closed)}\n\n{show.as_markdown(fresh)}"
    return f"Closed:\n{show.table([closed], closed.closed_on or closed.check_on, format)}\n\n{show.as_text(fresh)}"
