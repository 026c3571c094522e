"""What is to be checked, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.due import Due
from ci_checker.report.due._outline import outline
from ci_checker.report.outline import as_text
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Due], options: Options) -> str:
    return "\n\n".join(as_text(outline(value), color=options.color) for value in values)


RENDERER = Renderer(name="text", render=_render)
