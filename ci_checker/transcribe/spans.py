"""Stretches of time and their arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of time in seconds, ``start <= end``."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start


def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the seconds that two spans share."""
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))


def merge(spans: Iterable[tuple[float, float]], gap: float = 0.0) -> list[Span]:
    """Return the spans in order, joined where at most ``gap`` seconds lie between."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start - merged[-1].end <= gap:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Span(start, end))
    return merged


def subtract(spans: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]) -> list[Span]:
    """Return what is left of ``spans`` where ``taken`` does not lie over it."""
    left: list[Span] = []
    holes = merge(taken)
    for start, end in spans:
        at = start
        for hole in holes:
            if hole.end <= at or hole.start >= end:
                continue
            if hole.start > at:
                left.append(Span(at, hole.start))
            at = max(at, hole.end)
        if at < end:
            left.append(Span(at, end))
    return left


def clock(seconds: float) -> str:
    """Return ``m:ss`` for people (``h:mm:ss`` from one hour on)."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{rest // 60}:{rest % 60:02d}"
