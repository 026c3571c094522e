"""Disputes in a workspace: whose call is meant, what is contested, how it ends, and what the report shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from ci_checker.app import catalogue, disputes, ledger, reporting
from ci_checker.app.ledger import Terms
from ci_checker.errors import RequestError
from ci_checker.model import (
    Call,
    CallState,
    Details,
    Evidence,
    Finding,
    Metrics,
    Outcome,
    Result,
    Role,
    Ruling,
    ScoredCall,
    Source,
    Speaker,
    Target,
    TargetKind,
    Turn,
    Verdict,
)
from ci_checker.settings import Settings
from ci_checker.store import open_store

LUKE, NOTE = "Luke Porter", "I summed it up at the end"
SAID = ("Hello, this is Luke.", "Hi.", "So, to sum up, you need two vans by May.", "Yes, that is right.")


def scored(name: str, verdict: Verdict = Verdict.SEEN, *, rep: str = LUKE, timed: bool = True, **details) -> ScoredCall:
    turns = tuple(
        Turn(
            speaker="Luke" if at % 2 == 0 else "Pat", text=text,
            start_s=30.0 * at if timed else None, end_s=30.0 * at + 8 if timed else None,
        )
        for at, text in enumerate(SAID)
    )  # fmt: skip
    known = {"rep": rep, "started_at": datetime(2026, 11, 17, 9, 30), "account": name.title(), **details}
    call = Call(
        path=f"/calls/luke/{name}_cold.wav", sha256=(name * 64)[:64], source=Source.AUDIO, details=Details(**known),
        turns=turns, speakers=(Speaker(name="Luke", role=Role.REP), Speaker(name="Pat", role=Role.PROSPECT)),
    )  # fmt: skip
    quote = Evidence(turn=2, speaker="Luke", quote="to sum up, you need two vans", probability=0.9,
                     start_s=turns[2].start_s, end_s=turns[2].end_s)  # fmt: skip
    result = Result(
        behavior="recap", verdict=verdict, probability=0.9, evidence=(quote,) if verdict is Verdict.SEEN else ()
    )
    return ScoredCall(call=call, metrics=Metrics(rep_talk_ratio=0.55), results=(result,))


@pytest.fixture
def team(space) -> Settings:
    loaded = space.settings()
    with open_store(loaded.store_location()) as store:
        for each in (
            scored("granite"),
            scored("harbor", Verdict.NOT_SEEN),
            scored("unsure", Verdict.UNCLEAR),
            scored("voicemail", Verdict.NOT_APPLICABLE),
            scored("letters", Verdict.NOT_SEEN, timed=False),
            scored("danas", rep="Dana Whitfield"),
        ):
            store.save_score(each.call.sha256, "t", "d", each)
    terms = Terms(behavior="recap", target=Target(kind=TargetKind.EVERY), weekdays=(0, 1, 2, 3, 4))
    partial = ledger.read("Recap", terms, today=date(2026, 11, 16), known=catalogue.behaviors(loaded))
    ledger.add(partial, loaded, rep=LUKE)
    return loaded


def look(team: Settings) -> Finding:
    finding = reporting.reports(team, rep=LUKE, as_of=date(2026, 11, 23))[0].finding
    assert finding is not None
    return finding


def state(team: Settings, account: str) -> CallState:
    return next(call.state for call in look(team).calls if call.account == account)


@pytest.mark.parametrize("which", ["Harbor", "harbor_cold.wav", "harbor_cold", "/calls/luke/harbor_cold.wav", "harb"])
def test_a_call_is_meant_by_file_account_or_part(team: Settings, which: str) -> None:
    found = disputes.contest(team, which, "recap", rep="Luke", note=NOTE)
    assert found.dispute.call == "/calls/luke/harbor_cold.wav"
    assert found.place == "the call with Harbor on Tuesday, November 17, at 9:30 am"


def test_a_call_is_meant_by_the_beginning_of_its_digest(team: Settings) -> None:
    assert disputes.contest(team, "harborha", "recap", rep="Luke", note=NOTE).dispute.sha256.startswith("harbor")


def test_open_it_is_unclear_with_the_note_beside_it(team: Settings) -> None:
    assert state(team, "Harbor") is CallState.NOT_SEEN
    kept = disputes.contest(team, "harbor", "Recap", rep="Luke", note=f" {NOTE}\n").dispute
    assert (kept.id, kept.rep, kept.note, kept.shown_as) == (1, LUKE, NOTE, Verdict.NOT_SEEN)
    finding = look(team)
    (call,) = [call for call in finding.calls if call.disputes]
    assert (call.state, call.disputes) == (CallState.UNCLEAR, (kept,))
    assert finding.counts.contested == 1
    assert NOTE in call.reason


def test_a_place_names_the_words(team: Settings) -> None:
    kept = disputes.contest(team, "harbor", "recap", rep="Luke", note=NOTE, at_s=63.0).dispute
    assert (kept.turn, kept.quote, kept.at_s) == (2, SAID[2], 63.0)
    settled = disputes.settle(team, kept.id, Ruling.WITHDRAWN, by="Maya Collins", note="we heard it").dispute
    assert (settled.ruling, settled.settled_by) == (Ruling.WITHDRAWN, "Maya Collins")
    assert settled.settled_note == "we heard it"
    finding = look(team)
    (call,) = [call for call in finding.calls if call.disputes]
    assert call.state is CallState.SEEN
    assert call.moments[0].evidence is not None and call.moments[0].evidence.quote == SAID[2]


def test_a_place_in_evidence_is_about_that_quote(team: Settings) -> None:
    kept = disputes.contest(team, "granite", "recap", rep="Luke", note="That was small talk", at_s=62.0).dispute
    assert (kept.shown_as, kept.quote) == (Verdict.SEEN, "to sum up, you need two vans")
    assert state(team, "Granite") is CallState.UNCLEAR
    disputes.settle(team, kept.id, Ruling.WITHDRAWN, by="Maya")
    assert state(team, "Granite") is CallState.NOT_SEEN


def test_evidence_that_stands_counts_again(team: Settings) -> None:
    kept = disputes.contest(team, "granite", "recap", rep="Luke", note="no").dispute
    disputes.settle(team, kept.id, Ruling.STANDS, by="Maya")
    assert state(team, "Granite") is CallState.SEEN
    assert [each.dispute.ruling for each in disputes.listed(team)] == [Ruling.STANDS]
    assert disputes.listed(team, open_only=True) == ()


@pytest.mark.parametrize(
    ("which", "behavior", "parts", "said"),
    [
        ("unsure", "recap", {}, "unclear already"),
        ("voicemail", "recap", {}, "no occasion"),
        ("harbor", "talk-ratio", {}, "was not scored"),
        ("harbor", "recpa", {}, "there is no behavior 'recpa'"),
        ("danas", "recap", {}, "Luke Porter has no scored call 'danas'"),
        ("", "recap", {}, "no scored call"),
        ("cold", "recap", {}, "could be 5 calls of Luke Porter"),
        ("harbor", "recap", {"note": " "}, "what is contested"),
        ("harbor", "recap", {"rep": "Nobody"}, "not on the team"),
        ("harbor", "recap", {"at_s": 300.0}, "says nothing around 05:00"),
        ("letters", "recap", {"at_s": 3.0}, "has no times"),
    ],
)
def test_what_cannot_be_contested_is_one_clear_line(team: Settings, which, behavior, parts, said) -> None:
    given = {"rep": "Luke", "note": NOTE, **parts}
    with pytest.raises(RequestError) as error:
        disputes.contest(team, which, behavior, **given)
    assert said in str(error.value) and "\n" not in str(error.value)
    assert disputes.listed(team) == ()


def test_said_again_it_is_the_same_dispute(team: Settings) -> None:
    disputes.contest(team, "harbor", "recap", rep="Luke", note="one")
    disputes.contest(team, "harbor", "recap", rep="Luke", note="two")
    assert [(each.dispute.id, each.dispute.note) for each in disputes.listed(team, rep="luke")] == [(1, "two")]


def test_what_was_settled_is_not_contested_again(team: Settings) -> None:
    disputes.contest(team, "harbor", "recap", rep="Luke", note="one")
    disputes.settle(team, 1, Ruling.WITHDRAWN, by="Maya")
    with pytest.raises(RequestError, match="settled: the evidence is withdrawn"):
        disputes.contest(team, "harbor", "recap", rep="Luke", note="again")
    with pytest.raises(RequestError, match="was settled before by Maya"):
        disputes.settle(team, 1, Ruling.STANDS, by="Maya")


def test_nobody_withdraws_the_evidence_alone(team: Settings) -> None:
    disputes.contest(team, "harbor", "recap", rep="Luke", note="one")
    for name in ("Luke", "luke porter"):
        with pytest.raises(RequestError, match="does not settle it alone"):
            disputes.settle(team, 1, Ruling.WITHDRAWN, by=name)
    assert disputes.settle(team, 1, Ruling.STANDS, by="Luke").dispute.ruling is Ruling.STANDS


def test_an_unknown_number_is_named(team: Settings) -> None:
    with pytest.raises(RequestError, match="there is no dispute 9"):
        disputes.settle(team, 9, Ruling.STANDS, by="Maya")


def test_what_is_contested_follows_the_promises_own_bound(team: Settings) -> None:
    call = scored("granite")
    ratio = Result(behavior="talk-ratio", verdict=Verdict.SEEN, probability=1.0, reason="55%; the bound is 60%")
    with open_store(team.store_location()) as store:
        store.save_score(call.call.sha256, "t", "d2", replace(call, results=(*call.results, ratio)))
    ledger.close(ledger.meant("luke", team), team, outcome=Outcome.DONE, closed_on=date(2026, 11, 16))
    partial = ledger.read(
        "Talk ratio under 50% on every call, Monday to Friday", ledger.NOTHING, today=date(2026, 11, 16),
        known=catalogue.behaviors(team),
    )  # fmt: skip
    assert ledger.add(partial, team, rep=LUKE).commitment.bound == 0.5
    before = next(each for each in look(team).calls if each.account == "Granite")
    assert before.state is CallState.NOT_SEEN and "the bound is 50%" in before.reason
    kept = disputes.contest(team, "granite", "talk-ratio", rep="Luke", note="Half of it was the demo video").dispute
    assert kept.shown_as is Verdict.NOT_SEEN
    assert state(team, "Granite") is CallState.UNCLEAR
