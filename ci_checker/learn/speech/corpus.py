"""The whole training speech: which texts, in which voices, in which shards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from ci_checker.learn.hearing import names
from ci_checker.learn.speech import dialogues, sentences
from ci_checker.learn.speech.evaluate import held_out
from ci_checker.learn.speech.synthesize import write_shard
from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Voice

BASE_TEXTS: Final = 8000
"""Utterances from the grammar and from word salad, half each, one voice each."""
MIXED_TEXTS: Final = 21_600
"""Utterances of runs of dialogue, trade words, names and other words, and from the grammar, three to one."""
NAMED_TEXTS: Final = 5400
"""Utterances full of names that stand nowhere else, so that a prompt is the only way to spell them."""
VOICE_WEIGHTS: Final = {"sarah": 0.33, "mike": 0.29, "dan": 0.19, "nina": 0.19}
"""Shares of the voices in mixed texts: the flite voices are the harder ones to hear."""
SHARD: Final = 300
"""Utterances a shard."""


def excluded(others: Iterable[str] = ()) -> frozenset[str]:
    """Keys of the sentences that must not be trained on: our held-out ones and ``others``."""
    parts = (part for text in [*held_out(), *others] for part in sentences.split_sentences(text))
    return frozenset(sentences.same_words(sentences.spoken_form(part)) for part in parts)


def unknown_names() -> frozenset[str]:
    """First words, in lower case, of the names on which prompts are measured: no training text has them."""
    return frozenset(sentences.same_words(name).split()[0] for name in names.vocabulary(names.sentences()))


def _unnamed(jobs: Iterable[tuple[str, Voice]]) -> Iterator[tuple[str, Voice]]:
    """The jobs whose texts have none of the unknown names."""
    kept_out = unknown_names()
    return (job for job in jobs if not kept_out & set(re.findall("[a-z]+", job[0].lower())))


def base_jobs(random: Random, forbidden: frozenset[str]) -> Iterator[tuple[str, Voice]]:
    """Endless (text, voice) from the grammar and from word salad."""
    words, weights = sentences.vocabulary(8000)
    grammar = sentences.without(sentences.sentences(random), forbidden)
    salad = sentences.salad(random, words, weights)
    while True:
        yield next(salad if random.random() < 0.5 else grammar), random.choice(VOICES)


def mixed_jobs(turns: Iterable[str], random: Random, forbidden: frozenset[str]) -> Iterator[tuple[str, Voice]]:
    """Endless (text, voice) of words that stand next to each other nowhere else."""
    words, weights = sentences.vocabulary(6000)
    phrases = [turn.split() for turn in turns if len(turn.split()) > 3]
    grammar = sentences.without(sentences.sentences(random), forbidden)
    mixed = sentences.mixed(random, words, weights, phrases)
    shares = [VOICE_WEIGHTS[voice.name] for voice in VOICES]
    while True:
        yield next(mixed if random.random() < 0.75 else grammar), random.choices(VOICES, shares)[0]


def named_jobs(turns: Iterable[str], random: Random, forbidden: frozenset[str]) -> Iterator[tuple[str, Voice]]:
    """Endless (text, voice) of names that stand nowhere else."""
    words = [word for word in sentences.vocabulary(30_000, skipped=8000)[0] if word.isalpha() and len(word) > 3]
    phrases = [turn.split() for turn in turns if len(turn.split()) > 3]
    shares = [VOICE_WEIGHTS[voice.name] for voice in VOICES]
    for text in sentences.without(sentences.named(random, words, phrases), forbidden):
        yield text, random.choices(VOICES, shares)[0]


def dialogue_jobs(paths: Iterable[Path], random: Random, forbidden: frozenset[str]) -> Iterator[tuple[str, Voice]]:
    """Every turn of the dialogues in every voice, cut into pieces anew for each voice."""
    for turn in dialogues.turns(paths):
        for voice in VOICES:
            for text in sentences.without(dialogues.chunks(turn, random), forbidden):
                yield text, voice


def speak_all(folder: Path, dialogue_paths: Iterable[Path], others: Iterable[str], seed: int = 1) -> float:
    """Write all shards into ``folder``; return seconds of speech. Shards that exist are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    forbidden = excluded(others)
    jobs = list(islice(_unnamed(base_jobs(random, forbidden)), BASE_TEXTS))
    paths = list(dialogue_paths)
    jobs += _unnamed(dialogue_jobs(paths, random, forbidden))
    turns = dialogues.turns(paths)
    jobs += islice(_unnamed(mixed_jobs(turns, random, forbidden)), MIXED_TEXTS)
    jobs += islice(_unnamed(named_jobs(turns, random, forbidden)), NAMED_TEXTS)
    random.shuffle(jobs)
    seconds = 0.0
    for number, at in enumerate(range(0, len(jobs), SHARD)):
        path = folder / f"shard-{number:04d}.npz"
        if not path.exists():
            seconds += write_shard(path, jobs[at : at + SHARD], random)
    return seconds


def hours(folder: Path) -> float:
    """Hours of speech in the shards of ``folder``."""
    seconds = 0.0
    for path in folder.glob("*.npz"):
        with np.load(path, allow_pickle=False) as stored:
            seconds += float(stored["lengths"][:, 0].sum()) / SAMPLE_RATE
    return seconds / 3600
