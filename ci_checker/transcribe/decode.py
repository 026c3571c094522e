"""Windows to tokens: greedy in batches, and a warmer second look at the windows that fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ci_checker.transcribe.clean import is_loop

if TYPE_CHECKING:
    import torch
    from whisper.decoding import DecodingResult
    from whisper.model import Whisper
    from whisper.tokenizer import Tokenizer

_WARMER: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
_MOST_COMPRESSED: Final = 2.4
_LEAST_LOGPROB: Final = -1.0
_NO_SPEECH: Final = 0.6
_SURELY_NO_SPEECH: Final = 0.9
_SEED: Final = 20250625


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a model writes.

    ``taught_silence``: it was taught the no-speech token directly, so a very sure one is believed
    alone. ``stamps_words``: most of its tokens are times, whose likelihood says nothing of the text.
    """

    without_timestamps: bool = False
    taught_silence: bool = False
    stamps_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The tokens of one window: of text alone, and as written with timestamps.

    ``covered`` are the (start, end) seconds of window time that its timestamps claim,
    ``None`` for a model that writes none. ``silent`` means that the model heard nobody.
    """

    tokens: tuple[int, ...]
    written: tuple[int, ...]
    covered: tuple[tuple[float, float], ...] | None
    silent: bool
    temperature: float


def decode(model: Whisper, tokenizer: Tokenizer, features: torch.Tensor, *, kind: Kind) -> list[Decoded]:
    """Return what was said in every window.

    Parameters
    ----------
    features : tensor, shape (windows, n_audio_ctx, n_audio_state)
        What the encoder said; it is not run again, whatever fails.

    Notes
    -----
    The first pass is greedy. A window whose text is compressed too well, too unlikely,
    or a loop is tried again alone at rising temperatures with a fixed seed, so its text
    depends neither on its neighbors nor on the day. If none passes, the greedy text stays
    and the caller judges it. Earlier text is never given as a prompt.
    """
    results = _run(model, features, 0.0, kind)
    for index, greedy in enumerate(results):
        if not _fails(greedy, kind):
            continue
        for temperature in _WARMER:
            warmer = _run(model, features[index : index + 1], temperature, kind)[0]
            if not _fails(warmer, kind):
                results[index] = warmer
                break
    return [_decoded(result, tokenizer, kind) for result in results]


def _run(model: Whisper, features: torch.Tensor, temperature: float, kind: Kind) -> list[DecodingResult]:
    import torch
    import whisper

    options = whisper.DecodingOptions(
        language="en",
        temperature=temperature,
        without_timestamps=kind.without_timestamps,
        # whisper reckons this limit for windows of 30 seconds; a shorter window would lose late first words
        max_initial_timestamp=None if kind.stamps_words else 1.0,
        fp16=False,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED + round(temperature * 10))
        return list(whisper.decode(model, features, options))


def _silent(result: DecodingResult, kind: Kind) -> bool:
    """Whether the model heard nobody."""
    if kind.taught_silence and result.no_speech_prob > _SURELY_NO_SPEECH:
        return True
    return result.no_speech_prob > _NO_SPEECH and _unlikely(result, kind)


def _unlikely(result: DecodingResult, kind: Kind) -> bool:
    return not kind.stamps_words and result.avg_logprob < _LEAST_LOGPROB


def _fails(result: DecodingResult, kind: Kind) -> bool:
    if _silent(result, kind):
        return False
    too_much = result.compression_ratio > _MOST_COMPRESSED or is_loop(result.text.split())
    return too_much or _unlikely(result, kind)


def _decoded(result: DecodingResult, tokenizer: Tokenizer, kind: Kind) -> Decoded:
    return Decoded(
        tokens=tuple(token for token in result.tokens if token < tokenizer.eot),
        written=tuple(result.tokens),
        covered=None if kind.without_timestamps else covered(result.tokens, tokenizer.timestamp_begin),
        silent=_silent(result, kind),
        temperature=result.temperature,
    )


def covered(tokens: Sequence[int], timestamp_begin: int) -> tuple[tuple[float, float], ...] | None:
    """Return the (start, end) seconds of the segments in ``tokens``.

    Text after the last timestamp has no end, so nothing is claimed for it but its start;
    ``None`` if there is no timestamp at all.
    """
    segments: list[tuple[float, float]] = []
    start: float | None = None
    text = False
    stamped = False
    for token in tokens:
        if token < timestamp_begin:
            text = True
            continue
        stamped = True
        seconds = (token - timestamp_begin) / 50
        if start is not None and text:
            segments.append((start, seconds))
            start, text = None, False
        else:
            start = seconds
    if not stamped:
        return None
    if start is not None and text:
        segments.append((start, float("inf")))
    return tuple(segments)
