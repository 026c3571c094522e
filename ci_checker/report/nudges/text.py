"""The messages as they are sent: one line each, not wrapped, so that they can be pasted."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.nudge import Nudges
from ci_checker.report import clean
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Nudges], options: Options) -> str:
    found = [each for value in values for each in value.nudges]
    if len(found) == 1:
        return f"{clean.plain(found[0].message)}\n"
    return "\n".join(f"To {clean.plain(each.rep)}:\n{clean.plain(each.message)}\n" for each in found)


RENDERER = Renderer(name="text", render=_render)
