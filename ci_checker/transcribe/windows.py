"""Speech packed into windows of the model's length, with an exact map back to call time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.transcribe.engine import SAMPLE_RATE
from ci_checker.transcribe.spans import Span

EDGE_S: Final = 0.2
"""Most real audio kept on each side of a span, so that a pause of at most twice this stays."""
_EDGES_S: Final = (EDGE_S, 0.15, 0.1)
"""Edges to choose from, the widest first: a window costs the same however full it is."""
_CLOSE_S: Final = 1e-9
_FADE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of call audio laid at ``offset_s`` of a window; ``speech`` in call time."""

    start_s: float
    end_s: float
    offset_s: float
    speech: Span

    @property
    def window_end_s(self) -> float:
        """Where the piece ends, in window time."""
        return self.offset_s + self.end_s - self.start_s

    @property
    def window_speech(self) -> Span:
        """The speech of the piece in window time."""
        shift = self.offset_s - self.start_s
        return Span(self.speech.start + shift, self.speech.end + shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Pieces of one channel, one after the other."""

    channel: int
    pieces: tuple[Piece, ...]

    @property
    def length_s(self) -> float:
        """Seconds of audio in the window."""
        return self.pieces[-1].window_end_s

    @property
    def start_s(self) -> float:
        """Where its first speech is, in call time."""
        return self.pieces[0].speech.start

    @property
    def end_s(self) -> float:
        """Where its last speech ends, in call time."""
        return self.pieces[-1].speech.end

    @property
    def speech_s(self) -> float:
        """Seconds of speech in the window."""
        return sum(piece.speech.length for piece in self.pieces)

    def to_call(self, start_s: float, end_s: float) -> Span:
        """Return the call time of a stretch of window time.

        A stretch over a joint belongs to the piece that holds most of it, since the
        other side of the joint may be minutes away.
        """
        best = max(
            self.pieces,
            key=lambda piece: min(end_s, piece.window_end_s) - max(start_s, piece.offset_s),
        )
        shift = best.start_s - best.offset_s
        start = min(max(start_s + shift, best.start_s), best.end_s)
        return Span(start, min(max(end_s + shift, start), best.end_s))


def pack(channel: int, spans: Sequence[Span], longest_s: float, duration_s: float) -> list[Window]:
    """Return windows of at most ``longest_s`` seconds that hold all spans in order.

    There are as few as the narrowest edges around the spans need; each window then has the widest that fit.

    Parameters
    ----------
    spans : sequence of Span
        Speech of one channel, in order, each no longer than ``longest_s``.
    duration_s : float
        Where the recording ends.
    """
    by_edge = [_stretches(spans, longest_s, duration_s, edge_s) for edge_s in _EDGES_S]
    groups = min((_grouped(stretches, longest_s) for stretches in by_edge), key=len)
    windows = []
    for group in groups:
        fitting = [stretches[group] for stretches in by_edge if _length(stretches[group]) <= longest_s + _CLOSE_S]
        windows.append(_window(channel, spans[group], fitting[0]))
    return windows


def _stretches(spans: Sequence[Span], longest_s: float, duration_s: float, edge_s: float) -> list[Span]:
    """Return every span with its edges, at most to the middle of the pause beside it."""
    found = []
    for index, span in enumerate(spans):
        before = spans[index - 1].end if index else 0.0
        after = spans[index + 1].start if index + 1 < len(spans) else duration_s
        room = max(0.0, longest_s - span.length) / 2
        start = span.start - min(edge_s, room, max(0.0, span.start - before) / (2 if index else 1))
        end = span.end + min(edge_s, room, max(0.0, after - span.end) / (2 if after < duration_s else 1))
        found.append(Span(start, end))
    return found


def _grouped(stretches: Sequence[Span], longest_s: float) -> list[slice]:
    """Return which stretches go together: each window takes as many as it has room for."""
    groups: list[slice] = []
    first, length = 0, 0.0
    for index, stretch in enumerate(stretches):
        if index > first and length + stretch.length > longest_s + _CLOSE_S:
            groups.append(slice(first, index))
            first, length = index, 0.0
        length += stretch.length
    return [*groups, slice(first, len(stretches))] if stretches else []


def _length(stretches: Sequence[Span]) -> float:
    return sum(stretch.length for stretch in stretches)


def _window(channel: int, spans: Sequence[Span], stretches: Sequence[Span]) -> Window:
    pieces: list[Piece] = []
    for span, stretch in zip(spans, stretches, strict=True):
        offset = pieces[-1].window_end_s if pieces else 0.0
        pieces.append(Piece(start_s=stretch.start, end_s=stretch.end, offset_s=offset, speech=span))
    return Window(channel=channel, pieces=tuple(pieces))


def audio_of(window: Window, samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Return the window's audio, shape (length,), silence after its end.

    ``samples`` is the window's channel, shape (n,). Joints between places that do not
    follow each other in the call are faded over 5 ms, so that no click is heard.
    """
    audio = np.zeros(length, np.float32)
    ramp = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)
    for index, piece in enumerate(window.pieces):
        first, at = round(piece.start_s * SAMPLE_RATE), round(piece.offset_s * SAMPLE_RATE)
        cut = samples[first : first + round(piece.window_end_s * SAMPLE_RATE) - at][: length - at].copy()
        if len(cut) > 2 * _FADE and index and not _follows(window.pieces[index - 1], piece):
            cut[:_FADE] *= ramp
        later = window.pieces[index + 1] if index + 1 < len(window.pieces) else None
        if len(cut) > 2 * _FADE and later is not None and not _follows(piece, later):
            cut[-_FADE:] *= ramp[::-1]
        audio[at : at + len(cut)] = cut
    return audio


def spans_in(windows: Iterable[Window]) -> list[Span]:
    """Return the speech of several windows in call time."""
    return sorted(piece.speech for window in windows for piece in window.pieces)


def _follows(one: Piece, other: Piece) -> bool:
    return abs(one.end_s - other.start_s) < 1e-6
