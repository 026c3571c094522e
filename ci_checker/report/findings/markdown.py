"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Report
from ci_checker.report.findings._outline import outline
from ci_checker.report.outline import as_markdown
from ci_checker.report.renderer import Options, Renderer


def _render(reports: Sequence[Report], options: Options) -> str:
    return "\n".join(
        as_markdown(list(outline(report, options.notice)), clips=options.clips.keys(), clip_folder=options.clip_folder)
        for report in reports
    )


RENDERER = Renderer(name="md", render=_render)
