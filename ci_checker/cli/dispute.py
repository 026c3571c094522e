"""``dispute``: a rep contests a piece of evidence, and a person settles it."""

from __future__ import annotations

import json as jsons
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ci_checker.cli import complete
from ci_checker.cli.console import say, sink
from ci_checker.cli.options import Format, Json, Output, Quiet, RepName, examples
from ci_checker.errors import RequestError
from ci_checker.model import Ruling, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ci_checker.app.disputes import Contested

FORMATS = ("text", "json")
SHOWN = {Verdict.SEEN: "shown as seen", Verdict.NOT_SEEN: "shown as not seen"}
RULED = {Ruling.STANDS: "the evidence stands", Ruling.WITHDRAWN: "the evidence is withdrawn"}


class Disputes(TyperGroup):
    """The group of dispute's commands; a call in the place of a command's name is contested."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read ``dispute CALL BEHAVIOR …`` as ``dispute add CALL BEHAVIOR …``."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["add", *args]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed


app = typer.Typer(
    cls=Disputes,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="A rep contests a piece of evidence, and a person settles it.",
    epilog=examples(
        'ci-checker dispute granite-heating trigger-event-opener --rep Luke --at 0:12 --note "I named their new shop"',
        "ci-checker dispute list",
        "ci-checker dispute settle 1 --withdrawn",
    ),
)


@app.command(
    "add",
    epilog=examples(
        'ci-checker dispute add granite-heating recap --rep Luke --note "The recap came before the bad line"',
        'ci-checker dispute granite-heating trigger-event-opener --rep Luke --at 0:12 --note "I named their new shop"',
    ),
)
def add(
    call: Annotated[
        str,
        typer.Argument(metavar="CALL", help="Its file, its account, or a part of either.", show_default=False),
    ],
    behavior: Annotated[
        str,
        typer.Argument(
            metavar="BEHAVIOR",
            help="What was or was not seen in it.",
            autocompletion=complete.behaviors,
            show_default=False,
        ),
    ],
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="What is not right about it; the report shows it.")
    ] = "",
    rep: RepName = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="MM:SS", help="One quote, or where it was said and not seen.")
    ] = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Contest what the evidence says of a call.

    The note stands beside the evidence in the report, for rep and manager alike, and the call counts as unclear until
    it is settled. Said again, the later words replace the earlier ones. Formats: text, json.
    """  # fmt: skip
    from ci_checker import settings
    from ci_checker.app import disputes

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    loaded = settings.load()
    who = rep or (loaded.reps[0].name if len(loaded.reps) == 1 else None)
    if who is None:
        raise RequestError("it is not said who contests it", where="--rep", todo="Give --rep NAME.")
    found = disputes.contest(loaded, call, behavior, rep=who, note=note, at_s=None if at is None else seconds(at))
    say("The call counts as unclear until this is settled: "
        f"ci-checker dispute settle {found.dispute.id} --stands, or --withdrawn.", quiet=quiet)  # fmt: skip
    out.write(_written([found], out.format))


@app.command("list", epilog=examples("ci-checker dispute list", "ci-checker dispute list --rep Luke --all --json"))
def list_all(
    rep: RepName = None,
    settled: Annotated[bool, typer.Option("--all", help="Also those that are settled.")] = False,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """List what is contested and not settled yet.

    Formats: text, json."""
    from ci_checker import settings
    from ci_checker.app import disputes

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    found = disputes.listed(settings.load(), rep=rep, open_only=not settled)
    out.write(_written(found, out.format) if found or out.format == "json" else "Nothing is contested.")


@app.command(
    "settle",
    epilog=examples(
        'ci-checker dispute settle 1 --stands --note "We listened together"',
        "ci-checker dispute settle 1 --withdrawn --by Maya",
    ),
)
def settle(
    which: Annotated[str, typer.Argument(metavar="N", help="The dispute's number.", show_default=False)],
    stands: Annotated[bool, typer.Option("--stands", help="The evidence stands; the call counts as before.")] = False,
    withdrawn: Annotated[
        bool, typer.Option("--withdrawn", help="The evidence is withdrawn; the call counts as the rep says.")
    ] = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who settles it.", show_default="the manager")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was found.")] = "",
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Settle a dispute: the evidence stands, or it is withdrawn.

    Best done together in the 1:1, with the clip open. The note and the ruling stay beside the evidence. Formats:
    text, json.
    """  # fmt: skip
    from ci_checker import settings
    from ci_checker.app import disputes

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    if stands == withdrawn:
        raise RequestError("it is not said how it was settled", todo="Give --stands or --withdrawn: of the evidence.")
    number = which.strip().lstrip("#")
    if not number.isdecimal():
        raise RequestError(f"'{which}' is no dispute's number", todo="See 'ci-checker dispute list'.")
    loaded = settings.load()
    who = by or loaded.manager
    if not who or not who.strip():
        raise RequestError("it is not said who settles it", where="--by", todo="Give --by NAME.")
    ruling = Ruling.STANDS if stands else Ruling.WITHDRAWN
    found = disputes.settle(loaded, int(number), ruling, by=who, note=note)
    out.write(_written([found], out.format))


def seconds(text: str) -> float:
    """Return the seconds of ``4:12``, ``01:04:12`` or ``75``. Raises RequestError."""
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,2}(?:\.\d+)?)|(\d+(?:\.\d+)?)", text.strip())
    if match is None or (match[2] is not None and float(match[3]) >= 60):
        raise RequestError(f"'{text}' is no place in a call", where="--at", todo="Write minutes and seconds: 4:12.")
    if match[4] is not None:
        return float(match[4])
    return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])


def text(found: Contested) -> str:
    """Return one dispute in words: who contests what, the note, and how it was settled."""
    from ci_checker.report.clean import plain
    from ci_checker.report.words import mmss

    each = found.dispute
    at = f", at {mmss(each.at_s)}" if each.at_s is not None else ""
    lines = [
        f"{each.id}. {each.rep}: {each.behavior} in {found.place}{at}, {SHOWN[each.shown_as]}",
        f"   “{each.note}”",
    ]
    if each.ruling is None:
        lines.append("   open: the call counts as unclear")
    else:
        why = f": “{each.settled_note}”" if each.settled_note else ""
        lines.append(f"   settled by {each.settled_by}: {RULED[each.ruling]}{why}")
    indents = (line[: len(line) - len(line.lstrip())] + plain(line.strip()) for line in lines)
    return "\n".join(indents)


def _written(found: Sequence[Contested], format: str) -> str:
    if format != "json":
        return "\n".join(text(each) for each in found)
    from ci_checker.report.plain import plain

    return jsons.dumps({"schema": 1, "disputes": [plain(each.dispute) for each in found]}, ensure_ascii=False, indent=2)
