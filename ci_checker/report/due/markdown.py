"""What is to be checked, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.due import Due
from ci_checker.report.due._outline import outline
from ci_checker.report.outline import as_markdown
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Due], options: Options) -> str:
    return "\n".join(as_markdown(list(outline(value))) for value in values)


RENDERER = Renderer(name="md", render=_render)
