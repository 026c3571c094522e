"""Conversations as a recognizer might have written them: words misheard, lost or run together, no case, no marks.

Deterministic: the same conversation, share and seed give the same words. A word is misheard as one that
sounds alike among the words it is given, by a key of consonant classes (after Soundex, Russell 1918).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from ci_checker.learn.dialogues import Conversation

MISHEARD, LOST = 0.6, 0.25
"""Of the words that go wrong, those that become another and those that vanish; the rest is merged with the next."""
NEAREST = 3
HEARD = " (heard)"
_ALIKE = (
    ("ph", "f"), ("tch", "j"), ("ch", "j"), ("sh", "j"), ("ck", "k"), ("gh", ""), ("wh", "w"), ("kn", "n"), ("wr", "r"),
)  # fmt: skip
_CLASS = str.maketrans("bpfvdtcgjkqsxzmnlrwhyaeiou", "ppffttkkjkksssnnlr........")
_WORD = re.compile(r"[\w'’]+")


@dataclass(slots=True)
class Ear:
    """What words may be mistaken for each other."""

    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, texts: Iterable[str]) -> Ear:
        """Return an ear that knows the words of ``texts``."""
        found = cls()
        for word in sorted({word.lower() for text in texts for word in _WORD.findall(text)}):
            found.words[_key(word)].append(word)
        return found

    def alike(self, word: str) -> list[str]:
        """Return at most ``NEAREST`` other words that sound like ``word``, the nearest in spelling first."""
        others = [other for other in self.words.get(_key(word), ()) if other != word]
        return sorted(others, key=lambda o: (-SequenceMatcher(None, word, o).ratio(), o))[:NEAREST]


def _key(word: str) -> str:
    """Return the consonants of a word by class, a vowel at the beginning as a dot."""
    plain = word.lower().replace("'", "").replace("’", "")
    for written, spoken in _ALIKE:
        plain = plain.replace(written, spoken)
    classes = plain.translate(_CLASS)
    bare = classes[:1] + classes[1:].replace(".", "")
    return re.sub(r"(.)\1+", r"\1", bare)


def heard(
    conversations: Sequence[Conversation],
    share: float,
    *,
    unpunctuated: bool = False,
    seed: int = 0,
    ear: Ear | None = None,
) -> tuple[Conversation, ...]:
    """Return the conversations with ``share`` of their words gone wrong, labels and turns as they were.

    ``unpunctuated`` drops case and marks of half the turns. Without ``ear`` the conversations' own words
    may be mistaken for each other. A turn keeps at least one word.
    """
    ear = ear or Ear.of(turn.text for c in conversations for turn in c.turns)
    found = []
    for conversation in conversations:
        draw = random.Random(f"{seed} {share} {conversation.id}")
        marks = random.Random(f"{seed} {conversation.id}")  # the same turns lose their marks, whatever the share
        turns = []
        for turn in conversation.turns:
            text = mangled(turn.text, share, ear, draw) if share else turn.text
            if marks.random() < 0.5 and unpunctuated:
                text = bare(text)
            turns.append(replace(turn, text=text))
        found.append(replace(conversation, turns=tuple(turns)))
    return tuple(found)


def twins(
    conversations: Sequence[Conversation], *, shares: Sequence[float] = (0.1, 0.2), seed: int = 0
) -> tuple[Conversation, ...]:
    """Return every second conversation as a recognizer might have written it, to train on beside the written ones.

    By turns with one of ``shares`` of its words wrong. A twin's id is its own, and its file its original's.
    """
    ear = Ear.of(turn.text for c in conversations for turn in c.turns)
    return tuple(
        replace(twin, id=f"{twin.id}{HEARD}")
        for number, conversation in enumerate(conversations[1::2])
        for twin in heard([conversation], shares[number % len(shares)], unpunctuated=True, seed=seed, ear=ear)
    )


def hands(conversations: Sequence[Conversation]) -> list[int]:
    """Return a number a conversation, the same for all of one file: a file is of one writer, whose twins are too."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(c.file or c.id.removesuffix(HEARD), len(numbers)) for c in conversations]


def bare(text: str) -> str:
    """Return a text without case and marks; apostrophes inside words stay."""
    words = (word.strip("'’") for word in _WORD.findall(text.lower().replace("-", " ")))
    return " ".join(word for word in words if word)


def mangled(text: str, share: float, ear: Ear, draw: random.Random) -> str:
    """Return a text with ``share`` of its words misheard, lost or merged, marks and case as they were."""
    words = text.split()
    out: list[str] = []
    at = 0
    while at < len(words):
        word, taken = words[at], 1
        if draw.random() < share:
            kind = draw.random()
            if kind < MISHEARD and (others := ear.alike(_inside(word))):
                word = _put(word, draw.choice(others))
            elif kind >= MISHEARD + LOST and at + 1 < len(words):
                joined = f"{_inside(word)}{_inside(words[at + 1])}"
                word, taken = next(iter(ear.alike(joined)), joined), 2
            elif len(words) > 1 and (out or at + 1 < len(words)):
                word = ""
        out += [word] if word else []
        at += taken
    return " ".join(out)


def _inside(word: str) -> str:
    found = _WORD.search(word)
    return found[0].lower() if found else word


def _put(word: str, other: str) -> str:
    """Return ``other`` with the marks and the capital of ``word``."""
    cased = other.capitalize() if word[:1].isupper() else other
    return _WORD.sub(lambda _: cased, word, count=1)
