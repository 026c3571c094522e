"""The spaCy side of detection: tokens, lemmas, entities, and segments of a turn.

What leaves this module is plain values, so that nothing else touches spaCy.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from ci_checker.assets import find_model

FILLERS = frozenset(["um", "uh", "er", "erm", "hmm", "mm", "mhm", "ah", "eh", "uhm", "hm"])
_SPLITTERS = frozenset(["and", "so", "but", "because", "then", "well", "okay", "now", "anyway", "actually"])
LONE = re.compile("[\ud800-\udfff]")  # halves of characters, from damaged JSON; no encoder takes them
LONGEST_SEGMENT = 34
SHORTEST_SEGMENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word: lower-case form and lemma, entity label or empty, place in the text in characters."""

    form: str
    lemma: str
    entity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A text's words without fillers and punctuation, and its segments as character spans."""

    tokens: tuple[Token, ...]
    segments: tuple[tuple[int, int], ...]
    entities: tuple[str, ...]


@contextmanager
def _without_torch() -> Iterator[None]:
    """While it is entered, ``import torch`` fails unless it is imported already.

    spaCy imports it where it finds it, for more than a second, and rules have no use for it. No other thread may
    import torch meanwhile.
    """
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]


def spacy() -> Any:
    """Import spaCy, as quick as it goes."""
    with _without_torch():
        import spacy as found
    return found


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    pipeline = spacy().load(find_model("nlp-en"))
    pipeline.max_length = sys.maxsize  # the limit guards trained components, which this has none of
    return pipeline


def _plain(text: str) -> str:
    """Return a text of the same length in which case and odd apostrophes no longer matter."""
    if not text.isascii():
        text = LONE.sub(" ", text)
    lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("’", "'").replace("‘", "'").replace("-", " ")


_ONE = Lock()
"""spaCy's pipeline keeps the strings that it meets, so one thread at a time."""


@lru_cache(maxsize=20_000)
def analyze(text: str) -> Analysis:
    """Return the words, segments and entity labels of one turn's text."""
    with _ONE:
        doc = _pipeline()(_plain(text))
    tokens = tuple(
        Token(
            form=token.text,
            lemma=token.lemma_.lower(),
            entity=token.ent_type_,
            start=token.idx,
            end=token.idx + len(token.text),
        )
        for token in doc
        if not token.is_punct and not token.is_space and token.text not in FILLERS
    )
    sentences = [(s.start_char, s.end_char) for s in doc.sents if s.text.strip()]
    return Analysis(
        tokens=tokens,
        segments=_segments(tokens, sentences),
        entities=tuple(entity.label_ for entity in doc.ents),
    )


def _segments(tokens: tuple[Token, ...], sentences: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return sentences, long unpunctuated ones cut at a connecting word, tiny ones joined to the next."""
    spans: list[tuple[int, int]] = []
    for start, end in sentences:
        inside = [token for token in tokens if start <= token.start < end]
        while len(inside) > LONGEST_SEGMENT:
            window = range(SHORTEST_SEGMENT + 7, min(LONGEST_SEGMENT, len(inside) - SHORTEST_SEGMENT))
            cuts = [i for i in window if inside[i].form in _SPLITTERS]
            cut = min(cuts, key=lambda i: abs(i - LONGEST_SEGMENT // 2)) if cuts else LONGEST_SEGMENT // 2
            spans.append((start, inside[cut].start))
            start, inside = inside[cut].start, inside[cut:]
        spans.append((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        short = joined and sum(joined[-1][0] <= t.start < joined[-1][1] for t in tokens) < SHORTEST_SEGMENT
        if short:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


_QUESTION_START = re.compile(
    r"^(?:(?:and|so|but|okay|ok|well|now|then|yeah|right|just|um)\s+)*"
    r"(what|how|why|who|whose|where|when|which|do|does|did|is|are|was|were|can|could|would|will|have|has|had|should"
    r"|am|may|shall|isn't|aren't|don't|doesn't|didn't|won't|tell me|walk me|talk me|describe|help me)\b"
)
_OPEN_START = re.compile(r"\b(what|how|why|tell me|walk me|talk me|help me understand|describe|how come)\b")
_INVERTED = re.compile(
    r"\b(do|does|did|are|is|was|were|can|could|would|will|have|has|should|'s|'re) "
    r"(you|your|they|it|that|there|we|i|he|she|the|this)\b"
)


def question_marks(text: str) -> tuple[str, ...]:
    """Return the signs of a question: written mark, word order, open or closed form."""
    plain = _plain(text).strip()
    found = []
    if "?" in plain:
        found.append("mark")
    if _QUESTION_START.search(plain):
        found.append("starts")
    if _OPEN_START.search(plain):
        found.append("open")
    if _INVERTED.search(plain):
        found.append("inverted")
    return tuple(found)
