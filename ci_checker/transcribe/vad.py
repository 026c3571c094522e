"""Voice activity: where somebody speaks on one channel.

Silero's ONNX file is run through onnxruntime. Its package is never imported: that
would set torch to one thread for the whole process. Measured on the voices of the
shipped synthetic model (espeak-ng and flite, clean and over a telephone): Silero
marks 96-100 % of the frames inside words, so no second detector is added.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import MissingError
from ci_checker.transcribe.engine import SAMPLE_RATE
from ci_checker.transcribe.spans import Span, merge

if TYPE_CHECKING:
    import onnxruntime

FRAME: Final = 512
"""Samples of one frame (32 ms)."""
FRAME_S: Final = FRAME / SAMPLE_RATE
_CONTEXT, _BLOCK = 64, 512
_ON, _OFF = 0.5, 0.35
_SHORTEST_S, _PAUSE_S, _PAD_S = 0.16, 0.25, 0.12
_GATE_DB, _DEAD_DB = -62.0, -75.0
_LOUD_DB, _MOST_GAIN_DB = -26.0, 24.0


def speech_spans(samples: NDArray[np.float32], *, longest_s: float | None = None) -> list[Span]:
    """Return where speech is, in seconds, in order and without overlap.

    Parameters
    ----------
    samples : array of float32, shape (n,)
        One channel at 16 kHz.
    longest_s : float, optional
        Split longer spans at the quietest point of their second half.
    """
    if len(samples) == 0:
        return []
    levels = frame_levels(samples)
    if levels.max() < _DEAD_DB:
        return []
    probabilities = np.where(levels < _GATE_DB, 0.0, speech_probabilities(samples, _gain(levels)))
    spans = _padded(_hysteresis(probabilities), len(samples) / SAMPLE_RATE)
    if longest_s is None:
        return spans
    return [part for span in spans for part in _split(span, levels, longest_s)]


def frame_levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the level of every 32 ms frame in dB of full scale, shape (frames,); DC is removed."""
    offset = np.float32(samples.mean(dtype=np.float64))
    power = [np.square(frames - offset, dtype=np.float64).mean(axis=1) for frames, _ in _blocks(samples)]
    return 10 * np.log10(np.concatenate(power) + 1e-12)


def speech_probabilities(samples: NDArray[np.float32], gain: float = 1.0) -> NDArray[np.float32]:
    """Return Silero's probability of speech for every 32 ms frame, shape (frames,), heard ``gain`` times as loud."""
    session = _session()
    hidden = cell = np.zeros((1, 1, 128), np.float32)
    found: list[NDArray[np.float32]] = []
    for frames, before in _blocks(samples):
        if gain != 1.0:
            frames, before = (np.clip(part * np.float32(gain), -1.0, 1.0) for part in (frames, before))
        context = np.concatenate([before[None], frames[:-1, -_CONTEXT:]])
        feed = {"input": np.concatenate([context, frames], axis=1), "h": hidden, "c": cell}
        block, hidden, cell = session.run(["speech_probs", "hn", "cn"], feed)
        found.append(np.asarray(block, np.float32).reshape(-1))
    return np.concatenate(found)


def model_path() -> Path:
    """Return Silero's ONNX file; raises MissingError where the wheel is not installed."""
    found = importlib.util.find_spec("silero_vad")
    for folder in (found.submodule_search_locations or []) if found else []:
        path = Path(folder) / "data" / "silero_vad_16k_sequence.onnx"
        if path.is_file():
            return path
    raise MissingError(
        "the voice activity model of silero-vad is not installed", todo="Run: pip install 'silero-vad>=6.2'"
    )


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    try:
        import onnxruntime
    except ImportError as problem:
        raise MissingError("onnxruntime is not installed", todo="Run: pip install onnxruntime") from problem
    options: Any = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model_path()), sess_options=options, providers=["CPUExecutionProvider"])


def _blocks(samples: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield frames (up to 512, 512) and the 64 samples before them, so that hours need no copy."""
    before = np.zeros(_CONTEXT, np.float32)
    for first in range(0, len(samples), _BLOCK * FRAME):
        part = samples[first : first + _BLOCK * FRAME]
        frames = np.zeros((-(-len(part) // FRAME), FRAME), np.float32)
        frames.reshape(-1)[: len(part)] = part
        yield frames, before
        before = frames[-1, -_CONTEXT:]


def _gain(levels: NDArray[np.float64]) -> float:
    """Return what raises a quiet channel to the level of ordinary speech; a loud one stays as it is."""
    return float(10 ** (np.clip(_LOUD_DB - np.percentile(levels, 95), 0.0, _MOST_GAIN_DB) / 20))


def _hysteresis(probabilities: NDArray[Any]) -> list[Span]:
    """Speech begins above one threshold and lasts until a pause below a lower one."""
    spans: list[Span] = []
    start: int | None = None
    for index, probability in enumerate(probabilities):
        if start is None and probability >= _ON:
            start = index
        elif start is not None and probability < _OFF:
            spans.append(Span(start * FRAME_S, index * FRAME_S))
            start = None
    if start is not None:
        spans.append(Span(start * FRAME_S, len(probabilities) * FRAME_S))
    return [span for span in merge(spans, _PAUSE_S) if span.length >= _SHORTEST_S]


def _padded(spans: list[Span], duration_s: float) -> list[Span]:
    """Widen every span, at most to the middle of the pause beside it."""
    padded: list[Span] = []
    for index, span in enumerate(spans):
        before = spans[index - 1].end if index else 0.0
        after = spans[index + 1].start if index + 1 < len(spans) else duration_s
        left = min(_PAD_S, (span.start - before) / (2 if index else 1))
        right = min(_PAD_S, (after - span.end) / (2 if index + 1 < len(spans) else 1))
        padded.append(Span(span.start - left, min(span.end + max(right, 0.0), duration_s)))
    return padded


def _split(span: Span, levels: NDArray[np.float64], longest_s: float) -> list[Span]:
    """Cut a long span where it is quietest, so that no word is cut if a pause can be had."""
    parts: list[Span] = []
    smooth = np.convolve(levels, np.ones(5) / 5, mode="same")
    while span.length > longest_s:
        first = int((span.start + longest_s / 2) / FRAME_S)
        last = max(first + 1, int((span.start + longest_s) / FRAME_S))
        cut = (first + int(np.argmin(smooth[first:last])) + 0.5) * FRAME_S
        parts.append(Span(span.start, cut))
        span = Span(cut, span.end)
    return [*parts, span]
