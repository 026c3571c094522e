"""The report as one HTML file: read in a minute, every quote to be played."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Finding, Moment, Report
from ci_checker.report import charts
from ci_checker.report.page import page, sounds
from ci_checker.report.renderer import Options, Renderer


def _render(reports: Sequence[Report], options: Options) -> str:
    moments = [one for report in reports if report.finding for one in _moments(report.finding)]
    addresses = sounds(options.clips)
    clips: dict[str, tuple[str, Moment, str]] = {}
    for one in moments:
        if one.clip in addresses and one.evidence and one.clip not in clips:
            clips[one.clip] = (f"clip-{len(clips) + 1}", one, addresses[one.clip])
    return page(
        "report.html.j2",
        reports=reports,
        clips=clips,
        strip=charts.strip,
        trend=charts.trend,
        title=f"{reports[0].rep}: before the 1:1" if len(reports) == 1 else f"Before the 1:1s: {len(reports)} reports",
    )


def _moments(finding: Finding) -> list[Moment]:
    """Every moment of a finding in the order of the page."""
    first = [one for one in (finding.best, finding.miss, *finding.listen) if one]
    for call in finding.calls:
        first += [*call.moments, *call.near_misses, *([call.instead] if call.instead else [])]
    return first


RENDERER = Renderer(name="html", render=_render)
