"""What an encoder reads of a turn: its own words, the last ones before it and the first ones after it.

What a turn does (acknowledge, restate, accept) often stands in the turn before it or in the answer to it; the
words of one turn alone do not tell (FACTS: such acts collapse without the other side's words).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ci_checker.behaviors import nlp

REACH_BEFORE, REACH_AFTER = 4, 2
"""Turns on either side that are looked at."""
BEFORE_TOKENS, AFTER_TOKENS = 36, 14
"""Tokens of them that are kept, the nearest."""
SHORTEST = 6
"""Words of a sentence of a mail that is read by itself too."""
LONGEST = 60
"""Words of one window of a turn; longer turns are read in windows that end where a sentence does."""
OWN = 0
"""The kind of a turn's own tokens."""
_BEFORE, _AFTER = 1, 7
START, EARLY, LATER = (_AFTER + 2 * REACH_AFTER + step for step in range(3))
"""The kinds of a turn's first token, which tell how far into the call it stands."""
KINDS = LATER + 1
"""How many kinds of tokens there are, places among them: see ``near`` and ``place``."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens ``first`` to ``last`` (the last left out) of a text of a turn nearby, and their kind."""

    text: str
    first: int
    last: int
    kind: int


def near(sides: Sequence[str], texts: Sequence[Sequence[str]], index: int, count: Callable[[str], int]) -> list[Part]:
    """Return the tokens around turn ``index``: of the turns before it, then of those after it, the nearest first.

    ``texts`` are every turn's windows and ``count`` tells how many tokens one has. A kind tells how far away a
    turn is and on which side it stands, and whether it is the other side's.
    """
    found: list[Part] = []
    room = BEFORE_TOKENS
    for distance, at in enumerate(range(index - 1, max(-1, index - 1 - REACH_BEFORE), -1)):
        length = count(texts[at][-1])
        if taken := min(length, room):
            kind = _BEFORE + 2 * min(distance, 2) + (sides[at] != sides[index])
            found.append(Part(texts[at][-1], length - taken, length, kind))
        room -= taken
    room = AFTER_TOKENS
    for distance, at in enumerate(range(index + 1, min(len(sides), index + 1 + REACH_AFTER))):
        if taken := min(count(texts[at][0]), room):
            found.append(Part(texts[at][0], 0, taken, _AFTER + 2 * distance + (sides[at] != sides[index])))
        room -= taken
    return found


def place(turns_before: int) -> int:
    """Return the kind of a turn's first token, which tells how far into the call the turn stands."""
    return START if turns_before < 3 else EARLY if turns_before < 8 else LATER


def windows(text: str) -> list[str]:
    """Return ``text`` whole, or in runs of whole segments of at most ``LONGEST`` words; a longer one stands alone."""
    if len(text.split()) <= LONGEST:
        return [text.lower()]
    found: list[str] = []
    room = 0
    for start, end in nlp.analyze(text).segments:
        segment = text[start:end].strip()
        length = len(segment.split())
        if found and length <= room:
            found[-1] += f" {segment}"
            room -= length
        else:
            found.append(segment)
            room = LONGEST - length
    return [window.lower() for window in found] or [text.lower()]  # of halves of characters alone there is no segment


def sentences(text: str) -> list[str]:
    """Return the segments of a text that has several, those of a few words left out."""
    spans = nlp.analyze(text).segments
    found = [text[start:end].strip().lower() for start, end in spans] if len(spans) > 1 else []
    return [segment for segment in found if len(segment.split()) >= SHORTEST]
