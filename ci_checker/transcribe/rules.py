"""Which tokens may come next: the filters of ``whisper.decode``, applied to a batch at once.

Each rule and its order is that of openai-whisper 20250625 (``decoding.py``: SuppressBlank,
SuppressTokens, ApplyTimestampRules), so that greedy tokens are equal to its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from whisper.model import ModelDimensions
    from whisper.tokenizer import Tokenizer

_WINDOW_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The next token of every row, each tensor of shape (rows,).

    ``logprobs`` are as ``whisper.decode`` sums them; ``chances`` are a word's probability among
    all words, with times and rules set aside, and a time's among all that may follow.
    """

    tokens: Tensor
    logprobs: Tensor
    chances: Tensor


class Rules:
    """What a decoding begins with and what may follow.

    Parameters
    ----------
    prompt : sequence of int
        Tokens of earlier text or of a vocabulary; the last ``n_text_ctx // 2 - 1`` count.
    max_initial_timestamp : float, optional
        Latest first timestamp as ``whisper.decode`` reckons it, for windows of 30 seconds.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        dims: ModelDimensions,
        *,
        without_timestamps: bool = False,
        max_initial_timestamp: float | None = 1.0,
        prompt: Sequence[int] = (),
        device: torch.device | str = "cpu",
    ) -> None:
        lead = tokenizer.sot_sequence_including_notimestamps if without_timestamps else tokenizer.sot_sequence
        last = list(prompt)[-(dims.n_text_ctx // 2 - 1) :]
        self.initial = (*([tokenizer.sot_prev, *last] if last else []), *lead)
        self.sot_index = self.initial.index(tokenizer.sot)
        self.most, self.longest = dims.n_text_ctx // 2, dims.n_text_ctx
        self.end, self.no_speech = tokenizer.eot, tokenizer.no_speech
        self._times = None if without_timestamps else tokenizer.timestamp_begin
        never = {*tokenizer.non_speech_tokens, tokenizer.transcribe, tokenizer.translate, tokenizer.sot}
        never |= {tokenizer.sot_prev, tokenizer.sot_lm, tokenizer.no_speech}
        if not without_timestamps:
            never.add(tokenizer.no_timestamps)
        self._never = torch.tensor(sorted(token for token in never if token is not None), device=device)
        self._not_first = torch.tensor([*tokenizer.encode(" "), tokenizer.eot], device=device)
        self._latest_first = None
        if max_initial_timestamp:
            self._latest_first = round(max_initial_timestamp / (_WINDOW_S / dims.n_audio_ctx))

    def pick(self, logits: Tensor, said: Sequence[Sequence[int]], draw: Draw | None = None) -> Picked:
        """Return the next tokens; ``logits`` (rows, n_vocab) are changed.

        Parameters
        ----------
        said : sequence of token sequences, length rows
            What each row has written so far, without what it began with; all equally long.
        draw : Draw, optional
            How to choose where the likeliest is not wanted.
        """
        held_back = logits[:, self._never]
        logits[:, self._never] = -torch.inf
        if not said[0]:
            logits[:, self._not_first] = -torch.inf
        if self._times is not None:
            self._forbid(logits, said, self._times)
        chances = logits.softmax(dim=-1)
        whole = torch.ones_like(chances[:, 0])
        if self._times is not None:
            times = chances[:, self._times :].sum(dim=-1)
            timed = times > chances[:, : self._times].amax(dim=-1)
            if bool(timed.any()):
                logits[:, : self._times].masked_fill_(timed[:, None], -torch.inf)
                whole = torch.where(timed, times, whole)
        tokens = logits.argmax(dim=-1) if draw is None else draw(logits)
        picked = chances.gather(1, tokens[:, None])[:, 0]
        logprobs = (picked / whole).log()
        # Words that a rule holds back count among the words, as in Whisper's own word probabilities.
        score = logits.gather(1, tokens[:, None])
        words = held_back.masked_fill(self._never >= self.end, -torch.inf) - score
        among = chances[:, : self.end].sum(dim=-1) / picked + words.exp().sum(dim=-1)
        return Picked(
            tokens=tokens, logprobs=logprobs, chances=torch.where(tokens < self.end, 1.0 / among, picked / whole)
        )

    def _forbid(self, logits: Tensor, said: Sequence[Sequence[int]], times: int) -> None:
        """Timestamps come in pairs, never run backward, and begin the window early enough."""
        for row, tokens in enumerate(said):
            stamped = bool(tokens) and tokens[-1] >= times
            before = len(tokens) < 2 or tokens[-2] >= times
            if stamped and before:
                logits[row, times:] = -torch.inf
            elif stamped:
                logits[row, : self.end] = -torch.inf
            last = next((token for token in reversed(tokens) if token >= times), None)
            if last is not None:
                logits[row, times : last + (not (stamped and not before))] = -torch.inf
        if not said[0]:
            logits[:, :times] = -torch.inf
            if self._latest_first is not None:
                logits[:, times + self._latest_first + 1 :] = -torch.inf


class Draw:
    """Draw tokens at a temperature, each row from its own seed, so that no row depends on another."""

    def __init__(self, temperature: float, seed: int, rows: int, device: torch.device) -> None:
        self._temperature = temperature
        self._chance = [torch.Generator(device=device).manual_seed(seed) for _ in range(rows)]

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        self._chance = [self._chance[row] for row in rows]

    def __call__(self, logits: Tensor) -> Tensor:
        """Return one token a row of (rows, n_vocab)."""
        chances = (logits / self._temperature).softmax(dim=-1)
        drawn = [
            torch.multinomial(row[None], 1, True, generator=chance)[0]
            for row, chance in zip(chances, self._chance, strict=True)
        ]
        return torch.cat(drawn)
