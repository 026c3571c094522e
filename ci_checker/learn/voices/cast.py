"""Who speaks: synthetic people for fitting, and others, never fitted on, for measuring.

A person is a synthesizer's voice with a pitch, a speed and the length of the vocal tract, which is
changed by playing the sound faster or slower and setting pitch and speed against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.speech.voices import Voice, speak

_FITTED: Final = (
    "adam Alex Alicia Andy Annie anika antonio aunty benjamin boris caleb Denis Diogo edward f1 f4 f5 Gene gustave"
    " Henrique Hugo iven Jacky klatt klatt3 Lee linda m1 m3 m4 m5 m6 m8 marcelo Mario max michel miguel norbert pablo"
    " paul pedro quincy rob sandro shelby victor zac"
).split()
_ACCENTS: Final = ("en-us", "en", "en-gb-x-rp", "en-us-nyc", "en-gb-scotland", "en-gb-x-gbclan")
_HELD_OUT: Final = (
    "en-us", "en-us+f3", "en-us+f2", "en-us+m2", "en+m7", "en-us+klatt2", "en-us+Andrea", "en+travis",
    "en-us+steph", "en+belinda", "en-us+ed", "en-gb-scotland+david", "en-us+robert", "en-us+Michael",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One synthetic speaker. ``tract`` is the length of the vocal tract, 1.0 leaves it alone."""

    name: str
    voice: Voice
    tract: float = 1.0


def say(person: Person, text: str) -> tuple[NDArray[np.float32], list[tuple[str, float, float]]]:
    """Return float32 samples (n,) at 16 kHz, and every word with its start and end in seconds."""
    spoken = speak(text, person.voice, rate=person.tract)
    if person.tract == 1.0:
        return spoken.audio, list(spoken.words)
    places = np.arange(int(len(spoken.audio) * person.tract)) / person.tract
    audio = np.interp(places, np.arange(len(spoken.audio)), spoken.audio).astype(np.float32)
    return audio, [(word, start * person.tract, end * person.tract) for word, start, end in spoken.words]


def fitted(seed: int = 11, each: int = 2) -> tuple[Person, ...]:
    """Return the people for fitting: ``each`` of every espeak-ng variant that is not held out."""
    random = Random(seed)
    people = []
    for variant in _FITTED:
        for number in range(each):
            tract = round(random.uniform(0.88, 1.14), 3)
            voice = Voice(
                name=f"{variant}-{number}",
                engine="espeak",
                voice=f"{random.choice(_ACCENTS)}+{variant}",
                rate=round(random.uniform(0.85, 1.15), 2),
                pitch=round(tract * random.uniform(0.7, 1.35), 2),
            )
            people.append(Person(name=voice.name, voice=voice, tract=tract))
    return tuple(people)


def held_out() -> tuple[Person, ...]:
    """Return the people for measuring: every voice of flite, and espeak-ng variants that fitting never heard."""
    espeak = [Voice(name=name, engine="espeak", voice=name) for name in _HELD_OUT]
    flite = [
        Voice(name="slt", engine="flite", voice="slt"),
        Voice(name="slt-low", engine="flite", voice="slt", pitch=0.85, rate=0.95),
        Voice(name="rms", engine="flite", voice="rms", rate=1.1),
        Voice(name="rms-high", engine="flite", voice="rms", pitch=1.2),
        Voice(name="awb", engine="flite", voice="awb"),
        Voice(name="kal", engine="flite", voice="kal16"),
    ]
    return tuple(Person(name=voice.name, voice=voice) for voice in (*flite, *espeak))
