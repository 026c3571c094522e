"""The sentences that open a 1:1: the question about the promise, and the count behind it."""

from __future__ import annotations

from zlib import crc32

from ci_checker.commitments.words import calls_noun, day
from ci_checker.model import Commitment, Counts, TargetKind

# Each is open, names the promise, and neither praises nor blames: the evidence stays with the manager.
_QUESTIONS = (
    "Let's start with your promise. On {made} you chose this: {promise}. How has it gone?",
    "First things first: since {made} this has been the one thing on your list: {promise}. What was it like?",
    "I'd like to open with what you picked on {made}: {promise}. How did that turn out?",
    "One thing ahead of the rest of our agenda. You set this for yourself on {made}: {promise}. "
    "What can you tell me about it?",
    "Before we get to anything else: on {made} you said you would do this: {promise}. How did it go for you?",
    "Back to what we agreed on {made}: {promise}. What have the days since then been like?",
    "You have had one thing in hand since {made}: {promise}. Where did it take you?",
)


def loop_close(commitment: Commitment) -> str:
    """Return the question that opens the 1:1: the promise as it was made, and how it went.

    The same for one commitment however often it is asked, another from week to week, and not the
    same for all reps of a day.
    """
    week = commitment.check_on.toordinal() // 7
    pattern = _QUESTIONS[(week + crc32(commitment.rep.encode())) % len(_QUESTIONS)]
    promise = commitment.statement.strip().rstrip(".!?")
    return pattern.format(made=day(commitment.made_on), promise=f"“{promise}”")


def summary(commitment: Commitment, counts: Counts, *, still_running: bool = False) -> str:
    """Return the count with its denominator, and what stands outside it.

    For example ``6 of 9 eligible cold calls, 10 promised; 1 unclear; 1 could not be heard``.
    """
    target = commitment.target
    noun = calls_noun(commitment.eligible, counts.eligible)
    each = f" with at least {target.per_call} each" if target.per_call > 1 else ""
    if counts.eligible == 0:
        head = f"No eligible {calls_noun(commitment.eligible, 0)} found"
    else:
        head = f"{counts.seen} of {counts.eligible} eligible {noun}{each}"
    parts = [f"{head}, {_promised(target.kind, counts, target.value)}"]
    for number, text in (
        (counts.attempted, "attempted"),
        (counts.unclear, f"unclear ({counts.contested} contested)" if counts.contested else "unclear"),
        (counts.not_applicable, "gave no occasion"),
        (counts.unheard, "could not be heard"),
    ):
        if number:
            parts.append(f"{number} {text}")
    if still_running:
        parts.append("the window is still open")
    return "; ".join(parts)


def _promised(kind: TargetKind, counts: Counts, value: float) -> str:
    if kind is TargetKind.COUNT:
        return f"{counts.promised} promised"
    if kind is TargetKind.EVERY:
        return "every one promised"
    return f"{counts.promised} promised ({value:.0%})" if counts.eligible else f"{value:.0%} promised"
