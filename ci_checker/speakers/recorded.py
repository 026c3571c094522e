"""Speakers who are not part of the talk: recorded greetings, and people who answer for another."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Turn
from ci_checker.speakers.cues import GATEKEEPER, GREETING, LEAVES_MESSAGE
from ci_checker.speakers.says import is_filler


def is_recorded(turns: Sequence[Turn]) -> bool:
    """Return whether one speaker's turns are only a voicemail greeting or a phone menu."""
    spoken = [turn.text for turn in turns if not is_filler(turn.text)]
    if not spoken or not any(LEAVES_MESSAGE.search(text) for text in spoken):
        return False
    like = sum(len(text.split()) for text in spoken if GREETING.search(text))
    return like >= 0.6 * sum(len(text.split()) for text in spoken)


def answers_for_another(turns: Sequence[Turn]) -> bool:
    """Return whether all turns with substance are a receptionist's, two of them at least in part."""
    spoken = [turn.text for turn in turns if not is_filler(turn.text)]
    like = [text for text in spoken if GATEKEEPER.search(text)]
    return bool(like) and len(like) >= 0.6 * len(spoken)


def has_gatekeeper_words(turns: Sequence[Turn]) -> bool:
    """Return whether somebody offers to connect, or asks who is calling."""
    return any(GATEKEEPER.search(turn.text) for turn in turns)
