"""The week's rhythm over a ledger: message, checks, and the half minute after the 1:1."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ci_checker.app import catalogue, ledger, reporting, rhythm, teams
from ci_checker.app.ledger import NOTHING, Terms
from ci_checker.app.rhythm import Said
from ci_checker.errors import RequestError
from ci_checker.model import Bucket, Commitment, CommitmentStatus, NextStep, Outcome
from ci_checker.settings import Rep, Settings
from ci_checker.store import open_store

MONDAY = date(2026, 11, 16)
CHECK = date(2026, 11, 23)
PROMISE = "10 trigger-event openers, every morning before 10, Monday to Thursday"
KNOWN = catalogue.behaviors(Settings())
PARTLY = Said(outcome=Outcome.PARTLY, words="the list ran out", bucket=Bucket.SYSTEM, blocker="team call at 9")


@pytest.fixture
def team(tmp_path: Path) -> Settings:
    luke = Rep(name="Luke Porter", aliases=("Luke", "luke@harbor.example"))
    ana = Rep(name="Ana Ruiz", manager="Sam Reed", emails=("ana@harbor.example",))
    return Settings(root=tmp_path, manager="Maya Collins", reps=(luke, Rep(name="Dana Ortiz"), ana))


def promised(team: Settings, rep: str = "Luke", text: str = PROMISE) -> Commitment:
    return ledger.add(ledger.read(text, NOTHING, today=MONDAY, known=KNOWN), team, rep=rep).commitment


def everything(team: Settings) -> tuple[Commitment, ...]:
    return ledger.listed(team)


def test_a_message_for_one_rep(team: Settings) -> None:
    promised(team)
    (found,) = rhythm.nudges(team, rep="luke", as_of=date(2026, 11, 18)).nudges
    assert found.rep == "Luke Porter" and "no calls on record yet, with 10 promised" in found.message
    with pytest.raises(RequestError, match="Dana Ortiz has no active commitment"):
        rhythm.nudges(team, rep="Dana Ortiz")


def test_messages_for_a_team_name_who_gets_none(team: Settings) -> None:
    promised(team)
    found = rhythm.nudges(team, as_of=date(2026, 11, 18))
    assert [each.rep for each in found.nudges] == ["Luke Porter"]
    assert found.without == ("Ana Ruiz", "Dana Ortiz")
    assert rhythm.nudges(team, manager="sam reed").without == ("Ana Ruiz",)


def test_one_that_cannot_be_counted_does_not_stop_the_others(team: Settings) -> None:
    promised(team)
    with open_store(team.store_location()) as store:
        store.add_commitment(replace(promised(team, "Dana Ortiz"), id=0, rep="Bo", behavior="our-own"))
    found = rhythm.nudges(team, as_of=date(2026, 11, 18))
    assert [each.rep for each in found.nudges] == ["Dana Ortiz", "Luke Porter"]
    assert len(found.failed) == 1 and "'our-own', which is not in the catalogue" in found.failed[0]


def test_checks_of_a_manager(team: Settings) -> None:
    promised(team)
    promised(team, "Ana Ruiz")
    found = rhythm.checks(team, manager="Maya Collins", as_of=date(2026, 11, 25))
    assert [each.rep for each in found.overdue] == ["Luke Porter"]
    assert [each.rep for each in found.without] == ["Dana Ortiz"]
    assert len(rhythm.checks(team, as_of=CHECK).today) == 2
    with pytest.raises(RequestError, match=r"no reps of a manager 'Zoë'.*Known are: Maya Collins, Sam Reed"):
        rhythm.checks(team, manager="Zoë")


def test_a_workspace_without_reps_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there is no rep yet"):
        rhythm.checks(Settings(root=tmp_path))


def test_the_same_again_in_one_go(team: Settings) -> None:
    active = promised(team)
    kept = rhythm.check_in(
        active, team, PARTLY, on=CHECK, next_step=NextStep.REISSUE, rep_words="  again,  with a list "
    )  # fmt: skip
    closed, fresh = everything(team)
    assert (kept.commitment, kept.successor) == (closed, fresh)
    assert (closed.outcome, closed.note, closed.bucket) == (Outcome.PARTLY, "the list ran out", Bucket.SYSTEM)
    assert (closed.blocker, closed.next_step, closed.closed_on) == ("team call at 9", NextStep.REISSUE, CHECK)
    assert (fresh.reissue_of, fresh.made_on, fresh.check_on) == (1, CHECK, date(2026, 11, 30))
    assert (fresh.statement, fresh.rep_words) == (active.statement, "again, with a list")


@pytest.mark.parametrize("next_step", [NextStep.KEEP, NextStep.REPLACE])
def test_another_promise_in_one_go(team: Settings, next_step: NextStep) -> None:
    active = promised(team)
    following = rhythm.next_promise(
        "recap on every discovery call, Monday to Friday", NOTHING, team, rep="Luke", on=CHECK
    )
    done = Said(outcome=Outcome.DONE, words="they all worked")
    kept = rhythm.check_in(active, team, done, on=CHECK, next_step=next_step, promise=following, rep_words="I sum up")
    closed, fresh = everything(team)
    assert (closed.status, closed.next_step, closed.bucket) == (CommitmentStatus.CLOSED, next_step, None)
    assert (fresh.behavior, fresh.rep, fresh.manager) == ("recap", "Luke Porter", "Maya Collins")
    assert (fresh.made_on, fresh.rep_words, fresh.status) == (CHECK, "I sum up", CommitmentStatus.ACTIVE)
    assert kept.successor == fresh


def unchanged(team: Settings) -> None:
    (only,) = everything(team)
    assert only.status is CommitmentStatus.ACTIVE and only.outcome is None and only.note == ""
    with open_store(team.store_location()) as store:
        assert store.weeks(only.rep) == ()


def test_without_the_next_promise_nothing_is_closed(team: Settings) -> None:
    active = promised(team)
    with pytest.raises(RequestError, match="what the rep promises next"):
        rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.REPLACE)
    following = rhythm.next_promise("recap on every call", NOTHING, team, rep="Luke", on=CHECK)
    with pytest.raises(RequestError, match="contradict each other"):
        rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.REISSUE, promise=following)
    unchanged(team)


def test_a_next_promise_that_does_not_hold_changes_nothing(team: Settings) -> None:
    active = promised(team)
    for said, terms in (("recap more", NOTHING), ("recap on every call", Terms(check_on=MONDAY))):
        following = rhythm.next_promise(said, terms, team, rep="Luke", on=CHECK)
        with pytest.raises(RequestError):
            rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.KEEP, promise=following)
    unchanged(team)


def test_a_database_that_fails_in_the_middle_keeps_neither(team: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    active = promised(team)
    import ci_checker.store.ledger as room

    real, calls = room._store, []

    def broken(connection, commitment):
        calls.append(commitment.status)
        if commitment.status is CommitmentStatus.ACTIVE:
            raise RequestError("the disk is full")
        return real(connection, commitment)

    monkeypatch.setattr(room, "_store", broken)
    with pytest.raises(RequestError, match="disk is full"):
        rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.REISSUE)
    monkeypatch.undo()
    assert calls == [CommitmentStatus.CLOSED, CommitmentStatus.ACTIVE]
    unchanged(team)


def test_a_second_check_in_of_the_same_1_1_is_refused(team: Settings) -> None:
    active = promised(team)
    rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.REISSUE)
    with pytest.raises(RequestError, match="closed already"):
        rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.REISSUE)
    assert len(everything(team)) == 2


def test_a_week_that_cannot_be_counted_is_only_a_warning(team: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    active = promised(team)

    def fails(*given, **more):
        raise RequestError("the model is gone")

    monkeypatch.setattr(reporting, "find", fails)
    kept = rhythm.check_in(active, team, PARTLY, on=CHECK, next_step=NextStep.REISSUE)
    assert any("missing from the trend: the model is gone" in text for text in kept.warnings)
    assert [each.status for each in everything(team)] == [CommitmentStatus.CLOSED, CommitmentStatus.ACTIVE]


def test_addresses(team: Settings) -> None:
    assert teams.mail_of("Luke Porter", team) == "luke@harbor.example"
    assert teams.mail_of("ana ruiz", team) == "ana@harbor.example"
    assert teams.mail_of("Dana Ortiz", team) == teams.mail_of("Bo", team) == ""


def test_whose_rep_is_whose(team: Settings) -> None:
    bo = replace(promised(team), rep="Bo", manager="Old Boss")
    found = teams.managers(team, [bo, replace(bo, rep="ANA RUIZ", manager="Old Boss")])
    assert found == {
        "Luke Porter": "Maya Collins", "Dana Ortiz": "Maya Collins", "Ana Ruiz": "Sam Reed", "Bo": "Old Boss",
    }  # fmt: skip
