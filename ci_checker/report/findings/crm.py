"""One line a rep for a CRM note: safe to paste, also into a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Report
from ci_checker.report import clean, phrases, sentences, words
from ci_checker.report.renderer import Options, Renderer


def _render(reports: Sequence[Report], options: Options) -> str:
    return "".join(f"{' | '.join(clean.cell(field) for field in _fields(report))}\n" for report in reports)


def _fields(report: Report) -> list[str]:
    start = [words.dated(report.as_of), report.rep]
    finding = report.finding
    if finding is None:
        return [*start, report.nothing]
    standing = sentences.standing(finding)
    fields = [
        *start,
        finding.commitment.statement,
        phrases.counts(finding.counts, sentences.noun(finding.commitment)),
        standing,
    ]
    if finding.commitment.outcome:
        fields.append(f"outcome: {phrases.OUTCOMES[finding.commitment.outcome]}")
    return fields


RENDERER = Renderer(name="crm", render=_render)
