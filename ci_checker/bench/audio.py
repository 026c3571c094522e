"""A call to measure on: the fixtures' recordings, two channels, one after the other."""

from __future__ import annotations

from itertools import cycle, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker import assets
from ci_checker.errors import RequestError
from ci_checker.transcribe.spans import Span

RATE: Final = 16_000
_SHORTEST_S: Final = 5.0
_LONGEST_S: Final = 4 * 3600.0
_SHARE: Final = 0.5


def call(seconds: float) -> NDArray[np.float32]:
    """Return a stereo call of so many seconds, shape (2, n), half of each channel speech.

    The recordings of the fixtures are laid one after the other; where a channel speaks less
    than half of the time, a copy of speech is laid over its silence until it does.
    Raises RequestError for a length that nothing can be measured on.
    """
    # Turned around, so that what is no number at all is refused too.
    if not seconds >= _SHORTEST_S:
        raise RequestError("the call is too short to measure on", todo=f"Give --seconds {_SHORTEST_S:.0f} or more.")
    if seconds > _LONGEST_S:
        raise RequestError(f"the call is longer than {_LONGEST_S / 3600:.0f} hours", todo="Give fewer --seconds.")
    parts: list[NDArray[np.float32]] = []
    held = 0
    needed = round(seconds * RATE)
    recorded = _recorded()
    for part in cycle(recorded):
        parts.append(part)
        held += part.shape[1]
        if held >= needed:
            break
    samples = np.concatenate(parts, axis=1)[:, :needed]
    return np.stack([_filled(channel) for channel in samples])


def speech(samples: NDArray[np.float32]) -> list[list[Span]]:
    """Return the speech of each channel as this project's voice activity finds it."""
    from ci_checker.transcribe.vad import speech_spans

    return [speech_spans(channel) for channel in samples]


def tokens_for(spans: list[Span], start: float, end: float, tokens: int) -> int:
    """Return the tokens of a stretch whose speech has ``tokens`` in 30 seconds, at least 1."""
    inside = sum(max(0.0, min(span.end, end) - max(span.start, start)) for span in spans)
    return max(1, round(tokens * inside / 30))


def _recorded() -> list[NDArray[np.float32]]:
    from ci_checker.intake import audio

    folder = assets.fixtures_root() / "team" / "recordings"
    loaded = [audio.load(path) for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".toml"]
    stereo = [samples for samples in loaded if len(samples) == 2]
    if not stereo:
        raise RequestError("the fixtures hold no two-channel recordings", where=str(folder))
    return stereo


def _filled(channel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay copies of the channel's speech over its longest silences until half of it is speech."""
    from ci_checker.transcribe.vad import speech_spans

    filled = channel.copy()
    spans = speech_spans(channel)
    missing = _SHARE * len(channel) / RATE - sum(span.length for span in spans)
    gaps = [(one.end, two.start) for one, two in pairwise(spans)]
    donors = cycle(sorted(spans, key=lambda span: -span.length)[: max(1, len(spans) // 2)])
    for start, end in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
        if missing <= 0 or not spans:
            break
        donor = next(donors)
        length = min(donor.length, end - start - 0.8)
        if length > 0.5:
            first, source = round((start + 0.4) * RATE), round(donor.start * RATE)
            filled[first : first + round(length * RATE)] = channel[source : source + round(length * RATE)]
            missing -= length
    return filled
