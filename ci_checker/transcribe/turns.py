"""Words of all channels to turns in the order of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ci_checker.model import Turn, Word

LONGEST_PAUSE_S: Final = 1.0
"""A longer silence of one speaker ends the turn, even if nobody else speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWord:
    """One word in call time; ``probability`` in [0, 1]."""

    text: str
    start_s: float
    end_s: float
    probability: float


def to_turns(channels: Sequence[Sequence[TimedWord]], names: Sequence[str]) -> tuple[Turn, ...]:
    """Return the turns in the order of their start.

    Words of one channel make a turn as long as no more than a second of silence lies
    between them and no other channel has spoken in that silence. Turns of different
    channels may overlap: people do.

    Parameters
    ----------
    channels : sequence of word sequences, length n
        Words of each channel in the order of time.
    names : sequence of str, length n
        The speaker of each channel.
    """
    starts = [[(word.start_s + word.end_s) / 2 for word in words] for words in channels]
    turns: list[Turn] = []
    for channel, words in enumerate(channels):
        others = [middles for other, middles in enumerate(starts) if other != channel]
        group: list[TimedWord] = []
        for word in words:
            if group and _ends(group[-1], word, others):
                turns.append(_turn(group, names[channel]))
                group = []
            group.append(word)
        if group:
            turns.append(_turn(group, names[channel]))
    return tuple(sorted(turns, key=lambda turn: (turn.start_s or 0.0, turn.end_s or 0.0, turn.speaker)))


def _ends(last: TimedWord, word: TimedWord, others: Sequence[Sequence[float]]) -> bool:
    if word.start_s - last.end_s > LONGEST_PAUSE_S:
        return True
    return any(bisect_right(middles, word.start_s) > bisect_right(middles, last.end_s) for middles in others)


def _turn(words: Sequence[TimedWord], speaker: str) -> Turn:
    return Turn(
        speaker=speaker,
        text=" ".join(word.text for word in words),
        start_s=round(words[0].start_s, 3),
        end_s=round(max(word.end_s for word in words), 3),
        words=tuple(
            Word(
                text=word.text,
                start_s=round(word.start_s, 3),
                end_s=round(word.end_s, 3),
                probability=round(word.probability, 4),
            )
            for word in words
        ),
        confidence=round(sum(word.probability for word in words) / len(words), 4),
    )
