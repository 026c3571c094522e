"""Turns cut into their words, and put together again once every word has a voice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ci_checker.model import Turn, Word
from ci_checker.speakers.voices import Stretch

PAUSE_S: Final = 0.3
"""A longer silence may be where somebody else begins."""
LONGEST_PAUSE_S: Final = 1.0
_ENDS: Final = (".", "?", "!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The least that goes to one voice: a word with its times, else a whole turn.

    ``turn`` is its turn's index. ``opens`` tells that a voice may well change before it: a pause or
    the end of a sentence lies there.
    """

    turn: int
    text: str
    start_s: float
    end_s: float
    word: Word | None = None
    opens: bool = True


def pieces_of(turns: Sequence[Turn]) -> list[Piece]:
    """Return the pieces of all turns in order; a turn without any time is left out."""
    found: list[Piece] = []
    for index, turn in enumerate(turns):
        for piece in _pieces(index, turn):
            before = found[-1] if found else None
            opens = before is None or piece.start_s - before.end_s > PAUSE_S or before.text.endswith(_ENDS)
            found.append(
                Piece(
                    turn=index,
                    text=piece.text,
                    start_s=piece.start_s,
                    end_s=piece.end_s,
                    word=piece.word,
                    opens=opens,
                )
            )
    return found


def stretches_of(pieces: Iterable[Piece]) -> list[Stretch]:
    """Return stretches of speech without a pause and without the end of a sentence."""
    found: list[Stretch] = []
    for piece in pieces:
        if found and not piece.opens:
            found[-1] = (found[-1][0], max(found[-1][1], piece.end_s))
        else:
            found.append((piece.start_s, piece.end_s))
    return found


def rebuilt(turns: Sequence[Turn], pieces: Sequence[Piece], labels: Sequence[str]) -> tuple[Turn, ...]:
    """Return turns of one label each, in order; a long silence ends a turn too, as it did before."""
    made: list[Turn] = []
    group: list[Piece] = []
    of = ""
    for piece, label in zip(pieces, labels, strict=True):
        if group and (label != of or piece.start_s - group[-1].end_s > LONGEST_PAUSE_S):
            made.append(_turn(turns, group, of))
            group = []
        group.append(piece)
        of = label
    return (*made, _turn(turns, group, of)) if group else tuple(made)


def _pieces(index: int, turn: Turn) -> list[Piece]:
    words = [word for word in turn.words if word.start_s is not None and word.end_s is not None]
    if words and len(words) == len(turn.words):
        return [
            Piece(turn=index, text=word.text, start_s=word.start_s or 0.0, end_s=word.end_s or 0.0, word=word)
            for word in words
        ]
    if turn.start_s is None or turn.end_s is None:
        return []
    return [Piece(turn=index, text=turn.text, start_s=turn.start_s, end_s=turn.end_s)]


def _turn(turns: Sequence[Turn], pieces: Sequence[Piece], speaker: str) -> Turn:
    words = tuple(piece.word for piece in pieces if piece.word is not None)
    heard = [word.probability for word in words if word.probability is not None]
    confidence = round(sum(heard) / len(heard), 4) if heard else turns[pieces[0].turn].confidence
    return Turn(
        speaker=speaker,
        text=" ".join(piece.text for piece in pieces),
        start_s=pieces[0].start_s,
        end_s=max(piece.end_s for piece in pieces),
        words=words,
        confidence=confidence,
    )
