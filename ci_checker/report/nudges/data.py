"""The messages as JSON, described by ``schemas/nudge.schema.json``."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.nudge import Nudges
from ci_checker.report.plain import SCHEMA, dumped, plain
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Nudges], options: Options) -> str:
    (value,) = values
    return dumped({"schema": SCHEMA, **plain(value)})


RENDERER = Renderer(name="json", render=_render)
