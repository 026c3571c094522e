"""What to say next: if it was done, if it was not, if it is unclear. Filled in from the calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ci_checker.commitments.history import weeks_short_in_a_row
from ci_checker.commitments.words import part_of_day, place_in_call, plural, shorten, when
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
) -> tuple[Branch, ...]:
    """Return the branches in the order done, not or less, and (if anything is) unclear."""
    found = [
        Branch(title=DONE, lines=_done(best)),
        Branch(title=LESS, lines=_less(calls, counts, miss, trend)),
    ]
    open_calls = [call for call in calls if call.state in (CallState.UNCLEAR, CallState.UNHEARD)]
    if open_calls:
        found.append(Branch(title=UNCLEAR, lines=_unclear(open_calls, listen)))
    return tuple(found)


def place(shown: Moment | CallFinding) -> str:
    """Return ``the call with Acme on Monday, January 12, at 9:05``, as far as it is known."""
    who = shown.account or shown.contact
    text = f"the call with {who}" if who else f"the call {shown.call}"
    return f"{text} on {when(shown.started_at)}" if shown.started_at else text


def _quote(shown: Moment) -> str:
    if shown.evidence is None:
        return ""
    at = place_in_call(shown.evidence.start_s)
    return f"“{shorten(shown.evidence.quote)}”" + (f" ({at})" if at else "")


def _done(best: Moment | None) -> tuple[str, ...]:
    if best is None:
        return (
            "The calls that are known do not show one yet. Ask which call comes to mind, and listen to it together.",
            "If it is there, mark it: the checker can be wrong, and the rep's word starts the search.",
        )
    lines = [f"Open one together, {place(best)}: {_quote(best)}."]
    if best.response is not None:
        lines.append(f"What came back: “{shorten(best.response.text)}” Ask what the rep makes of that answer.")
    else:
        lines.append("Ask what it led to on the other side; the call shows no answer to it.")
    lines.append("It stays as a standing habit. Let the rep choose one small thing to add to it, and only one.")
    return tuple(lines)


def _less(
    calls: Sequence[CallFinding], counts: Counts, miss: Moment | None, trend: Sequence[WeekPoint]
) -> tuple[str, ...]:
    missed = [call for call in calls if call.state in _MISSED]
    if not missed:
        few = "; there were fewer such calls than promised" if counts.eligible < counts.promised else ""
        return (
            f"No call that could be judged lacks it{few}. If the week felt short of it to the rep, go by "
            "that: what took the place of those calls?",
        )
    first = missed[0]
    lines = ["The aim is to find what got in the way, and nothing else.", _walk(first)]
    if stopped := last_day_before_it_stopped(calls):
        lines.append(f"It was heard up to {when_day(stopped)} and in no later call. What was different from then on?")
    if first.instead is not None and first.instead.evidence is not None:
        lines.append(f"What was said there instead: {_quote(first.instead)}.")
    attempts = sum(call.state is CallState.ATTEMPTED for call in missed)
    if attempts and miss is not None and miss.evidence is not None:
        lines.append(
            f"It was tried on {plural(attempts, 'call')}; the nearest is {place(miss)}: {_quote(miss)}. "
            "A try counts for something: what would have completed it?"
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


def _walk(first: CallFinding) -> str:
    if first.started_at is None:
        return f"Take me through the time around {place(first)}: what came before it, and what was on your mind?"
    start = part_of_day(first.started_at)
    return f"Take me through {start}, step by step, up to {place(first)}: what came before it?"


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


def _unclear(open_calls: Sequence[CallFinding], listen: Sequence[Moment]) -> tuple[str, ...]:
    lines = [f"Listen to {place(each)}: {_quote(each)}." for each in listen]
    heard = {each.sha256 for each in listen}
    for call in open_calls:
        if call.state is CallState.UNHEARD:
            lines.append(f"Could not be heard: {place(call)}. {call.reason}".rstrip())
        elif call.sha256 not in heard:
            lines.append(f"Unclear: {place(call)}. {call.reason}".rstrip())
    lines.append("Until then these calls count neither for nor against anybody.")
    return tuple(lines)
