"""Int8 multiplications whose rows know nothing of each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Rows(nn.Module):
    """A quantized linear layer that measures each row of its input by itself.

    torch quantizes an input by the least and the greatest number in all of it, so that what a window says
    would depend on the windows that are decoded with it. Here every row is brought to a greatest number of
    one before, and back behind; two more rows, of one and of minus one, keep the scale the same for all.

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
