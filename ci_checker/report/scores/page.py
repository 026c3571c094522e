"""Scored calls as one HTML file, each quote linked to its place in the transcript."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import ScoredCall
from ci_checker.report.page import page
from ci_checker.report.renderer import Options, Renderer
from ci_checker.report.scores import _outline


def _render(scored: Sequence[ScoredCall], options: Options) -> str:
    title = f"Evidence: {scored[0].call.path}" if len(scored) == 1 else f"Evidence: {len(scored)} calls"
    return page("score.html.j2", scored=scored, say=_outline, title=title)


RENDERER = Renderer(name="html", render=_render)
