"""Words of a model that stamps every word: the times are its own, the probabilities its certainty.

Such a model writes ``<|start|> word <|end|>`` with Whisper's timestamp tokens, so no alignment is
needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_checker.transcribe.align import Heard

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer


def words(tokenizer: Tokenizer, written: Sequence[int], certain: Sequence[float]) -> list[Heard]:
    """Return a window's words in window time.

    Parameters
    ----------
    written : sequence of int
        What was decoded, timestamps among it.
    certain : sequence of float, as long
        The tokens' probabilities among all words.
    """
    found: list[Heard] = []
    start = end = 0.0
    pieces: list[int] = []
    sure: list[float] = []

    def close(until: float) -> None:
        text = tokenizer.decode(pieces).strip()
        if text:
            found.append(Heard(text=text, start_s=start, end_s=max(until, start), probability=sum(sure) / len(sure)))
        pieces.clear()
        sure.clear()

    for token, probability in zip(written, certain, strict=True):
        if token >= tokenizer.timestamp_begin:
            at = (token - tokenizer.timestamp_begin) / 50
            close(at)
            start = end = at
        elif token < tokenizer.eot:
            pieces.append(token)
            sure.append(probability)
    close(end)
    return found
