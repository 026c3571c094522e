"""``voices``: reps' voices, enrolled so that they are recognized where one channel carries everybody."""

from __future__ import annotations

import json as jsons
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ci_checker.cli import progress
from ci_checker.cli.console import say, sink
from ci_checker.cli.options import Format, Json, Output, Quiet, RepName, examples
from ci_checker.errors import RequestError

if TYPE_CHECKING:
    from ci_checker.app.voices import Voice

FORMATS = ("text", "json")
PRIVATE = "A voice is biometric data: ask the rep first. It stays on this machine, as numbers without any sound: {path}"
FORGET = "'ci-checker voices forget \"{name}\"' deletes it."
TRIED = "Recognizing voices was tried on synthetic voices only."

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Reps' voices, to recognize them in mono recordings.",
    epilog=examples('ci-checker voices enroll --rep "Luke Porter"', "ci-checker voices list"),
)


@app.command(
    epilog=examples('ci-checker voices enroll --rep "Luke Porter"', "ci-checker voices enroll --rep Luke --json")
)
def enroll(rep: RepName = None, format: Format = None, json: Json = False, quiet: Quiet = False) -> None:
    """Keep a rep's voice, made from stored two-channel calls.

    The channel told there who it was. The voice is then recognized in recordings whose one channel
    carries everybody. It is biometric data: it stays on this machine, and 'voices forget' deletes it.
    """
    from ci_checker import settings
    from ci_checker.app import voices

    out = sink(FORMATS, format=format, json=json, quiet=quiet)
    if rep is None:
        raise RequestError("no rep is named", where="--rep", todo="Say whose voice: --rep NAME.")
    with progress.shown(quiet) as shown:
        voice = voices.enroll(rep, settings.load(), progress=shown)
    out.write(_json([voice]) if out.format == "json" else _line(voice))
    say(PRIVATE.format(path=voice.path) + ". " + FORGET.format(name=voice.name), quiet=quiet)
    say(TRIED, quiet=quiet)


@app.command("list", epilog=examples("ci-checker voices list", "ci-checker voices list --json"))
def listed(format: Format = None, json: Json = False, output: Output = None, quiet: Quiet = False) -> None:
    """Show whose voices are enrolled, and from what.

    Formats: text, json.
    """
    from ci_checker import settings
    from ci_checker.app import voices

    out = sink(FORMATS, format=format, json=json, output=output, quiet=quiet)
    found = voices.voices(settings.load())
    if out.format == "json":
        out.write(_json(found))
        return
    older = "; of an older model, enroll again"
    lines = [_line(voice) + ("" if voices.is_current(voice) else older) for voice in found]
    out.write("\n".join(lines) or "No voice is enrolled.")


@app.command(epilog=examples('ci-checker voices forget "Luke Porter"'))
def forget(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose voice.", show_default=False)],
    quiet: Quiet = False,
) -> None:
    """Delete an enrolled voice from this machine."""
    from ci_checker import settings
    from ci_checker.app import voices

    voice = voices.forget(name, settings.load())
    say(f"The voice of {voice.name} is deleted: {voice.path} is gone.", quiet=quiet)
    say("Calls scored with it keep their scores until 'ci-checker batch' goes over them again.", quiet=quiet)


def _line(voice: Voice) -> str:
    calls = f"{len(voice.calls)} call{'' if len(voice.calls) == 1 else 's'}"
    return f"{voice.name}: {voice.seconds:.0f} s of speech from {calls}, enrolled on {voice.made_on.isoformat()}"


def _json(found: list[Voice] | tuple[Voice, ...]) -> str:
    rows: list[dict[str, Any]] = [
        {
            "name": voice.name,
            "seconds": voice.seconds,
            "calls": list(voice.calls),
            "made_on": voice.made_on.isoformat(),
            "path": str(voice.path),
        }
        for voice in found
    ]
    return jsons.dumps({"schema": 1, "voices": rows}, ensure_ascii=False, indent=2)
