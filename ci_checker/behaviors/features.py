"""From a conversation to instances: what the classifiers see of every judged turn.

A judged turn gives one instance for the whole turn (unless it is long) and one
for each of its segments, so that one sentence in a long turn is not drowned;
the turn's score is the largest of its instances. Features carry function
rather than topic (FACTS: sentence vectors alone tell topic): the words and how
they begin, question form, entities, who spoke before and what, what was answered
(a call is scored when it is over), overlap with what the other side has said,
the place in the call. Meaning for words that no list holds comes from an encoder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ci_checker.behaviors import nlp

WHOLE_TURN_WORDS = 45
PREVIOUS_REACH = 8
FOLLOWING_REACH = 4
FOLLOWING_WORDS = 20
_COMMON = frozenset(
    [
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "it",
        "the",
        "a",
        "an",
        "and",
        "or",
        "but",
        "so",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "that",
        "this",
        "these",
        "those",
        "there",
        "here",
        "what",
        "how",
        "when",
        "where",
        "who",
        "why",
        "not",
        "no",
        "yes",
        "yeah",
        "okay",
        "ok",
        "right",
        "well",
        "just",
        "like",
        "know",
        "think",
        "really",
        "get",
        "got",
        "go",
        "going",
        "can",
        "could",
        "would",
        "will",
        "'s",
        "n't",
        "'re",
        "'m",
        "'ve",
        "'ll",
        "me",
        "my",
        "your",
        "our",
        "us",
        "them",
        "their",
        "his",
        "her",
        "its",
        "as",
        "if",
        "than",
        "then",
        "from",
        "by",
        "about",
        "up",
        "out",
        "all",
        "some",
        "any",
        "one",
        "two",
        "more",
        "very",
        "too",
        "also",
        "oh",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn as the detectors need it: whose side, what, and whether it is to be scored."""

    side: str
    text: str
    judged: bool
    written: bool = False
    """Whether it is a mail, not speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A judged turn or one of its segments, with its context.

    ``turn`` indexes the conversation; ``start`` and ``end`` are characters of
    that turn's text.
    """

    turn: int
    start: int
    end: int
    text: str
    previous: str
    tags: tuple[str, ...]
    following: str = ""
    """What another side answered; empty where nobody did."""
    acts: tuple[float, ...] = ()
    """What the turn does by the fine-tuned encoder, log-odds a label; empty where nobody asked it."""


def _bin(value: float, edges: Sequence[float]) -> int:
    return sum(value >= edge for edge in edges)


def _content(text: str) -> frozenset[str]:
    return frozenset(t.lemma for t in nlp.analyze(text).tokens if t.form not in _COMMON and len(t.form) > 2)


def instances(
    turns: Sequence[Said],
    *,
    offset: int = 0,
    whole_only: bool = False,
    acts: Mapping[int, Sequence[float]] | None = None,
) -> list[Instance]:
    """Return the instances of every judged turn, in order.

    ``offset`` is the number of turns before the first one, for an excerpt from
    the middle of a call. ``acts`` are the fine-tuned encoder's scores by turn; every instance of a
    turn carries the turn's.
    """
    found: list[Instance] = []
    content: dict[str, set[str]] = {}
    spoken: dict[str, int] = {}
    for index, turn in enumerate(turns):
        if turn.judged:
            previous = _previous(turns, index)
            before = offset // 2 + spoken.get(turn.side, 0)
            elsewhere = set().union(*(words for side, words in content.items() if side != turn.side))
            following = _following(turns, index)
            context = (*_context_tags(turns, index, before, previous), *_answer_tags(turns, index, following))
            done = tuple(float(score) for score in acts[index]) if acts is not None else ()
            for start, end in _spans(turn.text, whole_only):
                text = turn.text[start:end]
                found.append(
                    Instance(
                        turn=index,
                        start=start,
                        end=end,
                        text=text,
                        previous=previous,
                        following=following,
                        tags=(*context, *_own_tags(text, start, previous, elsewhere)),
                        acts=done,
                    )
                )
        if len(nlp.analyze(turn.text).tokens) > 2:
            spoken[turn.side] = spoken.get(turn.side, 0) + 1
        content.setdefault(turn.side, set()).update(_content(turn.text))
    return found


def _previous(turns: Sequence[Said], index: int) -> str:
    """Return what another side said last: back to a turn of more than two words, at most 400 characters."""
    texts: list[str] = []
    for turn in reversed(turns[max(0, index - PREVIOUS_REACH) : index]):
        if turn.side == turns[index].side:
            continue
        texts.insert(0, turn.text)
        if len(turn.text.split()) > 2:
            break
    return " ".join(texts)[-400:]


def _following(turns: Sequence[Said], index: int) -> str:
    """Return what another side says next: up to a turn of more than two words, and until this side answers."""
    texts: list[str] = []
    for turn in turns[index + 1 : index + 1 + FOLLOWING_REACH]:
        if turn.side != turns[index].side:
            texts.append(turn.text)
            if len(turn.text.split()) > 2:
                break
        elif texts:
            break
    return " ".join(texts)


