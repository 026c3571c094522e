"""Which texts are spoken: never a held-out sentence, every turn of the dialogues, all voices."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ci_checker.learn.speech import corpus, sentences
from ci_checker.learn.speech.evaluate import held_out
from ci_checker.learn.speech.voices import VOICES

TURNS = "## a | cold |\nR: so what would stop you from moving ahead\nP: Nothing. We lost two crews in the storm.\n"


@pytest.fixture
def dialogues(tmp_path: Path) -> list[Path]:
    (tmp_path / "a.txt").write_text(TURNS, encoding="utf-8")
    return [tmp_path / "a.txt"]


def test_held_out_and_recorded_sentences_are_excluded() -> None:
    keys = corpus.excluded(["Hi Karen. It costs $400 a month!"])
    assert {"hi karen", "it costs four hundred dollars a month"} <= keys
    assert all(sentences.same_words(sentences.spoken_form(s)) in keys for s in held_out() if s.count(".") == 1)


def test_no_excluded_sentence_of_a_dialogue_is_spoken(dialogues: list[Path]) -> None:
    every = [text for text, _ in corpus.dialogue_jobs(dialogues, Random(1), frozenset())]
    assert {voice.name for _, voice in corpus.dialogue_jobs(dialogues, Random(1), frozenset())} == {
        voice.name for voice in VOICES
    }
    assert sum("two crews" in text for text in every) == len(VOICES)
    forbidden = corpus.excluded(["We lost two crews in the storm."])
    kept = [text for text, _ in corpus.dialogue_jobs(dialogues, Random(1), forbidden)]
    assert not any("two crews" in text for text in kept)
    assert any("moving ahead" in text for text in kept)


def test_mixed_texts_favor_the_harder_voices() -> None:
    pytest.importorskip("wordfreq")
    jobs = list(islice(corpus.mixed_jobs(["we lost two crews in the storm"], Random(2), frozenset()), 2000))
    shares = {voice.name: np.mean([spoken == voice for _, spoken in jobs]) for voice in VOICES}
    assert shares == pytest.approx(corpus.VOICE_WEIGHTS, abs=0.04)
    assert sum(corpus.VOICE_WEIGHTS.values()) == pytest.approx(1.0)


def test_base_texts_are_grammar_and_salad() -> None:
    pytest.importorskip("wordfreq")
    texts = [text for text, _ in islice(corpus.base_jobs(Random(3), frozenset()), 400)]
    assert len(set(texts)) > 300
    assert {voice for _, voice in islice(corpus.base_jobs(Random(3), frozenset()), 400)} == set(VOICES)


def test_hours_are_counted_from_the_shards(tmp_path: Path) -> None:
    for number in range(2):
        np.savez(tmp_path / f"{number}.npz", lengths=np.array([[16_000 * 900, 45_000], [16_000 * 900, 45_000]]))
    assert corpus.hours(tmp_path) == pytest.approx(1.0)
