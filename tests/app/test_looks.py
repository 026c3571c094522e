"""The daily look at a new rep's weekly count: it stays open, and its check moves by itself."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ci_checker.app import catalogue, ledger, looks, rhythm
from ci_checker.app.ledger import NOTHING, Terms
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, CommitmentStatus, NextStep, Outcome
from ci_checker.settings import Rep, Settings

MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2026, 11, each) for each in (16, 17, 19, 20))
KNOWN = catalogue.behaviors(Settings())


@pytest.fixture
def team(tmp_path: Path) -> Settings:
    nina = Rep(name="Nina Vogt", aliases=("Nina",), started=MONDAY)
    return Settings(root=tmp_path, manager="Maya Collins", reps=(nina, Rep(name="Old Hand")))


def promised(team: Settings, rep: str = "Nina", terms: Terms = NOTHING, on: date = MONDAY) -> Commitment:
    return ledger.add(ledger.read("4 recaps, Monday to Friday", terms, today=on, known=KNOWN), team, rep=rep).commitment


def test_a_week_of_looks_and_then_the_check(team: Settings) -> None:
    """Four looks move the check from day to day, and over the weekend; then the promise is closed as any other."""
    made = promised(team)
    assert made.check_on == TUESDAY
    checks = []
    for day in (17, 18, 19):
        kept = looks.look(ledger.meant("Nina", team), team, on=date(2026, 11, day), words=f"{day}  said").commitment
        assert (kept.status, kept.id, kept.window, kept.statement) == (
            CommitmentStatus.ACTIVE, made.id, made.window, made.statement,
        )  # fmt: skip
        checks.append(kept.check_on.day)
    assert checks == [18, 19, 20]
    assert ledger.meant("Nina", team).note == (
        "Looked at on Tuesday, November 17: 17 said. Looked at on Wednesday, November 18: 18 said. "
        "Looked at on Thursday, November 19: 19 said."
    )
    said = rhythm.Said(outcome=Outcome.DONE)
    done = rhythm.check_in(ledger.meant("Nina", team), team, said, on=FRIDAY, next_step=NextStep.REISSUE)
    assert done.commitment.outcome is Outcome.DONE
    assert done.successor is not None and done.successor.check_on == date(2026, 11, 23)


def test_the_day_after_a_friday_is_a_monday(team: Settings) -> None:
    promised(team, terms=Terms(end=date(2026, 11, 27)))
    assert looks.look(ledger.meant("Nina", team), team, on=FRIDAY).commitment.check_on == date(2026, 11, 23)
    named = looks.look(ledger.meant("Nina", team), team, on=FRIDAY, check_on=date(2026, 11, 25)).commitment
    assert named.check_on == date(2026, 11, 25)
    assert named.note == "Looked at on Friday, November 20. Looked at on Friday, November 20."


@pytest.mark.parametrize(
    ("rep", "on", "check_on", "line"),
    [
        ("Nina", FRIDAY, None, "--look: the last day of the promise is Friday, November 20, so this is its check."),
        ("Nina", date(2026, 11, 13), None, "--on: the promise was made on Monday, November 16, after Friday"),
        ("Nina", TUESDAY, TUESDAY, "--check-on: the next look on Tuesday, November 17 is not after Tuesday"),
        ("Old Hand", TUESDAY, None, "--look: the check is daily for a new rep only: it is not known when Old Hand"),
    ],
)
def test_what_is_no_look_is_refused_and_changes_nothing(
    team: Settings, rep: str, on: date, check_on: date | None, line: str
) -> None:
    made = promised(team, rep)
    with pytest.raises(RequestError, match=re.escape(line)):
        looks.look(made, team, on=on, check_on=check_on)
    assert ledger.listed(team) == (made,)


def test_past_the_first_two_weeks_a_missed_check_is_not_moved_away(team: Settings) -> None:
    made = promised(team, terms=Terms(end=date(2026, 12, 4), check_on=date(2026, 11, 30)))
    assert looks.is_daily(made, team, on=date(2026, 11, 27))
    assert not looks.is_daily(made, team, on=date(2026, 11, 30))
    with pytest.raises(RequestError, match=r"Nina Vogt started on Monday, November 16, more than 14 days before"):
        looks.look(made, team, on=date(2026, 12, 1))


def test_a_closed_promise_is_not_looked_at(team: Settings) -> None:
    made = promised(team)
    closed = ledger.close(made, team, outcome=Outcome.DONE, closed_on=TUESDAY).commitment
    with pytest.raises(RequestError, match="closed already"):
        looks.look(closed, team, on=TUESDAY)


@pytest.mark.parametrize(("on", "daily"), [(TUESDAY, True), (THURSDAY, True), (FRIDAY, False)])
def test_whether_a_day_asks_for_a_look(team: Settings, on: date, daily: bool) -> None:
    assert looks.is_daily(promised(team), team, on=on) is daily
    assert not looks.is_daily(promised(team, "Old Hand"), team, on=on)
