"""Every format of every kind against a file that a person has read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import samples

from ci_checker.report import formats, render, render_transcript

REPORTS = samples.reports()


@pytest.mark.parametrize("format", formats("report"))
@pytest.mark.parametrize("name", ["short", "closed", "no_calls"])
def test_report(name: str, format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"report-{name}.{format}", render(REPORTS[name], format, clips=samples.clips()))


@pytest.mark.parametrize("format", ["text", "crm"])
def test_all_outcomes(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"report-all.{format}", render(list(REPORTS.values()), format))


@pytest.mark.parametrize("format", formats("score"))
def test_score(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"score.{format}", render(samples.scored(), format))


@pytest.mark.parametrize("format", formats("transcript"))
def test_transcript(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"transcript.{format}", render_transcript(samples.scored()[0].call, format))


@pytest.mark.parametrize("format", formats("report"))
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_the_same_twice(name: str, format: str) -> None:
    assert render(REPORTS[name], format) == render(samples.reports()[name], format)
