"""Fine-tune the upper layers: once on everything for use, and once a fold for honest scores.

The lower layers stay as published, so what they make of every text is computed once and kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ci_checker.learn.turn_encoder.data import Example
from ci_checker.learn.turn_encoder.network import Lower, Upper, hidden_from

EASY_TOKENS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to fine-tune."""

    frozen: int = 3
    """Lower layers that stay as they are."""
    epochs: int = 2
    spoiled: float = 0.4
    """How often an example is read as its spoiled copy."""
    tokens: int = 2048
    """Tokens of a step, padding counted."""
    rate: float = 2e-4
    head_rate: float = 2e-3
    decay: float = 0.01
    most_weight: float = 4.0
    """Largest weight of a positive; it is the square root of how rare they are."""
    easy: float = 0.2
    """Share of the turns of a few words ("mm-hmm") without any label that an epoch reads."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The lower layers' states of an example's two copies, float16 (tokens, 384), and where the turn begins."""

    states: tuple[Tensor, Tensor]
    begins: tuple[int, int]


def lower_states(lower: Lower, examples: Sequence[Example], *, batch: int = 32, jobs: int = 1) -> list[Kept]:
    """Return what the frozen layers make of every example; ``jobs`` threads share the batches."""
    states: list[dict[int, Tensor]] = []
    for copy in (0, 1):
        packed = [example.copies[copy] for example in examples]
        # a copy that is the same as the first is not read again
        fresh = [i for i, example in enumerate(examples) if copy == 0 or packed[i] is not example.copies[0]]
        order = sorted(fresh, key=lambda i: len(packed[i][0]))
        batches = [order[at : at + batch] for at in range(0, len(order), batch)]
        found: dict[int, Tensor] = {}
        with ThreadPoolExecutor(jobs) as pool:
            parts = pool.map(partial(_lower, lower), ([packed[i] for i in rows] for rows in batches))
            for rows, part in zip(batches, parts, strict=True):
                found |= dict(zip(rows, part, strict=True))
        states.append(found)
    return [
        Kept(
            (states[0][i], states[1].get(i, states[0][i])),
            (example.copies[0][1].index(1), example.copies[1][1].index(1)),
        )
        for i, example in enumerate(examples)
    ]


def _lower(lower: Lower, rows: Sequence[tuple[list[int], list[int]]]) -> list[Tensor]:
    lengths = [len(ids) for ids, _ in rows]
    ids = torch.zeros(len(rows), max(lengths), dtype=torch.long)
    types = torch.zeros_like(ids)
    for place, (row, kinds) in enumerate(rows):
        ids[place, : lengths[place]] = torch.tensor(row)
        types[place, : lengths[place]] = torch.tensor(kinds)
    with torch.no_grad():
        out = lower(ids, types, hidden_from(lengths, ids.shape[1])).half()
    return [out[place, :length].clone() for place, length in enumerate(lengths)]


def fit(
    weights: dict[str, Tensor], examples: Sequence[Example], kept: Sequence[Kept], plan: Plan, *, name: str = ""
) -> Upper:
    """Return the upper layers trained on ``examples``."""
    torch.manual_seed(plan.seed)
    random = Random(plan.seed)
    truths = np.stack([e.truth for e in examples])
    upper = Upper(weights, plan.frozen, truths.shape[1])
    positives = np.maximum(1, (truths == 1).sum(0))
    rare = np.sqrt((truths >= 0).sum(0) / positives)
    positive_weight = torch.tensor(np.clip(rare, 1.0, plan.most_weight), dtype=torch.float32)
    body = [weight for part, weight in upper.named_parameters() if not part.startswith("head")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": plan.rate}, {"params": upper.head.parameters(), "lr": plan.head_rate}],
        weight_decay=plan.decay,
    )
    easy = np.array([_is_easy(example) for example in examples])
    drawn = np.random.default_rng(plan.seed)
    passes = [np.flatnonzero(~easy | (drawn.random(len(easy)) < plan.easy)) for _ in range(plan.epochs)]
    epochs = [_batches([kept[i] for i in rows], plan.tokens, random) for rows in passes]
    steps = sum(map(len, epochs))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    began, done, total = time.monotonic(), 0, 0.0
    upper.train()
    for epoch, batches in enumerate(epochs):
        for rows in [passes[epoch][batch] for batch in batches]:
            copies = [int(random.random() < plan.spoiled) for _ in rows]
            states, own, hide = _padded([kept[i] for i in rows], copies)
            truth = torch.from_numpy(truths[rows].astype(np.float32))
            weight = torch.where(truth == 1, positive_weight, 1.0) * (truth >= 0)
            logits = upper(states, own, hide)
            each = F.binary_cross_entropy_with_logits(logits, truth.clamp(min=0), weight=weight, reduction="sum")
            loss = each / (truth >= 0).sum().clamp(min=1)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done, total = done + 1, total + float(loss.detach())
            if done % 50 == 0:
                minutes = (time.monotonic() - began) / 60
                print(
                    f"{name} epoch {epoch + 1} step {done}/{steps} loss {total / 50:.4f} {minutes:.1f} min",
                    file=sys.stderr, flush=True,
                )  # fmt: skip
                total = 0.0
    return upper.eval()


def predict(upper: Upper, kept: Sequence[Kept], *, tokens: int = 4096) -> np.ndarray:
    """Return log-odds (examples, labels) of the texts as written."""
    found: dict[int, np.ndarray] = {}
    for rows in _batches(kept, tokens, Random(0)):
        states, own, hide = _padded([kept[i] for i in rows], [0] * len(rows))
        with torch.no_grad():
            out = upper(states, own, hide).numpy()
        found |= dict(zip(rows, out, strict=True))
    return np.stack([found[i] for i in range(len(kept))])


def _is_easy(example: Example) -> bool:
    own = sum(example.copies[0][1]) - 1
    return own <= EASY_TOKENS and not (example.truth == 1).any() and not example.near.any()


def _rate(step: int, steps: int) -> float:
    """A tenth of warm-up, then a linear fall."""
    return min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps) / 0.95


def _batches(kept: Sequence[Kept], tokens: int, random: Random) -> list[list[int]]:
    """Return row numbers in batches of about ``tokens``, rows of like length together."""
    order = sorted(range(len(kept)), key=lambda i: len(kept[i].states[0]) + random.uniform(0, 6))
    found: list[list[int]] = [[]]
    for i in order:
        if found[-1] and (len(found[-1]) + 1) * len(kept[i].states[0]) > tokens:
            found.append([])
        found[-1].append(i)
    random.shuffle(found)
    return found


def _padded(rows: Sequence[Kept], copies: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    chosen = [row.states[copy] for row, copy in zip(rows, copies, strict=True)]
    lengths = [len(states) for states in chosen]
    out = torch.zeros(len(rows), max(lengths), chosen[0].shape[1])
    own = torch.zeros(len(rows), max(lengths), dtype=torch.long)
    for place, (states, row, copy) in enumerate(zip(chosen, rows, copies, strict=True)):
        out[place, : len(states)] = states.float()
        own[place, row.begins[copy] : len(states)] = 1
    return out, own, hidden_from(lengths, out.shape[1])
