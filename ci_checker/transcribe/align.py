"""Words with times and probabilities from cross-attention, for a batch of windows at once.

Only the encoder features kept from decoding are read. Attention is restricted to the
frames where voice activity is, so that no word is laid into a pause or stretched over it.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.transcribe.dtw import first_columns
from ci_checker.transcribe.spans import Span

if TYPE_CHECKING:
    import torch
    from whisper.model import Whisper
    from whisper.tokenizer import Tokenizer

FRAME_S: Final = 0.02
"""Seconds of one encoder frame."""
_MEDIAN: Final = 7
_PUNCTUATION: Final = string.punctuation.encode("ascii") + "…“”‘’—–".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One word in window time."""

    text: str
    start_s: float
    end_s: float
    probability: float


def align(
    model: Whisper,
    tokenizer: Tokenizer,
    features: torch.Tensor,
    texts: Sequence[Sequence[int]],
    speech: Sequence[Sequence[Span]],
) -> list[list[Heard]]:
    """Return the words of every window.

    Parameters
    ----------
    features : tensor, shape (windows, n_audio_ctx, n_audio_state)
        What the encoder said of each window.
    texts : sequence of token sequences, length windows
        Text tokens only, without timestamps and specials.
    speech : sequence of span sequences, length windows
        Where speech is, in window time.
    """
    rows = [index for index, text in enumerate(texts) if text and speech[index]]
    words: list[list[Heard]] = [[] for _ in texts]
    if not rows:
        return words
    chosen = [list(texts[index]) for index in rows]
    frames = [_speech_frames(speech[index], model.dims.n_audio_ctx) for index in rows]
    probabilities, attentions = _attend(model, tokenizer, features[rows], chosen, frames)
    for row, index in enumerate(rows):
        first = first_columns(-attentions[row])
        words[index] = _words(tokenizer, chosen[row], probabilities[row], frames[row], first)
    return words


def _attend(
    model: Whisper,
    tokenizer: Tokenizer,
    features: torch.Tensor,
    texts: list[list[int]],
    frames: list[NDArray[np.int64]],
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Return token probabilities (tokens,) and attention (tokens + 1, frames) of every row."""
    import torch
    from whisper.model import disable_sdpa

    lead = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    longest = max(len(text) for text in texts)
    padded = [[*lead, *text] + [tokenizer.eot] * (1 + longest - len(text)) for text in texts]
    heads = model.alignment_heads.to_dense()
    sums: list[Any] = [0.0] * len(texts)

    def collect(layer: int, scores: torch.Tensor) -> None:
        """Add one layer's heads at once, since all layers together would not fit into memory."""
        for row, text in enumerate(texts):
            picked = scores[row, heads[layer], : len(lead) + len(text) + 1]
            weights = picked[:, :, torch.from_numpy(frames[row])].float().softmax(dim=-1)
            deviation, mean = torch.std_mean(weights, dim=-2, keepdim=True, unbiased=False)
            sums[row] = sums[row] + _median(torch.nan_to_num((weights - mean) / deviation)).sum(dim=0)

    hooks = [
        block.cross_attn.register_forward_hook(
            lambda _module, _inputs, outputs, layer=layer: collect(layer, outputs[1])
        )
        for layer, block in enumerate(model.decoder.blocks)
        if bool(heads[layer].any())
    ]
    try:
        with torch.no_grad(), disable_sdpa():
            logits = model.decoder(torch.tensor(padded, device=features.device), features)
    finally:
        for hook in hooks:
            hook.remove()
    begin = len(lead) - 1
    probabilities, attentions = [], []
    for row, text in enumerate(texts):
        chances = logits[row, begin : begin + len(text), : tokenizer.eot].softmax(dim=-1)
        picked = chances[torch.arange(len(text)), torch.tensor(text)]
        probabilities.append(picked.double().cpu().numpy())
        attentions.append(sums[row][begin : begin + len(text) + 1].double().cpu().numpy())
    return probabilities, attentions


def _median(weights: torch.Tensor) -> torch.Tensor:
    """Smooth (heads, tokens, frames) along the frames, as Whisper's own alignment does."""
    import torch

    reach = _MEDIAN // 2
    if weights.shape[-1] <= reach:
        return weights
    padded = torch.nn.functional.pad(weights, (reach, reach), mode="reflect")
    return padded.unfold(-1, _MEDIAN, 1).median(dim=-1).values


def _speech_frames(speech: Sequence[Span], count: int) -> NDArray[np.int64]:
    """Return the encoder frames that lie in ``speech``, at least one."""
    middle = (np.arange(count) + 0.5) * FRAME_S
    inside = np.zeros(count, bool)
    for start, end in speech:
        inside |= (middle >= start) & (middle < end)
    found = np.flatnonzero(inside)
    return found if len(found) else np.array([min(count - 1, int(speech[0].start / FRAME_S))])


def _words(
    tokenizer: Tokenizer,
    text: Sequence[int],
    probabilities: NDArray[np.float64],
    frames: NDArray[np.int64],
    first: NDArray[np.int64],
) -> list[Heard]:
    """Join tokens into words at spaces; punctuation belongs to a word but not to its time."""
    pieces = [tokenizer.encoding.decode_single_token_bytes(token) for token in text]
    begins = [i for i, piece in enumerate(pieces) if i == 0 or piece.startswith(b" ")]
    words: list[Heard] = []
    for begin, end in zip(begins, [*begins[1:], len(pieces)], strict=True):
        spelled = b"".join(pieces[begin:end]).decode("utf-8", "replace").strip()
        voiced = end
        while voiced > begin + 1 and not pieces[voiced - 1].strip(_PUNCTUATION + b" "):
            voiced -= 1
        if not spelled:
            continue
        start_frame = frames[first[begin]]
        last_frame = frames[max(first[voiced] - 1, first[begin])]
        word = Heard(
            text=spelled,
            start_s=float(start_frame) * FRAME_S,
            end_s=float(last_frame + 1) * FRAME_S,
            probability=float(probabilities[begin:voiced].mean()),
        )
        if words and not spelled.strip(string.punctuation):
            word = _joined(words.pop(), spelled)
        words.append(word)
    return words


def _joined(word: Heard, mark: str) -> Heard:
    return Heard(text=word.text + mark, start_s=word.start_s, end_s=word.end_s, probability=word.probability)
