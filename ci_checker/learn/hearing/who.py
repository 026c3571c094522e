"""Who spoke when, against who was taken to: the diarization error as NIST reckons it.

Wrong voice, missed and invented speech over all speech, in frames of 10 ms, without a quarter of a
second around where somebody begins or ends (the collar of md-eval).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.hearing.voiced import TimedWord
from ci_checker.model import Turn
from ci_checker.speakers.names import MIXED_NAME, UNSURE
from ci_checker.transcribe.spans import Span, merge

FRAME_S: Final = 0.01
COLLAR_S: Final = 0.25
_JOINED_S: Final = 0.5
"""Words of one voice with less between them are one stretch of speech, on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Seconds of one call. ``mixed`` is true where its voices could not be told apart, so that all is missed."""

    speech_s: float
    wrong_s: float
    missed_s: float
    invented_s: float
    mixed: bool

    @property
    def error_s(self) -> float:
        """All seconds that count against it."""
        return self.wrong_s + self.missed_s + self.invented_s


def compared(said: Mapping[str, Sequence[TimedWord]], turns: Sequence[Turn], duration_s: float) -> Who:
    """Compare a call's turns with the words of each person, each voice taken for the person that fits best."""
    size = round(duration_s / FRAME_S)
    true_spans = {name: _joined([(start, end) for _, start, end in words]) for name, words in said.items()}
    told_spans = {
        name: _joined([(w.start_s or 0.0, w.end_s or 0.0) for t in turns if t.speaker == name for w in t.words])
        for name in dict.fromkeys(turn.speaker for turn in turns)
        if name not in (UNSURE, MIXED_NAME)
    }
    counted = np.ones(size, bool)
    for spans in true_spans.values():
        edges = [edge for span in spans for edge in span]
        counted &= ~_frames([Span(edge - COLLAR_S, edge + COLLAR_S) for edge in edges], size)
    truth = np.array([_frames(spans, size) & counted for spans in true_spans.values()])
    told = np.array([_frames(spans, size) & counted for spans in told_spans.values()]).reshape(-1, size)
    speaking, given = truth.sum(axis=0), told.sum(axis=0)
    right = _best(truth, told)
    both = np.minimum(speaking, given).sum()
    return Who(
        speech_s=float(speaking.sum() * FRAME_S),
        wrong_s=float((both - right) * FRAME_S),
        missed_s=float(np.maximum(speaking - given, 0).sum() * FRAME_S),
        invented_s=float(np.maximum(given - speaking, 0).sum() * FRAME_S),
        mixed=not told_spans,
    )


def _joined(spans: Sequence[tuple[float, float]]) -> list[Span]:
    return merge(spans, _JOINED_S)


def _frames(spans: Sequence[Span], size: int) -> NDArray[np.bool_]:
    frames = np.zeros(size, bool)
    for start, end in spans:
        frames[max(0, round(start / FRAME_S)) : max(0, round(end / FRAME_S))] = True
    return frames


def _best(truth: NDArray[np.bool_], told: NDArray[np.bool_]) -> int:
    """Return the frames that are right under the best naming; no voice is two people and no two one person."""
    shared = truth.astype(int) @ told.astype(int).T
    if shared.shape[0] > shared.shape[1]:
        shared = shared.T
    rows, columns = shared.shape
    return max(int(sum(map(shared.item, range(rows), order))) for order in permutations(range(columns), rows))
