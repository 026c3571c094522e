"""MiniLM in two parts: lower layers that stay as published, and upper ones that learn."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH, HEADS, LAYERS = 384, 12, 6


class Embeddings(nn.Module):
    """Ids and types (batch, tokens) to vectors (batch, tokens, 384)."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.words = nn.Parameter(weights["embeddings.word_embeddings.weight"].clone())
        self.places = nn.Parameter(weights["embeddings.position_embeddings.weight"][:160].clone())
        self.types = nn.Parameter(weights["embeddings.token_type_embeddings.weight"].clone())
        self.norm = _norm(weights, "embeddings.LayerNorm")

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        """Return the sum of word, place and type, normalized."""
        return self.norm(F.embedding(ids, self.words) + self.places[: ids.shape[1]] + F.embedding(types, self.types))


class Layer(nn.Module):
    """One transformer layer as BERT has it."""

    def __init__(self, weights: dict[str, Tensor], index: int, drop: float) -> None:
        super().__init__()
        base = f"encoder.layer.{index}"
        parts = [f"{base}.attention.self.{part}" for part in ("query", "key", "value")]
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.qkv.weight.data = torch.cat([weights[f"{part}.weight"] for part in parts])
        self.qkv.bias.data = torch.cat([weights[f"{part}.bias"] for part in parts])
        self.mix = _linear(weights, f"{base}.attention.output.dense")
        self.mix_norm = _norm(weights, f"{base}.attention.output.LayerNorm")
        self.inner = _linear(weights, f"{base}.intermediate.dense")
        self.outer = _linear(weights, f"{base}.output.dense")
        self.outer_norm = _norm(weights, f"{base}.output.LayerNorm")
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, hide: Tensor) -> Tensor:
        """(batch, tokens, 384) to the same; ``hide`` (batch, 1, 1, tokens) is added to the attention's scores."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = torch.softmax(q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + hide, dim=-1)
        mixed = (scores @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.mix_norm(x + self.drop(self.mix(mixed)))
        return self.outer_norm(x + self.drop(self.outer(F.gelu(self.inner(x)))))


class Lower(nn.Module):
    """Embeddings and the first layers, which are not trained."""

    def __init__(self, weights: dict[str, Tensor], layers: int) -> None:
        super().__init__()
        self.embeddings = Embeddings(weights)
        self.layers = nn.ModuleList(Layer(weights, index, 0.0) for index in range(layers))

    def forward(self, ids: Tensor, types: Tensor, hide: Tensor) -> Tensor:
        """Return hidden states (batch, tokens, 384)."""
        x = self.embeddings(ids, types)
        for layer in self.layers:
            x = layer(x, hide)
        return x


class Upper(nn.Module):
    """The last layers and a score a label, from the mean over the turn's own tokens."""

    def __init__(self, weights: dict[str, Tensor], first: int, labels: int, drop: float = 0.1) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(weights, index, drop) for index in range(first, LAYERS))
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(2 * WIDTH, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -3.0)

    def forward(self, x: Tensor, own: Tensor, hide: Tensor) -> Tensor:
        """Hidden states, ``own`` (batch, tokens) 1 on the turn's tokens, to log-odds (batch, labels)."""
        for layer in self.layers:
            x = layer(x, hide)
        share = own[:, :, None].to(x.dtype)
        mean = (x * share).sum(1) / share.sum(1).clamp(min=1.0)
        return self.head(self.drop(torch.cat([x[:, 0], mean], dim=-1)))


class Whole(nn.Module):
    """Both parts as one, for one row without padding: what is exported."""

    def __init__(self, lower: Lower, upper: Upper) -> None:
        super().__init__()
        self.lower, self.upper = lower, upper

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        """Ids and types (1, tokens) to log-odds (1, labels)."""
        hide = torch.zeros(1, 1, 1, 1)
        return self.upper(self.lower(ids, types, hide), types, hide)


def _linear(weights: dict[str, Tensor], name: str) -> nn.Linear:
    weight = weights[f"{name}.weight"]
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.clone(), weights[f"{name}.bias"].clone()
    return made


def _norm(weights: dict[str, Tensor], name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, eps=1e-12)
    made.weight.data, made.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return made


def hidden_from(own: Any, length: int) -> Tensor:
    """Return what is added to attention scores so that padding past each row's length is not seen."""
    lengths = torch.as_tensor(own)[:, None]
    return torch.where(torch.arange(length)[None] < lengths, 0.0, -1e4)[:, None, None, :]
