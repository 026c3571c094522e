"""Names as a workspace tells them to a recognizer: how many are heard right, with the prompt and without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from ci_checker.learn.hearing.match import plain
from ci_checker.learn.hearing.measure import heard, words_of
from ci_checker.learn.hearing.stage import Staged
from ci_checker.learn.hearing.voiced import Line, TimedWord
from ci_checker.transcribe import Engine
from ci_checker.transcribe.engine import channel_names

VOICES: Final = ("sarah", "mike", "dan", "nina")
NEVER_SAID: Final = ("Bartholomew Finch", "Wexford Dynamics", "Zelora")
"""Names in the prompt that no sentence has: whoever hears them has read them there."""
_AROUND_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One sentence and the names in it."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Names said, how many of those were heard right, and how many were heard that the sentence has not."""

    said: int
    right: int
    leaked: int


def sentences() -> list[Named]:
    """Return the sentences that no model learned from."""
    rows = files("ci_checker.learn.hearing").joinpath("names.txt").read_text(encoding="utf-8").splitlines()
    return [
        Named(text=re.sub(r"[{}]", "", row), names=tuple(re.findall(r"{([^}]+)}", row))) for row in rows if row.strip()
    ]


def vocabulary(named: Sequence[Named]) -> list[str]:
    """Return the names that a workspace would tell: every one that is said, and some that are not."""
    return list(dict.fromkeys((*(name for each in named for name in each.names), *NEVER_SAID)))


def recall(engine: Engine, call: Staged, lines: Sequence[Line], named: Sequence[Named]) -> Recall:
    """Hear a call whose turns are ``lines``, one for each of ``named``, and count the names in each turn."""
    turns = heard(engine, call.samples)
    channels = [words_of(turns, name) for name in channel_names(2)]
    known = vocabulary(named)
    said = right = leaked = 0
    taken = [0, 0]
    for number, (line, each) in enumerate(zip(lines, named, strict=True)):
        channel = number % 2
        true = call.words[channel][taken[channel] : taken[channel] + len(line.words)]
        taken[channel] += len(line.words)
        got = _within(channels[channel], true)
        said += len(each.names)
        right += sum(_has(got, name) for name in each.names)
        leaked += sum(_has(got, name) for name in known if name not in each.names)
    return Recall(said=said, right=right, leaked=leaked)


def _within(words: Sequence[TimedWord], true: Sequence[TimedWord]) -> list[str]:
    if not true:
        return []
    first, last = true[0][1] - _AROUND_S, true[-1][2] + _AROUND_S
    return [plain(text) for text, start, end in words if first <= (start + end) / 2 <= last]


def _has(words: Sequence[str], name: str) -> bool:
    """Whether a name stands in the words, also in the possessive."""
    wanted = [plain(part) for part in name.split()]
    bare = [word.removesuffix("'s") for word in words]
    return any(bare[at : at + len(wanted)] == wanted for at in range(len(bare) - len(wanted) + 1))
