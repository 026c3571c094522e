"""The texts that are spoken: varied, in words, and never the held-out ones."""

from __future__ import annotations

import re
from itertools import islice
from random import Random

import pytest

from ci_checker.learn.speech import sentences


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (21, "twenty-one"),
        (90, "ninety"),
        (100, "one hundred"),
        (1_234, "one thousand two hundred thirty-four"),
        (12_000_000, "twelve million"),
    ],
)
def test_numbers_are_american_words(value: int, words: str) -> None:
    assert sentences.number(value) == words


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("We paid $12,000.", "We paid twelve thousand dollars."),
        ("About 35% of it", "About thirty-five percent of it"),
        ("at 3:30 on the 21st", "at three thirty on the twenty-first"),
        ("since 2024", "since twenty twenty-four"),
        ("in Q3", "in Q three"),
        ("Bod\u00f8, caf\u00e9", "Bodo, cafe"),
        ("well \u2014 no", "well, no"),
        ("twenty-one 'kay", "twenty-one 'kay"),
    ],
)
def test_spoken_form_leaves_only_words_and_plain_marks(written: str, spoken: str) -> None:
    assert sentences.spoken_form(written) == spoken


def test_the_grammar_fills_every_slot_with_clean_text() -> None:
    texts = list(islice(sentences.sentences(Random(3)), 3000))
    for text in texts:
        assert re.fullmatch(r"[A-Za-z',.?\- ]+", text), text
        assert text[0].isupper() and text[-1] in ".?"
        assert sentences.spoken_form(text) == text


def test_the_grammar_varies_and_repeats_itself_for_a_seed() -> None:
    texts = list(islice(sentences.sentences(Random(3)), 3000))
    assert texts == list(islice(sentences.sentences(Random(3)), 3000))
    assert len(set(texts)) > 2200
    assert len({word for text in texts for word in sentences.same_words(text).split()}) > 1200


def test_salad_uses_the_words_it_is_given() -> None:
    salad = sentences.salad(Random(1), ["alpha", "i'm", "beta"], [1.0, 2.0, 3.0])
    for text in islice(salad, 50):
        assert set(sentences.same_words(text).split()) <= {"alpha", "i'm", "beta"}
        assert "i'm" not in text


def test_held_out_sentences_are_left_out_but_short_ones_stay() -> None:
    held_out = frozenset({"how do you spell your name", "got it"})
    texts = ["Okay. How do you spell your name?", "Got it.", "How do you spell your name"]
    assert list(sentences.without(texts, held_out)) == ["Okay.", "Got it."]
