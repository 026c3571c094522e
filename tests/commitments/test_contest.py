"""Disputes: open, a call is unclear; settled, a person's ruling goes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ci_checker.commitments import check
from ci_checker.commitments.contest import contested
from ci_checker.model import (
    CallState,
    Commitment,
    Dispute,
    Finding,
    Ruling,
    ScoredCall,
    Standing,
    TargetKind,
    Verdict,
)

BEHAVIOR = "trigger-event-opener"
CHECK_DAY = date(2026, 1, 19)
QUOTE = "I saw that you opened a plant"
Call = Callable[..., ScoredCall]
Make = Callable[..., Commitment]


def dispute(sha256: str = "a", shown_as: Verdict = Verdict.NOT_SEEN, **parts: object) -> Dispute:
    given: dict[str, object] = {
        "id": 1,
        "sha256": sha256,
        "call": f"{sha256}.wav",
        "behavior": BEHAVIOR,
        "rep": "Dana",
        "note": "I named their plant in Leeds",
        "shown_as": shown_as,
        "made_at": datetime(2026, 1, 16, 12, tzinfo=UTC),
        **parts,
    }
    return Dispute(**given)  # type: ignore[arg-type]


def ruled(ruling: Ruling, **parts: object) -> Dispute:
    return dispute(
        ruling=ruling, settled_by="Maya", settled_at=datetime(2026, 1, 19, tzinfo=UTC), settled_note="heard", **parts
    )


def look(make_commitment: Make, calls: list[ScoredCall], *disputes: Dispute) -> Finding:
    return check(
        make_commitment(TargetKind.EVERY, 1), calls, today=CHECK_DAY, behavior_name="X", reliability=None,
        disputes=disputes,
    )  # fmt: skip


@pytest.mark.parametrize("verdict", [Verdict.SEEN, Verdict.NOT_SEEN])
def test_a_contested_call_is_unclear_and_shows_the_note(make_commitment: Make, make_call: Call, verdict) -> None:
    found = look(make_commitment, [make_call("a", verdict)], dispute(shown_as=verdict))
    (call,) = found.calls
    assert call.state is CallState.UNCLEAR
    assert call.reason == "Dana contests it: “I named their plant in Leeds”"
    assert call.disputes == (dispute(shown_as=verdict),)
    assert (found.counts.unclear, found.counts.contested, found.counts.eligible) == (1, 1, 1)
    assert found.standing is Standing.OPEN
    assert "1 unclear (1 contested)" in found.summary
    assert any("I named their plant in Leeds" in line for line in found.cannot_tell)


def test_an_attempt_that_is_contested_is_unclear_too(make_commitment: Make, make_call: Call) -> None:
    found = look(make_commitment, [make_call("a", Verdict.NOT_SEEN, near=1)], dispute())
    assert found.calls[0].state is CallState.UNCLEAR
    assert found.calls[0].near_misses


def test_the_evidence_stays_visible_while_it_is_contested(make_commitment: Make, make_call: Call) -> None:
    found = look(make_commitment, [make_call("a")], dispute(shown_as=Verdict.SEEN))
    assert found.calls[0].moments and found.listen


def test_other_calls_and_behaviors_are_left_alone(make_commitment: Make, make_call: Call) -> None:
    calls = [make_call("a"), make_call("b", Verdict.NOT_SEEN)]
    found = look(make_commitment, calls, dispute("c"), dispute("b", behavior="recap"))
    assert found == look(make_commitment, calls)
    assert all(call.disputes == () for call in found.calls)


def test_evidence_that_stands_counts_as_before_and_keeps_the_note(make_commitment: Make, make_call: Call) -> None:
    found = look(make_commitment, [make_call("a", Verdict.NOT_SEEN)], ruled(Ruling.STANDS))
    (call,) = found.calls
    assert call.state is CallState.NOT_SEEN
    assert call.disputes[0].ruling is Ruling.STANDS
    assert (found.counts.contested, found.standing) == (0, Standing.NONE_SEEN)


def test_a_not_seen_that_is_withdrawn_counts_as_seen(make_commitment: Make, make_call: Call) -> None:
    found = look(make_commitment, [make_call("a", Verdict.NOT_SEEN)], ruled(Ruling.WITHDRAWN, quote=QUOTE, turn=2))
    (call,) = found.calls
    assert (call.state, call.hits) == (CallState.SEEN, 1)
    assert call.moments[0].evidence is not None and call.moments[0].evidence.quote == QUOTE
    assert call.reason == "Maya settled with Dana that it was there"
    assert found.standing is Standing.ENOUGH


def test_words_that_no_longer_stand_in_the_call_are_not_quoted(make_commitment: Make, make_call: Call) -> None:
    gone = ruled(Ruling.WITHDRAWN, quote="other words", turn=2)
    (call,) = look(make_commitment, [make_call("a", Verdict.NOT_SEEN)], gone).calls
    assert (call.state, call.moments) == (CallState.SEEN, ())


def test_a_seen_that_is_withdrawn_counts_as_not_seen(make_commitment: Make, make_call: Call) -> None:
    (call,) = look(make_commitment, [make_call("a")], ruled(Ruling.WITHDRAWN, shown_as=Verdict.SEEN)).calls
    assert (call.state, call.hits, call.moments) == (CallState.NOT_SEEN, 0, ())
    assert call.reason == "Maya settled with Dana that it was not there"


def test_one_quote_of_several_is_withdrawn_and_the_rest_stands(make_call: Call) -> None:
    scored = make_call("a")
    (result,) = scored.results
    other = replace(result.evidence[0], turn=4, quote="That is why I am calling today")
    scored = replace(scored, results=(replace(result, evidence=(*result.evidence, other)),))
    one = ruled(Ruling.WITHDRAWN, shown_as=Verdict.SEEN, quote="I saw that you opened", turn=2)
    after, own = contested(scored, BEHAVIOR, [one])
    assert own == (one,)
    assert after.results[0].verdict is Verdict.SEEN
    assert [each.turn for each in after.results[0].evidence] == [4]


def test_another_place_claimed_beside_evidence_adds_to_it(make_commitment: Make, make_call: Call) -> None:
    claim = {"quote": "That is why I am calling today.", "turn": 4}
    promise = make_commitment(TargetKind.EVERY, 1, 2)
    parts = {"today": CHECK_DAY, "behavior_name": "X", "reliability": None}
    before = check(promise, [make_call("a")], **parts)
    assert before.calls[0].state is CallState.ATTEMPTED
    pending = check(promise, [make_call("a")], disputes=[dispute(**claim)], **parts)
    assert pending.calls[0].state is CallState.UNCLEAR
    settled = check(promise, [make_call("a")], disputes=[ruled(Ruling.WITHDRAWN, **claim)], **parts)
    assert (settled.calls[0].state, settled.calls[0].hits) == (CallState.SEEN, 2)


def test_what_is_no_longer_shown_is_no_longer_unclear(make_commitment: Make, make_call: Call) -> None:
    """A review may have confirmed in the meantime what the rep missed."""
    (call,) = look(make_commitment, [make_call("a")], dispute(shown_as=Verdict.NOT_SEEN)).calls
    assert call.state is CallState.SEEN and len(call.disputes) == 1


def test_a_call_that_could_not_be_heard_stays_unheard(make_commitment: Make, make_call: Call) -> None:
    found = look(make_commitment, [make_call("a", error="cut off")], dispute())
    assert found.calls[0].state is CallState.UNHEARD
    assert found.counts.contested == 0


def test_disputes_stand_in_the_order_in_which_they_were_made(make_call: Call) -> None:
    two, one = dispute(id=2, note="second"), ruled(Ruling.STANDS, id=1, note="first")
    after, own = contested(make_call("a", Verdict.NOT_SEEN), BEHAVIOR, [two, one])
    assert [each.id for each in own] == [1, 2]
    assert after.results[0].reason == "Dana contests it: “second”"
