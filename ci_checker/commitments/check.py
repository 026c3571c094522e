"""The check: one promise against all the calls that are known. Start reading here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from ci_checker.commitments import count as counting
from ci_checker.commitments import layers, limits, phases, question, state, watch
from ci_checker.commitments.branches import branches
from ci_checker.commitments.contest import contested
from ci_checker.commitments.history import STICKS_AFTER, trend_with, with_closed
from ci_checker.commitments.select import belongs
from ci_checker.commitments.tree import tree
from ci_checker.commitments.words import noun
from ci_checker.model import (
    CallFinding,
    CallState,
    Commitment,
    Dispute,
    Finding,
    Moment,
    Reliability,
    ScoredCall,
    WeekPoint,
)

CLIPS_TO_LISTEN = 2


def check(
    commitment: Commitment,
    calls: Sequence[ScoredCall],
    *,
    today: date,
    past: Sequence[WeekPoint] = (),
    behavior_name: str,
    reliability: Reliability | None,
    context: int = 2,
    place: str | None = "opening",
    disputes: Sequence[Dispute] = (),
    ledger: Sequence[Commitment] = (),
    stuck_after: int = STICKS_AFTER,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Finding:
    """Set a commitment against the evidence, for the 1:1.

    Parameters
    ----------
    calls
        All calls of the rep that the caller knows of, those that could not be heard included
        (``ScoredCall.error`` set). Calls outside the commitment are left out here.
    past
        Earlier weeks of this rep, oldest first.
    context
        Lines of conversation shown before and after a quote.
    place
        Where in a call the behavior belongs: ``opening``, ``closing``, or ``None`` for anywhere;
        decides what is shown as said instead.
    disputes
        Objections of this rep; those to calls of the commitment are shown beside them.
    ledger
        All commitments of the rep, for the phase and for what stuck before; without it neither is said.
    stuck_after
        How many weeks running a promise is kept until its behavior has stuck.
    names
        What people call each behavior, by id.
    """
    unique = _once(calls)
    found = []
    for scored in unique:
        place_in = belongs(scored.call, commitment)
        if place_in.inside:
            scored, own = contested(scored, commitment.behavior, disputes)
            judged = state.judge(scored, commitment, place_in.unsure, context=context, place=place, disputes=own)
            found.append(judged)
    found.sort(key=lambda each: (_order(each.finding), each.finding.call, each.finding.sha256))
    findings = tuple(each.finding for each in found)
    counts = counting.count(findings, commitment.target)
    helpful = sum(each.could_be_seen for each in found)
    heard = any(each.hits for each in findings)
    standing = counting.standing(counts, commitment, today, could_be_seen=helpful, heard_less_often=heard)
    left = counting.days_left(commitment, today)
    best, miss = best_moment(findings), miss_moment(findings)
    listen = to_listen(findings)
    trend = trend_with(past, commitment, counts, standing)
    points = with_closed(past, ledger)
    return Finding(
        commitment=commitment,
        behavior_name=behavior_name,
        question=question.loop_close(commitment),
        summary=question.summary(commitment, counts, still_running=bool(left)),
        counts=counts,
        standing=standing,
        calls=findings,
        best=best,
        miss=miss,
        listen=listen,
        branches=branches(
            findings,
            counts,
            best=best,
            miss=miss,
            listen=listen,
            trend=trend,
            noun=noun(commitment.eligible, 1),
        ),
        tree=tree(commitment, counts, standing, today=today),
        trend=trend,
        cannot_tell=limits.cannot_tell(
            commitment,
            findings,
            counts,
            repeated=len(calls) - len(unique),
            days_left=left,
            reliability=reliability,
            behavior_name=behavior_name,
        ),
        reliability=reliability,
        as_of=today,
        method=_method(commitment, behavior_name, ledger, points, today=today, needed=stuck_after),
        watch=watch.watch(commitment, ledger, points, unique, today=today, names=names, needed=stuck_after),
    )


def _method(
    commitment: Commitment,
    name: str,
    ledger: Sequence[Commitment],
    points: Sequence[WeekPoint],
    *,
    today: date,
    needed: int,
) -> tuple[str, ...]:
    """Return the phase and how far the behavior has stuck, a sentence each; nothing without a ledger."""
    first = phases.began(ledger)
    if first is None:
        return ()
    own = [point for point in points if point.commitment_id != commitment.id or point.outcome is not None]
    said = layers.progress(commitment.behavior, name, own, needed)
    return tuple(each for each in (phases.phase(first, today).text, said) if each)


def _once(calls: Sequence[ScoredCall]) -> tuple[ScoredCall, ...]:
    """Keep one of each recording, the one that was heard if there is one; a mail is known by its Message-ID."""
    kept: dict[str, ScoredCall] = {}
    for scored in calls:
        envelope = scored.call.envelope
        message = envelope.message_id if envelope else None
        key = f"mail {message}" if message else scored.call.sha256 or scored.call.path
        if key not in kept or (kept[key].error is not None and scored.error is None):
            kept[key] = scored
    return tuple(kept.values())


def _order(finding: CallFinding) -> tuple[bool, str]:
    moment_of = finding.started_at
    # Naive and zoned times cannot be compared; the local wall clock can.
    return moment_of is None, moment_of.replace(tzinfo=None).isoformat() if moment_of else ""


def best_moment(calls: Sequence[CallFinding]) -> Moment | None:
    """Return the clearest example: first with an answer and a recording, then by probability.

    Where no call has it as often as promised, a call that has it less often still shows one.
    """
    for wanted in (CallState.SEEN, CallState.ATTEMPTED):
        found = [
            each
            for call in calls
            if call.state is wanted and call.hits
            for each in call.moments
            if each.evidence is not None
        ]
        if found:
            return max(found, key=_worth)
    return None


def _worth(each: Moment) -> tuple[int, float]:
    shown = (each.response is not None) + (each.audio_path is not None)
    return shown, each.evidence.probability if each.evidence else 0.0


def miss_moment(calls: Sequence[CallFinding]) -> Moment | None:
    """Return the most useful miss: the nearest attempt, else the first call without one."""
    tries = [each for call in calls if call.state is CallState.ATTEMPTED for each in call.near_misses or call.moments]
    if tries:
        return max(tries, key=lambda each: each.evidence.probability if each.evidence else 0.0)
    missed = [call.instead for call in calls if call.state is CallState.NOT_SEEN]
    return next((each for each in missed if each is not None), None)


def to_listen(calls: Sequence[CallFinding]) -> tuple[Moment, ...]:
    """Return at most two places to hear before the 1:1: those most likely to settle something."""
    ranked: list[tuple[tuple[int, float], Moment]] = []
    for call in calls:
        if call.state is not CallState.UNCLEAR:
            continue
        places = [each for each in (*call.moments, *call.near_misses) if each.evidence is not None]
        chosen = max(places, key=_worth, default=call.instead)
        if chosen is None:
            continue
        probability = chosen.evidence.probability if chosen.evidence else 0.0
        ranked.append(((chosen.audio_path is not None, probability), chosen))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(each for _, each in ranked[:CLIPS_TO_LISTEN])
