"""A promise from its first words to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from ci_checker.app import catalogue, ledger, reporting
from ci_checker.app.ledger import NOTHING, Terms
from ci_checker.errors import MissingError, RequestError
from ci_checker.model import (
    Bucket,
    CommitmentStatus,
    NextStep,
    Outcome,
    Target,
    TargetKind,
)
from ci_checker.settings import Rep, Settings
from ci_checker.store import open_store

MONDAY = date(2026, 11, 16)
PROMISE = "10 trigger-event openers, every morning before 10, Monday to Thursday"
KNOWN = catalogue.behaviors(Settings())


@pytest.fixture
def team(tmp_path: Path) -> Settings:
    luke = Rep(name="Luke Porter", aliases=("Luke",))
    return Settings(root=tmp_path, manager="Maya Collins", reps=(luke, Rep(name="Dana Ortiz")))


def promised(team: Settings, text: str = PROMISE, rep: str = "Luke") -> ledger.Kept:
    return ledger.add(ledger.read(text, NOTHING, today=MONDAY, known=KNOWN), team, rep=rep)


def test_a_sentence_becomes_a_commitment(team: Settings) -> None:
    kept = promised(team).commitment
    assert (kept.id, kept.rep, kept.manager) == (1, "Luke Porter", "Maya Collins")
    assert kept.behavior == "trigger-event-opener"
    assert kept.statement == PROMISE
    assert kept.target == Target(kind=TargetKind.COUNT, value=10)
    assert kept.window.weekdays == (0, 1, 2, 3)
    assert kept.window.to_time == time(10)
    assert kept.check_on == date(2026, 11, 23)
    assert ledger.listed(team) == (kept,)


def test_what_is_spelled_out_goes_before_the_sentence() -> None:
    terms = Terms(
        behavior="recap",
        target=Target(kind=TargetKind.EVERY),
        per_call=2,
        weekdays=(4,),
        to_time=time(12),
        check_on=date(2026, 11, 23),
        call_types=("discovery",),
    )
    partial = ledger.read(PROMISE, terms, today=MONDAY, known=KNOWN)
    made = partial.draft(rep="Luke")
    assert made.behavior == "recap"
    assert made.target == Target(kind=TargetKind.EVERY, per_call=2)
    assert made.window.weekdays == (4,)
    assert made.window.to_time == time(12)
    assert made.check_on == date(2026, 11, 23)
    assert made.eligible.call_types == ("discovery",)
    assert partial.missing == ()
    assert partial.notes == ()


def test_options_answer_the_questions() -> None:
    vague = ledger.read("Prospect more", NOTHING, today=MONDAY, known=KNOWN)
    assert [each.part for each in vague.missing] == ["behavior", "target", "when"]
    told = ledger.read("Prospect more", Terms(behavior="recap"), today=MONDAY, known=KNOWN)
    assert [each.part for each in told.missing] == ["target", "when"]
    terms = Terms(behavior="recap", target=Target(kind=TargetKind.EVERY), weekdays=(1,))
    assert ledger.read("", terms, today=MONDAY, known=KNOWN).complete


def test_the_default_window_follows_the_check_that_was_named() -> None:
    partial = ledger.read("recaps", Terms(check_on=date(2026, 11, 19)), today=MONDAY, known=KNOWN)
    question = next(each for each in partial.missing if each.part == "when")
    assert "November 18" in question.otherwise


def test_an_unknown_behavior_names_the_near_one() -> None:
    with pytest.raises(RequestError, match="recap"):
        ledger.read("", Terms(behavior="recpa"), today=MONDAY, known=KNOWN)


def test_a_number_a_day_with_other_days_asks_for_the_whole() -> None:
    sentence = "3 trigger-event openers a day, Monday to Thursday"
    assert ledger.read(sentence, NOTHING, today=MONDAY, known=KNOWN).target == Target(kind=TargetKind.COUNT, value=12)
    with pytest.raises(RequestError, match="--target"):
        ledger.read(sentence, Terms(weekdays=(0,)), today=MONDAY, known=KNOWN)
    told = Terms(weekdays=(0,), target=Target(kind=TargetKind.COUNT, value=3))
    assert ledger.read(sentence, told, today=MONDAY, known=KNOWN).target == Target(kind=TargetKind.COUNT, value=3)


def test_answers_fill_what_is_missing() -> None:
    partial = ledger.read("Prospect more", NOTHING, today=MONDAY, known=KNOWN)
    for said in ("recap", "half of the discovery calls", "Tuesday mornings"):
        partial = ledger.answer(partial, partial.missing[0], said, known=KNOWN)
    assert partial.missing == ()
    made = partial.draft(rep="Luke")
    assert made.behavior == "recap"
    assert made.target == Target(kind=TargetKind.SHARE, value=0.5)
    assert made.eligible.call_types == ("discovery",)
    assert made.window.weekdays == (1,)
    assert "half of the discovery calls" in made.statement


def test_one_answer_may_answer_two_questions() -> None:
    partial = ledger.read("Prospect more", NOTHING, today=MONDAY, known=KNOWN)
    partial = ledger.answer(partial, partial.missing[0], "5 recaps on Tuesday", known=KNOWN)
    assert partial.missing == ()


def test_a_bare_number_answers_how_often_and_nothing_else() -> None:
    partial = ledger.read("recaps", NOTHING, today=MONDAY, known=KNOWN)
    assert ledger.answer(partial, partial.missing[0], "8", known=KNOWN).target == Target(kind=TargetKind.COUNT, value=8)
    assert ledger.answer(partial, partial.missing[0], "0", known=KNOWN).target is None


def test_an_answer_that_is_not_understood_changes_nothing() -> None:
    partial = ledger.read("recaps", NOTHING, today=MONDAY, known=KNOWN)
    assert ledger.answer(partial, partial.missing[0], "well", known=KNOWN) == partial


def test_a_check_date_survives_an_answer_about_days() -> None:
    partial = ledger.read("5 recaps", Terms(check_on=date(2026, 11, 20)), today=MONDAY, known=KNOWN)
    partial = ledger.answer(partial, partial.missing[0], "Tuesday", known=KNOWN)
    assert partial.when.check_on == date(2026, 11, 20)


def test_a_sentence_is_made_from_the_parts() -> None:
    terms = Terms(behavior="recap", target=Target(kind=TargetKind.EVERY), weekdays=(1,))
    sentence = ledger.in_one_sentence(ledger.read("", terms, today=MONDAY, known=KNOWN), KNOWN)
    assert sentence.startswith("Recap on every call, Tuesday")


def test_a_vague_promise_is_refused_and_nothing_is_kept(team: Settings) -> None:
    with pytest.raises(RequestError, match="cannot be observed"):
        promised(team, "Prospect more")
    assert ledger.listed(team) == ()


def test_a_second_one_is_refused_until_the_first_is_closed(team: Settings) -> None:
    first = promised(team).commitment
    with pytest.raises(RequestError, match="already has commitment 1"):
        promised(team, "5 recaps on Tuesday")
    with pytest.raises(RequestError, match="already has commitment 1"):
        ledger.check_free("luke", team)
    assert ledger.check_free("Dana Ortiz", team) == "Dana Ortiz"
    ledger.close(first, team, outcome=Outcome.DONE, closed_on=date(2026, 11, 23))
    assert promised(team, "5 recaps on Tuesday").commitment.id == 2


def test_strangers_make_no_promises(team: Settings) -> None:
    with pytest.raises(RequestError, match="not on the team"):
        promised(team, rep="Nobody")


def test_without_a_workspace_the_way_to_one_is_named() -> None:
    with pytest.raises(RequestError, match="ci-checker init"):
        promised(Settings(), rep="Luke")


def test_one_is_meant_by_number_or_by_rep(team: Settings) -> None:
    kept = promised(team).commitment
    assert ledger.meant("1", team) == ledger.meant("#1", team) == ledger.meant("luke", team) == kept
    with pytest.raises(RequestError, match="no active commitment"):
        ledger.meant("Dana Ortiz", team)
    with pytest.raises(RequestError, match="no commitment 7"):
        ledger.meant("7", team)


def test_an_edit_of_the_check_keeps_the_words(team: Settings) -> None:
    kept = promised(team).commitment
    edited = ledger.edit(kept, Terms(check_on=date(2026, 11, 24), rep_words="ten  openers"), team, note="moved")
    assert edited.commitment.statement == PROMISE
    assert edited.commitment.check_on == date(2026, 11, 24)
    assert edited.commitment.rep_words == "ten openers"
    assert edited.commitment.note == "moved"
    assert ledger.meant("1", team) == edited.commitment
    assert any("8 days" in text for text in edited.warnings)


def test_an_edit_of_the_promise_puts_it_into_words_again(team: Settings) -> None:
    kept = promised(team).commitment
    edited = ledger.edit(kept, Terms(target=Target(kind=TargetKind.COUNT, value=8)), team)
    assert edited.commitment.statement.startswith("Trigger-event opener on 8 calls")
    assert "now reads" in edited.warnings[0]
    own = ledger.edit(edited.commitment, Terms(statement="Eight of them", weekdays=(0,)), team)
    assert own.commitment.statement == "Eight of them"
    assert own.commitment.window.weekdays == (0,)


def test_an_edit_that_contradicts_itself_changes_nothing(team: Settings) -> None:
    kept = promised(team).commitment
    with pytest.raises(RequestError):
        ledger.edit(kept, Terms(end=date(2026, 11, 1)), team)
    assert ledger.meant("1", team) == kept


def test_an_edit_of_the_target_keeps_how_often_in_a_call(team: Settings) -> None:
    kept = promised(team).commitment
    twice = ledger.edit(kept, Terms(per_call=2), team).commitment
    assert twice.target == Target(kind=TargetKind.COUNT, value=10, per_call=2)
    fewer = ledger.edit(twice, Terms(target=Target(kind=TargetKind.COUNT, value=4)), team).commitment
    assert fewer.target == Target(kind=TargetKind.COUNT, value=4, per_call=2)


def test_closing_keeps_the_managers_word(team: Settings) -> None:
    kept = promised(team).commitment
    closed = ledger.close(
        kept,
        team,
        outcome=Outcome.NOT_DONE,
        closed_on=date(2026, 11, 23),
        note="a hard week",
        bucket=Bucket.SYSTEM,
        blocker="team call at 9",
        next_step=NextStep.REPLACE,
    )
    stored = ledger.meant("1", team)
    assert stored == closed.commitment
    assert stored.status is CommitmentStatus.CLOSED
    assert (stored.bucket, stored.blocker, stored.note) == (Bucket.SYSTEM, "team call at 9", "a hard week")
    assert closed.successor is None
    assert any("no point for this week" in text for text in closed.warnings)
    with pytest.raises(RequestError, match="closed already"):
        ledger.close(stored, team, outcome=Outcome.DONE, closed_on=date(2026, 11, 24))


def test_a_reissue_opens_the_same_with_new_dates(team: Settings) -> None:
    kept = promised(team).commitment
    closed = ledger.close(kept, team, outcome=Outcome.PARTLY, closed_on=date(2026, 11, 23), next_step=NextStep.REISSUE)
    fresh = closed.successor
    assert fresh is not None
    assert (fresh.id, fresh.reissue_of, fresh.statement) == (2, 1, PROMISE)
    assert fresh.window.start == date(2026, 11, 23)
    assert fresh.check_on == date(2026, 11, 30)
    assert ledger.meant("luke", team) == fresh


def test_a_reissue_of_generated_words_names_the_new_dates(team: Settings) -> None:
    kept = promised(team).commitment
    kept = ledger.edit(kept, Terms(target=Target(kind=TargetKind.COUNT, value=8)), team).commitment
    assert "November 16" in kept.statement
    closed = ledger.close(kept, team, outcome=Outcome.DONE, closed_on=date(2026, 11, 23), next_step=NextStep.REISSUE)
    assert closed.successor is not None
    assert "November 23" in closed.successor.statement
    assert "November 16" not in closed.successor.statement


def test_a_reissue_that_does_not_fit_leaves_the_first_open(team: Settings) -> None:
    kept = promised(team).commitment
    with pytest.raises(RequestError):
        ledger.close(
            kept,
            team,
            outcome=Outcome.DONE,
            closed_on=date(2026, 11, 23),
            next_step=NextStep.REISSUE,
            check_on=date(2026, 11, 1),
        )
    assert ledger.meant("1", team).status is CommitmentStatus.ACTIVE


def test_the_week_is_kept_for_the_trend(team: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = promised(team).commitment
    real = reporting.find

    def with_a_call(settings: Settings, commitment: object, as_of: date) -> object:
        from ci_checker.model import CallFinding, CallState

        finding = real(settings, commitment, as_of)  # type: ignore[arg-type]
        return replace(finding, calls=(CallFinding(call="a", sha256="a", state=CallState.SEEN),))

    monkeypatch.setattr(reporting, "find", with_a_call)
    closed = ledger.close(kept, team, outcome=Outcome.DONE, closed_on=date(2026, 11, 23))
    assert not any("trend" in text for text in closed.warnings)
    with open_store(team.store_location()) as store:
        (point,) = store.weeks("Luke Porter")
    assert point.week_of == MONDAY
    assert point.outcome is Outcome.DONE
    assert point.closed_on == date(2026, 11, 23)


def test_a_week_that_cannot_be_counted_does_not_stop_the_close(team: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise MissingError("the model 'behaviors' is not installed")

    monkeypatch.setattr(reporting, "find", absent)
    closed = ledger.close(promised(team).commitment, team, outcome=Outcome.DONE, closed_on=date(2026, 11, 23))
    assert ledger.meant("1", team).status is CommitmentStatus.CLOSED
    assert any("not installed" in text for text in closed.warnings)


def test_lists_by_rep_and_status(team: Settings) -> None:
    first = promised(team).commitment
    promised(team, "5 recaps on Tuesday", rep="Dana Ortiz")
    ledger.close(first, team, outcome=Outcome.DONE, closed_on=date(2026, 11, 23))
    assert [each.id for each in ledger.listed(team)] == [1, 2]
    assert [each.id for each in ledger.listed(team, rep="Luke")] == [1]
    assert [each.id for each in ledger.listed(team, status=CommitmentStatus.ACTIVE)] == [2]


def test_overdue(team: Settings) -> None:
    kept = promised(team).commitment
    assert ledger.overdue((kept,), date(2026, 11, 23)) == ()
    assert ledger.overdue((kept,), date(2026, 11, 24)) == (kept,)
