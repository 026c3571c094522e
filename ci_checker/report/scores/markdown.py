"""Scored calls as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import ScoredCall
from ci_checker.report.outline import as_markdown
from ci_checker.report.renderer import Options, Renderer
from ci_checker.report.scores._outline import outline


def _render(scored: Sequence[ScoredCall], options: Options) -> str:
    return "\n".join(as_markdown(list(outline(one))) for one in scored)


RENDERER = Renderer(name="md", render=_render)
