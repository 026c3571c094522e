"""The leader's view as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.cadence import Cadence, ManagerCadence
from ci_checker.report import words
from ci_checker.report.cadence import _lines, _outline
from ci_checker.report.outline import as_markdown
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Cadence], options: Options) -> str:
    (value,) = values
    parts = [as_markdown(list(_outline.opening(value)))]
    for manager in value.managers:
        parts.append(as_markdown(list(_outline.of_manager(manager, value))) + _weeks(manager, value))
    return "\n".join(parts)


def _weeks(manager: ManagerCadence, value: Cadence) -> str:
    columns = _lines.columns(value)
    rows = [["week of", *(label for label, _ in columns)], ["---", *("---:" for _ in columns)]]
    rows += [[words.day(week.week_of)[4:], *(cell(week.loop) for _, cell in columns)] for week in manager.weeks]
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


RENDERER = Renderer(name="md", render=_render)
