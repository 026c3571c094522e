"""``commitment add``: write a promise down, asking for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import ask
from ci_checker.cli.commitment import parts, show
from ci_checker.cli.console import interactive, say, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, RepName, Yes, examples
from ci_checker.errors import RequestError

if TYPE_CHECKING:
    from ci_checker.behaviors.catalogue import Behavior
    from ci_checker.commitments import Partial
    from ci_checker.settings import Settings

FORMATS = ("text", "json", "md")
EXAMPLES = examples(
    'ci-checker commitment add "10 trigger-event openers, every morning before 10, Monday to Thursday" --rep Luke',
    'ci-checker commitment add "Recap on every discovery call" --rep Dana --call-type discovery --yes',
    "ci-checker commitment add --rep Luke --behavior recap --target 50% --weekdays mon-thu --check-on mon",
    'ci-checker commitment add "Talk ratio under 50% on every discovery call" --rep Dana',
    "ci-checker commitment add --again --rep Luke",
)


def register(app: typer.Typer) -> None:
    """Add the command to the group ``commitment``."""
    app.command("add", epilog=EXAMPLES)(add)


def add(
    promise: Annotated[
        str, typer.Argument(metavar="PROMISE", help="What is promised, in a sentence.", show_default=False)
    ] = "",
    rep: RepName = None,
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
    again: Annotated[bool, typer.Option("--again", help="The rep's last promise once more, with new dates.")] = False,
    replace_last: Annotated[
        bool, typer.Option("--replace", help="Let the last promise go, although it was not kept.")
    ] = False,
    made_on: Annotated[
        str | None, typer.Option("--made-on", metavar="DATE", help="The day of the promise.", show_default="today")
    ] = None,
    yes: Yes = False,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Write down what a rep promises until the next 1:1.

    One behavior that can be heard, how often, when, and a check date. What the sentence leaves open is
    asked for; with --yes, or without a terminal, a promise that nobody
    could observe is refused with the questions that would make it observable. One active promise a rep;
    after one that was not kept the same again (--again), unless it is let go (--replace).
    """
    from ci_checker import settings
    from ci_checker.app import catalogue, ledger

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    loaded = settings.load()
    asking = interactive() and not yes
    now = date.today()
    day = now if made_on is None else parse_date(made_on, now, option="--made-on")
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
        bound=bound,
    )
    name = ledger.check_free(_rep(rep, loaded, asking), loaded)
    write = {"json": show.as_json, "md": show.as_markdown, "text": show.as_text}[out.format]
    if again:
        if promise or replace_last or replace(given, check_on=None) != ledger.NOTHING:
            raise RequestError(
                "the same promise again takes only a check date",
                where="--again",
                todo="Leave the rest away; 'ci-checker commitment edit' changes parts afterwards.",
            )
        kept = ledger.again(loaded, rep=name, made_on=day, check_on=given.check_on, rep_words=rep_words or "")
        for text in kept.warnings:
            say(f"Note: {text}", quiet=quiet)
        out.write(write(kept.commitment))
        return
    known = catalogue.behaviors(loaded)
    if not promise and asking and behavior is None:
        promise = ask.text(f"What does {name} promise to do until the next 1:1? (one sentence)")
    whose = loaded.rep_named(name)
    partial = ledger.read(promise, given, today=day, known=known, started=whose.started if whose else None)
    partial = asked(partial, known) if asking else refused(partial)
    if not partial.statement:
        partial = replace(partial, statement=ledger.in_one_sentence(partial, known))
    if rep_words is None and asking:
        rep_words = ask.text(f"How does {name} say it back? (their own words; Enter to skip)")
    kept = ledger.add(partial, loaded, rep=name, rep_words=rep_words or "", replaces=replace_last)
    for text in (*partial.notes, *kept.warnings):
        say(f"Note: {text}", quiet=quiet)
    out.write(write(kept.commitment))


def _rep(rep: str | None, loaded: Settings, asking: bool) -> str:
    if rep is not None:
        return rep
    if len(loaded.reps) == 1:
        return loaded.reps[0].name
    if asking:
        team = ", ".join(each.name for each in loaded.reps)
        return ask.text(f"Whose promise is it?{f' ({team})' if team else ''}")
    raise RequestError("it is not said whose promise it is", where="--rep", todo="Give --rep NAME.")


def asked(partial: Partial, known: Mapping[str, Behavior]) -> Partial:
    """Ask until nothing is missing; what has a default is asked once."""
    from ci_checker.app import ledger

    for text in partial.notes:
        say(text)
    declined: set[str] = set()
    complete = partial.complete
    while open_ones := [each for each in partial.missing if each.part not in declined]:
        question = open_ones[0]
        hint = f" (Enter: {question.otherwise.rstrip('.')})" if question.otherwise else ""
        said = ask.text(f"{question.text}{hint}")
        if not said and question.otherwise:
            declined.add(question.part)
            continue
        before = partial
        partial = ledger.answer(partial, question, said, known=known)
        if question.part in {each.part for each in partial.missing} and said:
            say("That was not understood." if partial == before else "Noted; one thing is still open.")
    if complete:
        return partial
    sentence = ask.text("The promise in one sentence, for both to see:", ledger.in_one_sentence(partial, known))
    return replace(partial, statement=sentence)


def refused(partial: Partial) -> Partial:
    """Refuse a promise that is not complete; note which defaults were taken."""
    vague = [each for each in partial.missing if not each.otherwise]
    if vague:
        said = f'"{partial.statement}"' if partial.statement else "This promise"
        raise RequestError(
            f"{said} cannot be observed yet", todo=" ".join(each.text for each in partial.missing if not each.otherwise)
        )
    return replace(partial, notes=(*(each.otherwise for each in partial.missing), *partial.notes))
