"""``doctor``: what is there, what would be fetched, what is missing and how to get it."""

from __future__ import annotations

import json as jsons
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from ci_checker.cli.console import colorful, say, sink
from ci_checker.cli.options import Format, Json, Output, Quiet, examples

if TYPE_CHECKING:
    from ci_checker.app.doctor import Health, Part

EXAMPLES = examples("ci-checker doctor", "ci-checker doctor --json")
MISSING = 3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog=EXAMPLES)(doctor)


def doctor(format: Format = None, json: Json = False, output: Output = None, quiet: Quiet = False) -> None:
    """Say what is installed, and what is missing.

    Also which models are present and verified, what would be downloaded, and where each setting comes
    from. Nothing is fetched. Exit status 3 if something needed is missing. Formats: text, json.
    """
    from ci_checker import settings
    from ci_checker.app import doctor as app

    out = sink(("text", "json"), format=format, json=json, output=output, quiet=quiet)
    health = app.examine(settings.load())
    out.write(as_json(health) if out.format == "json" else as_text(health, color=colorful(out.path)))
    for part in health.missing:
        # what is there and cannot be used is told with what is wrong
        wrong = part.detail if part.name == "store" else f"{part.name} is missing"
        say(f"ci-checker: {wrong.rstrip('.')}. {part.todo}".rstrip())
    if health.missing:
        raise typer.Exit(MISSING)


def as_json(health: Health) -> str:
    """Return all that was looked at as one JSON object."""
    value = {
        "schema": 1,
        "ok": not health.missing,
        "sections": {title: [asdict(part) for part in parts] for title, parts in health.sections},
    }
    return jsons.dumps(value, ensure_ascii=False, indent=2)


def as_text(health: Health, *, color: bool = False) -> str:
    """Return all that was looked at, a line each; what is missing stands out."""
    lines: list[str] = []
    for title, parts in health.sections:
        lines += ["", _styled(title[0].upper() + title[1:], "1", color)]
        width = max(len(part.name) for part in parts)
        for part in parts:
            lines += _lines(part, width, color)
    ending = "Nothing needed is missing." if not health.missing else f"Missing: {len(health.missing)}."
    return "\n".join([*lines[1:], "", ending])


def _lines(part: Part, width: int, color: bool) -> list[str]:
    mark, style = {"ok": ("ok", "32"), "missing": ("MISSING", "1;31"), "to fetch": ("to fetch", "33")}.get(
        part.state, (str(part.state), "33")
    )
    mark = "" if part.origin and part.state == "ok" else mark
    detail = part.detail + (f"  ({part.origin})" if part.origin else "")
    line = f"  {_styled(f'{mark:<8}', style, color)}  {part.name:<{width}}  {detail}".rstrip()
    return [line, f"  {'':<8}  {'':<{width}}  -> {part.todo}"] if part.todo else [line]


def _styled(text: str, style: str, color: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if color else text
