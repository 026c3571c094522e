"""Windows of speech of known people, as the model sees them: what fitting reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.voices.cast import Person, say
from ci_checker.learn.voices.lines import colored, leveled, noisy, telephone
from ci_checker.speakers.sound import Frames, frames_of

_TURN: Final = ("R", "P", "G")


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One person over one line."""

    person: str
    line: int
    frames: Frames


def sentences(folder: Path) -> list[str]:
    """Return what is said in the labelled training dialogues, a turn each."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for row in path.read_text(encoding="utf-8").splitlines():
            head, mark, text = row.partition(":")
            if mark and head[:1] in _TURN and not row.startswith("#") and 4 < len(text.split()) < 40:
                found.append(text.strip())
    return found


def takes(people: Sequence[Person], texts: Sequence[str], *, seconds: float = 20.0, seed: int = 5) -> Iterator[Take]:
    """Yield every person twice: as spoken, and over a telephone with noise."""
    random = Random(seed)
    numbers = np.random.default_rng(seed)
    for person in people:
        spoken: list[NDArray[np.float32]] = []
        while sum(map(len, spoken)) < seconds * 16_000:
            spoken.append(say(person, random.choice(texts))[0])
        audio = leveled(np.concatenate(spoken))
        half = len(audio) // 2
        clean = noisy(colored(audio[:half], numbers), random.uniform(25, 45), numbers)
        yield Take(person=person.name, line=0, frames=frames_of(clean))
        phoned = telephone(noisy(colored(audio[half:], numbers), random.uniform(12, 30), numbers))
        yield Take(person=person.name, line=1, frames=frames_of(phoned))
