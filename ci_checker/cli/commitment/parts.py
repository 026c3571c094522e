"""The options that spell out the parts of a promise, and how they become terms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.dates import parse_date, parse_target, parse_time, parse_weekdays
from ci_checker.errors import RequestError

if TYPE_CHECKING:
    from ci_checker.app.ledger import Terms

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
) -> Terms:
    """Return what was spelled out. Raises RequestError for what cannot be read."""
    from ci_checker.app.ledger import Terms

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
    )
