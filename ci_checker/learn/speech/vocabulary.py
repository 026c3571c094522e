"""The part of Whisper's English vocabulary that the small checkpoint uses.

Whisper's byte-pair tokens are numbered in the order in which they were merged. Cutting the list
after the first merges leaves a tokenizer whose every token is a Whisper token: frequent words
stay whole, rare ones are spelled from short pieces, and so can be heard without being known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import tiktoken
from whisper.tokenizer import get_encoding, get_tokenizer

from ci_checker.learn.speech.voices import Word

LIMIT: Final = 2000
"""Token numbers from here on are not used, specials apart."""
SIZE: Final = 51_864
"""Rows in an English Whisper's embedding table."""
_WRITABLE: Final = re.compile(rb" ?[A-Za-z]+| ?[.,?!'\-]+|'[a-z]+| ")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``used`` token numbers in ascending order; compact index ``len(used)`` is "all others"."""

    used: tuple[int, ...]
    encoding: tiktoken.Encoding
    start: int
    no_timestamps: int
    no_speech: int
    end: int

    @property
    def unused(self) -> int:
        """How many rows of the full table stand for nothing."""
        return SIZE - len(self.used)

    def compact(self, token: int) -> int:
        """The place of a full token number among ``used``."""
        return _places(self.used)[token]


@cache
def _places(used: tuple[int, ...]) -> dict[int, int]:
    return {token: place for place, token in enumerate(used)}


@cache
def load() -> Vocabulary:
    """Whisper's English tokenizer, cut to its first ``LIMIT`` tokens."""
    full = get_encoding("gpt2")
    ranks = {piece: rank for piece, rank in full._mergeable_ranks.items() if rank < LIMIT}
    cut = tiktoken.Encoding(
        name="whisper-first-merges",
        pat_str=full._pat_str,
        mergeable_ranks=ranks,
        special_tokens={},
    )
    tokenizer = get_tokenizer(multilingual=False)
    special = (
        tokenizer.sot,
        tokenizer.no_timestamps,
        tokenizer.special_tokens["<|nospeech|>"],
        tokenizer.eot,
    )
    plain = {rank for piece, rank in ranks.items() if _WRITABLE.fullmatch(piece)}
    return Vocabulary(tuple(sorted(plain | set(special))), cut, *special)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Compact token numbers of one text, and the seconds each one covers in its audio."""

    numbers: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]


def tokenize(words: tuple[Word, ...]) -> Tokens:
    """Tokens of the ``words`` as one text that starts with a space; a word's time is shared out
    among its tokens by their length."""
    vocabulary = load()
    numbers: list[int] = []
    spans: list[tuple[float, float]] = []
    for word, start, end in words:
        pieces = vocabulary.encoding.encode(" " + word)
        lengths = [len(vocabulary.encoding.decode_single_token_bytes(piece).strip()) for piece in pieces]
        total, done = max(sum(lengths), 1), 0
        for piece, length in zip(pieces, lengths):
            begin = start + (end - start) * done / total
            done += length
            spans.append((begin, start + (end - start) * done / total))
            numbers.append(vocabulary.compact(piece))
    return Tokens(tuple(numbers), tuple(spans))
