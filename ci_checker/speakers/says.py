"""Small facts about turns that several judgments need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ci_checker.model import Turn

_FILLER: Final = frozenset(
    [
        *("uh", "um", "mm", "mhm", "hmm", "hm", "huh", "mm-hmm", "uh-huh", "yeah", "yes", "yep", "yup", "no"),
        *("ok", "okay", "right", "sure", "great", "good", "alright", "hi", "hello", "hey", "thanks", "thank"),
        *("you", "bye", "goodbye"),
    ]
)
_ASKS: Final = re.compile(
    r"^(?:so |and |but |um |uh |okay |well )*(?:what|how|who|when|where|why|which|could you|can you|would you"
    r"|do you|does|did you|are you|have you|is there|is it|tell me|walk me)\b",
    re.IGNORECASE,
)


def clock(seconds: float) -> str:
    """Return ``m:ss`` for people."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes}:{rest:02d}"


def plain(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the turns with typewriter apostrophes, which the patterns expect."""
    return tuple(replace(turn, text=turn.text.replace("\u2019", "'")) for turn in turns)


def at(turn: Turn) -> str:
    """Return `` at 0:03``, or nothing where the source has no times."""
    return "" if turn.start_s is None else f" at {clock(turn.start_s)}"


def is_filler(text: str) -> bool:
    """Return whether a turn carries no more than a backchannel."""
    words = re.sub(r"[^\w\s'-]", " ", text.casefold()).split()
    return len(words) <= 4 and all(word in _FILLER for word in words)


def questions(text: str) -> int:
    """Return how many questions a turn asks; word order counts where marks are missing."""
    marks = text.count("?")
    if marks:
        return marks
    return int(bool(_ASKS.search(text.strip())) and len(text.split()) > 3)
