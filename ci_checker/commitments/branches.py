"""What to say next: if it was done, if it was not, if it is unclear. Filled in from the calls."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from ci_checker.commitments.history import weeks_short_in_a_row
from ci_checker.commitments.words import (
    clock,
    has_clock_time,
    normal,
    part_of_day,
    place_in_call,
    plural,
    shorten,
    when,
)
from ci_checker.model import Branch, CallFinding, CallState, Counts, Moment, WeekPoint

DONE = "If it was done"
LESS = "If it was not done, or less than promised"
UNCLEAR = "Before the 1:1: what is unclear"
_MISSED = (CallState.NOT_SEEN, CallState.ATTEMPTED)
_FRANK_AFTER_WEEKS = 3


def branches(
    calls: Sequence[CallFinding],
    counts: Counts,
    *,
    best: Moment | None,
    miss: Moment | None,
    listen: Sequence[Moment],
    trend: Sequence[WeekPoint] = (),
    noun: str = "call",
) -> tuple[Branch, ...]:
    """Return the branches in the order done, not or less, and (if anything is) unclear.

    ``noun`` is what is counted, a call or an e-mail.
    """
    written = frozenset(call.sha256 for call in calls if _is_mail(call))
    found = [
        Branch(title=DONE, lines=_done(best, written, noun)),
        Branch(title=LESS, lines=_less(calls, counts, miss, trend, written, noun)),
    ]
    open_calls = [call for call in calls if call.state in (CallState.UNCLEAR, CallState.UNHEARD)]
    if open_calls:
        found.append(Branch(title=UNCLEAR, lines=_unclear(open_calls, listen, written, noun)))
    return tuple(found)


def _is_mail(call: CallFinding) -> bool:
    return normal(call.call_type or "") == "email"


def place(shown: Moment | CallFinding, written: Collection[str] = ()) -> str:
    """Return ``the call with Acme on Monday, January 12, at 9:05``, as far as it is known.

    ``written`` are the sha256 of those that are e-mails.
    """
    who = shown.account or shown.contact
    mail = shown.sha256 in written or (isinstance(shown, CallFinding) and _is_mail(shown))
    text = (
        f"the {'e-mail to' if mail else 'call with'} {who}"
        if who
        else f"the {'e-mail' if mail else 'call'} {shown.call}"
    )
    return f"{text} on {when(shown.started_at)}" if shown.started_at else text


def _quote(shown: Moment) -> str:
    if shown.evidence is None:
        return ""
    at = place_in_call(shown.evidence.start_s)
    return f"“{shorten(shown.evidence.quote)}”" + (f" ({at})" if at else "")


def _done(best: Moment | None, written: Collection[str], noun: str) -> tuple[str, ...]:
    if best is None:
        open_it = "read" if noun == "e-mail" else "listen to"
        return (
            f"The {noun}s that are known do not show one yet. Ask which {noun} comes to mind, and {open_it} it "
            "together.",
            "If it is there, mark it: the checker can be wrong, and the rep's word starts the search.",
        )
    at = place_in_call(best.evidence.start_s) if best.evidence else ""
    lines = [f"Open one together: {place(best, written)}{f', from {at}' if at else ''}."]
    if best.response is not None:
        lines.append("Read what came back, too: what does the rep make of that answer?")
    else:
        lines.append(f"Ask what it led to on the other side; the {noun} shows no answer to it.")
    lines.append("It stays as a standing habit. Let the rep choose one small thing to add to it, and only one.")
    return tuple(lines)


def _less(
    calls: Sequence[CallFinding],
    counts: Counts,
    miss: Moment | None,
    trend: Sequence[WeekPoint],
    written: Collection[str],
    noun: str,
) -> tuple[str, ...]:
    missed = [call for call in calls if call.state in _MISSED]
    if not missed:
        few = f"; there were fewer such {noun}s than promised" if counts.eligible < counts.promised else ""
        return (
            f"No {noun} that could be judged lacks it{few}. If the week felt short of it to the rep, go by "
            f"that: what took the place of those {noun}s?",
        )
    first = missed[0]
    lines = [_walk(first, written)]
    if stopped := last_day_before_it_stopped(calls):
        verb = "written" if noun == "e-mail" else "heard"
        lines.append(
            f"It was {verb} up to {when_day(stopped)} and in no later {noun}. What was different from then on?"
        )
    shown = miss is not None and first.sha256 == miss.sha256
    if first.instead is not None and first.instead.evidence is not None and not shown:
        lines.append(f"What was said there instead: {_quote(first.instead)}.")
    attempts = sum(call.state is CallState.ATTEMPTED for call in missed)
    if attempts and miss is not None and miss.evidence is not None:
        lines.append(
            f"It was tried {'in' if noun == 'e-mail' else 'on'} {plural(attempts, noun)}; the nearest is "
            f"{place(miss, written)}. A try counts for something: what would have completed it?"
        )
    lines.append("Which meeting, task or list would have to move, so that there is room for it in the coming days?")
    lines.append("Then the same promise for another week; nothing new goes on top of it.")
    weeks = weeks_short_in_a_row(trend)
    if weeks >= _FRANK_AFTER_WEEKS:
        lines.append(
            f"This is week {weeks} of less than promised. If the rep sees the point of it, has the time "
            "and can do it in a drill, more coaching may not be the answer; a frank talk is your "
            "decision alone."
        )
    return tuple(lines)


def _walk(first: CallFinding, written: Collection[str]) -> str:
    lead = "This is about what got in the way, and nothing else."
    if first.started_at is None:
        return f"{lead} Take me through the time around {place(first, written)}: what came before it?"
    start = part_of_day(first.started_at)
    at = f" at {clock(first.started_at.time())}" if has_clock_time(first.started_at) else ""
    whom = place(replace(first, started_at=None), written)
    return f"{lead} Take me through {start}, step by step, up to {whom}{at}: what came before it?"


def when_day(value: date) -> str:
    """Return the name of a weekday."""
    return value.strftime("%A")


def last_day_before_it_stopped(calls: Sequence[CallFinding]) -> date | None:
    """Return the last day with a success if two or more later calls, all of them clear, have none."""
    dated = [(call.started_at.date(), call.state) for call in calls if call.started_at is not None]
    seen = [day for day, state in dated if state is CallState.SEEN]
    if not seen:
        return None
    last = max(seen)
    later = [state for day, state in dated if day > last and state is not CallState.NOT_APPLICABLE]
    return last if len(later) >= 2 and all(state in _MISSED for state in later) else None


def _unclear(
    open_calls: Sequence[CallFinding], listen: Sequence[Moment], written: Collection[str], noun: str
) -> tuple[str, ...]:
    lines = [
        f"{'Read' if each.sha256 in written else 'Listen to'} {place(each, written)}: {_quote(each)}."
        for each in listen
    ]
    heard = {each.sha256 for each in listen}
    for call in open_calls:
        if call.state is CallState.UNHEARD:
            lines.append(f"Could not be heard: {place(call)}. {call.reason}".rstrip())
        elif call.sha256 not in heard:
            lines.append(f"Unclear: {place(call)}. {call.reason}".rstrip())
    lines.append(f"Until then these {noun}s count neither for nor against anybody.")
    return tuple(lines)
