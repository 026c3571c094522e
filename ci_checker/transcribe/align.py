"""Words with times from cross-attention, for a batch of windows at once.

Only the keys kept from decoding are read, in one pass without the vocabulary; the probabilities
are those of decoding. Attention is restricted to the
frames where voice activity is, so that no word is laid into a pause or stretched over it.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.transcribe.dtw import first_columns
from ci_checker.transcribe.spans import Span

if TYPE_CHECKING:
    import torch
    from whisper.tokenizer import Tokenizer

    from ci_checker.transcribe.cross import Cross
    from ci_checker.transcribe.network import Network

FRAME_S: Final = 0.02
"""Seconds of one encoder frame."""
_MEDIAN: Final = 7
_BATCH: Final = 4
_SOME: Final = 16
_SHORTEST: Final = 8
_PUNCTUATION: Final = string.punctuation.encode("ascii") + "…“”‘’—–".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One word in window time."""

    text: str
    start_s: float
    end_s: float
    probability: float


def align(
    network: Network,
    tokenizer: Tokenizer,
    cross: Cross,
    texts: Mapping[int, Sequence[int]],
    certain: Mapping[int, Sequence[float]],
    speech: Mapping[int, Sequence[Span]],
) -> dict[int, list[Heard]]:
    """Return the words of every window.

    Parameters
    ----------
    cross : Cross
        Holds the windows' keys and values; the tokens that it holds are written over.
    texts, certain : mappings of a window's number to text tokens and their probabilities
        Text only, without timestamps and specials.
    speech : mapping of a window's number to spans
        Where speech is, in window time.
    """
    words: dict[int, list[Heard]] = {window: [] for window in texts}
    wanted = [window for window in texts if texts[window] and speech[window]]
    if not wanted:
        return words
    cross.front(wanted)
    for at in range(0, len(wanted), _BATCH):
        windows = cross.order[at : min(at + _BATCH, len(wanted))]
        chosen = [list(texts[window]) for window in windows]
        frames = [_speech_frames(speech[window], network.dims.n_audio_ctx) for window in windows]
        attentions = _attend(network, tokenizer, cross, slice(at, at + len(windows)), chosen, frames)
        for row, window in enumerate(windows):
            first = first_columns(-attentions[row])
            sure = np.asarray(certain[window], np.float64)
            words[window] = _words(tokenizer, chosen[row], sure, frames[row], first)
    return words


def _attend(
    network: Network,
    tokenizer: Tokenizer,
    cross: Cross,
    slots: slice,
    texts: list[list[int]],
    frames: list[NDArray[np.int64]],
) -> list[NDArray[np.float64]]:
    """Return the attention (tokens + 1, frames) of every row."""
    import torch

    lead = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    # In int8, few tokens are multiplied otherwise than many: however short a text, it is read as beside a long one.
    longest = max(_SHORTEST, *(len(text) for text in texts))
    padded = [[*lead, *text] + [tokenizer.eot] * (1 + longest - len(text)) for text in texts]
    heads = network.heads
    sums: list[Any] = [0.0] * len(texts)

    def collect(layer: int, scores: torch.Tensor) -> None:
        """Add one layer's heads at once, since all layers together would not fit into memory."""
        if not bool(heads[layer].any()):
            return
        for row, text in enumerate(texts):
            picked = scores[row, heads[layer], : len(lead) + len(text) + 1]
            inside = torch.from_numpy(frames[row])
            # A head at a time, and of its tokens some, stay in the processor's cache.
            for head in picked:
                weights = head[:, inside].float().softmax(dim=-1)
                weights -= weights.mean(dim=-2, keepdim=True)
                deviation = weights.square().mean(dim=-2, keepdim=True).sqrt()
                # A frame that no token listens to says nothing of any.
                weights = torch.nan_to_num(weights / deviation, nan=0.0, posinf=0.0, neginf=0.0)
                sums[row] = sums[row] + torch.cat([_median(some) for some in weights.split(_SOME)])

    with torch.inference_mode():
        network.read(torch.tensor(padded, device=network.device), cross, slots, 0, collect)
        begin = len(lead) - 1
        return [sums[row][begin : begin + len(text) + 1].double().cpu().numpy() for row, text in enumerate(texts)]


def _median(weights: torch.Tensor) -> torch.Tensor:
    """Smooth (tokens, frames) along the frames by the median of seven, as Whisper's own alignment does.

    Sorted pairs are made once for all the sevens that they are part of. The fourth of seven numbers, parted into
    a sorted four and a sorted three, is the least over four ways to take four of them of the greatest one taken.
    """
    import torch

    low_of, high_of = torch.minimum, torch.maximum
    reach, count = _MEDIAN // 2, weights.shape[-1]
    if count <= reach:
        return weights
    padded = torch.nn.functional.pad(weights[None], (reach, reach), mode="reflect")[0]
    low, high = low_of(padded[:, :-1], padded[:, 1:]), high_of(padded[:, :-1], padded[:, 1:])
    pairs = ((low[:, at : at + count], high[:, at : at + count]) for at in (0, 2, 4))
    (low0, high0), (low2, high2), (low4, high4) = pairs
    first, fourth = low_of(low0, low2), high_of(high0, high2)
    third, spare = high_of(low0, low2), low_of(high0, high2)
    second = low_of(third, spare)
    high_of(third, spare, out=third)
    last = padded[:, 2 * reach :]
    least = low_of(low4, last)
    high_of(low4, last, out=spare)
    between = low_of(high4, spare)
    high_of(high4, spare, out=spare)
    # What is taken: one, two, three or four of the four, and as many of the three as make four.
    low_of(high_of(first, spare, out=first), high_of(second, between, out=second), out=first)
    low_of(high_of(third, least, out=third), fourth, out=third)
    return low_of(first, third, out=first)


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
