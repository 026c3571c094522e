"""Text spelled from the first of Whisper's pieces only, for a checkpoint that was taught no others."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken


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
