"""The report as JSON, described by ``schemas/report.schema.json``."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Report
from ci_checker.report.plain import SCHEMA, dumped, plain
from ci_checker.report.renderer import Options, Renderer


def _render(reports: Sequence[Report], options: Options) -> str:
    notice = {"notice": options.notice} if options.notice else {}
    return dumped({"schema": SCHEMA, **notice, "reports": plain(list(reports))})


RENDERER = Renderer(name="json", render=_render)
