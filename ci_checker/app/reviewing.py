"""A person's word on the evidence goes before the program's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ci_checker.app import doubles
from ci_checker.model import Call, Evidence, Reason, Result, ScoredCall, Verdict
from ci_checker.settings import Settings
from ci_checker.store import Decision, Review, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One piece of evidence that a person may confirm or reject; ``shown_as`` is the call's verdict."""

    path: str
    sha256: str
    account: str | None
    started_at: datetime | None
    behavior: str
    shown_as: Verdict
    evidence: Evidence
    reviewed: Decision | None = None


def candidates(
    settings: Settings, *, rep: str | None = None, behavior: str | None = None, limit: int = 20
) -> tuple[Candidate, ...]:
    """Return evidence and near misses nobody has settled yet, the least sure first."""
    with open_store(settings.store_location()) as store:
        known = settings.rep_named(rep) if rep else None
        calls = doubles.once(store.latest_scores(known.name if known else rep))
        answers: dict[tuple[str, str], list[Review]] = {}
        for review in sorted(store.reviews(), key=lambda r: r.at):
            answers.setdefault((review.sha256, review.behavior), []).append(review)
    found = [
        Candidate(
            path=scored.call.path,
            sha256=scored.call.sha256,
            account=scored.call.details.account,
            started_at=scored.call.details.started_at,
            behavior=result.behavior,
            shown_as=result.verdict,
            evidence=evidence,
            reviewed=answer.decision if (answer := _answer(evidence, told)) else None,
        )
        for scored in calls
        for result in scored.results
        if behavior in (None, result.behavior)
        for told in [answers.get((scored.call.sha256, result.behavior), [])]
        for evidence in (*result.evidence, *result.near_misses)
    ]
    open_ones = [c for c in found if c.reviewed in (None, Decision.SKIP)]
    open_ones.sort(key=lambda c: (c.shown_as is not Verdict.UNCLEAR, abs(c.evidence.probability - 0.5), c.sha256))
    return tuple(open_ones[:limit])


def decide(settings: Settings, candidate: Candidate, decision: Decision, *, reviewer: str, note: str = "") -> None:
    """Keep a person's answer."""
    with open_store(settings.store_location()) as store:
        store.save_review(
            Review(
                sha256=candidate.sha256,
                behavior=candidate.behavior,
                turn=candidate.evidence.turn,
                quote=candidate.evidence.quote,
                decision=decision,
                reviewer=reviewer,
                note=note,
                at=datetime.now(UTC),
            )
        )


def settled(calls: Iterable[ScoredCall], reviews: Sequence[Review]) -> tuple[ScoredCall, ...]:
    """Return the calls with verdicts as people have settled them.

    A confirmed quote is seen, whether the program still shows it or not. A call
    whose every shown quote was rejected is not seen; with some rejected, the
    rest stands as it was. An answer holds for its words: after a call was heard
    anew it does not pass to other words of the same number.
    """
    by_call: dict[tuple[str, str], list[Review]] = {}
    for review in sorted(reviews, key=lambda r: r.at):
        if review.decision is not Decision.SKIP:
            by_call.setdefault((review.sha256, review.behavior), []).append(review)
    return tuple(
        replace(
            scored,
            results=tuple(
                _settle(r, scored.call, by_call.get((scored.call.sha256, r.behavior), [])) for r in scored.results
            ),
        )
        for scored in calls
    )


def _answer(evidence: Evidence, answers: Sequence[Review]) -> Review | None:
    """Return the latest answer to a quote."""
    return next((a for a in reversed(answers) if _same(evidence, a)), None)


def _same(evidence: Evidence, answer: Review) -> bool:
    """Whether an answer is to this quote: the same turn, and one quote within the other."""
    one, other = _plain(evidence.quote), _plain(answer.quote)
    return evidence.turn == answer.turn and bool(one and other) and (one in other or other in one)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _settle(result: Result, call: Call, answers: Sequence[Review]) -> Result:
    shown = (*result.evidence, *result.near_misses)
    told = {e: answer for e in shown if (answer := _answer(e, answers)) is not None}
    lost = tuple(e for a in answers if a.decision is Decision.YES and (e := _quoted(a, call, shown, answers)))
    if not told and not lost:
        return result
    confirmed = {e: a for e, a in told.items() if a.decision is Decision.YES}
    rejected = {e: a for e, a in told.items() if a.decision is Decision.NO}
    seen = (*(e for e in shown if e in confirmed or (e in result.evidence and e not in rejected)), *dict.fromkeys(lost))
    left = tuple(e for e in shown if e not in seen and e not in rejected)
    if seen:
        by = [a.reviewer or "a person" for a in (*confirmed.values(), *answers) if a.decision is Decision.YES]
        reason = f"confirmed by {by[0]}" if confirmed or lost else result.reason
        return replace(result, verdict=Verdict.SEEN, evidence=seen, near_misses=left, reason=reason)
    if left and result.verdict is not Verdict.SEEN:
        return replace(result, near_misses=left)
    who = next(iter(rejected.values())).reviewer or "a person"
    return replace(
        result,
        verdict=Verdict.NOT_SEEN,
        evidence=(),
        near_misses=left,
        reason=f"{who} listened and rejected it",
    )


def _quoted(answer: Review, call: Call, shown: Sequence[Evidence], answers: Sequence[Review]) -> Evidence | None:
    """Return a confirmed quote that the program no longer shows, where its words still stand in the call."""
    turn = call.turns[answer.turn] if 0 <= answer.turn < len(call.turns) else None
    if turn is None or answer.quote not in turn.text or any(_same(e, answer) for e in shown):
        return None
    found = Evidence(
        turn=answer.turn,
        speaker=turn.speaker,
        quote=answer.quote,
        probability=1.0,
        start_s=turn.start_s,
        end_s=turn.end_s,
        why=(Reason(text=f"confirmed by {answer.reviewer or 'a person'}"),),
    )
    return found if _answer(found, answers) is answer else None
