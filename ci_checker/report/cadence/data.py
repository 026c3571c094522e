"""The leader's view as JSON, described by ``schemas/cadence.schema.json``."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.commitments.cadence import Cadence
from ci_checker.report.plain import SCHEMA, dumped, plain
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Cadence], options: Options) -> str:
    (value,) = values
    return dumped({"schema": SCHEMA, **plain(value)})


RENDERER = Renderer(name="json", render=_render)
