"""The leader's view as blocks; the table of the weeks is laid out by each format."""

from __future__ import annotations

from collections.abc import Iterator

from ci_checker.commitments.cadence import Cadence, ManagerCadence
from ci_checker.report.cadence import _lines
from ci_checker.report.outline import Block, Kind


def opening(value: Cadence) -> Iterator[Block]:
    """Yield what stands before the managers."""
    yield Block(Kind.TITLE, _lines.TITLE)
    yield Block(Kind.PARA, f"{_lines.span(value)}.")
    yield Block(Kind.PARA, value.note)
    if value.focus is None:
        yield Block(Kind.PARA, 'No focus behavior is set: write focus = "ID" under [team] in ci-checker.toml.')


def of_manager(manager: ManagerCadence, value: Cadence) -> Iterator[Block]:
    """Yield what is said of one manager's loop before the weeks."""
    yield Block(Kind.HEADING, manager.manager)
    yield Block(Kind.PARA, _lines.today(manager))
    for label, text in _lines.facts(manager, value):
        yield Block(Kind.ITEM, text, f"{label}:")
