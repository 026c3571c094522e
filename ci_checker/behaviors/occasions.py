"""Whether a call gave the occasion for a behavior at all, and how sure that is.

A behavior that could not happen is ``not_applicable``; where the occasion
itself is in doubt, "not seen" would accuse wrongly, so it is ``unclear``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from ci_checker.behaviors.catalogue import Occasion
from ci_checker.model import Call, Role, Source, Turn

_GREETINGS = (
    r"leave (?:me |us )?(?:a|your|your name|a brief)\b.{0,40}(?:message|number|name)",
    r"after the (?:tone|beep)|at the tone|record your message|voicemail",
    r"press (?:one|two|three|zero|\d)\b|for (?:sales|support|billing),? press",
    r"(?:not|isn't|unable to|can't|cannot) (?:available|come to the phone|take your call)",
    r"(?:you've|you have) reached (?:the )?(?:voice ?mail|mailbox|desk of)|mailbox (?:is )?full",
    r"get back to you as soon as",
)
GREETING = re.compile("|".join(_GREETINGS), re.IGNORECASE)
# a live person may say "she's not available", "I got your voicemail" or "I'll get back to you as soon as I can"
MACHINE = re.compile(
    r"|".join([_GREETINGS[2], *_GREETINGS[4:5], r"after the (?:tone|beep)|at the tone|record your message"]),
    re.IGNORECASE,
)


# few calls have a gatekeeper, so among the voices that only sound like one the false ones weigh more
CERTAIN = 0.8


class Had(StrEnum):
    """Whether there was an occasion."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What the other side's turns show: probabilities a turn index, in [0, 1].

    The ``_sure`` and ``_possible`` values are the learned thresholds: from ``sure``
    on there was one, under ``possible`` there was none.
    """

    objection: dict[int, float] = field(default_factory=dict)
    gatekeeper: dict[int, float] = field(default_factory=dict)
    objection_sure: float = 0.6
    objection_possible: float = 0.1
    gatekeeper_sure: float = 0.6
    gatekeeper_possible: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The occasion's verdict and one sentence for people."""

    had: Had
    reason: str


def is_greeting(text: str) -> bool:
    """Return whether a text sounds like a recorded greeting or a phone menu."""
    return bool(GREETING.search(text))


def had_occasion(call: Call, kind: Occasion, signals: Signals) -> Answer:
    """Return whether the call gave the occasion."""
    if call.source is Source.EMAIL:
        if kind is Occasion.CONVERSATION:
            return Answer(had=Had.YES, reason="a written message")
        return Answer(had=Had.NO, reason="a written message has nobody on the line")
    others = [t for t in call.turns if call.role_of(t.speaker) is not Role.REP]
    live = [t for t in others if not is_greeting(t.text) or _answers(call, t)]
    if not live:
        why = "only a recorded greeting answered" if others else "nobody but the rep speaks"
        return Answer(had=Had.NO, reason=f"no conversation: {why}")
    if len(live) < len(others) and sum(len(t.text.split()) for t in live) < 6:
        return Answer(had=Had.NO, reason="no conversation: a recorded greeting answered")
    if kind is Occasion.CONVERSATION:
        return Answer(had=Had.YES, reason="a conversation")
    if kind is Occasion.OBJECTION:
        best, sure, possible = _most(signals.objection), signals.objection_sure, signals.objection_possible
        noun, none = "an objection", "no objection was raised"
    else:
        if any(call.role_of(t.speaker) is Role.GATEKEEPER for t in live):
            return Answer(had=Had.YES, reason="a gatekeeper is on the line")
        best, possible = _most(signals.gatekeeper), signals.gatekeeper_possible
        sure = max(signals.gatekeeper_sure, CERTAIN)
        noun, none = "a gatekeeper", "no gatekeeper was on the line"
    if best >= sure:
        return Answer(had=Had.YES, reason=f"the call holds {noun}")
    if best >= possible:
        return Answer(had=Had.PERHAPS, reason=f"it is not sure that the call holds {noun}")
    return Answer(had=Had.NO, reason=none)


def _answers(call: Call, turn: Turn) -> bool:
    """Return whether a turn only sounds recorded: it comes after the rep spoke, and no machine says that."""
    before = call.turns[: next(i for i, t in enumerate(call.turns) if t is turn)]
    spoke = any(call.role_of(t.speaker) is Role.REP and len(t.text.split()) > 3 for t in before)
    return spoke and not MACHINE.search(turn.text)


def _most(probabilities: dict[int, float]) -> float:
    return max(probabilities.values(), default=0.0)
