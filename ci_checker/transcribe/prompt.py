"""Names that a recognizer should know how to spell, and a guard against hearing them where nobody spoke.

openai-whisper and faster-whisper take such a text as what was said before. A checkpoint that was
trained without one is never given any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Protocol, runtime_checkable

from ci_checker.transcribe.engine import Engine

MOST_LETTERS: Final = 600
"""Half of a model's context, 224 tokens, is all that it reads of a prompt."""
_ECHO_WORDS: Final = 4


@runtime_checkable
class Prompted(Protocol):
    """An engine that can be given words to expect."""

    def prompted(self, text: str) -> Engine:
        """Return this engine with a prompt; its key tells of it, its weights are shared."""
        ...


def text_of(names: Iterable[str | None]) -> str:
    """Return a prompt of names, each once, the first ones first: ``Bright Harbor, Luke Porter.``

    What would make it longer than a model reads is left out from the end.
    """
    kept: dict[str, str] = {}
    length = 0
    for name in names:
        plain = " ".join(re.sub(r"[^\w\s&'./+-]", " ", name or "").split())
        if not plain or plain.casefold() in kept:
            continue
        length += len(plain) + 2
        if length > MOST_LETTERS:
            break
        kept[plain.casefold()] = plain
    return f"{', '.join(kept.values())}." if kept else ""


def prompted(engine: Engine, text: str) -> Engine:
    """Return the engine with a prompt where it can be given one, else as it is."""
    return engine.prompted(text) if text and isinstance(engine, Prompted) else engine


def is_echo(words: Sequence[str], prompt: str) -> bool:
    """Return whether what was heard is a stretch of the prompt itself, over several of its names.

    Somebody who says one of the names says it alone or in a sentence; a recognizer that was given
    nothing to hear reads the list out.
    """
    heard, given = _bare(" ".join(words)), _bare(prompt)
    if len(heard) < _ECHO_WORDS:
        return False
    inside = any(given[at : at + len(heard)] == heard for at in range(len(given) - len(heard) + 1))
    names = [_bare(name) for name in prompt.split(",")]
    return inside and not any(" ".join(heard) in " ".join(name) for name in names)


def _bare(text: str) -> list[str]:
    return re.sub(r"[^\w\s']", " ", text.casefold()).split()
