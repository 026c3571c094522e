"""Speak texts into shards: audio with the times of words and phones, on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.speech.voices import SAMPLE_RATE, Speech, Voice, Word, speak

PHONES: Final = (
    "pau aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z zh"
).split()
"""The phone alphabet of both engines (CMU's, with schwa); silence is number 0."""

_FROM_ESPEAK: Final[dict[str, str]] = {
    "I": "ih", "@": "ax", "E": "eh", "3": "er", "eI": "ey", "a": "ae", "I#": "ih", "i:": "iy",
    "N": "ng", "i": "iy", "aI": "ay", "S": "sh", "oU": "ow", "0": "aa", "V": "ah", "u:": "uw",
    "I2": "ih", "@L": "ax l", "t#": "t", "dZ": "jh", "3:": "er", "h": "hh", "a#": "ax",
    "tS": "ch", "j": "y", "A@": "aa r", "o@": "ao r", "T": "th", "O:": "ao", "aU": "aw",
    "e@": "eh r", "aa": "ae", "U": "uh", "O@": "ao r", "r-": "r", "i@": "iy ax", "D": "dh",
    "O2": "ao", "i@3": "ih r", "OI": "oy", "A:": "aa", "Z": "zh", "t2": "t", "U@": "uh r",
    "aI3": "ay er", "@-": "ax", "aI@": "ay ax", "n-": "n", "?": "t", "@2": "ax", "O": "ao",
}  # fmt: skip
LONGEST: Final = 9.6
"""Seconds of the longest utterance kept: it has to fit into one window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One spoken text: int16 samples at 16 kHz, words in seconds, and a phone for every 20 ms."""

    text: str
    voice: str
    audio: NDArray[np.int16]
    words: tuple[Word, ...]
    frames: NDArray[np.uint8]
    """Index into ``PHONES`` at the middle of every 20 ms, shape (samples / 320,)."""


def phone_frames(spoken: Speech) -> NDArray[np.uint8]:
    """The phone at the middle of every 20 ms, shape (frames,)."""
    frames = np.zeros(len(spoken.audio) // 320, np.uint8)
    for name, start, end in spoken.phones:
        names = _FROM_ESPEAK.get(name, name).split()
        edges = np.linspace(start, end, len(names) + 1)
        for part, begin, until in zip(names, edges, edges[1:]):
            if part in PHONES:
                first, last = round(begin * 50 - 0.5 + 0.499), round(until * 50 - 0.5 + 0.499)
                frames[max(first, 0) : last] = PHONES.index(part)
    return frames


def utter(text: str, voice: Voice, rate: float) -> Utterance | None:
    """Speak ``text``, or ``None`` where it is too long for a window or a word got lost."""
    spoken = speak(text, voice, rate=rate)
    if len(spoken.audio) > LONGEST * SAMPLE_RATE or len(spoken.words) != len(text.split()):
        return None
    samples = np.clip(np.round(spoken.audio * 32767), -32767, 32767).astype(np.int16)
    return Utterance(
        text=text,
        voice=voice.name,
        audio=samples,
        words=spoken.words,
        frames=phone_frames(spoken),
    )


def write_shard(path: Path, jobs: Iterable[tuple[str, Voice]], random: Random) -> float:
    """Speak every (text, voice) at a rate of 0.9 to 1.12 into ``path``; return the seconds kept.

    A shard of which nothing is kept is written too, without utterances, so that it is not spoken again.
    """
    spoken = (utter(text, voice, round(random.uniform(0.9, 1.12), 2)) for text, voice in jobs)
    kept = [utterance for utterance in spoken if utterance is not None]
    lines = [{"text": u.text, "voice": u.voice, "words": [w[1:] for w in u.words]} for u in kept]
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        np.savez(
            file,
            audio=np.concatenate([np.zeros(0, np.int16), *(u.audio for u in kept)]),
            frames=np.concatenate([np.zeros(0, np.uint8), *(u.frames for u in kept)]),
            lengths=np.array([[len(u.audio), len(u.frames)] for u in kept], np.int64).reshape(-1, 2),
            lines=np.frombuffer(json.dumps(lines).encode(), np.uint8),
        )
    partial.rename(path)
    return sum(len(u.audio) for u in kept) / SAMPLE_RATE


def read_shard(path: Path) -> Iterator[Utterance]:
    """The utterances of one shard, their audio a view of one array."""
    with np.load(path, allow_pickle=False) as stored:
        audio, frames, lengths = stored["audio"], stored["frames"], stored["lengths"]
        lines = json.loads(stored["lines"].tobytes())
    at, frame = 0, 0
    for line, (samples, count) in zip(lines, lengths.tolist()):
        tokens = line["text"].split()
        yield Utterance(
            text=line["text"],
            voice=line["voice"],
            audio=audio[at : at + samples],
            words=tuple((token, *span) for token, span in zip(tokens, line["words"])),
            frames=frames[frame : frame + count],
        )
        at, frame = at + samples, frame + count
