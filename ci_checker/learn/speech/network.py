"""The checkpoint's network in training: Whisper's own modules, run on windows of any length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from whisper.model import ModelDimensions, MultiHeadAttention, ResidualAttentionBlock, Whisper, sinusoids

from ci_checker.learn.speech import vocabulary
from ci_checker.learn.speech.dataset import WINDOW, Batch
from ci_checker.learn.speech.synthesize import PHONES

GUIDED_HEADS: Final = 2
"""The first heads of every decoder layer are taught where the next token is spoken."""
TIME_WEIGHT: Final = 0.4
"""What a time counts in the loss against a piece of text."""
COPYING_HEAD: Final = -1
"""This head of every decoder layer but the first is taught where a prompt has the next piece of a name. The first
layer cannot know: before it nothing was heard."""


def dimensions(width: int = 224, encoder: int = 4, decoder: int = 3, heads: int = 4) -> ModelDimensions:
    """Dimensions of the shipped network, with Whisper's whole vocabulary."""
    return ModelDimensions(
        n_mels=80,
        n_audio_ctx=WINDOW * 50,
        n_audio_state=width,
        n_audio_head=heads,
        n_audio_layer=encoder,
        n_vocab=vocabulary.SIZE,
        n_text_ctx=448,
        n_text_state=width,
        n_text_head=heads,
        n_text_layer=decoder,
    )


@dataclass(frozen=True, slots=True)
class Losses:
    """Mean losses of one batch, and how much of it was right."""

    phone: Tensor
    text: Tensor
    attention: Tensor
    copy: Tensor
    phone_accuracy: float
    text_accuracy: float


