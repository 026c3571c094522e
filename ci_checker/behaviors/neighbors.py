"""Signs of whose a turn is and what stands right before and after it, for detectors of any labels.

The built-in detectors know their roles and their place in a call; a corpus that nobody here has seen has
roles of its own, turns of one word, and acts that only the answer tells apart (a question is what is
answered). What follows is known too: calls are scored when they are over. Other words of the neighbors
are left to the vectorizer's ``previous`` block; here stand their beginnings, which carry what they do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ci_checker.behaviors import features, nlp

if TYPE_CHECKING:
    from ci_checker.behaviors.classifier import Detector
    from ci_checker.behaviors.features import Instance, Said

MARK = "neighbors"
"""The sign that every instance has; a detector that knows it was trained with these signs."""
SHORT_WORDS = 4
_LENGTHS = (1, 2, 4, 8, 16, 32)
_ENDING = re.compile(r"([?!,.…-])[\"'”’)\s]*$")


def asked(detector: Detector) -> bool:
    """Return whether a detector was trained with these signs."""
    return MARK in detector.vectorizer.blocks["tag"].columns


def add(turns: Sequence[Said], items: Sequence[Instance]) -> list[Instance]:
    """Return the instances of ``turns`` with these signs after their own."""
    around: dict[int, tuple[str, ...]] = {}
    found = []
    for item in items:
        if item.turn not in around:
            around[item.turn] = _around(turns, item.turn)
        found.append(replace(item, tags=(*item.tags, MARK, *around[item.turn], *_shape(item.text))))
    return found


def _around(turns: Sequence[Said], index: int) -> tuple[str, ...]:
    side = turns[index].side
    tags = [f"side={side}"]
    whose = []
    for name, at in (("second", index - 2), ("before", index - 1), ("after", index + 1)):
        there = 0 <= at < len(turns)
        whose.append("none" if not there else "same" if turns[at].side == side else "other")
        if there and name != "second":
            tags += _neighbor(name, turns[at].text)
    tags += [f"{name}_is={who}" for name, who in zip(("second", "before", "after"), whose, strict=True)]
    tags.append(f"between={'-'.join(whose[1:])}")
    return tuple(tags)


def _neighbor(name: str, text: str) -> list[str]:
    words = features.words(text)
    tags = [f"{name}_words={sum(len(words) >= edge for edge in _LENGTHS)}"]
    tags += [f"{name}_asks={mark}" for mark in nlp.question_marks(text)]
    tags += [f"{name}^{' '.join(words[:count])}" for count in (1, 2) if len(words) >= count]
    return tags


def _shape(text: str) -> list[str]:
    """Return how a text ends, and the whole of it where it is a word or a few."""
    words = features.words(text)
    tags = [f"{' '.join(words[-count:])}$" for count in (1, 2) if len(words) >= count]
    if len(words) <= SHORT_WORDS:
        tags.append(f"^{' '.join(words)}$")
    ending = _ENDING.search(text)
    tags.append(f"ends={ending[1] if ending else ''}")
    return tags
