"""Text spelled from the first of Whisper's pieces only, for a checkpoint that was taught no others."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import tiktoken

_PLAIN: Final = re.compile(rb" ?[A-Za-z]+| ?[.,?!'\-]+|'[a-z]+| ")


@cache
def first_merges(encoding: tiktoken.Encoding, below: int) -> tiktoken.Encoding:
    """Return the tokenizer cut to tokens numbered under ``below``.

    Byte-pair tokens are numbered in the order in which they were merged, so what is left spells every text,
    rare words from more and shorter pieces, each with its number in the whole tokenizer.
    """
    import tiktoken

    return tiktoken.Encoding(
        name=f"{encoding.name}-first-{below}",
        pat_str=encoding._pat_str,
        mergeable_ranks={piece: rank for piece, rank in encoding._mergeable_ranks.items() if rank < below},
        special_tokens={},
    )


@cache
def plain(encoding: tiktoken.Encoding, below: int) -> frozenset[int]:
    """Return the tokens under ``below`` of English letters and plain marks: all that such a checkpoint was taught."""
    ranks = first_merges(encoding, below)._mergeable_ranks
    return frozenset(rank for piece, rank in ranks.items() if _PLAIN.fullmatch(piece))


def spelled(encoding: tiktoken.Encoding, below: int, text: str) -> list[int]:
    """Return ``text`` in plain tokens under ``below``, a space ahead.

    Accents are taken off, and what is no English letter and no plain mark (digits, signs) is left out.
    """
    known = plain(encoding, below)
    bare = unicodedata.normalize("NFKD", text)
    bare = re.sub(r"[^A-Za-z.,?!' -]", " ", re.sub("[\u0300-\u036f]", "", bare))
    tokens = first_merges(encoding, below).encode(" " + " ".join(bare.split()))
    return [token for token in tokens if token in known]
