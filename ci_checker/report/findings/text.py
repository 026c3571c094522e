"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Report
from ci_checker.report.findings._outline import outline
from ci_checker.report.outline import as_text
from ci_checker.report.renderer import Options, Renderer


def _render(reports: Sequence[Report], options: Options) -> str:
    return "\n\n".join(as_text(outline(report, options.notice), color=options.color) for report in reports)


RENDERER = Renderer(name="text", render=_render)
