"""MiniLM in two parts: lower layers that stay as published, and upper ones that learn."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ci_checker.behaviors import turn_encoder
from ci_checker.behaviors.context import KINDS

WIDTH, HEADS, LAYERS = 384, 12, 6
LONGEST = turn_encoder.TEXT_TOKENS + 2


class Embeddings(nn.Module):
    """Ids (batch, tokens) to vectors (batch, tokens, 384)."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.words = nn.Parameter(weights["embeddings.word_embeddings.weight"].clone())
        types = weights["embeddings.token_type_embeddings.weight"][0]
        self.places = nn.Parameter(weights["embeddings.position_embeddings.weight"][:LONGEST] + types)
        self.norm = _norm(weights, "embeddings.LayerNorm")

    def forward(self, ids: Tensor) -> Tensor:
        """Return the sum of word and place, normalized."""
        return self.norm(F.embedding(ids, self.words) + self.places[: ids.shape[1]])


class Layer(nn.Module):
    """One transformer layer as BERT has it."""

    def __init__(self, weights: dict[str, Tensor], index: int, drop: float) -> None:
        super().__init__()
        base = f"encoder.layer.{index}"
        self.query = _linear(weights, f"{base}.attention.self.query")
        parts = [f"{base}.attention.self.{part}" for part in ("key", "value")]
        self.key_value = nn.Linear(WIDTH, 2 * WIDTH)
        self.key_value.weight.data = torch.cat([weights[f"{part}.weight"] for part in parts])
        self.key_value.bias.data = torch.cat([weights[f"{part}.bias"] for part in parts])
        self.mix = _linear(weights, f"{base}.attention.output.dense")
        self.mix_norm = _norm(weights, f"{base}.attention.output.LayerNorm")
        self.inner = _linear(weights, f"{base}.intermediate.dense")
        self.outer = _linear(weights, f"{base}.output.dense")
        self.outer_norm = _norm(weights, f"{base}.output.LayerNorm")
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, read: Tensor, hide: Tensor | None) -> Tensor:
        """Return what becomes of ``x`` (batch, tokens, 384) that looks at ``read`` (batch, others, 384).

        ``hide`` (batch, 1, 1, others) is added to the attention's scores.
        """
        batch, length, _ = x.shape
        if x is read:  # one product is faster than two
            weight = torch.cat([self.query.weight, self.key_value.weight])
            both = F.linear(x, weight, torch.cat([self.query.bias, self.key_value.bias]))
            query, key_value = both[..., :WIDTH], both[..., WIDTH:]
        else:
            query, key_value = self.query(x), self.key_value(read)
        q = query.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
        key_value = key_value.view(batch, read.shape[1], 2, HEADS, WIDTH // HEADS)
        k, v = key_value[:, :, 0].transpose(1, 2), key_value[:, :, 1].transpose(1, 2)
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        scores = torch.softmax(scores if hide is None else scores + hide, dim=-1)
        mixed = (scores @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.mix_norm(x + self.drop(self.mix(mixed)))
        return self.outer_norm(x + self.drop(self.outer(F.gelu(self.inner(x)))))


class Lower(nn.Module):
    """Embeddings and the first layers, which are not trained: they read one text by itself."""

    def __init__(self, weights: dict[str, Tensor], layers: int) -> None:
        super().__init__()
        self.embeddings = Embeddings(weights)
        self.layers = nn.ModuleList(Layer(weights, index, 0.0) for index in range(layers))

    def forward(self, ids: Tensor, hide: Tensor | None = None) -> Tensor:
        """Return hidden states (batch, tokens, 384)."""
        x = self.embeddings(ids)
        for layer in self.layers:
            x = layer(x, x, hide)
        return x


class Upper(nn.Module):
    """The last layers, which read a turn with what stands around it, and a score a label.

    What a token is (the turn's own, or of the turn before, of the other side, …) is learned as a vector and
    added. The score comes of the turn's first token and the mean over its own, so that the last layer makes no more.
    """

    def __init__(self, weights: dict[str, Tensor], first: int, labels: int, drop: float = 0.1) -> None:
        super().__init__()
        self.kinds = nn.Parameter(torch.randn(KINDS, WIDTH) * 0.02)
        self.layers = nn.ModuleList(Layer(weights, index, drop) for index in range(first, LAYERS))
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(2 * WIDTH, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -3.0)

    def forward(
        self,
        own: Tensor,
        near: Tensor,
        place: Tensor,
        kinds: Tensor,
        shown: Tensor | None = None,
        hide: Tensor | None = None,
    ) -> Tensor:
        """Return log-odds (batch, labels).

        ``own`` (batch, tokens, 384) are the turn's states and ``near`` (batch, others, 384) those around it, with
        the kinds ``place`` (batch, tokens) and ``kinds`` (batch, others). In a batch, ``shown`` (batch, tokens)
        is 1 where a row has a token of its own, and ``hide`` is for both together.
        """
        first, mean = self.read(own, near, place, kinds, shown, hide)
        return self.judge(first, mean)

    def read(
        self, own: Tensor, near: Tensor, place: Tensor, kinds: Tensor, shown: Tensor | None, hide: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Return the states (batch, 384) of the turn's first token, and the mean of those of its own."""
        length = own.shape[1]
        x = torch.cat([own + F.embedding(place, self.kinds), near + F.embedding(kinds, self.kinds)], dim=1)
        for layer in self.layers[:-1]:
            x = layer(x, x, hide)
        x = self.layers[-1](x[:, :length], x, hide)
        if shown is None:
            return x[:, 0], x.mean(1)
        return x[:, 0], (x * shown[:, :, None]).sum(1) / shown.sum(1, keepdim=True)

    def judge(self, first: Tensor, mean: Tensor) -> Tensor:
        """Return log-odds (batch, labels) of what ``read`` returns."""
        return self.head(self.drop(torch.cat([first, mean], dim=-1)))


class Told(nn.Module):
    """The upper layers for one row without padding, as they are exported: log-odds, and the turn as one vector."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.upper = upper

    def forward(self, own: Tensor, near: Tensor, place: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-odds (1, labels), and the mean state of the turn's own tokens as a unit vector (1, 384)."""
        first, mean = self.upper.read(own, near, place, kinds, None, None)
        return self.upper.judge(first, mean), F.normalize(mean, dim=-1)


def _linear(weights: dict[str, Tensor], name: str) -> nn.Linear:
    weight = weights[f"{name}.weight"]
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.clone(), weights[f"{name}.bias"].clone()
    return made


def _norm(weights: dict[str, Tensor], name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, eps=1e-12)
    made.weight.data, made.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return made


def hidden_from(shown: Tensor) -> Tensor:
    """Return what is added to attention scores so that only what ``shown`` (batch, tokens) has as 1 is seen."""
    return ((1.0 - shown) * -1e4)[:, None, None, :]
