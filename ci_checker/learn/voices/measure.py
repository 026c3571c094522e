"""How well voices are told apart and recognized, on people that fitting never heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from random import Random

import numpy as np

from ci_checker.learn.voices.cast import Person
from ci_checker.learn.voices.fit import windows
from ci_checker.learn.voices.stage import LINES, Staged, staged
from ci_checker.learn.voices.takes import Take
from ci_checker.model import Call
from ci_checker.speakers import recognize
from ci_checker.speakers.diarize import Options, tell_apart
from ci_checker.speakers.names import MIXED_NAME, UNSURE
from ci_checker.speakers.voices import VoiceModel, voice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One call told apart, in seconds of words: given to the wrong voice, and to nobody.

    ``mixed`` is true where the whole call was given to nobody.
    """

    name: str
    line: str
    voices: int
    seconds: float
    wrong_s: float
    nobody_s: float
    mixed: bool

    @property
    def error(self) -> float:
        """The diarization error rate: wrong and missed speech over all speech, each voice taken for the
        speaker that fits best. The words say where speech is, so nothing else can be missed or invented."""
        return (self.wrong_s + self.nobody_s) / max(self.seconds, 1e-9)


def measured(name: str, line: str, told: Call, owners: Sequence[str]) -> Told:
    """Compare a call that was told apart with whose every word is."""
    given = [(turn.speaker, word) for turn in told.turns for word in turn.words]
    lengths = [(word.end_s or 0.0) - (word.start_s or 0.0) for _, word in given]
    total = sum(lengths)
    people = list(dict.fromkeys(owners))
    mixed = {label for label, _ in given} == {MIXED_NAME}
    nobody = sum(length for (label, _), length in zip(given, lengths, strict=True) if label in (UNSURE, MIXED_NAME))
    right = best_match([(label, owner, length) for (label, _), owner, length in zip(given, owners, lengths)])
    return Told(
        name=name,
        line=line,
        voices=len(people),
        seconds=total,
        wrong_s=max(0.0, total - nobody - right),
        nobody_s=nobody,
        mixed=mixed,
    )


def best_match(said: Iterable[tuple[str, str, float]]) -> float:
    """Return the seconds that are right under the best naming of voices as people; each voice is one person."""
    table: dict[tuple[str, str], float] = {}
    for label, owner, length in said:
        table[label, owner] = table.get((label, owner), 0.0) + length
    labels = sorted({label for label, _ in table} - {UNSURE, MIXED_NAME})
    people: list[str] = sorted({owner for _, owner in table})
    people += [""] * (len(labels) - len(people))
    return max(
        (sum(table.get(pair, 0.0) for pair in zip(labels, order)) for order in permutations(people, len(labels))),
        default=0.0,
    )


def pairs(people: Sequence[Person], count: int, seed: int = 3) -> list[tuple[Person, Person]]:
    """Return pairs of people, the same every time, each person in about as many."""
    every = list(combinations(people, 2))
    Random(seed).shuffle(every)
    return every[:count]


def two_voices(
    people: Sequence[Person], texts: Sequence[str], model: VoiceModel, count: int, lines: Sequence[str] = LINES
) -> list[Told]:
    """Tell calls of two people apart, on every line."""
    found = []
    for number, pair in enumerate(pairs(people, count)):
        call = staged(pair, texts, lines[number % len(lines)], seed=100 + number)
        found.append(_of(call, model, " and ".join(person.name for person in pair)))
    return found


def one_voice(people: Sequence[Person], texts: Sequence[str], model: VoiceModel, count: int) -> list[Told]:
    """Give calls of one person alone to the same test: they should stay mixed."""
    found = []
    for number, person in enumerate(people[:count]):
        call = staged((person,), texts, LINES[number % len(LINES)], seed=500 + number)
        found.append(_of(call, model, person.name))
    return found


def _of(call: Staged, model: VoiceModel, name: str) -> Told:
    return measured(name, call.line, tell_apart(call.call, call.samples, model, Options()), call.owners)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Tries to find an enrolled voice in a call of two: found rightly, not found, found wrongly.

    ``absent`` are calls in which the enrolled person did not speak; ``false`` how often one was named.
    """

    present: int
    found: int
    wrong: int
    absent: int
    false: int


def recognition(takes: Sequence[Take], model: VoiceModel) -> Recognition:
    """Enroll every person from the clean take; look for each among two people on the telephone."""
    points = {}
    for take in takes:
        placed = model.place(windows(take))
        points[take.person, take.line] = voice_of(placed, np.ones(len(placed)))
    names = sorted({person for person, _ in points})
    present = found = wrong = absent = false = 0
    for rep in names:
        enrolled = (recognize.Enrolled(name=rep, point=tuple(points[rep, 0])),)
        for other in names:
            if other == rep:
                continue
            known = recognize.among({0: points[rep, 1], 1: points[other, 1]}, enrolled, model)
            present += 1
            found += known is not None and known.voice == 0
            wrong += known is not None and known.voice == 1
            third = names[(names.index(other) + 1) % len(names)]
            if third not in (rep, other):
                known = recognize.among({0: points[other, 1], 1: points[third, 1]}, enrolled, model)
                absent += 1
                false += known is not None
    return Recognition(present=present, found=found, wrong=wrong, absent=absent, false=false)


def table(told: Sequence[Told], alone: Sequence[Told], found: Recognition) -> str:
    """Return what was measured as Markdown."""
    lines = [
        "| line | calls | diarization error | of that, wrong voice | of that, given to nobody | stayed mixed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in (*LINES, "all"):
        these = [each for each in told if name in (each.line, "all")]
        if not these:
            continue
        seconds = sum(each.seconds for each in these)
        wrong, nobody = sum(each.wrong_s for each in these), sum(each.nobody_s for each in these)
        lines.append(
            f"| {name} | {len(these)} | {(wrong + nobody) / seconds:.1%} | {wrong / seconds:.1%} | "
            f"{nobody / seconds:.1%} | {sum(each.mixed for each in these)} |"
        )
    split = sum(not each.mixed for each in alone)
    lines += [
        "",
        f"Calls of one voice alone: {split} of {len(alone)} taken for two.",
        f"An enrolled voice on the telephone, enrolled from another line: recognized in {found.found} of "
        f"{found.present} calls, taken for the other voice in {found.wrong}; named in {found.false} of "
        f"{found.absent} calls in which it does not speak.",
    ]
    return "\n".join(lines)
