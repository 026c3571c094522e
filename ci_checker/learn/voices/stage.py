"""Calls of two synthetic people on one channel, with the truth of who says which word when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.voices.cast import Person, say
from ci_checker.learn.voices.lines import colored, leveled, noisy, telephone
from ci_checker.model import Call, Source, Turn, Word
from ci_checker.speakers.names import MIXED_NAME

RATE: Final = 16_000
LINES: Final = ("clean", "telephone", "telephone, noise at 15 dB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A call in mono. ``owners`` names the person of every word of ``call``, in order."""

    call: Call
    samples: NDArray[np.float32]
    owners: tuple[str, ...]
    line: str

    @property
    def words(self) -> list[Word]:
        """Every word in order."""
        return [word for turn in self.call.turns for word in turn.words]


def staged(people: Sequence[Person], texts: Sequence[str], line: str, *, turns: int = 14, seed: int = 0) -> Staged:
    """Return a call in which the people take turns, each heard over a handset of their own.

    A third of the turns is short ("yeah, right"), and pauses between turns are 0.1 to 0.7 s, as in
    talk on the phone. The words stand in one turn ``mixed`` for every stretch without a second's pause.
    """
    random, numbers = Random(seed), np.random.default_rng(seed)
    parts: list[NDArray[np.float32]] = [np.zeros(RATE // 2, np.float32)]
    said: list[tuple[Word, str]] = []
    at = RATE // 2
    colors = {person.name: seed * 31 + number for number, person in enumerate(people)}
    for number in range(turns):
        person = people[number % len(people)]
        text = random.choice(_SHORT) if random.random() < 0.33 else random.choice(texts)
        audio, words = say(person, text)
        audio = leveled(colored(audio, np.random.default_rng(colors[person.name])), -21 - 3 * (number % len(people)))
        said += [(_word(text, start + at / RATE, end + at / RATE), person.name) for text, start, end in words]
        pause = np.zeros(int(random.uniform(0.1, 0.7) * RATE), np.float32)
        parts += [audio, pause]
        at += len(audio) + len(pause)
    samples = np.concatenate(parts)
    samples = noisy(samples, {LINES[0]: 40.0, LINES[1]: 30.0}.get(line, 15.0), numbers)
    samples = samples if line == LINES[0] else telephone(samples)
    call = Call(path=f"staged-{seed}", sha256=f"{seed:064d}", source=Source.AUDIO, turns=_turns([w for w, _ in said]))
    return Staged(call=call, samples=samples, owners=tuple(owner for _, owner in said), line=line)


_SHORT: Final = (
    "Yeah, right.", "Okay, go ahead.", "Mm, I see what you mean.", "No, not really.", "Sure, of course.",
    "Hello, who is this?", "That would be fine.", "Sorry, say that again?",
)  # fmt: skip


def _word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text, start_s=round(start_s, 3), end_s=round(end_s, 3), probability=0.9)


def _turns(words: Sequence[Word]) -> tuple[Turn, ...]:
    made: list[Turn] = []
    group: list[Word] = []
    for word in words:
        if group and (word.start_s or 0.0) - (group[-1].end_s or 0.0) > 1.0:
            made.append(_turn(group))
            group = []
        group.append(word)
    return (*made, _turn(group)) if group else tuple(made)


def _turn(words: Sequence[Word]) -> Turn:
    text = " ".join(word.text for word in words)
    return Turn(
        speaker=MIXED_NAME,
        text=text,
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        words=tuple(words),
        confidence=0.9,
    )
