"""Sentences out of the labelled training dialogues: ``R[labels]: text``, ``P: text``, ``G: text``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from ci_checker.learn.speech.sentences import same_words, split_sentences, spoken_form

_TURN: Final = re.compile(r"^[A-Z](?:\d?)(?:\[[^\]]*\])?:\s*(.+)$")
_QUESTION: Final = re.compile(
    r"(who|what|when|where|why|how|which|is|are|do|does|did|can|could|would|will|was|were|have|has"
    r"|am|should|may)\b",
    re.IGNORECASE,
)
LONGEST: Final = 24
"""Words of the longest text handed out; more would not fit into one window."""


def turns(paths: Iterable[Path]) -> list[str]:
    """The spoken form of every turn in the files, in order; stage directions are left out."""
    raw = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := _TURN.match(line.strip()):
                raw.append(re.sub(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>", " ", match[1]))
    proper = _proper_words(raw)
    written = (written_form(spoken_form(text), proper) for text in raw)
    return [text for text in written if same_words(text)]


def _proper_words(texts: Iterable[str]) -> dict[str, str]:
    """Lower-case words that are mostly capitalized within sentences, and how."""
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        for sentence in split_sentences(text):
            for word in sentence.split()[1:]:
                bare = word.strip(".,?!'\"").removesuffix("'s")
                seen.setdefault(bare.lower(), Counter())[bare] += 1
    return {
        lower: counts.most_common(1)[0][0]
        for lower, counts in seen.items()
        if lower.isalpha() and not counts.most_common(1)[0][0].islower() and len(lower) > 1
    }


def written_form(text: str, proper: dict[str, str]) -> str:
    """``text`` with capitals and a closing mark, where an unpunctuated transcript has none."""
    if not text:
        return text
    if text == text.lower():
        text = re.sub(r"\bi\b", "I", text)
        text = re.sub(r"[A-Za-z]+", lambda word: proper.get(word[0], word[0]), text)
    text = ". ".join(part[0].upper() + part[1:] for part in text.split(". ") if part)
    if text[-1] not in ".?!":
        text += "?" if _QUESTION.match(text) else "."
    return text[0].upper() + text[1:]


def chunks(turn: str, random: Random) -> Iterator[str]:
    """``turn`` in runs of one to four sentences, none over ``LONGEST`` words."""
    pieces: list[list[str]] = []
    for sentence in split_sentences(turn):
        words = sentence.split()
        parts = -(-len(words) // LONGEST)
        size = -(-len(words) // parts)
        pieces += [words[at : at + size] for at in range(0, len(words), size)]
    run: list[str] = []
    wanted = random.randint(1, 4)
    count = 0
    for piece in pieces:
        if run and (count == wanted or len(run) + len(piece) > LONGEST):
            yield " ".join(run)
            run, count, wanted = [], 0, random.randint(1, 4)
        run = run + piece
        count += 1
    if run:
        yield " ".join(run)
