"""Muon: momentum whose updates are made orthogonal, in float32.

torch's own Muon works in bfloat16, which many processors only emulate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor


class Muon(torch.optim.Optimizer):
    """For weights of two or more dimensions; further dimensions are flattened.

    ``lr`` is the size of an update in units of the spectral norm, scaled by the square root of
    rows over columns where there are more rows.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
        iterations: int = 5,
    ) -> None:
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "weight_decay": weight_decay,
            "iterations": iterations,
        }
        super().__init__(params, defaults)
        self.prepare()

    def prepare(self) -> None:
        """Make the momenta now, in memory that other processes can see."""
        for group in self.param_groups:
            for weight in group["params"]:
                self.state[weight]["momentum"] = torch.zeros_like(weight).share_memory_()

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """Update every weight that has a gradient; those of one shape are done together."""
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[Tensor]] = defaultdict(list)
            for weight in group["params"]:
                if weight.grad is not None:
                    shapes[(weight.shape[0], weight[0].numel())].append(weight)
            for (rows, columns), weights in shapes.items():
                updates = []
                for weight in weights:
                    buffer = self.state[weight]["momentum"]
                    buffer.lerp_(weight.grad, 1 - group["momentum"])
                    nesterov = weight.grad.lerp(buffer, group["momentum"])
                    updates.append(nesterov.reshape(rows, columns))
                turned = orthogonal(torch.stack(updates), group["iterations"])
                size = group["lr"] * max(1.0, rows / columns) ** 0.5
                for weight, update in zip(weights, turned):
                    weight.mul_(1 - group["lr"] * group["weight_decay"])
                    weight.add_(update.reshape(weight.shape), alpha=-size)


def orthogonal(stack: Tensor, iterations: int) -> Tensor:
    """The nearest half-orthogonal matrices, roughly, of ``stack`` (matrices, rows, columns),
    by Newton-Schulz iterations with Keller Jordan's coefficients."""
    tall = stack.shape[1] > stack.shape[2]
    x = stack.transpose(1, 2) if tall else stack
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(iterations):
        square = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * (square @ square)) @ x
    return x.transpose(1, 2) if tall else x
