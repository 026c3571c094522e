"""Words of a model that stamps every word: the times are its own, the probabilities its certainty.

Such a model writes ``<|start|> word <|end|>`` with Whisper's timestamp tokens, so no alignment is
needed. One pass over the written tokens gives each one's probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_checker.transcribe.align import Heard

if TYPE_CHECKING:
    import torch
    from whisper.model import Whisper
    from whisper.tokenizer import Tokenizer


def words(
    model: Whisper, tokenizer: Tokenizer, features: torch.Tensor, tokens: Sequence[Sequence[int]]
) -> list[list[Heard]]:
    """Return each window's words in window time.

    Parameters
    ----------
    features : tensor, shape (windows, n_audio_ctx, n_audio_state)
    tokens : for every window what was decoded, timestamps among it
    """
    return [
        _words(tokenizer, written, _probabilities(model, tokenizer, features[index : index + 1], written))
        for index, written in enumerate(tokens)
    ]


def _probabilities(model: Whisper, tokenizer: Tokenizer, features: torch.Tensor, written: Sequence[int]) -> list[float]:
    import torch

    if not written:
        return []
    row = torch.tensor([[*tokenizer.sot_sequence, *written]], device=features.device)
    with torch.no_grad():
        logits = model.logits(row, features)[0]
    logits[:, tokenizer.timestamp_begin :] = -torch.inf
    first = len(tokenizer.sot_sequence) - 1
    certain = logits[first:-1].softmax(-1)
    return [float(certain[place, token]) for place, token in enumerate(written)]


def _words(tokenizer: Tokenizer, written: Sequence[int], certain: Sequence[float]) -> list[Heard]:
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