class Network(nn.Module):
    """A Whisper whose embedding table holds only the used tokens and one row for all others."""

    def __init__(self, dims: ModelDimensions) -> None:
        super().__init__()
        words = vocabulary.load()
        self.dims = dims
        compact = ModelDimensions(**{**dims.__dict__, "n_vocab": len(words.used) + 1})
        self.whisper = Whisper(compact)
        self.phone_head = nn.Linear(dims.n_audio_state, len(PHONES))
        decoder = self.whisper.decoder
        nn.init.normal_(decoder.token_embedding.weight, std=0.05)
        nn.init.normal_(decoder.positional_embedding, std=0.01)
        with torch.no_grad():
            # a time starts out as what the encoder adds at that frame, so that attention can match them
            places = sinusoids(vocabulary.TIMES, dims.n_text_state)
            decoder.token_embedding.weight[words.times : words.times + vocabulary.TIMES] = 0.1 * places
        shift = torch.zeros(len(words.used) + 1)
        shift[-1] = torch.log(torch.tensor(float(words.unused)))
        self.register_buffer("unused_shift", shift, persistent=False)

    def encode(self, mel: Tensor, offset: int = 0) -> Tensor:
        """(rows, 80, 2 x frames) to (rows, frames, width), positions counted from ``offset``."""
        encoder = self.whisper.encoder
        x = functional.gelu(encoder.conv1(mel))
        x = functional.gelu(encoder.conv2(x)).permute(0, 2, 1)
        x = x + encoder.positional_embedding[offset : offset + x.shape[1]]
        for block in encoder.blocks:
            x = block(x)
        return encoder.ln_post(x)

    def decode(self, tokens: Tensor, audio: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Logits (rows, tokens, used + 1), log attention of the guided heads (rows, heads, tokens,
        frames) of every layer, and of the copying heads (rows, tokens, tokens) of all but the first."""
        decoder = self.whisper.decoder
        x = decoder.token_embedding(tokens) + decoder.positional_embedding[: tokens.shape[1]]
        guided, copying = [], []
        for index, block in enumerate(decoder.blocks):
            read, logs = _read(block, x, decoder.mask)
            x = x + read
            if index:
                copying.append(logs)
            seen, logs = _attend(block, x, audio)
            x = x + seen
            guided.append(logs)
            x = x + block.mlp(block.mlp_ln(x))
        x = decoder.ln(x)
        logits = x @ decoder.token_embedding.weight.T + self.unused_shift
        return logits, guided, copying

    def losses(self, batch: Batch, *, text: bool, offset: int = 0, smoothing: float = 0.0) -> Losses:
        """Cross entropies of phones and tokens, and of the guided heads' attention."""
        audio = self.encode(batch.mel, offset)
        phones = self.phone_head(audio).flatten(0, 1)
        wanted = batch.phones.flatten()
        phone = functional.cross_entropy(phones, wanted)
        voiced = wanted > 0
        right = ((phones.argmax(-1) == wanted) & voiced).sum() / voiced.sum().clamp(min=1)
        zero = torch.zeros(())
        if not text:
            return Losses(phone, zero, zero, zero, float(right), 0.0)
        times, end = vocabulary.load().times, vocabulary.load().times + vocabulary.TIMES
        inputs, targets = (
            torch.where((t >= times) & (t < end), (t + offset).clamp(max=end - 1), t)
            for t in (batch.inputs, batch.targets)
        )
        logits, attention, copying = self.decode(inputs, audio)
        flat, targets = logits.flatten(0, 1), targets.flatten()
        each = functional.cross_entropy(flat, targets, ignore_index=-100, label_smoothing=smoothing, reduction="none")
        is_time = (targets >= times) & (targets < end)
        known = (targets >= 0) & ~is_time
        weight = known + TIME_WEIGHT * is_time
        loss = (each * weight).sum() / weight.sum()
        accuracy = ((flat.argmax(-1) == targets) & known).sum() / known.sum().clamp(min=1)
        guide = _guidance(torch.cat(attention, dim=1), batch.spans)
        copy = _copying(copying, batch.copies)
        return Losses(phone, loss, guide, copy, float(right), float(accuracy))


def _read(block: ResidualAttentionBlock, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Self-attention of one block, and log attention of its copying head."""
    attention: MultiHeadAttention = block.attn
    x = block.attn_ln(x)
    query, key, value = (
        _heads(part(x), attention.n_head) for part in (attention.query, attention.key, attention.value)
    )
    count = x.shape[1]
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5 + mask[:count, :count]
    logs = scores.log_softmax(-1)
    mixed = logs.exp() @ value
    return attention.out(mixed.transpose(1, 2).flatten(2)), logs[:, COPYING_HEAD]


def _copying(attention: list[Tensor], copies: Tensor) -> Tensor:
    """Cross entropy of the copying heads' attention (rows, tokens, tokens) where there is something to copy."""
    rows, places = torch.nonzero(copies >= 0, as_tuple=True)
    if not len(rows) or not attention:
        return torch.zeros(())
    return torch.stack([-logs[rows, places, copies[rows, places]].mean() for logs in attention]).mean()


def _attend(block: ResidualAttentionBlock, x: Tensor, audio: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-attention of one block, and log attention of its guided heads."""
    attention: MultiHeadAttention = block.cross_attn
    query = _heads(attention.query(block.cross_attn_ln(x)), attention.n_head)
    key = _heads(attention.key(audio), attention.n_head)
    value = _heads(attention.value(audio), attention.n_head)
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    logs = scores.log_softmax(-1)
    mixed = logs.exp() @ value
    return attention.out(mixed.transpose(1, 2).flatten(2)), logs[:, :GUIDED_HEADS]


def _heads(x: Tensor, count: int) -> Tensor:
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def _guidance(attention: Tensor, spans: Tensor) -> Tensor:
    """Cross entropy of log ``attention`` (rows, heads, tokens, frames) against the even
    distribution over each token's frames."""
    frame = torch.arange(attention.shape[-1])
    inside = (frame >= spans[..., :1]) & (frame <= spans[..., 1:])
    size = inside.sum(-1)
    share = (inside / size.clamp(min=1)[..., None])[:, None]
    each = -(share * attention).sum(-1) - size.clamp(min=1).log()[:, None]
    return each.sum() / ((size > 0).sum().clamp(min=1) * attention.shape[1])
