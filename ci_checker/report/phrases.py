"""The words that every format uses for the values of the model."""

from __future__ import annotations

from datetime import timedelta

from ci_checker.model import (
    CallFinding,
    CallState,
    Commitment,
    Counts,
    Evidence,
    Finding,
    Moment,
    NextStep,
    Outcome,
    Reliability,
    Report,
    Verdict,
    WeekPoint,
    Window,
)
from ci_checker.report import words

STATES = {
    CallState.SEEN: "seen",
    CallState.ATTEMPTED: "attempted",
    CallState.NOT_SEEN: "not seen",
    CallState.UNCLEAR: "unclear",
    CallState.NOT_APPLICABLE: "no occasion",
    CallState.UNHEARD: "could not be heard",
}
VERDICTS = {
    Verdict.SEEN: "Seen",
    Verdict.UNCLEAR: "Unclear: worth a listen",
    Verdict.NOT_SEEN: "Not seen",
    Verdict.NOT_APPLICABLE: "No occasion on this call",
}
OUTCOMES = {Outcome.DONE: "done", Outcome.PARTLY: "partly done", Outcome.NOT_DONE: "not done"}
SHORT = {Outcome.DONE: "done", Outcome.PARTLY: "partly", Outcome.NOT_DONE: "not done"}
NEXT = {
    NextStep.KEEP: "keep it and add a layer",
    NextStep.REISSUE: "the same commitment again",
    NextStep.REPLACE: "another commitment",
}
BUCKETS = ("skill", "will", "knowledge", "system")


def counts(value: Counts, noun: str = "call") -> str:
    """``6 of 9 eligible calls, 10 promised; 1 unclear; 1 could not be heard``."""
    some = f"{value.seen} of {words.count(value.eligible, f'eligible {noun}')}"
    share = some if value.eligible else f"no eligible {noun}s"
    parts = [f"{share}, {value.promised} promised"]
    rest = (
        (value.attempted, "attempted"),
        (value.unclear, f"unclear, {value.contested} of them disputed" if value.contested else "unclear"),
        (value.unheard, "could not be heard"),
        (value.not_applicable, "gave no occasion"),
    )
    return "; ".join(parts + [f"{number} {what}" for number, what in rest if number])


def tally(value: Counts) -> list[tuple[CallState, int]]:
    """Calls by state, without states that did not occur; seen is always said."""
    return [
        (state, getattr(value, state.value))
        for state in CallState
        if state is CallState.SEEN or getattr(value, state.value)
    ]


def window(value: Window) -> str:
    """``Mon 16 to Thu 19 Nov, before 10 am``; weekdays apart only where some between are left out."""
    span = [value.start + timedelta(days=number) for number in range((value.end - value.start).days + 1)]
    held = [day for day in span if day.weekday() in value.weekdays]
    if held and (held[-1] - held[0]).days == len(held) - 1:
        parts = [words.days(held[0], held[-1])]
    else:
        parts = [words.weekdays(value.weekdays), words.days(value.start, value.end)]
    if value.from_time and value.to_time:
        parts.append(f"{words.clock(value.from_time)} to {words.clock(value.to_time)}")
    elif value.to_time:
        parts.append(f"before {words.clock(value.to_time)}")
    elif value.from_time:
        parts.append(f"from {words.clock(value.from_time)}")
    return ", ".join(parts)


def place(value: Moment | CallFinding) -> str:
    """When and with whom: ``Tue 17 Nov, 9:42 am · Northwind · Pat Lee``, else the call's name."""
    parts = [words.at(value.started_at), value.account, value.contact]
    if not (value.account or value.contact or value.started_at):
        parts = [value.call]
    return " · ".join(part for part in parts if part)


def unplayable(moment: Moment) -> str:
    """Why a quote without a clip cannot be played."""
    if not moment.audio_path:
        return "no sound: this came as text"
    return "no clip here: open the recording at this time" if moment.clip else "no clip was cut"


def lead_moment(call: CallFinding) -> Moment | None:
    """Return the moment that shows a call's state best: the hit, the try, or what was said instead."""
    first = (call.near_misses, call.moments) if call.state is CallState.ATTEMPTED else (call.moments, call.near_misses)
    together = first[0] + first[1] + ((call.instead,) if call.instead else ())
    return together[0] if together else None


def first_shown(finding: Finding) -> int:
    """Return the number of the call to show before anybody points at one: the best example's."""
    best = finding.best or finding.miss
    return next((number for number, call in enumerate(finding.calls) if best and call.call == best.call), 0)


def tries(finding: Finding) -> list[Moment]:
    """Near misses worth a look besides those shown at length already; a call where it was seen needs none."""
    shown = {(one.call, one.evidence) for one in (finding.miss, *finding.listen) if one}
    short = [call for call in finding.calls if call.state is not CallState.SEEN]
    near = [one for call in short for one in call.near_misses if one.evidence]
    return [one for one in near if (one.call, one.evidence) not in shown]


def likely(evidence: Evidence) -> str:
    """How sure the checker is that it counts, and why: ``97% likely to count: funding event, in the opening``."""
    why = ", ".join(reason.text for reason in evidence.why)
    return f"{words.percent(evidence.probability)} likely to count{': ' if why else ''}{why}"


def outcome(week: WeekPoint) -> str:
    """How the week's check ended, or that none is recorded."""
    return OUTCOMES[week.outcome] if week.outcome else "no outcome recorded"


def recorded(value: Commitment) -> tuple[str, ...]:
    """What the manager recorded after the 1:1, a sentence each; empty before that."""
    said = [
        f"Recorded outcome: {OUTCOMES[value.outcome]}." if value.outcome else "",
        f"Note: {value.note}" if value.note else "",
        f"The manager's reading: {value.bucket}." if value.bucket else "",
        f"Blocker: {value.blocker}" if value.blocker else "",
        f"Next: {NEXT[value.next_step]}." if value.next_step else "",
    ]
    return tuple(one for one in said if one)


def reliability(value: Reliability | None) -> str:
    """How far the detection can be trusted, in a sentence that a person can read."""
    if value is None or (value.precision is None and value.recall is None):
        note = f" {value.note}" if value and value.note else ""
        return f"The detection of this behavior has not been measured: listen before you rely on it.{note}"
    parts = []
    if value.precision is not None:
        parts.append(f"when it said seen, it was right {words.percent(value.precision)} of the time")
    if value.recall is not None:
        parts.append(f"it found {words.percent(value.recall)} of what was there")
    said = f"Measured on {words.count(value.calls, 'call')} ({value.measured_on}): {', and '.join(parts)}."
    return f"{said} {value.note}".strip()


def heading(value: Report) -> str:
    """``Dana Ortiz with Sam Reed, Fri 20 Nov 2026``."""
    partner = f" with {value.manager}" if value.manager else ""
    return f"{value.rep}{partner}, {words.dated(value.as_of)}"
