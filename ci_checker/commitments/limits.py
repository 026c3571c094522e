"""What the evidence cannot tell: said in every report, named call by call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ci_checker.commitments.branches import place
from ci_checker.commitments.words import calls_noun, day, noun, plural
from ci_checker.model import CallFinding, CallState, Commitment, Counts, Reliability, TargetKind

FEW_CALLS = 30


def cannot_tell(
    commitment: Commitment,
    calls: Sequence[CallFinding],
    counts: Counts,
    *,
    repeated: int,
    days_left: Sequence[date],
    reliability: Reliability | None,
    behavior_name: str,
) -> tuple[str, ...]:
    """Return one sentence for each thing that a reader might take for known and is not."""
    found: list[str] = []
    if days_left:
        found.append(
            f"The window runs until {day(days_left[-1])}; {noun(commitment.eligible, 2)} still to come "
            "are not in these counts."
        )
    for call in calls:
        if call.state is CallState.UNHEARD:
            found.append(f"{_name(call)} could not be heard: {_sentence(call.reason)}")
        elif call.state is CallState.UNCLEAR:
            found.append(f"{_name(call)} is unclear: {_sentence(call.reason)}")
    if commitment.target.kind is TargetKind.COUNT and counts.eligible + counts.unheard < counts.promised:
        known = counts.eligible + counts.unheard
        found.append(
            f"{f'Only {known}' if known else 'No'} eligible {calls_noun(commitment.eligible, known)} "
            f"{'is' if known == 1 else 'are'} known, fewer than the {counts.promised} promised: "
            "whether there were more is not known."
        )
    if repeated:
        found.append(f"{plural(repeated, 'recording')} came more than once and counted once.")
    one = noun(commitment.eligible, 1)
    found.extend(_reliability(reliability, behavior_name, one))
    lost = "not handed in" if one == "e-mail" else "not recorded, or not handed in,"
    found.append(f"{one.capitalize()}s that were {lost} leave no trace here.")
    return tuple(found)


def _name(call: CallFinding) -> str:
    text = place(call)
    return text[0].upper() + text[1:]


def _sentence(text: str) -> str:
    line = text.strip() or "no reason was given"
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _reliability(reliability: Reliability | None, behavior_name: str, noun: str) -> list[str]:
    if reliability is None or (reliability.precision is None and reliability.recall is None):
        return [f"How reliably “{behavior_name}” is detected has not been measured."]
    found: list[str] = []
    if reliability.recall is not None and reliability.recall < 0.995:
        found.append(
            f"The checker finds about {reliability.recall:.0%} of the places where "
            f"“{behavior_name}” really is, so {'an' if noun == 'e-mail' else 'a'} {noun} without it may still have it."
        )
    if reliability.precision is not None and reliability.precision < 0.995:
        found.append(
            f"About {reliability.precision:.0%} of what it marks as “{behavior_name}” really is that; "
            "read the quote before you rely on it."
        )
    if reliability.calls < FEW_CALLS:
        found.append(f"That was measured on only {plural(reliability.calls, 'call')} ({reliability.measured_on}).")
    return found
