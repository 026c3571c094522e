"""The whole job on the shipped recordings: from audio to an opened pre-1:1 report, no download.

No transcript stands in for recognition anywhere here: the recordings are heard
by the shipped checkpoint on this machine. Only the ledger (the promises, and
how earlier weeks' checks ended) is read from a file.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ci_checker import report, settings
from ci_checker.app import batching, reporting
from ci_checker.app.ledger_file import load_into
from ci_checker.app.progress import Progress
from ci_checker.assets import fixtures_root
from ci_checker.errors import RequestError
from ci_checker.model import Report
from ci_checker.store import open_store

REP = "Luke Porter"
AS_OF = date(2026, 11, 23)
_MARK = ".ci-checker-demo"
_STORE = "ci-checker.sqlite3"
_MADE = (settings.FILE, _STORE, f"{_STORE}-wal", f"{_STORE}-shm", "recordings.csv", "report.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo made. ``page`` is the HTML report; ``lines`` are for the end of the terminal's output."""

    reports: tuple[Report, ...]
    summary: batching.Summary
    page: Path
    lines: tuple[str, ...]
    seconds: float


def run(folder: Path, *, progress: Progress = Progress()) -> DemoResult:
    """Hear a week of recordings and write one rep's report into ``folder``.

    The folder must be new, empty, or a demo of before (which is made anew).
    Raises RequestError for any other folder.
    """
    began = time.monotonic()
    _prepare(folder)
    shipped = fixtures_root() / "team"
    shutil.copyfile(shipped / settings.FILE, folder / settings.FILE)
    here = settings.load(folder, environment={}, model="synthetic")
    with open_store(here.store_location()) as store:
        load_into(shipped / "ledger.toml", store, reps=(REP,))
    progress.message(f"A made-up week: {REP}'s recorded calls, heard on this machine.")
    source = _manifest(shipped, folder)
    summary = batching.batch(str(source), here, progress=progress)
    reports = reporting.reports(here, rep=REP, as_of=AS_OF)
    clips, problems = reporting.clips(reports)
    page = folder / "report.html"
    page.write_text(report.render(reports, "html", clips=clips), encoding="utf-8")
    lines = (
        *(line for _, line in summary.failed),
        *problems,
        f"The report: {page}",
        "For your own recordings:  ci-checker init, then ci-checker batch FOLDER, then ci-checker report --open",
        "(your own calls need a model for real voices: small.en is fetched once, 484 MB; see ci-checker doctor)",
    )
    return DemoResult(reports=reports, summary=summary, page=page, lines=lines, seconds=time.monotonic() - began)


def _prepare(folder: Path) -> None:
    """Make the folder, or take out what a demo of before made; whatever else lies there stays."""
    other = "Name a new folder with -o."
    if folder.exists() and not folder.is_dir():
        raise RequestError("this is a file, not a folder", where=str(folder), todo=other)
    try:
        if folder.exists() and any(folder.iterdir()):
            if not (folder / _MARK).is_file():
                raise RequestError("the folder is not empty and no demo of before", where=str(folder), todo=other)
            for made in _MADE:
                (folder / made).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).touch()
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise RequestError(f"the folder cannot be used ({why})", where=str(folder), todo=other) from problem


def _manifest(shipped: Path, folder: Path) -> Path:
    """Write a manifest of the recordings only, with the shipped one's details."""
    import csv

    with (shipped / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    target = folder / "recordings.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        for row in rows:
            if row["path"].startswith("recordings/"):
                writer.writerow({**row, "path": str((shipped / row["path"]).resolve())})
    return target
