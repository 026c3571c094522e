"""What speakers are called whom nobody has named, and how a recognized one is told of."""

from __future__ import annotations

from typing import Final

MIXED_NAME: Final = "mixed"
"""One channel that carries everybody."""
UNSURE: Final = "unknown"
"""Words of which it is in doubt whose they are."""
SOUNDS_LIKE: Final = "sounds like the enrolled voice of"
"""How the reason of a rep begins who was recognized by the voice."""
_VOICE: Final = "voice"


def voice_name(number: int) -> str:
    """Return what the voice number 0, 1 … of a call is called: ``voice 1``, ``voice 2`` …"""
    return f"{_VOICE} {number + 1}"


def is_numbered(name: str) -> bool:
    """Return whether a speaker is called by the number of a voice."""
    word, _, number = name.partition(" ")
    return word == _VOICE and number.isdecimal()
