"""Windows to tokens: greedy in batches, and a warmer second look at the windows that fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ci_checker.transcribe.clean import is_loop

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

    from ci_checker.transcribe.cross import Cross
    from ci_checker.transcribe.loop import Written
    from ci_checker.transcribe.network import Network

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

    ``certain`` are the probabilities of ``written`` among all words.
    ``covered`` are the (start, end) seconds of window time that its timestamps claim,
    ``None`` for a model that writes none. ``silent`` means that the model heard nobody.
    """

    tokens: tuple[int, ...]
    written: tuple[int, ...]
    certain: tuple[float, ...]
    covered: tuple[tuple[float, float], ...] | None
    silent: bool
    temperature: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """One look at a window, judged by its text."""

    tokens: tuple[int, ...]
    chances: tuple[float, ...]
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    temperature: float


def decode(
    network: Network,
    tokenizer: Tokenizer,
    cross: Cross,
    windows: Sequence[int],
    *,
    kind: Kind,
    prompt: Sequence[int] = (),
) -> list[Decoded]:
    """Return what was said in every window.

    Parameters
    ----------
    cross : Cross
        Holds the keys and values of what the encoder said; it is not run again, whatever fails.
    windows : sequence of int
        The windows' numbers in ``cross``.
    prompt : sequence of int
        Tokens of words to expect. Earlier text is never given as a prompt.

    Notes
    -----
    The first pass is greedy. The windows whose text is compressed too well, too unlikely,
    or a loop are tried again together at rising temperatures, each with its own fixed seed,
    so its text depends neither on its neighbors nor on the day. If none passes, the greedy
    text stays and the caller judges it.
    """
    results = dict(zip(windows, _run(network, tokenizer, cross, windows, 0.0, kind, prompt), strict=True))
    failing = [window for window in windows if _fails(results[window], kind)]
    for temperature in _WARMER:
        if not failing:
            break
        for window, warmer in zip(
            failing, _run(network, tokenizer, cross, failing, temperature, kind, prompt), strict=True
        ):
            if not _fails(warmer, kind):
                results[window] = warmer
        failing = [window for window in failing if _fails(results[window], kind)]
    return [_decoded(results[window], tokenizer, kind) for window in windows]


def _run(
    network: Network,
    tokenizer: Tokenizer,
    cross: Cross,
    windows: Sequence[int],
    temperature: float,
    kind: Kind,
    prompt: Sequence[int],
) -> list[_Result]:
    from ci_checker.transcribe.loop import write
    from ci_checker.transcribe.rules import Rules

    rules = Rules(
        tokenizer,
        network.dims,
        without_timestamps=kind.without_timestamps,
        # whisper reckons this limit for windows of 30 seconds; a shorter window would lose late first words
        max_initial_timestamp=None if kind.stamps_words else 1.0,
        prompt=prompt,
        device=network.device,
    )
    seed = _SEED + round(temperature * 10)
    return [
        _result(tokenizer, written, temperature)
        for written in write(network, cross, windows, rules, temperature=temperature, seed=seed)
    ]


def _result(tokenizer: Tokenizer, written: Written, temperature: float) -> _Result:
    from whisper.utils import compression_ratio

    text = tokenizer.decode(written.tokens).strip()
    return _Result(
        tokens=tuple(written.tokens),
        chances=tuple(written.chances),
        text=text,
        avg_logprob=written.avg_logprob,
        no_speech_prob=written.no_speech,
        compression_ratio=compression_ratio(text),
        temperature=temperature,
    )


def _silent(result: _Result, kind: Kind) -> bool:
    """Whether the model heard nobody."""
    if kind.taught_silence and result.no_speech_prob > _SURELY_NO_SPEECH:
        return True
    return result.no_speech_prob > _NO_SPEECH and _unlikely(result, kind)


def _unlikely(result: _Result, kind: Kind) -> bool:
    return not kind.stamps_words and result.avg_logprob < _LEAST_LOGPROB


def _fails(result: _Result, kind: Kind) -> bool:
    if _silent(result, kind):
        return False
    too_much = result.compression_ratio > _MOST_COMPRESSED or is_loop(result.text.split())
    return too_much or _unlikely(result, kind)


def _decoded(result: _Result, tokenizer: Tokenizer, kind: Kind) -> Decoded:
    return Decoded(
        tokens=tuple(token for token in result.tokens if token < tokenizer.eot),
        written=result.tokens,
        certain=result.chances,
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
