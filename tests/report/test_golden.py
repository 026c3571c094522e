"""Every format of every kind against a file that a person has read."""

from __future__ import annotations

import re
from collections.abc import Callable

import fixture_team
import pytest
import samples

from ci_checker.model import CallState, Outcome, Standing
from ci_checker.report import formats, render, render_transcript

REPORTS = samples.reports()


def stable(text: str) -> str:
    """Return a page without its style and script, whose every change would otherwise change every file."""
    text = re.sub(r"<(style|script)>.*?</\1>", r"<\1></\1>", text, flags=re.S)
    return re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-", text)


@pytest.mark.parametrize("week", fixture_team.WEEKS)
@pytest.mark.parametrize("format", formats("report"))
def test_the_teams_five_weeks(week: int, format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"team-week{week}.{format}", stable(render(fixture_team.reports(week), format)))


def test_the_five_weeks_hold_every_outcome() -> None:
    found = [report.finding for week in fixture_team.WEEKS for report in fixture_team.reports(week)]
    assert len(found) == 20
    assert {one.standing for one in found if one} >= {
        Standing.ENOUGH, Standing.SHORT, Standing.NONE_SEEN, Standing.OPEN,
    }  # fmt: skip
    outcomes = {week.outcome for one in found if one for week in one.trend}
    assert outcomes >= set(Outcome)
    states = {call.state for one in found if one for call in one.calls}
    assert states == set(CallState) - {CallState.UNHEARD}, "what cannot be heard is in the samples of before"


@pytest.mark.parametrize("format", formats("report"))
@pytest.mark.parametrize("name", ["short", "closed", "no_calls"])
def test_report(name: str, format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"report-{name}.{format}", stable(render(REPORTS[name], format, clips=samples.clips())))


@pytest.mark.parametrize("format", ["text", "crm"])
def test_all_outcomes(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"report-all.{format}", render(list(REPORTS.values()), format))


@pytest.mark.parametrize("format", formats("score"))
def test_score(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"score.{format}", stable(render(samples.scored(), format)))


@pytest.mark.parametrize("format", formats("transcript"))
def test_transcript(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"transcript.{format}", render_transcript(samples.scored()[0].call, format))


@pytest.mark.parametrize("format", formats("report"))
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_the_same_twice(name: str, format: str) -> None:
    assert render(REPORTS[name], format) == render(samples.reports()[name], format)
