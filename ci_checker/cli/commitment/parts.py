"""The options that spell out the parts of a promise, and how they become terms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ci_checker.cli import complete
from ci_checker.cli.console import either
from ci_checker.cli.dates import parse_date, parse_target, parse_time, parse_weekdays
from ci_checker.errors import RequestError
from ci_checker.model import Bucket, NextStep, Outcome

if TYPE_CHECKING:
    from ci_checker.app.ledger import Terms

_Word = TypeVar("_Word", bound=StrEnum)


def _one_of(kind: type[_Word], what: str, option: str) -> Callable[[str | _Word], _Word]:
    """Return a reader of one of a few words, however they are spelled: ``not done``, ``Not-Done``, ``not_done``."""

    def read(text: str | _Word) -> _Word:
        wanted = "_".join(str(text).casefold().replace("-", " ").replace("_", " ").split())
        for each in kind:
            if wanted in (each.value, each.value.replace("_", "")):
                return each
        raise RequestError(f"'{text}' is no {what}", where=option, todo=f"Use {either(tuple(kind))}.")

    return read


def _offer(kind: type[StrEnum]) -> Callable[[str], list[str]]:
    def offered(incomplete: str) -> list[str]:
        return [each.value for each in kind if each.value.startswith(incomplete.casefold())]

    return offered


HowItWent = Annotated[
    Outcome | None,
    typer.Option(
        "--outcome",
        metavar="done|partly|not_done",
        parser=_one_of(Outcome, "outcome", "--outcome"),
        autocompletion=_offer(Outcome),
        help="How it went; you decide.",
        show_default=False,
    ),
]
Cause = Annotated[
    Bucket | None,
    typer.Option(
        "--bucket",
        metavar="skill|will|knowledge|system",
        parser=_one_of(Bucket, "cause", "--bucket"),
        autocompletion=_offer(Bucket),
        help="Why it did not stick; only you can say.",
        show_default=False,
    ),
]
Next = Annotated[
    NextStep | None,
    typer.Option(
        "--next",
        metavar="keep|reissue|replace",
        parser=_one_of(NextStep, "next step", "--next"),
        autocompletion=_offer(NextStep),
        help="keep and add a layer, reissue the same, or replace it.",
        show_default=False,
    ),
]
Behavior = Annotated[
    str | None,
    typer.Option("--behavior", "-b", metavar="ID", help="The one behavior.", autocompletion=complete.behaviors),
]
Target = Annotated[
    str | None,
    typer.Option("--target", metavar="10|50%|every", help="Calls, a share of the eligible ones, or every one."),
]
PerCall = Annotated[
    int | None, typer.Option("--per-call", metavar="N", min=1, help="How often in one call, for it to count.")
]
Weekdays = Annotated[str | None, typer.Option("--weekdays", metavar="mon-thu", help="The days on which it holds.")]
From = Annotated[str | None, typer.Option("--from", metavar="09:00", help="From this time of day.")]
To = Annotated[str | None, typer.Option("--to", metavar="10:00", help="Before this time of day.")]
CallType = Annotated[
    list[str] | None, typer.Option("--call-type", metavar="NAME", help="Only such calls: cold, discovery; repeatable.")
]
Direction = Annotated[
    list[str] | None, typer.Option("--direction", metavar="NAME", help="Only inbound or outbound calls; repeatable.")
]
Account = Annotated[
    list[str] | None, typer.Option("--account", metavar="NAME", help="Only calls with this account; repeatable.")
]
Start = Annotated[str | None, typer.Option("--start", metavar="DATE", help="The first day: 2026-11-23, today, mon.")]
End = Annotated[str | None, typer.Option("--end", metavar="DATE", help="The last day.")]
CheckOn = Annotated[
    str | None, typer.Option("--check-on", metavar="DATE", help="The day of the 1:1 that checks it; else a week later.")
]
Bound = Annotated[
    str | None,
    typer.Option("--bound", metavar="50%|60s", help="What is measured stays within: a share of the words, seconds."),
]
RepWords = Annotated[str | None, typer.Option("--rep-words", metavar="TEXT", help="The rep saying it back.")]


def terms(
    today: date,
    *,
    statement: str | None = None,
    behavior: str | None = None,
    target: str | None = None,
    per_call: int | None = None,
    weekdays: str | None = None,
    from_time: str | None = None,
    to_time: str | None = None,
    call_type: list[str] | None = None,
    direction: list[str] | None = None,
    account: list[str] | None = None,
    start: str | None = None,
    end: str | None = None,
    check_on: str | None = None,
    rep_words: str | None = None,
    bound: str | None = None,
) -> Terms:
    """Return what was spelled out. Raises RequestError for what cannot be read."""
    from ci_checker.app.ledger import Terms
    from ci_checker.commitments.bounds import parse_bound

    for name in direction or ():
        if name not in ("inbound", "outbound"):
            raise RequestError(f"'{name}' is no direction", where="--direction", todo="Use inbound or outbound.")
    return Terms(
        statement=statement,
        behavior=behavior,
        target=None if target is None else parse_target(target),
        per_call=per_call,
        weekdays=None if weekdays is None else parse_weekdays(weekdays),
        from_time=None if from_time is None else parse_time(from_time, "--from"),
        to_time=None if to_time is None else parse_time(to_time, "--to"),
        call_types=None if not call_type else tuple(call_type),
        directions=None if not direction else tuple(direction),
        accounts=None if not account else tuple(account),
        start=None if start is None else parse_date(start, today, option="--start"),
        end=None if end is None else parse_date(end, today, option="--end"),
        check_on=None if check_on is None else parse_date(check_on, today, option="--check-on", later=True),
        rep_words=rep_words,
        bound=None if bound is None else parse_bound(bound),
    )
