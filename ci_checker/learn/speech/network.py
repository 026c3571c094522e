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

    def decode(self, tokens: Tensor, audio: Tensor) -> tuple[Tensor, list[Tensor], list[tuple[Tensor, Tensor]]]:
        """Logits (rows, tokens, used + 1), log attention of the guided heads (rows, heads, tokens,
        frames) of every layer, and of all layers but the first the copying head's log attention (rows,
        tokens, tokens) with what it adds to the state from which the logits come (rows, tokens, width)."""
        decoder = self.whisper.decoder
        x = decoder.token_embedding(tokens) + decoder.positional_embedding[: tokens.shape[1]]
        guided, copying = [], []
        for index, block in enumerate(decoder.blocks):
            read, logs, written = _read(block, x, decoder.mask)
            x = x + read
            if index:
                copying.append((logs, written))
            seen, logs = _attend(block, x, audio)
            x = x + seen
            guided.append(logs)
            x = x + block.mlp(block.mlp_ln(x))
        size = x.detach().std(-1, keepdim=True)
        copying = [(logs, written / size * decoder.ln.weight) for logs, written in copying]
        x = decoder.ln(x)
        logits = x @ decoder.token_embedding.weight.T + self.unused_shift
        return logits, guided, copying

    def losses(
        self, batch: Batch, *, text: bool, offset: int = 0, smoothing: float = 0.0, deaf: bool = False
    ) -> Losses:
        """Cross entropies of phones and tokens, of the guided heads' attention, and of copying.

        ``deaf``: the encoder learns nothing of them.
        """
        with torch.set_grad_enabled(torch.is_grad_enabled() and not deaf):
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
        table = self.whisper.decoder.token_embedding.weight
        copy = _copying(copying, batch.copies, targets.view_as(batch.targets), table)
        return Losses(phone, loss, guide, copy, float(right), float(accuracy))


def _read(block: ResidualAttentionBlock, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Self-attention of one block, log attention of its copying head, and what that head adds."""
    attention: MultiHeadAttention = block.attn
    x = block.attn_ln(x)
    query, key, value = (
        _heads(part(x), attention.n_head) for part in (attention.query, attention.key, attention.value)
    )
    count = x.shape[1]
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5 + mask[:count, :count]
    logs = scores.log_softmax(-1)
    mixed = logs.exp() @ value
    own = attention.out.weight.view(len(attention.out.weight), attention.n_head, -1)[:, COPYING_HEAD]
    written = mixed[:, COPYING_HEAD] @ own.T
    return attention.out(mixed.transpose(1, 2).flatten(2)), logs[:, COPYING_HEAD], written


def _copying(heads: list[tuple[Tensor, Tensor]], copies: Tensor, targets: Tensor, table: Tensor) -> Tensor:
    """What copying costs where there is something to copy: cross entropy of each head's attention, and of the
    tokens as all heads together would write them by themselves."""
    rows, places = torch.nonzero(copies >= 0, as_tuple=True)
    if not len(rows) or not heads:
        return torch.zeros(())
    looked = torch.stack([-logs[rows, places, copies[rows, places]].mean() for logs, _ in heads]).mean()
    said = torch.stack([written[rows, places] for _, written in heads]).sum(0) @ table.T
    return looked + functional.cross_entropy(said, targets[rows, places])


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
