"""The part of Whisper's English vocabulary that the small checkpoint uses.

Whisper's byte-pair tokens are numbered in the order in which they were merged. Cutting the list
after the first merges leaves a tokenizer whose every token is a Whisper token: frequent words
stay whole, rare ones are spelled from short pieces, and so can be heard without being known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import tiktoken
from whisper.tokenizer import get_encoding, get_tokenizer

from ci_checker.learn.speech.voices import Word
from ci_checker.transcribe.pieces import first_merges, plain, spelled

LIMIT: Final = 2000
"""Token numbers from here on are not used, specials apart."""
SIZE: Final = 51_864
"""Rows in an English Whisper's embedding table."""
TIMES: Final = 501
"""Times of a ten-second window in steps of 20 ms, both ends included."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``used`` token numbers in ascending order; compact index ``len(used)`` is "all others"."""

    used: tuple[int, ...]
    encoding: tiktoken.Encoding
    start: int
    before: int
    """The token ahead of a prompt, "start of what was said before"."""
    no_speech: int
    end: int
    first_time: int
    """The token ``<|0.00|>``; the next ones are 20 ms apart."""

    @property
    def unused(self) -> int:
        """How many rows of the full table stand for nothing."""
        return SIZE - len(self.used)

    def compact(self, token: int) -> int:
        """The place of a full token number among ``used``."""
        return _places(self.used)[token]

    @property
    def times(self) -> int:
        """The place of ``<|0.00|>`` among ``used``; all times follow it without a gap."""
        return self.compact(self.first_time)


@cache
def _places(used: tuple[int, ...]) -> dict[int, int]:
    return {token: place for place, token in enumerate(used)}


@cache
def load() -> Vocabulary:
    """Whisper's English tokenizer, cut to its first ``LIMIT`` tokens."""
    full = get_encoding("gpt2")
    cut = first_merges(full, LIMIT)
    tokenizer = get_tokenizer(multilingual=False)
    special = (
        tokenizer.sot,
        tokenizer.sot_prev,
        tokenizer.special_tokens["<|nospeech|>"],
        tokenizer.eot,
        tokenizer.timestamp_begin,
    )
    written = plain(full, LIMIT)
    times = range(tokenizer.timestamp_begin, tokenizer.timestamp_begin + TIMES)
    return Vocabulary(tuple(sorted(written | set(special) | set(times))), cut, *special)


@dataclass(frozen=True, slots=True)
class Spelled:
    """One word: compact numbers of its pieces, and its seconds."""

    pieces: tuple[int, ...]
    start: float
    end: float


def tokenize(words: tuple[Word, ...]) -> tuple[Spelled, ...]:
    """The ``words`` spelled in pieces, each word with the space before it."""
    vocabulary = load()
    return tuple(
        Spelled(tuple(vocabulary.compact(n) for n in vocabulary.encoding.encode(" " + word)), start, end)
        for word, start, end in words
    )


def prompt(text: str) -> list[int]:
    """Compact numbers of a prompt's pieces, without the token ahead of it; what cannot be written is left out."""
    places = _places(load().used)
    return [places[number] for number in spelled(get_encoding("gpt2"), LIMIT, text)]


def copied(prompt: Sequence[int], numbers: Sequence[int]) -> list[int]:
    """For every one of ``numbers`` (as ``timed`` gives them) the place in ``prompt`` of the same piece of the same
    word, -1 where the word is not in it."""
    letters = _letters()
    told: dict[tuple[int, ...], int] = {}
    for begin, end in _words(prompt, letters):
        told.setdefault(tuple(prompt[begin:end]), begin)
    places = [-1] * len(numbers)
    for begin, end in _words(numbers, letters):
        first = told.get(tuple(numbers[begin:end]))
        if first is not None:
            places[begin:end] = range(first, first + end - begin)
    return places


def _words(numbers: Sequence[int], letters: dict[int, bool]) -> Iterator[tuple[int, int]]:
    """Where each word's letters begin and end; a piece that is known to ``letters`` as True begins one."""
    begin: int | None = None
    for place, number in enumerate([*numbers, -1]):
        starts = letters.get(number)
        if begin is not None and starts is not False:
            yield begin, place
            begin = None
        if starts:
            begin = place


@cache
def _letters() -> dict[int, bool]:
    """Pieces of letters alone, and whether a word begins with them."""
    vocabulary = load()
    found: dict[int, bool] = {}
    for place, token in enumerate(vocabulary.used):
        if token < LIMIT:
            piece = vocabulary.encoding.decode_single_token_bytes(token)
            if piece.strip().isalpha():
                found[place] = piece.startswith(b" ")
    return found


def timed(words: Sequence[Spelled]) -> tuple[list[int], list[tuple[int, int]]]:
    """Every word between its two times, as Whisper writes segments: numbers, and the first and
    last encoder frame that each one is heard in.

    A decoder that has just written where a word ended need not search for the next one; that is
    what makes attention learnable in an hour.
    """
    times = load().times
    numbers: list[int] = []
    spans: list[tuple[int, int]] = []
    last = 0
    # espeak-ng tells the end of a clause's last word late: a word ends where the next one starts
    starts = [*(word.start for word in words[1:]), float("inf")][: len(words)]
    for word, following in zip(words, starts, strict=True):
        end = min(word.end, following) if following > word.start else word.end
        first = min(max(last, round(word.start * 50)), TIMES - 2)
        last = min(max(first + 1, round(end * 50)), TIMES - 1)
        numbers += [times + first, *word.pieces, times + last]
        spans.append((max(0, first - 1), first + 2))
        count = len(word.pieces)
        for place in range(count):
            begin = first + (last - first) * place // count
            spans.append((begin, max(begin + 1, first + (last - first) * (place + 1) // count)))
        spans.append((max(0, last - 2), last + 1))
    return numbers, spans
