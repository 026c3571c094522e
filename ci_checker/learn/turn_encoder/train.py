"""Fine-tune the upper layers: once on everything for use, and once a fold for honest scores.

The lower layers stay as published, so what they make of every text is computed once and kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ci_checker.behaviors import turn_encoder
from ci_checker.behaviors.context import OWN
from ci_checker.learn.turn_encoder.data import Copy, Example
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


States = Mapping[str, Tensor]
"""What the lower layers make of every text, float16 (tokens, 384)."""


def lower_states(lower: Lower, examples: Sequence[Example], *, batch: int = 32, jobs: int = 1) -> dict[str, Tensor]:
    """Return what the frozen layers make of every text that is read; ``jobs`` threads share the batches."""
    copies = [copy for example in examples for copy in example.copies]
    texts = {copy.text for copy in copies} | {part.text for copy in copies for part in copy.near}
    order = sorted(texts, key=lambda text: (turn_encoder.count(text), text))
    batches = [order[at : at + batch] for at in range(0, len(order), batch)]
    found: dict[str, Tensor] = {}
    with ThreadPoolExecutor(jobs) as pool:
        for rows, part in zip(batches, pool.map(partial(_lower, lower), batches), strict=True):
            found |= dict(zip(rows, part, strict=True))
    return found


def _lower(lower: Lower, texts: Sequence[str]) -> list[Tensor]:
    rows = [turn_encoder.tokens(text) for text in texts]
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    shown = torch.zeros(ids.shape)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = torch.tensor(row)
        shown[place, : len(row)] = 1.0
    with torch.no_grad():
        out = lower(ids, hidden_from(shown)).half()
    return [out[place, : len(row)].clone() for place, row in enumerate(rows)]


def fit(
    weights: dict[str, Tensor], examples: Sequence[Example], states: States, plan: Plan, *, name: str = ""
) -> Upper:
    """Return the upper layers trained on ``examples``."""
    torch.manual_seed(plan.seed)
    random = Random(plan.seed)
    truths = np.stack([e.truth for e in examples])
    upper = Upper(weights, plan.frozen, truths.shape[1])
    positives = np.maximum(1, (truths == 1).sum(0))
    rare = np.sqrt((truths >= 0).sum(0) / positives)
    positive_weight = torch.tensor(np.clip(rare, 1.0, plan.most_weight), dtype=torch.float32)
    body = [weight for part, weight in upper.named_parameters() if part.startswith("layers")]
    fresh = [weight for part, weight in upper.named_parameters() if not part.startswith("layers")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": plan.rate}, {"params": fresh, "lr": plan.head_rate}],
        weight_decay=plan.decay,
    )
    easy = np.array([_is_easy(example) for example in examples])
    drawn = np.random.default_rng(plan.seed)
    passes = [np.flatnonzero(~easy | (drawn.random(len(easy)) < plan.easy)) for _ in range(plan.epochs)]
    epochs = [_batches([examples[i] for i in rows], plan.tokens, random) for rows in passes]
    steps = sum(map(len, epochs))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    began, done, total = time.monotonic(), 0, 0.0
    upper.train()
    for epoch, batches in enumerate(epochs):
        for rows in [passes[epoch][batch] for batch in batches]:
            read = [examples[i].copies[random.random() < plan.spoiled] for i in rows]
            truth = torch.from_numpy(truths[rows].astype(np.float32))
            weight = torch.where(truth == 1, positive_weight, 1.0) * (truth >= 0)
            logits = upper(*_padded(read, states))
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


def predict(upper: Upper, examples: Sequence[Example], states: States, *, tokens: int = 4096) -> np.ndarray:
    """Return log-odds (examples, labels) of the texts as written."""
    found: dict[int, np.ndarray] = {}
    for rows in _batches(examples, tokens, Random(0)):
        with torch.no_grad():
            out = upper(*_padded([examples[i].copies[0] for i in rows], states)).numpy()
        found |= dict(zip(rows, out, strict=True))
    return np.stack([found[i] for i in range(len(examples))])


def _is_easy(example: Example) -> bool:
    return (
        turn_encoder.count(example.copies[0].text) <= EASY_TOKENS
        and not (example.truth == 1).any()
        and not example.near.any()
    )


def _rate(step: int, steps: int) -> float:
    """A tenth of warm-up, then a linear fall."""
    return min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps) / 0.95


def _length(copy: Copy) -> int:
    return turn_encoder.count(copy.text) + 2 + sum(part.last - part.first for part in copy.near)


def _batches(examples: Sequence[Example], tokens: int, random: Random) -> list[list[int]]:
    """Return row numbers in batches of about ``tokens``, rows of like length together."""
    lengths = [_length(example.copies[0]) for example in examples]
    order = sorted(range(len(examples)), key=lambda i: lengths[i] + random.uniform(0, 6))
    found: list[list[int]] = [[]]
    for i in order:
        if found[-1] and (len(found[-1]) + 1) * lengths[i] > tokens:
            found.append([])
        found[-1].append(i)
    random.shuffle(found)
    return found


def _padded(rows: Sequence[Copy], states: States) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return the rows as ``Upper`` takes a batch of them."""
    own = [states[row.text] for row in rows]
    near = [[states[part.text][1 + part.first : 1 + part.last] for part in row.near] for row in rows]
    most, others = max(map(len, own)), max(sum(map(len, parts)) for parts in near)
    out = torch.zeros(2, len(rows), max(most, others), own[0].shape[1])
    shown = torch.zeros(len(rows), most + others)
    place = torch.full((len(rows), most), OWN)
    kinds = torch.zeros(len(rows), others, dtype=torch.long)
    for number, (row, mine, parts) in enumerate(zip(rows, own, near, strict=True)):
        out[0, number, : len(mine)] = mine.float()
        shown[number, : len(mine)] = 1.0
        place[number, 0] = row.place
        at = 0
        for part, piece in zip(row.near, parts, strict=True):
            out[1, number, at : at + len(piece)] = piece.float()
            kinds[number, at : at + len(piece)] = part.kind
            at += len(piece)
        shown[number, most : most + at] = 1.0
    return out[0, :, :most], out[1, :, :others], place, kinds, shown[:, :most], hidden_from(shown)
