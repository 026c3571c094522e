"""A rep's objections to the evidence: open, the call is unclear; settled, a person's ruling goes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ci_checker.model import Call, Dispute, Evidence, Reason, Result, Ruling, ScoredCall, Verdict


def contested(scored: ScoredCall, behavior: str, disputes: Sequence[Dispute]) -> tuple[ScoredCall, tuple[Dispute, ...]]:
    """Return the call as it stands with its disputes, and those of them that are about this behavior.

    An open one makes the call unclear as long as what it contests is still shown; a ruling that
    withdraws the evidence is followed, and one that lets it stand changes nothing.
    """
    own = tuple(
        sorted(
            (each for each in disputes if (each.sha256, each.behavior) == (scored.call.sha256, behavior)),
            key=lambda each: each.id,
        )
    )
    result = scored.result(behavior)
    if result is None or not own:
        return scored, own
    for each in own:
        if each.ruling is Ruling.WITHDRAWN:
            result = _withdrawn(result, each, scored.call)
    still = [each for each in own if each.ruling is None and is_shown(result, each)]
    if still:
        said = f"{still[0].rep} contests it: “{still[0].note.strip()}”"
        result = replace(result, verdict=Verdict.UNCLEAR, reason=said)
    changed = tuple(result if each.behavior == behavior else each for each in scored.results)
    return replace(scored, results=changed), own


def is_shown(result: Result, dispute: Dispute) -> bool:
    """Whether what a dispute contests is still what the evidence says."""
    quoted = bool(dispute.quote) and any(_same(each, dispute) for each in result.evidence)
    if dispute.shown_as is Verdict.SEEN:
        return result.verdict is Verdict.SEEN and (quoted or not dispute.quote)
    if dispute.quote:
        return not quoted and result.verdict in (Verdict.SEEN, Verdict.NOT_SEEN)
    return result.verdict is Verdict.NOT_SEEN


def _same(evidence: Evidence, dispute: Dispute) -> bool:
    """Whether a dispute is about this quote: the same turn, and one within the other."""
    one, other = (" ".join(text.casefold().split()) for text in (evidence.quote, dispute.quote))
    return evidence.turn == dispute.turn and bool(one and other) and (one in other or other in one)


def _withdrawn(result: Result, dispute: Dispute, call: Call) -> Result:
    if not is_shown(result, dispute):
        return result
    who = dispute.settled_by or "a person"
    if dispute.shown_as is Verdict.SEEN:
        left = tuple(each for each in result.evidence if dispute.quote and not _same(each, dispute))
        if left:
            return replace(result, evidence=left)
        said = f"{who} settled with {dispute.rep} that it was not there"
        return replace(result, verdict=Verdict.NOT_SEEN, evidence=(), reason=said)
    found = _quoted(dispute, call)
    said = f"{who} settled with {dispute.rep} that it was there"
    evidence = (*result.evidence, *((found,) if found else ()))
    near = tuple(each for each in result.near_misses if not (found and _same(each, dispute)))
    return replace(result, verdict=Verdict.SEEN, evidence=evidence, near_misses=near, reason=said)


def _quoted(dispute: Dispute, call: Call) -> Evidence | None:
    """Return the words that a rep pointed at as evidence, where they still stand in the call."""
    at = dispute.turn
    turn = call.turns[at] if at is not None and 0 <= at < len(call.turns) else None
    if at is None or turn is None or dispute.quote not in turn.text:
        return None
    return Evidence(
        turn=at,
        speaker=turn.speaker,
        quote=dispute.quote,
        probability=1.0,
        start_s=turn.start_s,
        end_s=turn.end_s,
        why=(Reason(text=f"settled by {dispute.settled_by or 'a person'}"),),
    )
