from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ci_checker.app import batching, reviewing
from ci_checker.model import Call, Evidence, Result, Role, ScoredCall, Source, Speaker, Turn, Verdict
from ci_checker.store import Decision, Review, open_store

TEXTS = ("Hello, this is Karen.", "I saw that you opened a shop.", "Oh, did you?", "You are growing, they say.")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def evidence(turn: int, probability: float = 0.8, quote: str | None = None) -> Evidence:
    return Evidence(turn=turn, speaker="left", quote=quote or TEXTS[turn], probability=probability)


def scored(verdict: Verdict, found: tuple[Evidence, ...] = (), near: tuple[Evidence, ...] = ()) -> ScoredCall:
    call = Call(
        path="a.wav",
        sha256="a" * 64,
        source=Source.AUDIO,
        turns=tuple(
            Turn(speaker="left" if n % 2 else "right", text=t, start_s=n * 3.0, end_s=n * 3.0 + 2)
            for n, t in enumerate(TEXTS)
        ),
        speakers=(Speaker(name="left", role=Role.REP), Speaker(name="right", role=Role.PROSPECT)),
    )
    result = Result(
        behavior="opener", verdict=verdict, probability=0.5, evidence=found, near_misses=near, reason="between"
    )
    return ScoredCall(call=call, results=(result,))


def answer(turn: int, decision: Decision, *, quote: str | None = None, minutes: int = 0, who: str = "Maya") -> Review:
    return Review(
        sha256="a" * 64,
        behavior="opener",
        turn=turn,
        quote=TEXTS[turn] if quote is None else quote,
        decision=decision,
        reviewer=who,
        at=NOW + timedelta(minutes=minutes),
    )


def after(call: ScoredCall, *answers: Review) -> Result:
    (settled,) = reviewing.settled([call], answers)
    return settled.results[0]


def test_yes_turns_unclear_to_seen() -> None:
    result = after(scored(Verdict.UNCLEAR, near=(evidence(1), evidence(3))), answer(1, Decision.YES))
    assert result.verdict is Verdict.SEEN and [e.turn for e in result.evidence] == [1]
    assert [e.turn for e in result.near_misses] == [3] and result.reason == "confirmed by Maya"


def test_no_on_every_quote_turns_to_not_seen() -> None:
    call = scored(Verdict.UNCLEAR, near=(evidence(1), evidence(3)))
    half = after(call, answer(1, Decision.NO))
    assert half.verdict is Verdict.UNCLEAR and [e.turn for e in half.near_misses] == [3]
    whole = after(call, answer(1, Decision.NO), answer(3, Decision.NO))
    assert whole.verdict is Verdict.NOT_SEEN and not whole.near_misses and not whole.evidence
    assert whole.reason == "Maya listened and rejected it"


def test_of_two_quotes_the_one_not_rejected_stays() -> None:
    call = scored(Verdict.SEEN, found=(evidence(1), evidence(3)))
    result = after(call, answer(1, Decision.NO))
    assert result.verdict is Verdict.SEEN and [e.turn for e in result.evidence] == [3]
    assert result.reason == "between"


def test_rejected_evidence_leaves_its_near_misses() -> None:
    result = after(scored(Verdict.SEEN, found=(evidence(1),), near=(evidence(3, 0.3),)), answer(1, Decision.NO))
    assert result.verdict is Verdict.NOT_SEEN and [e.turn for e in result.near_misses] == [3]


def test_a_rejected_near_miss_does_not_accuse_anybody() -> None:
    """Not seen stays not seen, and its reason stays the program's as long as a near miss is left."""
    call = scored(Verdict.NOT_SEEN, near=(evidence(1, 0.2), evidence(3, 0.2)))
    result = after(call, answer(1, Decision.NO))
    assert result.verdict is Verdict.NOT_SEEN and [e.turn for e in result.near_misses] == [3]
    assert result.reason == "between"


@pytest.mark.parametrize("verdict", [Verdict.SEEN, Verdict.UNCLEAR, Verdict.NOT_SEEN])
def test_skip_and_answers_to_others_change_nothing(verdict: Verdict) -> None:
    call = scored(verdict, near=(evidence(1),))
    others = (
        answer(1, Decision.SKIP),
        replace(answer(1, Decision.NO), sha256="b" * 64),
        replace(answer(1, Decision.NO), behavior="recap"),
    )
    assert after(call, *others) == call.results[0]


def test_the_last_answer_holds() -> None:
    call = scored(Verdict.UNCLEAR, near=(evidence(1),))
    first, second = answer(1, Decision.NO), answer(1, Decision.YES, minutes=5, who="Ann")
    assert after(call, second, first).verdict is Verdict.SEEN
    again = answer(1, Decision.NO, minutes=9)
    assert after(call, again, second, first).verdict is Verdict.NOT_SEEN


def test_an_answer_does_not_pass_to_other_words_of_the_same_turn() -> None:
    """After hearing a call anew, turn 1 may be another turn."""
    call = scored(Verdict.SEEN, found=(evidence(1),))
    assert after(call, answer(1, Decision.NO, quote="Could we meet on Thursday?")) == call.results[0]
    assert after(call, answer(1, Decision.NO, quote="you opened a shop")).verdict is Verdict.NOT_SEEN


def test_a_confirmed_quote_stays_seen_when_the_program_shows_it_no_more() -> None:
    call = scored(Verdict.NOT_SEEN, near=(evidence(3, 0.2),))
    result = after(call, answer(1, Decision.YES))
    assert result.verdict is Verdict.SEEN and result.reason == "confirmed by Maya"
    (kept,) = result.evidence
    assert (kept.turn, kept.quote, kept.start_s, kept.speaker) == (1, TEXTS[1], 3.0, "left")
    assert [e.turn for e in result.near_misses] == [3]
    assert after(call, answer(1, Decision.YES), answer(1, Decision.NO, minutes=3)) == call.results[0]
    assert after(call, answer(1, Decision.YES, quote="Words that nobody said.")) == call.results[0]
    assert after(call, replace(answer(1, Decision.YES), turn=99)) == call.results[0]


def test_candidates_are_the_open_ones_the_least_sure_first(space, engine) -> None:
    space.text(space.calls / "one.txt")
    settings = space.settings()
    batching.batch(str(space.calls), settings, rep="Luke")
    found = reviewing.candidates(settings, rep="lp", limit=500)
    assert found and all(c.evidence.quote for c in found)
    doubts = [(c.shown_as is not Verdict.UNCLEAR, abs(c.evidence.probability - 0.5)) for c in found]
    assert doubts == sorted(doubts)
    assert len(reviewing.candidates(settings, limit=2)) == 2
    assert reviewing.candidates(settings, rep="Dana Whitfield") == ()
    one = next(c for c in found if c.behavior == "trigger-event-opener")
    reviewing.decide(settings, one, Decision.SKIP, reviewer="Maya")
    skipped = reviewing.candidates(settings, behavior=one.behavior, limit=500)
    assert one.evidence in [c.evidence for c in skipped] and Decision.SKIP in [c.reviewed for c in skipped]
    reviewing.decide(settings, one, Decision.NO, reviewer="Maya", note="an opening line")
    assert one.evidence not in [c.evidence for c in reviewing.candidates(settings, behavior=one.behavior, limit=500)]
    with open_store(settings.store_location()) as store:
        (kept,) = store.reviews()
    assert (kept.decision, kept.note, kept.quote) == (Decision.NO, "an opening line", one.evidence.quote)
