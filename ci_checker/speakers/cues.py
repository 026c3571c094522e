"""What people on each side of a sales call say, as patterns with weights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A pattern, the points it adds to whoever says it, and how to put that into a sentence.

    Positive points speak for the rep. ``early`` cues count in the first turns only.
    """

    pattern: re.Pattern[str]
    points: float
    says: str
    early: bool = False


def _cue(pattern: str, points: float, says: str, *, early: bool = False) -> Cue:
    return Cue(pattern=re.compile(pattern, re.IGNORECASE), points=points, says=says, early=early)


_NO_NAME: Final = (
    r"(?!(?:a|an|the|just|not|so|sorry|calling|good|great|nice|fine|going|trying|about|regarding|like|really|in|on"
    r"|with|from|at|of|all|been|okay|my|your|our|me|her|his|he|she|what|that|to|very|for|why|how|when|where|i|i'm)\b)"
)
_NAME: Final = rf"{_NO_NAME}[a-z][\w'-]*"
_AFTER: Final = r"(?:[\s,.]+(?:here|again|calling|over|out|speaking|i'm|i am))*[\s,.]+"
_FROM: Final = r"(?:with|from|at|of|for)\s+(?P<company>[\w&'-]+(?:\s+[\w&'-]+){0,3})"
INTRODUCTION: Final = re.compile(
    r"\b(?:this is|my name is|my name's|i am|i'm|im|it's|its|it is)\s+"
    rf"(?P<name>{_NAME}(?:\s+{_NAME})?){_AFTER}{_FROM}"
    rf"|\b(?P<here>{_NAME})\s+here[\s,]+(?:over\s+|calling\s+)?(?:from|with|at)\s+"
    r"(?P<firm>[\w&'-]+(?:\s+[\w&'-]+){0,3})"
    rf"|^\W*(?P<first>{_NAME})\s+(?:from|with)\s+(?P<last>[\w&'-]+(?:\s+[\w&'-]+){{0,2}}?)(?:\s+here|[.,]|$)",
    re.IGNORECASE,
)
"""Somebody says their name and whom they are from."""
EMPLOYED: Final = re.compile(
    r"\b(?:i'm|i am|im|calling|i work)\s+(?:over\s+|calling\s+)?(?:with|from|at|for)\s+"
    r"(?P<company>[\w&'-]+(?:\s+[\w&'-]+){0,3})",
    re.IGNORECASE,
)
"""Somebody says whom they are from, without a name."""
SELF: Final = re.compile(
    r"\b(?P<strong>this is|my name is|my name's)\s+(?P<rest>[\w'&-]+(?:[\s,.]+[\w'&-]+){0,8})"
    r"|\b(?:i am|i'm|im|it's|its|it is)\s+(?P<weak>[\w'&-]+(?:[\s,]+[\w'&-]+){0,2})"
    r"|\b(?P<before>[\w'-]+(?:\s+[\w'-]+)?)\s+(?:here|calling)\b",
    re.IGNORECASE,
)
"""Somebody speaks of themselves; a name or a company known to us may follow."""
ASKED_BACK: Final = re.compile(
    r"^\s*(?:so |and |sorry |wait |oh )*(?:is this|are you|you're"
    r"|youre|who)\b|\?\s*$",
    re.I,
)

