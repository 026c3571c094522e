"""The team, and names compared as people write and as recognizers hear them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_NEARLY = 0.84


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """One rep of the team; ``aliases`` are other names they go by, ``company`` whom they sell for."""

    name: str
    aliases: tuple[str, ...] = ()
    company: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias."""
        return (self.name, *self.aliases)


def fold(name: str) -> str:
    """Return a name without case, punctuation and double spaces."""
    return " ".join(re.sub(r"[^\w\s]", " ", name.casefold()).split())


def pick(wanted: str, names: Sequence[str]) -> str | None:
    """Return the one of ``names`` that ``wanted`` means: the same, or the only one that shares
    all words of the shorter of the two ("Luke" for "Luke Miller")."""
    same = [name for name in names if fold(name) == fold(wanted)]
    if len(same) == 1:
        return same[0]
    words = set(fold(wanted).split())
    near = []
    for name in names:
        other = set(fold(name).split())
        if words and other and (words <= other or other <= words):
            near.append(name)
    return near[0] if len(near) == 1 else None


def entry_of(name: str, roster: Iterable[RosterEntry]) -> RosterEntry | None:
    """Return the roster's entry for a speaker's name."""
    for entry in roster:
        if any(pick(known, [name]) for known in entry.names):
            return entry
    return None


def sounds_in(name: str, heard: str) -> bool:
    """Return whether ``name`` was said in the words ``heard``, spelled as a recognizer may spell it."""
    wanted, words = fold(name).replace(" ", ""), fold(heard).split()
    if not wanted:
        return False
    most = len(fold(name).split()) + 1
    for begin in range(len(words)):
        for count in range(1, most + 1):
            said = "".join(words[begin : begin + count])
            if said == wanted:
                return True
            if len(wanted) > 4 and SequenceMatcher(None, said, wanted).ratio() >= _NEARLY:
                return True
    return False
