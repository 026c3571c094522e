"""Text that nobody said: loops, and more words than a mouth can speak in the time."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Final

_MOST_LETTERS_A_SECOND: Final = 45.0
_MOST_COMPRESSED: Final = 2.4
_LONGEST_UNIT: Final = 12


def is_loop(words: Sequence[str]) -> bool:
    """Return whether one phrase repeated fills most of ``words``.

    Saying "no" or "yeah" five times in a row is ordinary speech; eight times, or four
    times a phrase of several words, is what a recognizer does when it is lost.
    """
    plain = [re.sub(r"[^\w']", "", word).casefold() for word in words]
    for unit in range(1, min(_LONGEST_UNIT, len(plain) // 2) + 1):
        needed = 8 if unit == 1 else 4 if unit < 5 else 3
        run = 0
        for index in range(unit, len(plain)):
            run = run + 1 if plain[index] == plain[index - unit] else 0
            if run >= unit * (needed - 1) and run + unit >= 0.4 * len(plain):
                return True
    text = " ".join(plain).encode()
    return len(text) > 80 and len(text) / len(zlib.compress(text)) > _MOST_COMPRESSED


def is_too_fast(words: Sequence[str], speech_s: float) -> bool:
    """Return whether ``words`` cannot have been spoken in ``speech_s`` seconds of voice."""
    return sum(len(word) for word in words) > _MOST_LETTERS_A_SECOND * (speech_s + 0.3)