def _spans(text: str, whole_only: bool) -> list[tuple[int, int]]:
    analysis = nlp.analyze(text)
    spans = list(analysis.segments)
    whole = (0, len(text))
    if whole_only or len(spans) <= 1:
        return [whole]
    return ([whole] if len(analysis.tokens) <= WHOLE_TURN_WORDS else []) + spans


def _context_tags(turns: Sequence[Said], index: int, spoken_before: int, previous: str) -> tuple[str, ...]:
    last = turns[index - 1] if index else None
    side = "none" if last is None else ("self" if last.side == turns[index].side else last.side)
    tags = [
        f"place={_bin(spoken_before, (1, 2, 3, 5, 8, 14))}",
        f"early={spoken_before < 3}",
        f"last={side}",
        f"since_gatekeeper={any(t.side == 'gatekeeper' for t in turns[max(0, index - 3) : index])}",
        f"gatekeeper_last={last is not None and last.side == 'gatekeeper'}",
        f"left={_bin(len(turns) - index, (2, 4, 8))}",
    ]
    tags += [f"answers_question_{mark}" for mark in nlp.question_marks(previous)]
    return tuple(tags)


def _answer_tags(turns: Sequence[Said], index: int, following: str) -> list[str]:
    """Return signs of what comes after a turn; none where nothing does."""
    if index + 1 == len(turns):
        return []
    side = turns[index + 1].side
    tags = [f"next={'self' if side == turns[index].side else side}"]
    if following:
        tags.append(f"next_words={_bin(len(following.split()), (3, 6, 12, 25, 50))}")
        tags += [f"next_has_{label}" for label in sorted(set(nlp.analyze(following).entities))]
        tags += [f"next_asks_{mark}" for mark in nlp.question_marks(following)]
    return tags


def _own_tags(text: str, start: int, previous: str, elsewhere: set[str]) -> tuple[str, ...]:
    analysis = nlp.analyze(text)
    content = _content(text)
    near = len(content & _content(previous))
    far = len(content & elsewhere)
    tags = [
        f"words={_bin(len(analysis.tokens), (3, 6, 12, 20, 35))}",
        f"near={_bin(near, (1, 2, 4))}",
        f"far={_bin(far, (1, 3, 5, 8))}",
        f"far_share={_bin(far / max(1, len(content)), (0.2, 0.4, 0.6))}",
        f"turn_start={start == 0}",
    ]
    tags += [f"has_{label}" for label in sorted(set(analysis.entities))]
    tags += [f"question_{mark}" for mark in nlp.question_marks(text)]
    if {"has_WEEKDAY", "has_TIME"} <= set(tags):
        tags.append("day_and_time")
    forms = {token.form for token in analysis.tokens}
    tags += [f"{who}_{bool(forms & words)}" for who, words in _PEOPLE.items()]
    return tuple(tags)


_PEOPLE: Mapping[str, frozenset[str]] = {
    "we": frozenset(("we", "our", "us", "ours")),
    "you": frozenset(("you", "your", "yours", "yourself")),
    "they": frozenset(("they", "them", "their", "she", "he", "his", "her")),
    "i": frozenset(("i", "my", "me")),
}


def words(text: str) -> list[str]:
    """Return normalized words: numbers, money, days and times by their kind, fillers gone."""
    out: list[str] = []
    for token in nlp.analyze(text).tokens:
        if token.entity in ("MONEY", "DATE", "TIME", "WEEKDAY", "DURATION", "PERCENT"):
            mark = f"<{token.entity.lower()}>"
            if not out or out[-1] != mark:
                out.append(mark)
        elif token.form[:1].isdigit():
            out.append("<num>")
        else:
            out.append(token.form)
    return out


def word_grams(instance: Instance) -> list[str]:
    """Return the sparse word features of an instance."""
    own = words(instance.text)
    grams = [*own]
    grams += [" ".join(own[i : i + n]) for n in (2, 3) for i in range(len(own) - n + 1)]
    grams += [f"^{' '.join(own[:n])}" for n in (1, 2, 3) if len(own) >= n]
    own_tokens = nlp.analyze(instance.text).tokens
    grams += [f"~{token.lemma}" for token in own_tokens if token.lemma != token.form]
    return grams


def previous_grams(instance: Instance) -> list[str]:
    """Return the sparse features of what the other side said last."""
    before = words(instance.previous)[-40:]
    return [f"<{gram}" for gram in [*before, *(" ".join(before[i : i + 2]) for i in range(len(before) - 1))]]


def following_grams(instance: Instance) -> list[str]:
    """Return the sparse features of what the other side answered: its first words, and how it begins."""
    after = words(instance.following)[:FOLLOWING_WORDS]
    grams = [*after, *(" ".join(after[i : i + 2]) for i in range(len(after) - 1))]
    return [*(f">{gram}" for gram in grams), *(f">^{' '.join(after[:n])}" for n in (1, 2) if len(after) >= n)]


def letters(instance: Instance) -> str:
    """Return the text that character n-grams are taken from."""
    return " ".join(words(instance.text))
