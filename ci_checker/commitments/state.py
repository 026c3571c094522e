"""Where one call stands against a commitment. When in doubt it is unclear, never not seen."""

from __future__ import annotations

from dataclasses import dataclass

from ci_checker.commitments.moments import instead, moment
from ci_checker.commitments.select import call_type
from ci_checker.commitments.words import join, plural
from ci_checker.model import CallFinding, CallState, Commitment, Dispute, Evidence, Result, ScoredCall, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A call's finding, and whether it may turn out to be a success once it is cleared up."""

    finding: CallFinding
    could_be_seen: bool


def judge(
    scored: ScoredCall,
    commitment: Commitment,
    unsure: tuple[str, ...],
    *,
    context: int,
    place: str | None,
    disputes: tuple[Dispute, ...] = (),
) -> Judged:
    """Return the state of one call with its moments and one sentence of reason.

    ``unsure`` says what is not known about whether the call belongs to the commitment at all;
    ``disputes`` stand beside the finding (``contest`` has let them count already).
    """
    call, result = scored.call, scored.result(commitment.behavior)
    shown, reason = _state(scored, result, commitment.target.per_call)
    could = shown in (CallState.UNCLEAR, CallState.UNHEARD)
    if unsure and shown not in (CallState.UNHEARD, CallState.NOT_APPLICABLE):
        could = could or shown is CallState.SEEN
        seen_or_not = {
            CallState.SEEN: "The behavior was heard in it",
            CallState.ATTEMPTED: "An attempt was heard in it",
            CallState.NOT_SEEN: "The behavior was not found in it",
        }.get(shown, reason.rstrip(".") or "It is unclear")
        shown = CallState.UNCLEAR
        reason = f"{seen_or_not}, but {join(unsure)}, so it may not belong to this commitment."
    elif unsure:
        reason = f"{reason.rstrip('.')}; also, {join(unsure)}."
    evidence = _distinct(result.evidence) if result else ()
    near = _distinct(result.near_misses) if result else ()
    heard = scored.error is None
    lacking = shown in (CallState.NOT_SEEN, CallState.ATTEMPTED, CallState.UNCLEAR)
    return Judged(
        finding=CallFinding(
            call=call.path,
            sha256=call.sha256,
            state=shown,
            started_at=call.details.started_at,
            account=call.details.account,
            contact=call.details.contact,
            call_type=call_type(call),
            probability=result.probability if result else None,
            hits=_hits(result) if result and heard else 0,
            moments=tuple(moment(call, each, context) for each in evidence) if heard else (),
            near_misses=tuple(moment(call, each, context) for each in near) if heard else (),
            instead=instead(scored, commitment.behavior, place, context) if heard and lacking else None,
            reason=reason,
            disputes=disputes,
        ),
        could_be_seen=could,
    )


def _state(scored: ScoredCall, result: Result | None, per_call: int) -> tuple[CallState, str]:
    if scored.error is not None:
        return CallState.UNHEARD, scored.error
    if result is None:
        return CallState.UNCLEAR, "It was not scored for this behavior."
    if result.verdict is Verdict.NOT_APPLICABLE:
        return CallState.NOT_APPLICABLE, result.reason or "It gave no occasion for this behavior."
    if result.verdict is Verdict.UNCLEAR:
        return CallState.UNCLEAR, result.reason or "The evidence does not carry a yes or a no."
    hits = _hits(result)
    if result.verdict is Verdict.SEEN:
        if hits >= per_call:
            return CallState.SEEN, result.reason
        short = f"Heard {plural(hits, 'time')}, while {per_call} a call were promised"
        near = len(_distinct(result.near_misses))
        if hits + near >= per_call:
            return CallState.UNCLEAR, f"{short}; {plural(near, 'more place')} may count: a person should listen."
        return CallState.ATTEMPTED, f"{short}."
    if hits or any(_is_try(each) for each in result.near_misses):
        return CallState.ATTEMPTED, result.reason or "There was an attempt, but not enough to count."
    return CallState.NOT_SEEN, result.reason


def _is_try(near: Evidence) -> bool:
    """Whether a near miss is an attempt; a bound that was passed is certain, and no attempt at it."""
    return near.probability < 1.0


def _hits(result: Result) -> int:
    """Return the pieces of evidence; a measured behavior is seen without any quote."""
    found = len(_distinct(result.evidence))
    return max(found, 1) if result.verdict is Verdict.SEEN else found


def _distinct(found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Drop repeats of the same words in the same turn."""
    kept: dict[tuple[int, str, float | None], Evidence] = {}
    for each in found:
        kept.setdefault((each.turn, each.quote, each.start_s), each)
    return tuple(kept.values())
