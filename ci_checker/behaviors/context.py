"""A turn with what was said before it, as one text that an encoder reads.

What a turn does (acknowledge, restate, accept) often stands in the turn before it; the words of
one turn alone do not tell (FACTS: such acts collapse without the other side's words).
"""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.behaviors import nlp
from ci_checker.behaviors.features import Said

REACH = 4
"""Turns before this one that are looked at."""
BEFORE_WORDS = 32
"""Words before this turn that are kept, the newest."""
SHORTEST = 6
"""Words of a sentence of a mail that is read by itself too."""
LONGEST = 60
"""Words of one window of a turn; longer turns are read in windows that end where a sentence does."""


def before(turns: Sequence[Said], index: int, *, offset: int = 0) -> str:
    """Return the place in the call and the last words before turn ``index``, each with whose they are.

    ``me`` is the side of the turn itself. ``offset`` is the number of turns before the first one.
    """
    parts: list[str] = []
    room = BEFORE_WORDS
    for turn in reversed(turns[max(0, index - REACH) : index]):
        words = turn.text.split()[-room:]
        room -= len(words)
        parts.insert(0, f"{'me' if turn.side == turns[index].side else 'them'}: {' '.join(words)}")
        if room <= 0:
            break
    return " ".join([_place(index + offset), *parts]).lower()


def _place(turns_before: int) -> str:
    return "start" if turns_before < 3 else "early" if turns_before < 8 else "later"


def windows(text: str) -> list[str]:
    """Return ``text`` whole, or in runs of whole segments of at most ``LONGEST`` words where one is that short."""
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
    return [window.lower() for window in found]


def sentences(text: str) -> list[str]:
    """Return the segments of a text that has several, those of a few words left out."""
    spans = nlp.analyze(text).segments
    found = [text[start:end].strip().lower() for start, end in spans] if len(spans) > 1 else []
    return [segment for segment in found if len(segment.split()) >= SHORTEST]