CUES: Final = (
    _cue(r"\b(?:the )?reason (?:for (?:my|the) call|(?:that )?i(?:'m| am|m)? (?:call"
        r"|reach))", 2.0, "says why they call"),
    _cue(r"\bi(?:'m| am|m| was) (?:just )?(?:calling|reaching out"
        r"|following up)\b", 1.5, "says that they are calling"),
    _cue(r"\b(?:calling|called|reaching out) (?:you )?(?:about|because|regarding"
        r"|out of the blue)\b", 1.5, "says why they call"),
    _cue(r"\b(?:did i |have i |i )(?:catch|caught"
        r"|catching) you\b", 1.5, "asks whether it is a bad time", early=True),
    _cue(r"\b(?:do|would|could) you have (?:a |half a |one |two |\d+ )?(?:few |couple )?(?:minute"
        r"|second|moment|sec)", 1.5,
         "asks for a moment of time", early=True),
    _cue(r"\b(?:can|could|may) i (?:take|have|get|borrow|steal) (?:just )?(?:a |half|thirty"
        r"|twenty|30|20|two|one|\d)", 1.5,
         "asks for a moment of time", early=True),
    _cue(r"\b(?:our|my) (?:customers?|clients?)\b", 1.2, "speaks of their own customers"),
    _cue(r"\bwe (?:help|work with|partner with|built"
        r"|specialize)\b", 1.5, "says what their company does for others"),
    _cue(r"\bour (?:platform|product|software|solution|pricing|team can"
        r"|service)\b", 1.0, "speaks of their own product"),
    _cue(r"\bi (?:saw|noticed|read|heard) (?:that )?(?:you"
        r"|your)\b", 1.2, "has read about the other side"),
    _cue(r"\bi(?:'ll| will) (?:send|email|shoot) (?:you|over|that"
        r"|it)\b", 0.8, "promises to send something"),
    _cue(r"\b(?:does|would|how about|how's) (?:\w+ ){0,4}(?:monday|tuesday|wednesday|thursday"
        r"|friday|next week) (?:\w+ ){0,4}"
         r"(?:work|suit|look|good)", 0.8, "proposes a time"),
    _cue(r"\b(?:not interested|we(?:'re| are) (?:happy|fine|good|all set)|we already (?:have|use"
        r"|work)|take me off)\b", -1.5,
         "turns an offer down"),
    _cue(r"\b(?:just )?send me (?:an? |some |the )?(?:email|e-mail|info|information"
        r"|something)\b", -1.5, "asks to be sent something"),
    _cue(r"\b(?:who(?:'s| is) (?:this|calling)|what(?:'s| is) this (?:about|regarding)"
        r"|where are you calling from)\b", -2.0,
         "asks who is calling"),
    _cue(r"\b(?:how much (?:does|is|would)|what(?:'s| does) (?:it|this|that) cost"
        r"|what do you (?:guys )?(?:do|charge))\b", -1.2,
         "asks what it costs"),
    _cue(r"\bhow can i (?:help|direct)\b", -1.0, "answers the phone", early=True),
)  # fmt: skip

GREETING: Final = re.compile(
    r"leave (?:me |us )?(?:a |your )?(?:brief |short |detailed )?(?:message|name)|(?:after"
    r"|at) the (?:tone|beep)"
    r"|(?:is|are|am|i'm) (?:not|un)\s?(?:available|able)|can(?:'t|not| not) (?:come to|take"
    r"|answer|get to)"
    r"|(?:reached|got) (?:the )?(?:voice ?mail|desk|office|mailbox|voice box)"
    r"|press (?:one|two|three|four|zero|pound|star|\d)|for (?:sales|support|billing|service),? press"
    r"|record your message|your call is (?:very )?important|please (?:listen|hold the line)"
    r"|mailbox is full|extension (?:now|at any time)|hang up (?:or|when)"
    r"|(?:get|call) (?:right )?back to you|return your call|away from my desk|business hours are",
    re.IGNORECASE,
)
"""A recorded greeting or a phone menu."""
LEAVES_MESSAGE: Final = re.compile(
    r"leave (?:me |us )?(?:a |your )?(?:brief |short |detailed )?(?:message|name)|(?:after"
    r"|at) the (?:tone|beep)"
    r"|press (?:one|two|three|zero|\d)|record your message|mailbox",
    re.IGNORECASE,
)
"""What only a machine says."""
GATEKEEPER: Final = re.compile(
    r"(?:put|patch|connect|transfer|send) you (?:through|over|right|to)|who(?:'s| is| may| should"
    r"| shall) (?:i say (?:is )?)?(?:calling|i say)"
    r"|may i (?:ask|tell \w+) (?:who|what)|what(?:'s| is) (?:this|it) (?:about|regarding"
    r"|in reference to|concerning)"
    r"|(?:one moment|please hold|hold (?:on )?(?:please|a moment)|hold the line)"
    r"|(?:he|she|they)(?:'s| is|'re| are) (?:not |un|in a meeting|out|on another|with)|take a message"
    r"|how (?:can|may) i (?:help|direct)|see if (?:he|she|they)|is (?:he|she) expecting"
    r"|doesn't take (?:sales|cold|unsolicited)|transferring you",
    re.IGNORECASE,
)
"""Somebody who answers for another."""
ANSWERS: Final = re.compile(
    r"^\W*(?:hello|hi|hey|yeah|yes|good (?:morning|afternoon|evening)|thank you for calling"
    r"|thanks for calling|this is|speaking)\b",
    re.IGNORECASE,
)
"""The first words of whoever picks up."""
OWN_LINE: Final = re.compile(
    r"(?:thank you|thanks) for calling\s+(?P<company>[\w&'-]+"
    r"(?:\s+[\w&'-]+){0,2})",
    re.I,
)
