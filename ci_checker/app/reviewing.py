"""A person's word on the evidence goes before the program's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ci_checker.model import Evidence, Result, ScoredCall, Verdict
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
        calls = store.latest_scores(known.name if known else rep)
        settled = {(r.sha256, r.behavior, r.turn): r.decision for r in store.reviews()}
    found = [
        Candidate(
            path=scored.call.path,
            sha256=scored.call.sha256,
            account=scored.call.details.account,
            started_at=scored.call.details.started_at,
            behavior=result.behavior,
            shown_as=result.verdict,
            evidence=evidence,
            reviewed=settled.get((scored.call.sha256, result.behavior, evidence.turn)),
        )
        for scored in calls
        for result in scored.results
        if behavior in (None, result.behavior)
        for evidence in (*result.evidence, *result.near_misses)
    ]
    open_ones = [c for c in found if c.reviewed in (None, Decision.SKIP)]
    open_ones.sort(
        key=lambda c: (c.shown_as is not Verdict.UNCLEAR, abs(c.evidence.probability - 0.5), c.sha256)
    )
    return tuple(open_ones[:limit])


def decide(
    settings: Settings, candidate: Candidate, decision: Decision, *, reviewer: str, note: str = ""
) -> None:
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

    A confirmed quote is seen. A call whose every shown quote was rejected is
    not seen; with some rejected, the rest stands as it was.
    """
    by_call: dict[tuple[str, str], dict[int, Review]] = {}
    for review in sorted(reviews, key=lambda r: r.at):
        if review.decision is not Decision.SKIP:
            by_call.setdefault((review.sha256, review.behavior), {})[review.turn] = review
    out = []
    for scored in calls:
        results = tuple(_settle(r, by_call.get((scored.call.sha256, r.behavior), {})) for r in scored.results)
        out.append(replace(scored, results=results))
    return tuple(out)


def _settle(result: Result, answers: dict[int, Review]) -> Result:
    shown = (*result.evidence, *result.near_misses)
    if not any(e.turn in answers for e in shown):
        return result
    confirmed = {t for t, a in answers.items() if a.decision is Decision.YES}
    rejected = {t for t, a in answers.items() if a.decision is Decision.NO}
    seen = tuple(e for e in shown if e.turn in confirmed or (e in result.evidence and e.turn not in rejected))
    left = tuple(e for e in shown if e not in seen and e.turn not in rejected)
    if seen:
        who = next((answers[e.turn].reviewer for e in seen if e.turn in confirmed), "")
        reason = f"confirmed by {who}" if who else result.reason
        return replace(result, verdict=Verdict.SEEN, evidence=seen, near_misses=left, reason=reason)
    if left and result.verdict is Verdict.UNCLEAR:
        return replace(result, near_misses=left)
    who = next(a.reviewer for a in answers.values() if a.decision is Decision.NO)
    return replace(
        result,
        verdict=Verdict.NOT_SEEN,
        evidence=(),
        near_misses=left,
        reason=f"{who} listened and rejected it",
    )
