"""Int8 multiplications whose rows know nothing of each other.

torch quantizes the input of a dynamically quantized layer by the least and the greatest number in all of
it, so that what a window says would depend on the windows that are decoded with it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

_FEW: Final = 4
"""Tokens of a window, read at once, up to which the weights' way from memory is what takes the time."""


class WeightOnly(nn.Module):
    """A linear layer with int8 weights, a scale for each of its outputs, and an input that is not quantized:
    half a percent off.

    For few tokens the weights are multiplied as they are, by an input in bfloat16, which takes a third to a half of
    a quantized layer's time where the weights come from memory. For many they are made float32 again. How many
    windows there are decides nothing, since each has to come out as it would alone.

    Parameters
    ----------
    linear : Linear
        Its weights are not changed.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        scale = weight.abs().amax(dim=1).clamp(min=torch.finfo(torch.float32).tiny) / 127
        self.weight, self.scale = (weight / scale[:, None]).round().to(torch.int8), scale
        self.bias = linear.bias
        self._rough = scale.bfloat16()

    @staticmethod
    @cache
    def possible() -> bool:
        """Return whether this torch can multiply so."""
        try:
            one = torch.ones(1, 32, dtype=torch.bfloat16)
            made = torch._weight_int8pack_mm(one, torch.ones(32, 32, dtype=torch.int8), one[0])
        except (AttributeError, NotImplementedError, RuntimeError, TypeError):
            return False
        return bool((made == 32).all())

    def forward(self, x: Tensor) -> Tensor:
        """Return (windows, tokens, out) of float32 (windows, tokens, in)."""
        if x.shape[1] > _FEW:
            return functional.linear(x, self.weight * self.scale[:, None], self.bias)
        found = torch._weight_int8pack_mm(x.flatten(0, 1).bfloat16(), self.weight, self._rough).float()
        if self.bias is not None:
            found += self.bias
        return found.view(*x.shape[:2], -1)


class Rows(nn.Module):
    """A quantized linear layer that measures each row of its input by itself.

    Every row is brought to a greatest number of one before, and back behind; two more rows, of one and of
    minus one, keep the scale the same for all. For many outputs this is faster than ``WeightOnly``.

    Parameters
    ----------
    linear : module
        torch's dynamically quantized linear layer, without its bias.
    bias : tensor, shape (out,), optional
        What is added behind.
    """

    def __init__(self, linear: nn.Module, bias: Tensor | None) -> None:
        super().__init__()
        self.linear, self.bias = linear, bias
        self._ends = torch.tensor([[1.0], [-1.0]]).expand(2, linear.in_features)

    def forward(self, x: Tensor) -> Tensor:
        """Return (..., out) of float32 (..., in)."""
        rows = x.flatten(0, -2)
        peaks = rows.abs().amax(dim=1, keepdim=True).clamp_(min=torch.finfo(rows.dtype).tiny)
        found = self.linear(torch.cat([rows / peaks, self._ends]))[:-2] * peaks
        if self.bias is not None:
            found += self.bias
        return found.view(*x.shape[:-1], -1)
