"""Scored calls for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import ScoredCall
from ci_checker.report.outline import as_text
from ci_checker.report.renderer import Options, Renderer
from ci_checker.report.scores._outline import outline


def _render(scored: Sequence[ScoredCall], options: Options) -> str:
    return "\n\n".join(as_text(outline(one), color=options.color) for one in scored)


RENDERER = Renderer(name="text", render=_render)
