"""The leader's view for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.cadence import Cadence, ManagerCadence
from ci_checker.report import words
from ci_checker.report.cadence import _lines, _outline
from ci_checker.report.outline import as_text
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Cadence], options: Options) -> str:
    (value,) = values
    parts = [as_text(_outline.opening(value), color=options.color)]
    for manager in value.managers:
        parts.append(as_text(_outline.of_manager(manager, value), color=options.color) + _weeks(manager, value))
    return "\n".join(parts)


def _weeks(manager: ManagerCadence, value: Cadence) -> str:
    columns = _lines.columns(value)
    head = ["week of", *(label for label, _ in columns)]
    rows = [[words.day(week.week_of)[4:], *(cell(week.loop) for _, cell in columns)] for week in manager.weeks]
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)).rstrip() for row in (head, *rows)]
    return "\n" + "".join(f"{line}\n" for line in lines)


RENDERER = Renderer(name="text", render=_render)
