"""The report as one HTML file: read in a minute, every quote to be played."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Finding, Moment, Report
from ci_checker.report import charts
from ci_checker.report.page import page, sound
from ci_checker.report.renderer import Options, Renderer


def _render(reports: Sequence[Report], options: Options) -> str:
    moments = [one for report in reports if report.finding for one in _moments(report.finding)]
    clips: dict[str, tuple[str, Moment, str]] = {}
    for one in moments:
        if one.clip and one.evidence and one.clip not in clips and options.clips.get(one.clip):
            clips[one.clip] = (f"clip-{len(clips) + 1}", one, sound(options.clips[one.clip]))
    return page(
        "report.html.j2",
        reports=reports,
        clips=clips,
        anchors=[f"#r{number}" for number, _ in enumerate(reports, 1)],
        strip=charts.strip,
        trend=charts.trend,
        notice=options.notice,
        home=options.home,
        title=f"{reports[0].rep}: before the 1:1" if len(reports) == 1 else f"Before the 1:1s: {len(reports)} reports",
    )


def _moments(finding: Finding) -> list[Moment]:
    """Every moment of a finding in the order of the page."""
    first = [one for one in (finding.best, finding.miss, *finding.listen) if one]
    for call in finding.calls:
        first += [*call.moments, *call.near_misses, *([call.instead] if call.instead else [])]
    return first


RENDERER = Renderer(name="html", render=_render)
