"""``report``: what a manager reads before a 1:1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import complete
from ci_checker.cli.browser import open_page
from ci_checker.cli.console import Sink, colorful, say, sink
from ci_checker.cli.dates import parse_date
from ci_checker.cli.options import Format, Json, Output, Quiet, RepName, examples
from ci_checker.errors import RequestError

if TYPE_CHECKING:
    from ci_checker.model import Report
    from ci_checker.settings import Settings

EXAMPLES = examples(
    "ci-checker report --rep Luke --open",
    'ci-checker report --manager "Maya Collins" -o monday',
    'ci-checker report --manager "Maya Collins" --redact -o monday.zip',
    "ci-checker report --rep Luke --format crm",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", epilog=EXAMPLES)(report)


def report(
    rep: RepName = None,
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="NAME", help="All reps of a manager.", autocompletion=complete.managers),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day of the 1:1: 2026-11-23, monday.", show_default="today"),
    ] = None,
    redact: Annotated[
        bool,
        typer.Option("--redact", help="Mask names, numbers, addresses and amounts; silence them in the clips."),
    ] = False,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report as a page in the browser.")] = False,
    format: Format = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Write the evidence report for a 1:1.

    Of one rep, of a manager's reps, or of all. Formats: text, md, html, json, crm (one line a rep).
    With -o, a page or a Markdown file gets its clips in a folder beside it. Of several reps, a folder
    or a .zip after -o gets an index in the order of the checks and a page a rep.
    """
    from ci_checker import report as reports
    from ci_checker import settings
    from ci_checker.app import reporting
    from ci_checker.cli import pages

    if rep is not None and manager is not None:
        raise RequestError("--rep and --manager are both given", todo="Give one of them.")
    folder = pages.target(output, several=rep is None, format="json" if json and format is None else format)
    if folder is not None:
        out = Sink(format="html", path=folder, quiet=quiet)
    else:
        if open_report and format is None and not json and output is None:
            format = "html"
        out = sink(reports.formats("report"), format=format, json=json, output=output, quiet=quiet)
    if open_report and out.format != "html":
        raise RequestError("only a page can be opened", where="--open", todo="Use --format html, or leave --open away.")
    loaded = settings.load()
    day = date.today() if as_of is None else parse_date(as_of, date.today(), option="--as-of")
    found = reporting.reports(loaded, rep=rep, manager=manager, as_of=day)
    if open_report and out.path is None:
        out = Sink(format="html", path=_page(loaded, found, day), quiet=quiet)
    with_clips = out.format == "html" or (out.format == "md" and out.path is not None)
    found, clips, notice = _ready(loaded, found, redact=redact, with_clips=with_clips)
    if folder is not None:
        bundled = reports.bundle(found, day=day, manager=manager, clips=clips, notice=notice)
        first = pages.write(folder, bundled)
        say(f"Written to {folder}: {len(bundled) - 1} reports and their index.", quiet=quiet)
        if open_report:
            open_page(first, quiet=quiet)
        return
    beside = _clip_folder(out.path).name if out.path is not None else "."
    text = reports.render(
        found,
        out.format,
        clips=clips,
        color=colorful(out.path),
        kind="report",
        clip_folder=beside,
        notice=notice,
    )
    out.write(text)
    if out.path is not None and clips:
        say(f"{write_clips(out.path, clips)} holds the clips.", quiet=quiet)
    if open_report and out.path is not None:
        open_page(out.path, quiet=quiet)


def _ready(
    settings: Settings, found: Sequence[Report], *, redact: bool, with_clips: bool
) -> tuple[Sequence[Report], Mapping[str, bytes], str]:
    """Return the reports as they are to be shown, their clips, and what is to be said of the whole."""
    from ci_checker.app import redact as redacting
    from ci_checker.app import reporting

    clips: Mapping[str, bytes] = {}
    problems: Sequence[str] = ()
    if redact:
        done = redacting.redact(settings, found, clips=with_clips)
        found, clips, problems = done.reports, done.clips, done.problems
        say(f"Redacted. {redacting.NOTICE}")
    elif with_clips:
        clips, problems = reporting.clips(found)
    for problem in problems:
        say(f"A clip is missing: {problem}")
    return found, clips, redacting.NOTICE if redact else ""


def _clip_folder(beside: Path) -> Path:
    return beside.with_name(f"{beside.stem}_clips")


def write_clips(beside: Path, clips: Mapping[str, bytes]) -> Path:
    """Write clips into the folder ``NAME_clips`` beside a report and return it. Raises RequestError."""
    folder = _clip_folder(beside)
    try:
        folder.mkdir(exist_ok=True)
        for name, sound in clips.items():
            (folder / Path(name).name).write_bytes(sound)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise RequestError(f"the clips cannot be written ({why})", where=str(folder)) from problem
    return folder


def _page(settings: Settings, found: Sequence[Report], day: date) -> Path:
    """Return where a page is kept that was only to be opened: in the workspace's folder ``reports``."""
    whom = found[0].rep if len(found) == 1 else "all"
    name = "-".join("".join(c if c.isalnum() else " " for c in whom.casefold()).split()) or "report"
    folder = (settings.root or Path.cwd()) / "reports"
    folder.mkdir(exist_ok=True)
    return folder / f"{day.isoformat()}-{name}.html"
