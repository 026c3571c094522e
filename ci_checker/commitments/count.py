"""Counts over the calls of a commitment, and what they carry as a whole."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date

from ci_checker.commitments.rules import window_days
from ci_checker.model import CallFinding, CallState, Commitment, Counts, Standing, Target, TargetKind

_ELIGIBLE = (CallState.SEEN, CallState.ATTEMPTED, CallState.NOT_SEEN, CallState.UNCLEAR)


def count(calls: Sequence[CallFinding], target: Target) -> Counts:
    """Count the calls by state; the denominator leaves out what was not applicable or unheard."""
    states = Counter(call.state for call in calls)
    eligible = sum(states[state] for state in _ELIGIBLE)
    return Counts(
        promised=promised(target, eligible),
        eligible=eligible,
        seen=states[CallState.SEEN],
        attempted=states[CallState.ATTEMPTED],
        not_seen=states[CallState.NOT_SEEN],
        unclear=states[CallState.UNCLEAR],
        not_applicable=states[CallState.NOT_APPLICABLE],
        unheard=states[CallState.UNHEARD],
        contested=sum(is_contested(call) for call in calls),
    )


def is_contested(call: CallFinding) -> bool:
    """Whether a call is unclear while a rep's objection to it is open."""
    return call.state is CallState.UNCLEAR and any(each.ruling is None for each in call.disputes)


def promised(target: Target, eligible: int) -> int:
    """Return how many calls the target asks for among so many eligible ones."""
    if target.kind is TargetKind.COUNT:
        return int(target.value)
    share = 1.0 if target.kind is TargetKind.EVERY else target.value
    # 0.8 * 5 is 4.000000000000001 in floats, and nobody promised the fifth call.
    return math.ceil(share * eligible - 1e-9)


def days_left(commitment: Commitment, today: date) -> tuple[date, ...]:
    """Return the days of the window that can still bring calls.

    The day of the check itself is not one of them: the check comes first thing that day.
    """
    return tuple(
        each
        for each in window_days(commitment.window)
        if each > today or (each == today and today < commitment.check_on)
    )


def standing(
    counts: Counts,
    commitment: Commitment,
    today: date,
    *,
    could_be_seen: int | None = None,
    heard_less_often: bool = False,
) -> Standing:
    """Say what the counts carry.

    Parameters
    ----------
    could_be_seen
        How many of the unclear and unheard calls may have been a success; all of them unless
        given (a call that certainly lacks the behavior, and of which only the kind is unknown,
        cannot help).
    heard_less_often
        Whether some call has the behavior, though less often than was promised for each call:
        then it is short, and not "none seen".

    Short is only said when even the best reading of what is unclear, unheard and still to come
    would not be enough.
    """
    target = commitment.target
    left = bool(days_left(commitment, today))
    helpful = counts.unclear + counts.unheard if could_be_seen is None else could_be_seen
    if counts.eligible + counts.unheard == 0:
        return Standing.NO_CALLS
    if target.kind is TargetKind.COUNT and counts.seen >= counts.promised:
        return Standing.ENOUGH
    if left:
        return Standing.OPEN
    if counts.eligible and counts.seen >= counts.promised:
        return Standing.ENOUGH
    firm = counts.seen + counts.attempted + counts.not_seen
    if firm + helpful and counts.seen + helpful >= promised(target, firm + helpful):
        return Standing.OPEN
    if counts.seen or heard_less_often:
        return Standing.SHORT
    return Standing.NONE_SEEN if helpful == 0 else Standing.SHORT
