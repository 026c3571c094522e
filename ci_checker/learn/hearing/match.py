"""What was heard against what was said: errors, times, and words where nobody spoke."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ci_checker.learn.hearing.voiced import TimedWord
from ci_checker.learn.speech.evaluate import edits
from ci_checker.transcribe.spans import Span, merge

if TYPE_CHECKING:
    from whisper.normalizers import EnglishTextNormalizer

REACH_S: Final = 0.5
"""A word heard farther than this from all that was said is one that nobody said."""


def errors(said: Sequence[TimedWord], heard: Sequence[TimedWord]) -> tuple[int, int]:
    """Return word errors and words said, both sides normalized by Whisper's ``EnglishTextNormalizer``."""
    clean = _normalizer()
    reference = clean(" ".join(text for text, _, _ in said)).split()
    return edits(reference, clean(" ".join(text for text, _, _ in heard)).split()), len(reference)


def start_errors(said: Sequence[TimedWord], heard: Sequence[TimedWord]) -> list[float]:
    """Return how many seconds each rightly heard word is put beside its true start."""
    places = aligned([plain(text) for text, _, _ in said], [plain(text) for text, _, _ in heard])
    return [abs(heard[found][1] - said[true][1]) for true, found in places]


def aligned(said: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places (in ``said``, in ``heard``) of equal words in an alignment of the fewest errors."""
    cost = np.zeros((len(said) + 1, len(heard) + 1), int)
    cost[:, 0], cost[0, :] = np.arange(len(said) + 1), np.arange(len(heard) + 1)
    for row in range(1, len(said) + 1):
        for column in range(1, len(heard) + 1):
            same = said[row - 1] == heard[column - 1]
            cost[row, column] = min(
                cost[row - 1, column - 1] + (not same), cost[row - 1, column] + 1, cost[row, column - 1] + 1
            )
    row, column, found = len(said), len(heard), []
    while row and column:
        same = said[row - 1] == heard[column - 1]
        if cost[row, column] == cost[row - 1, column - 1] + (not same):
            row, column = row - 1, column - 1
            if same:
                found.append((row, column))
        elif cost[row, column] == cost[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1
    return found[::-1]


def plain(word: str) -> str:
    """Return a word without its case and marks."""
    return re.sub(r"[^\w']", "", word).casefold()


def false_words(said: Sequence[TimedWord], heard: Sequence[TimedWord]) -> int:
    """Return how many words were heard whose middle is farther than half a second from any that was said."""
    spans = _reached(said)
    middles = [(start + end) / 2 for _, start, end in heard]
    return sum(not any(span.start <= middle <= span.end for span in spans) for middle in middles)


def silence_s(said: Sequence[TimedWord], duration_s: float) -> float:
    """Return the seconds of a channel in which a word heard would be a false one."""
    inside = (min(span.end, duration_s) - max(span.start, 0.0) for span in _reached(said))
    return duration_s - sum(inside)


def _reached(said: Sequence[TimedWord]) -> list[Span]:
    return merge(Span(start - REACH_S, end + REACH_S) for _, start, end in said)


@cache
def _normalizer() -> EnglishTextNormalizer:
    from whisper.normalizers import EnglishTextNormalizer

    return EnglishTextNormalizer()
