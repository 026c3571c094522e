"""``behaviors list``, ``show``, ``check``, ``new`` and ``suggest``: the catalogue and a team's own definitions."""

from __future__ import annotations

import json as jsons
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ci_checker.cli import complete, suggest
from ci_checker.cli.console import Sink, colorful, say, sink
from ci_checker.cli.options import Folders, Format, Json, Output, Quiet, examples

if TYPE_CHECKING:
    from ci_checker.app.catalogue import Checked
    from ci_checker.behaviors.catalogue import Behavior

FORMATS = ("text", "json")


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``behaviors``."""
    app.command("list", epilog=examples("ci-checker behaviors list", "ci-checker behaviors list --behaviors our/"))(
        list_all
    )
    app.command("show", epilog=examples("ci-checker behaviors show trigger-event-opener"))(show)
    app.command("check", epilog=examples("ci-checker behaviors check", "ci-checker behaviors check our/ --json"))(check)
    suggest.register(app)


def list_all(
    behaviors: Folders = None, format: Format = None, json: Json = False, output: Output = None, quiet: Quiet = False
) -> None:
    """List the behaviors that can be committed to.

    Formats: text, json."""
    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    known = _known(tuple(behaviors or ()))
    width = max(len(name) for name in known)
    rows = [f"{name:<{width}}  {behavior.name}: {_where(behavior)}" for name, behavior in known.items()]
    _write(out, rows, [_plain(behavior) for behavior in known.values()])


def show(
    behavior: Annotated[str, typer.Argument(metavar="ID", help="A behavior.", autocompletion=complete.behaviors)],
    behaviors: Folders = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Show one definition and how reliable its detection is."""
    from ci_checker.app import catalogue, reporting

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    known = _known(tuple(behaviors or ()))
    catalogue.chosen([behavior], known)
    found = known[behavior]
    reliability = reporting.reliability(behavior)
    rows = [f"{found.name} ({found.id})", "", found.definition, "", _where(found)[0].upper() + _where(found)[1:] + "."]
    for title, lines in (("Counts", found.counts), ("Does not count", found.does_not_count)):
        rows += ["", f"{title}:", *(f"  - {line}" for line in lines)] if lines else []
    rows += ["", "Also called: " + ", ".join(found.aliases)] if found.aliases else []
    if reliability is not None:
        rows += ["", f"Detection: precision {reliability.precision:.0%}, recall {reliability.recall:.0%} "
                 f"on {reliability.calls} {reliability.measured_on}. {reliability.note}"]  # fmt: skip
    rows += ["", f"Defined in {found.source}"]
    _write(out, rows, {**_plain(found), "reliability": None if reliability is None else asdict(reliability)})


def check(
    folder: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR", help="Folders with your team's own behaviors.")
    ] = None,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Check definitions, and their examples on the detector.

    An example that counts should be found and one that does not be left alone. A wrong one is named,
    and so is what contradicts itself, and the exit status is 1; one in doubt is no error. Formats: text,
    json.
    """
    from ci_checker.app import catalogue

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    checked = catalogue.check(_known(tuple(folder or ())))
    rows = [_line(each) for each in checked]
    _write(out, rows, [_checked(each) for each in checked])
    wrong = [(each, example) for each in checked for example in each.wrong]
    for each, example in wrong:
        what = "counts, but is not found" if example.counts else "does not count, but is found"
        say(f'{each.behavior.id}: "{example.text}" {what}.', quiet=quiet)
    against = [(each, told) for each in checked for told in each.contradictions]
    for each, told in against:
        say(f"{each.behavior.id}: {told} ({each.behavior.source}).", quiet=quiet)
    if wrong or against:
        raise typer.Exit(1)


def _known(folders: tuple[Path, ...]) -> dict[str, Behavior]:
    from ci_checker import settings
    from ci_checker.app import catalogue

    return catalogue.behaviors(settings.load(), folders)


def _write(out: Sink, rows: list[str], value: Any) -> None:
    if out.format == "json":
        key = "behaviors" if isinstance(value, list) else "behavior"
        out.write(jsons.dumps({"schema": 1, key: value}, ensure_ascii=False, indent=2, default=str))
        return
    if colorful(out.path) and len(rows) > 1 and not rows[1]:
        rows = [f"\x1b[1m{rows[0]}\x1b[0m", *rows[1:]]
    out.write("\n".join(rows))


def _where(behavior: Behavior) -> str:
    if behavior.measure is not None:
        return f"measured, bound {behavior.bound:g}"
    places = {
        "opening": "in the opening",
        "early": "early in the call",
        "anywhere": "anywhere in the call",
        "after-objection": "after an objection",
        "with-gatekeeper": "with a gatekeeper on the line",
    }
    counted = ", counted" if behavior.counted else ""
    return f"{places.get(behavior.place, str(behavior.place))}{counted}"


def _plain(behavior: Behavior) -> dict[str, Any]:
    return {name: value for name, value in asdict(behavior).items() if value is not None}


def _line(each: Checked) -> str:
    if all(example.verdict is None for example in each.examples):
        return f"{each.behavior.id}: valid; {each.note or 'no examples'}"
    doubt = sum(example.verdict == "unclear" for example in each.examples)
    right = len(each.examples) - len(each.wrong) - doubt
    note = f"; {each.note}" if each.note else ""
    return (
        f"{each.behavior.id}: valid; of {len(each.examples)} examples {right} right, {doubt} in doubt, "
        f"{len(each.wrong)} wrong{note}"
    )


def _checked(each: Checked) -> dict[str, Any]:
    return {
        "id": each.behavior.id,
        "note": each.note,
        "contradictions": list(each.contradictions),
        "examples": [{**asdict(example), "wrong": example.wrong} for example in each.examples],
    }
