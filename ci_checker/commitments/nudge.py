"""The mid-week message: two sentences on where the count stands and until when, and nothing else.

It never says why, never praises and never blames. Which words it takes follows from the
rep's name and the week, so that one day always gives one text and two weeks two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from ci_checker.commitments.count import count, days_left
from ci_checker.commitments.nearby import near_day, on_day
from ci_checker.commitments.rules import window_days
from ci_checker.commitments.words import calls_noun, join
from ci_checker.model import CallFinding, Commitment, Counts, Eligibility, TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A message to one rep. ``until`` is the last day on which the promise holds."""

    rep: str
    manager: str | None
    commitment_id: int
    message: str
    counts: Counts
    until: date
    check_on: date
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudges:
    """The messages of a day, in the order of the reps' names.

    ``without`` are reps with no active commitment; ``failed`` are one line each for the
    commitments that could not be counted.
    """

    as_of: date
    nudges: tuple[Nudge, ...]
    without: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


# {name} the rep's first name, {promise} the words of the promise, {count} where it stands.
_STANDS = (
    "{name}, a quick look at “{promise}”: {count}.",
    "Hi {name}, here is where “{promise}” stands: {count}.",
    "{name}, on “{promise}”, so far: {count}.",
    "Mid-week count for you, {name}, on “{promise}”: {count}.",
    "Hello {name}, on “{promise}” I see this so far: {count}.",
)
_RUNNING = (
    "It runs until {last}, and we look at it together {check}.",
    "There is time until {last}; we start with it {check}.",
    "The last day for it is {last}, and it is the first thing we look at {check}.",
)
_LAST_DAY = (
    "Today is the last day for it, and we look at it together {check}.",
    "It runs until the end of today; we start with it {check}.",
)
_AHEAD = (
    "It starts {first} and runs until {last}, and we look at it together {check}.",
    "Its first day is {first} and its last {last}; we start with it {check}.",
)
_ENDED = (
    "Its last day was {ended}, and we look at it together {check}.",
    "It ran until {ended}; we start with it {check}.",
)


def nudge(commitment: Commitment, calls: Sequence[CallFinding], today: date) -> Nudge:
    """Return the message of a day.

    Parameters
    ----------
    calls
        The calls of the commitment; those of later days than ``today`` are left out, so that
        an earlier day can be looked at again.
    """
    known = [call for call in calls if call.started_at is None or call.started_at.date() <= today]
    counts = count(known, commitment.target)
    pick = crc32(commitment.rep.casefold().encode("utf-8")) + today.isocalendar().week
    said = _STANDS[pick % len(_STANDS)].format(
        name=commitment.rep.split()[0],
        promise=_quoted(commitment.statement),
        count=count_so_far(commitment, counts),
    )
    return Nudge(
        rep=commitment.rep,
        manager=commitment.manager,
        commitment_id=commitment.id,
        message=f"{said} {until_when(commitment, today, pick)}",
        counts=counts,
        until=window_days(commitment.window)[-1],
        check_on=commitment.check_on,
        as_of=today,
    )


def count_so_far(commitment: Commitment, counts: Counts) -> str:
    """Return the count against the promise, without a period.

    ``3 of 10 cold calls``; ``3 of 4 cold calls, with every one promised``; ``no cold calls on
    record yet``. What is unclear or could not be heard is said as such.
    """
    target, eligible = commitment.target, commitment.eligible
    each = f" with at least {target.per_call} in each" if target.per_call > 1 else ""
    if not counts.eligible:
        wanted = f", with {counts.promised} promised" if target.kind is TargetKind.COUNT else ""
        text = f"no {_of_that_kind(eligible, 2)} on record yet{wanted}"
        if number := counts.not_applicable:
            which = "it gave no occasion" if number == 1 else "none gave an occasion"
            text = f"{number} {_of_that_kind(eligible, number)} on record, and {which} for it"
    elif target.kind is TargetKind.COUNT:
        text = f"{counts.seen} of {counts.promised} {calls_noun(eligible, counts.promised)}{each}"
    else:
        share = "every one" if target.kind is TargetKind.EVERY else f"at least {target.value:.0%}"
        text = (
            f"{counts.seen} of {counts.eligible} {calls_noun(eligible, counts.eligible)}{each}, with {share} promised"
        )
    return f"{text}, and {join(open_ones)}" if (open_ones := _open(counts, target.kind)) else text


def _of_that_kind(eligible: Eligibility, number: int) -> str:
    """Return the noun; a list of several kinds is long and stands in the promise already."""
    if len(eligible.call_types) < 2:
        return calls_noun(eligible, number)
    return f"{'call' if number == 1 else 'calls'} of that kind"


def _open(counts: Counts, kind: TargetKind) -> list[str]:
    """Return what could still turn the count, said as part of its denominator where it is in it."""
    found = []
    if counts.unclear:
        number = counts.unclear
        whole = kind is not TargetKind.COUNT and number == counts.eligible
        which = {1: "it", 2: "both"}.get(number, "all of them")
        named = which if whole else f"{number} {'more' if kind is TargetKind.COUNT else 'of them'}"
        found.append(f"{named} {'is' if number == 1 else 'are'} unclear")
    if counts.unheard:
        found.append(f"{counts.unheard} could not be heard")
    return found


def until_when(commitment: Commitment, today: date, pick: int = 0) -> str:
    """Return the sentence on the last day of the promise and the day of its check."""
    days = window_days(commitment.window)
    left = days_left(commitment, today)
    late = commitment.check_on < today
    check = "at our next 1:1" if late else on_day(commitment.check_on, today)
    if not left:
        patterns: Sequence[str] = _ENDED
    elif today < days[0]:
        patterns = _AHEAD
    else:
        patterns = _LAST_DAY if left[-1] == today else _RUNNING
    return patterns[pick % len(patterns)].format(
        first=on_day(days[0], today),
        last=near_day(left[-1] if left else days[-1], today),
        ended=near_day(days[-1], today),
        check=check,
    )


def _quoted(statement: str) -> str:
    return " ".join(statement.split()).rstrip(".!?")
