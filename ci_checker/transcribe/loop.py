"""The decoding loop: a batch of windows written together, one token a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import torch

from ci_checker.transcribe.cross import Cross
from ci_checker.transcribe.network import Network
from ci_checker.transcribe.rules import Draw, Rules

_DROP_AT: Final = 0.25
"""Rows are dropped when so many of the batch are done: each drop moves a window's keys and values."""


@dataclass(slots=True, kw_only=True)
class Written:
    """What one window came to.

    ``chances`` are the probabilities of ``tokens`` among all words; ``logprob`` is the sum that
    ``whisper.decode`` reckons, its end of text included.
    """

    tokens: list[int] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    logprob: float = 0.0
    no_speech: float = 0.0

    @property
    def avg_logprob(self) -> float:
        """The mean as ``whisper.decode`` gives it."""
        return self.logprob / (len(self.tokens) + 1)


def write(
    network: Network,
    cross: Cross,
    windows: Sequence[int],
    rules: Rules,
    *,
    temperature: float = 0.0,
    seed: int = 0,
    lengths: Sequence[int] | None = None,
) -> list[Written]:
    """Return what the windows say, in the order asked for.

    Parameters
    ----------
    cross : Cross
        Holds the windows' keys and values; which slots they lie in may change.
    temperature : float
        0 takes the likeliest token; above, each row draws from ``seed``.
    lengths : sequence of int, optional
        End every window after so many tokens, whatever it says: for timing.
    """
    written = {window: Written() for window in windows}
    said: dict[int, list[int]] = {window: [] for window in windows}
    wanted = dict(zip(windows, lengths, strict=True)) if lengths is not None else {}
    cross.front(windows)
    active = cross.order[: len(windows)]
    draw = Draw(temperature, seed, len(active), network.device) if temperature > 0 else None
    tokens = torch.tensor([rules.initial] * len(active), device=network.device)
    place, done = 0, set[int]()
    with torch.inference_mode():
        for _ in range(rules.most):
            states = network.read(tokens, cross, slice(0, len(active)), place)
            place += tokens.shape[1]
            if place == len(rules.initial):
                _note_silence(network.logits(states[:, rules.sot_index]), [written[w] for w in active], rules)
            logits = network.logits(states[:, -1])
            if wanted:
                _hold(logits, [wanted[w] - len(said[w]) for w in active], rules.end)
            picked = rules.pick(logits, [said[w] for w in active], draw)
            chosen = picked.tokens.tolist()
            for window, token, logprob, chance in zip(
                active, chosen, picked.logprobs.tolist(), picked.chances.tolist(), strict=True
            ):
                said[window].append(token)
                if window not in done:
                    _take(written[window], token, logprob, chance, rules.end)
                    done |= {window} if token == rules.end else set()
            left = [window for window in active if window not in done]
            if not left or place + 1 > rules.longest:
                break
            after = dict(zip(active, chosen, strict=True))
            if len(active) - len(left) >= max(1.0, _DROP_AT * len(active)):
                before = {window: index for index, window in enumerate(active)}
                cross.front(left, place)
                active = cross.order[: len(left)]
                if draw is not None:
                    draw.keep([before[window] for window in active])
            tokens = torch.tensor([[after[window]] for window in active], device=network.device)
    return [written[window] for window in windows]


def _take(row: Written, token: int, logprob: float, chance: float, end: int) -> None:
    row.logprob += logprob
    if token != end:
        row.tokens.append(token)
        row.chances.append(chance)


def _note_silence(logits: torch.Tensor, rows: Sequence[Written], rules: Rules) -> None:
    """Keep the probability that nobody speaks, read where the text begins and before any rule."""
    if rules.no_speech is None:
        return
    for row, chance in zip(rows, logits.softmax(dim=-1)[:, rules.no_speech].tolist(), strict=True):
        row.no_speech = chance


def _hold(logits: torch.Tensor, left: Sequence[int], end: int) -> None:
    """Let no row end before its number of tokens, and every row end with it."""
    for row, count in enumerate(left):
        if count > 0:
            logits[row, end] = -torch.inf
        else:
            logits[row] = -torch.inf
            logits[row, end] = 0.0
