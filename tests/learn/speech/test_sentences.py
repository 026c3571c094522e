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


PHRASES = [turn.split() for turn in ("so what would stop you from moving ahead", "we lost two crews in the storm")]


def mixed(seed: int, count: int) -> list[str]:
    words = ["apple", "river", "seven"]
    return list(islice(sentences.mixed(Random(seed), words, [1.0, 2.0, 3.0], PHRASES), count))


def test_mixed_texts_are_clean_and_repeat_for_a_seed() -> None:
    texts = mixed(4, 500)
    assert texts == mixed(4, 500) != mixed(5, 500)
    for text in texts:
        assert 5 <= len(text.split()) <= 20
        assert text[0].isupper() and text[-1] in ".?"
        assert sentences.spoken_form(text) == text, text


def test_mixed_texts_hold_all_their_sources() -> None:
    together = " ".join(mixed(4, 500)).lower()
    assert "would stop you" in together and "two crews in" in together
    assert "plumbing" in together and "river" in together and "goodbye" in together
    assert len(set(together.split())) > 600


def test_a_turn_is_hardly_ever_said_whole() -> None:
    whole = sum("so what would stop you from moving ahead" in text.lower() for text in mixed(4, 2000))
    assert whole < 20  # only where two of its runs happen to meet


def named(seed: int, count: int) -> list[str]:
    return list(islice(sentences.named(Random(seed), ["hartigan", "osage"], PHRASES), count))


def test_named_texts_are_clean_and_repeat_for_a_seed() -> None:
    texts = named(4, 500)
    assert texts == named(4, 500) != named(5, 500)
    for text in texts:
        assert text[0].isupper() and text[-1] in ".?"
        assert sentences.spoken_form(text) == text, text


def test_named_texts_hold_the_names_given_and_many_that_nobody_has_heard() -> None:
    words = [word.strip(".,?").removesuffix("'s") for text in named(4, 500) for word in text.split()[1:]]
    names = {word for word in words if word[0].isupper()}
    assert {"Hartigan", "Osage"} <= names
    assert len(names) > 300 and all(name.isalpha() for name in names)


def test_the_words_after_the_most_frequent_are_the_next_ones() -> None:
    pytest.importorskip("wordfreq", reason="only training installs it")
    first, _ = sentences.vocabulary(60)
    later, weights = sentences.vocabulary(40, skipped=20)
    assert later == first[20:] and len(weights) == 40 and weights == sorted(weights)
