"""Whether a call gave the occasion for a behavior at all, and how sure that is.

A behavior that could not happen is ``not_applicable``; where the occasion
itself is in doubt, "not seen" would accuse wrongly, so it is ``unclear``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ci_checker.behaviors.catalogue import Occasion
from ci_checker.model import Call, Role, Source

GREETING = re.compile(
    r"leave (?:me |us )?(?:a|your|your name|a brief)\b.{0,40}(?:message|number|name)|after the (?:tone|beep)|at the tone"
    r"|press (?:one|two|three|zero|\d)\b|(?:not|isn't|unable to|can't|cannot) (?:available|come to the phone|take your call)"
    r"|(?:you've|you have) reached (?:the )?(?:voice ?mail|mailbox|desk of)|mailbox (?:is )?full|for (?:sales|support|billing),? press"
    r"|voicemail|record your message|get back to you as soon as",
    re.IGNORECASE,
)
SURE = 0.6
POSSIBLE = 0.25


class Had(StrEnum):
    """Whether there was an occasion."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What the other side's turns show: probabilities a turn index, in [0, 1]."""

    objection: dict[int, float]
    gatekeeper: dict[int, float]


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
    live = [t for t in others if not is_greeting(t.text)]
    if not live:
        why = "only a recorded greeting answered" if others else "nobody but the rep speaks"
        return Answer(had=Had.NO, reason=f"no conversation: {why}")
    if any(is_greeting(t.text) for t in others) and sum(len(t.text.split()) for t in live) < 6:
        return Answer(had=Had.NO, reason="no conversation: a recorded greeting answered")
    if kind is Occasion.CONVERSATION:
        return Answer(had=Had.YES, reason="a conversation")
    found = signals.objection if kind is Occasion.OBJECTION else signals.gatekeeper
    if kind is Occasion.GATEKEEPER and any(
        call.role_of(t.speaker) is Role.GATEKEEPER and not is_greeting(t.text) for t in others
    ):
        return Answer(had=Had.YES, reason="a gatekeeper is on the line")
    best = max(found.values(), default=0.0)
    noun = "objection" if kind is Occasion.OBJECTION else "gatekeeper"
    if best >= SURE:
        return Answer(had=Had.YES, reason=f"the call holds {'an' if noun[0] == 'o' else 'a'} {noun}")
    if best >= POSSIBLE:
        return Answer(had=Had.PERHAPS, reason=f"it is not sure that there was {'an' if noun[0] == 'o' else 'a'} {noun}")
    missing = "no objection was raised" if noun == "objection" else "no gatekeeper was on the line"
    return Answer(had=Had.NO, reason=missing)
