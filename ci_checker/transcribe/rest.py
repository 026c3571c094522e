"""What a first pass left: speech without words, heard a second time, and told of if still lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ci_checker.transcribe.engine import Note
from ci_checker.transcribe.spans import Span, clock, merge, subtract
from ci_checker.transcribe.turns import TimedWord
from ci_checker.transcribe.windows import Window, pack

SILENT: Final = "the recognizer heard no words in what sounds like a voice"
LOOP: Final = "the recognizer lost itself in a repetition, so its text was left out"
TOO_FAST: Final = "the recognizer wrote more words than can be spoken in the time, so they were left out"
MISSED: Final = "somebody speaks, but no words could be made out"

_LONGEST_WORD_S: Final = 1.5
_BESIDE_S: Final = 0.3
_WORTH_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one window: words in call time, or why there are none."""

    words: tuple[TimedWord, ...]
    dropped: str = ""


def uncovered(window: Window, outcome: Outcome) -> list[Span]:
    """Return the stretches of a window's speech, at least a second long, that no word covers.

    A word that was stretched over many seconds covers only its beginning.
    """
    words = [
        Span(word.start_s - _BESIDE_S, min(word.end_s, word.start_s + _LONGEST_WORD_S) + _BESIDE_S)
        for word in outcome.words
    ]
    left = subtract([piece.speech for piece in window.pieces], words)
    return [span for span in left if span.length >= _WORTH_S]


def second_windows(
    windows: Sequence[Window], outcomes: Sequence[Outcome], longest_s: float, duration_s: float
) -> list[Window]:
    """Return windows over what the first pass left, none of them equal to one already heard.

    A window that was dropped whole comes again in halves; one in which the model heard
    nobody is left alone.
    """
    again: list[Window] = []
    for window, outcome in zip(windows, outcomes, strict=True):
        if outcome.dropped == SILENT:
            continue
        room = longest_s / 2 if outcome.dropped else longest_s
        left = [part for span in uncovered(window, outcome) for part in _halved(span, room)]
        again += [new for new in pack(window.channel, left, room, duration_s) if new != window]
    return again


def merged(windows: Sequence[Window], outcomes: Sequence[Outcome], channels: int) -> list[list[TimedWord]]:
    """Return the words of every channel in the order of time."""
    words: list[list[TimedWord]] = [[] for _ in range(channels)]
    for window, outcome in zip(windows, outcomes, strict=True):
        words[window.channel] += outcome.words
    return [sorted(channel, key=lambda word: (word.start_s, word.end_s)) for channel in words]


def tell(
    windows: Sequence[Window],
    first: Sequence[Outcome],
    again: Sequence[Window],
    second: Sequence[Outcome],
    names: Sequence[str],
    note: Note,
) -> None:
    """Name every stretch of speech of a second or more that has no words in the end."""
    everything = [*zip(windows, first, strict=True), *zip(again, second, strict=True)]
    for channel, name in enumerate(names):
        own = [(window, outcome) for window, outcome in everything if window.channel == channel]
        both = Outcome(words=tuple(word for _, outcome in own for word in outcome.words))
        told: dict[Span, str] = {}
        # The second hearing goes before the first: its reason is the last word.
        for window, outcome in reversed(own):
            for span in merge(subtract(uncovered(window, both), list(told)), 1.0):
                if span.length >= _WORTH_S:
                    told[span] = outcome.dropped or MISSED
        for span, reason in sorted(told.items()):
            note(f"{name} {clock(span.start)}-{clock(span.end)}: {reason}")


def _halved(span: Span, longest_s: float) -> list[Span]:
    count = max(1, -(-int(span.length * 1000) // int(longest_s * 1000)))
    step = span.length / count
    return [Span(span.start + i * step, span.start + (i + 1) * step) for i in range(count)]
