"""openai-whisper's weights laid out for speed: the same numbers in the same order, fewer steps.

Query, key and value are one multiplication; the decoder writes into a cache that was allocated
once and reads cross-attention keys and values that were computed once (``cross``). In float32
the results are those of ``whisper.model`` up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ci_checker.transcribe.cross import Cross
from ci_checker.transcribe.precision import dtype_of, fitted, fitted_by_row

if TYPE_CHECKING:
    from whisper.model import MultiHeadAttention, ResidualAttentionBlock, Whisper

Collect = Callable[[int, Tensor], None]
"""Called with a layer and its cross-attention scores before softmax, shape (rows, heads, n, frames)."""


class Norm(nn.Module):
    """Layer normalization, computed in float32 whatever comes."""

    def __init__(self, norm: nn.LayerNorm) -> None:
        super().__init__()
        self.shape, self.eps = norm.normalized_shape, norm.eps
        self.weight, self.bias = norm.weight, norm.bias

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` normalized over its last axis."""
        wide = functional.layer_norm(x.float(), self.shape, self.weight.float(), self.bias.float(), self.eps)
        return wide.to(x.dtype)


class Layer(nn.Module):
    """One block of either half; ``cross_*`` only in the decoder."""

    def __init__(self, block: ResidualAttentionBlock) -> None:
        super().__init__()
        self.heads = block.attn.n_head
        self.norm, self.mlp_norm = Norm(block.attn_ln), Norm(block.mlp_ln)
        self.qkv, self.out = _fused(block.attn), _plain(block.attn.out)
        self.up, self.down = _plain(block.mlp[0]), _plain(block.mlp[2])
        if block.cross_attn is not None:
            self.cross_norm = Norm(block.cross_attn_ln)
            self.cross_query, self.cross_out = _plain(block.cross_attn.query), _plain(block.cross_attn.out)
            self.cross_heard = _heard(block.cross_attn)

    def split(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return query, key and value of (rows, n, width), each (rows, heads, n, width / heads)."""
        fused = self.qkv(self.norm(x)).view(*x.shape[:2], 3, self.heads, -1)
        query, key, value = fused.permute(2, 0, 3, 1, 4)
        return query, key, value

    def merge(self, x: Tensor, attended: Tensor) -> Tensor:
        """Add the attention (rows, heads, n, width / heads) to the stream ``x``."""
        return x + self.out(attended.transpose(1, 2).flatten(2))

    def think(self, x: Tensor) -> Tensor:
        """Add the perceptron to the stream."""
        return x + self.down(functional.gelu(self.up(self.mlp_norm(x))))


class Network(nn.Module):
    """A Whisper to encode one window at a time and to read tokens of many windows at once.

    Parameters
    ----------
    model : Whisper
        Its weights are shared where they can be and never changed.
    precision : str
        One of ``precision.PRECISIONS``.
    """

    def __init__(self, model: Whisper, precision: str = "float32") -> None:
        super().__init__()
        kind = dtype_of(precision)
        self.dims, self.precision = model.dims, precision
        self.multilingual, self.languages = model.is_multilingual, model.num_languages
        self.heads = model.alignment_heads.to_dense()
        encoder, decoder = model.encoder, model.decoder
        self._first, self._second = _convolution(encoder.conv1, kind), _convolution(encoder.conv2, kind)
        self._places = encoder.positional_embedding.to(kind)
        self._encoder = nn.ModuleList(fitted(Layer(block), precision) for block in encoder.blocks)
        self._encoded = Norm(encoder.ln_post)
        self._embedding = _looked_up(decoder.token_embedding.weight, precision)
        self._text_places = decoder.positional_embedding.to(kind)
        self._decoder = nn.ModuleList(_reading(Layer(block), precision) for block in decoder.blocks)
        self._decoded = Norm(decoder.ln)
        self._vocabulary = fitted_by_row(_linear(decoder.token_embedding.weight, None), precision)
        self.eval().requires_grad_(False)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self._text_places.device

    @property
    def dtype(self) -> torch.dtype:
        """What is computed and not quantized is of this type."""
        return self._text_places.dtype

    def cross(self, rows: int) -> Cross:
        """Return room for the keys and values of ``rows`` windows."""
        dims = self.dims
        return Cross(
            rows,
            layers=dims.n_text_layer,
            heads=dims.n_text_head,
            width=dims.n_text_state,
            frames=dims.n_audio_ctx,
            places=dims.n_text_ctx,
            like=self._text_places,
        )

    def encode(self, mel: Tensor) -> Tensor:
        """Return features (n_audio_ctx, n_audio_state) of one window's mel (n_mels, 2 n_audio_ctx)."""
        x = functional.gelu(self._convolve(self._first, mel[None].to(self.dtype), 1))
        x = functional.gelu(self._convolve(self._second, x, 2)).transpose(1, 2)
        # In order, since a turned stream would be copied before every normalization.
        x = x.contiguous() + self._places
        for layer in self._encoder:
            x = layer.merge(x, functional.scaled_dot_product_attention(*layer.split(x)))
            x = layer.think(x)
        return self._encoded(x)[0]

    def keep(self, cross: Cross, slot: int, features: Tensor) -> None:
        """Compute a window's cross-attention keys and values once, into ``slot``."""
        for index, layer in enumerate(self._decoder):
            cross.put(index, slot, *layer.cross_heard(features).chunk(2, dim=-1))

    def read(self, tokens: Tensor, cross: Cross, slots: slice, start: int, collect: Collect | None = None) -> Tensor:
        """Return the decoder's state (rows, n, width) after every token.

        Parameters
        ----------
        tokens : tensor of int64, shape (rows, n)
            One row a slot; ``n`` above 1 only where ``start`` is 0.
        start : int
            How many tokens were read before; their keys and values are in the cache.
        """
        count = tokens.shape[1]
        end = start + count
        x = functional.embedding(tokens, self._embedding).to(self.dtype) + self._text_places[start:end]
        for index, layer in enumerate(self._decoder):
            query, key, value = layer.split(x)
            keys, values = cross.said(index, slots)
            keys[:, :, start:end], values[:, :, start:end] = key, value
            attended = functional.scaled_dot_product_attention(
                query, keys[:, :, :end], values[:, :, :end], is_causal=count > 1
            )
            x = layer.merge(x, attended)
            x = x + layer.cross_out(self._listen(index, layer, x, cross, slots, collect))
            x = layer.think(x)
        return x

    def logits(self, states: Tensor) -> Tensor:
        """Return float32 scores (rows, n_vocab) of the states (rows, width)."""
        return self._vocabulary(self._decoded(states)).float()

    def _listen(self, index: int, layer: Any, x: Tensor, cross: Cross, slots: slice, collect: Collect | None) -> Tensor:
        """Return what the tokens take from the audio, shape (rows, n, width)."""
        rows, count, width = x.shape
        depth = width // layer.heads
        query = layer.cross_query(layer.cross_norm(x)) * depth**-0.5
        query = query.view(rows, count, layer.heads, depth).transpose(1, 2).reshape(rows * layer.heads, count, depth)
        keys, values = cross.heard(index, slots)
        scores = torch.bmm(query, keys)
        if collect is not None:
            collect(index, scores.view(rows, layer.heads, count, -1))
        weights = scores.float().softmax(dim=-1).to(x.dtype)
        attended = torch.bmm(weights, values).view(rows, layer.heads, count, depth)
        return attended.transpose(1, 2).reshape(rows, count, width)

    @staticmethod
    def _convolve(weights: tuple[Tensor, Tensor], x: Tensor, stride: int) -> Tensor:
        return functional.conv1d(x, *weights, stride=stride, padding=1)


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    """Return torch's own Linear over the very weights; Whisper's subclass is not quantized."""
    with torch.device("meta"):
        made = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    made.weight = nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        made.bias = nn.Parameter(bias, requires_grad=False)
    return made


def _reading(layer: Layer, precision: str) -> nn.Module:
    """Return a decoder's layer, which reads tokens of many windows at once and the audio of one."""
    for name in ("qkv", "out", "cross_query", "cross_out", "up", "down"):
        setattr(layer, name, fitted_by_row(getattr(layer, name), precision))
    return fitted(layer, precision)


def _looked_up(weight: Tensor, precision: str) -> Tensor:
    """Return the table of tokens in the type to keep it in: int8 projects by a table of its own, so this one
    takes half the memory where its numbers are float16's, as the published ones are."""
    if precision != "int8":
        return weight.to(dtype_of(precision))
    half = weight.half()
    return half if torch.equal(half.float(), weight.float()) else weight


def _plain(linear: nn.Linear) -> nn.Linear:
    return _linear(linear.weight, linear.bias)


def _fused(attention: MultiHeadAttention) -> nn.Linear:
    query, key, value = attention.query, attention.key, attention.value
    weight = torch.cat([query.weight, key.weight, value.weight])
    # Whisper's keys have no bias: a constant there would add the same to every score.
    return _linear(weight, torch.cat([query.bias, torch.zeros_like(query.bias), value.bias]))


def _heard(attention: MultiHeadAttention) -> nn.Linear:
    """Return key and value of the audio in one multiplication, so that it is read and quantized once."""
    key, value = attention.key, attention.value
    return _linear(torch.cat([key.weight, value.weight]), torch.cat([torch.zeros_like(value.bias), value.bias]))


def _convolution(layer: nn.Conv1d, kind: torch.dtype) -> tuple[Tensor, Tensor]:
    return layer.weight.to(kind), layer.bias.to(kind)
