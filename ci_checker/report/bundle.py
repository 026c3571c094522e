"""Several reports as pages of one folder: an index in the order of the checks, and a page a rep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ci_checker.model import Report
from ci_checker.report import words
from ci_checker.report.dispatch import NO_CLIPS, render
from ci_checker.report.page import page

INDEX = "index.html"


def bundle(
    reports: Sequence[Report],
    *,
    day: date,
    manager: str | None = None,
    clips: Mapping[str, bytes] = NO_CLIPS,
    notice: str = "",
) -> dict[str, str]:
    """Return the pages by file name, ``index.html`` first. Every page holds its own clips.

    Parameters
    ----------
    reports : sequence of Report
        In any order; the index has them by the date of the check, then by name.
    day : date
        The day of the 1:1s: what is to be checked by then stands first.
    """
    ordered = sorted(reports, key=lambda one: (_check(one), one.rep))
    names = file_names([one.rep for one in ordered])
    pages = {INDEX: _index(ordered, names, day, manager, notice)}
    for one, name in zip(ordered, names, strict=True):
        pages[name] = render(one, "html", clips=clips, notice=notice, home=INDEX)
    return pages


def file_names(people: Sequence[str]) -> list[str]:
    """Return a plain, unlike file name for each person: ``luke-porter.html``."""
    names: list[str] = []
    for person in people:
        plain = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in person.casefold()).split())
        stem = plain if plain not in ("", "index") else f"rep-{plain}".rstrip("-")
        taken, number = {*names}, 1
        name = f"{stem}.html"
        while name in taken:
            number += 1
            name = f"{stem}-{number}.html"
        names.append(name)
    return names


def _check(report: Report) -> date:
    return report.finding.commitment.check_on if report.finding else date.max


def _index(reports: Sequence[Report], names: Sequence[str], day: date, manager: str | None, notice: str) -> str:
    pairs = list(zip(reports, names, strict=True))
    today = [pair for pair in pairs if pair[0].finding and _check(pair[0]) <= day]
    later = [pair for pair in pairs if pair[0].finding and _check(pair[0]) > day]
    none = [pair for pair in pairs if not pair[0].finding]
    groups = [
        (title, [one for one, _ in part], [name for _, name in part])
        for title, part in (("To check today", today), ("Later", later), ("Nothing to check", none))
        if part
    ]
    heading = f"{words.spelled(len(today)).capitalize()} 1:1{'' if len(today) == 1 else 's'} today"
    return page(
        "index.html.j2",
        title=f"{heading}, {words.dated(day)}",
        heading=heading,
        day=day,
        manager=manager,
        groups=groups,
        purpose=reports[0].purpose if reports else "",
        notice=notice,
    )
