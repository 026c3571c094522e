"""The tokens that the small checkpoint writes: Whisper's own, and times around every word."""

from __future__ import annotations

import pytest
from whisper.tokenizer import get_tokenizer

from ci_checker.learn.speech import vocabulary

WORDS = (("We", 0.1, 0.3), ("lost", 0.3, 0.62), ("crews.", 0.7, 1.2))


def test_every_token_is_whispers_and_spells_the_word_again() -> None:
    words = vocabulary.load()
    whisper = get_tokenizer(multilingual=False)
    for (text, _, _), spelled in zip(WORDS, vocabulary.tokenize(WORDS), strict=True):
        assert whisper.decode([words.used[piece] for piece in spelled.pieces]) == f" {text}"


def test_the_times_stand_in_one_row() -> None:
    words = vocabulary.load()
    assert words.used[words.times] == get_tokenizer(multilingual=False).timestamp_begin
    assert words.used[words.times + vocabulary.TIMES - 1] == words.first_time + vocabulary.TIMES - 1
    assert words.unused == vocabulary.SIZE - len(words.used)


def test_a_word_stands_between_its_times() -> None:
    times = vocabulary.load().times
    spelled = vocabulary.tokenize(WORDS)
    numbers, spans = vocabulary.timed(spelled)
    assert len(numbers) == len(spans) == sum(len(word.pieces) + 2 for word in spelled)
    stamps = [number - times for number in numbers if times <= number < times + vocabulary.TIMES]
    assert stamps == [5, 15, 15, 31, 35, 60]
    assert all(0 <= first <= last < vocabulary.TIMES for first, last in spans)


def test_a_word_ends_where_the_next_one_starts() -> None:
    times = vocabulary.load().times
    late = (vocabulary.Spelled((1,), 0.0, 0.9), vocabulary.Spelled((2,), 0.4, 0.8))
    stamps = [n - times for n in vocabulary.timed(late)[0] if n >= times]
    assert stamps == [0, 20, 20, 40]


def test_times_never_run_backwards_or_out_of_the_window() -> None:
    times = vocabulary.load().times
    odd = (vocabulary.Spelled((1,), 9.9, 10.4), vocabulary.Spelled((2,), 9.95, 10.6))
    stamps = [n - times for n in vocabulary.timed(odd)[0] if n >= times]
    assert stamps == sorted(stamps)
    assert stamps[-1] == vocabulary.TIMES - 1


def test_a_window_without_words_has_no_tokens() -> None:
    assert vocabulary.timed([]) == ([], [])


@pytest.mark.parametrize("text", ["Plumbing", "uh-huh,", "don't", "Okafor?"])
def test_rare_words_are_spelled_from_short_pieces(text: str) -> None:
    (spelled,) = vocabulary.tokenize(((text, 0.0, 1.0),))
    assert all(0 <= piece < len(vocabulary.load().used) for piece in spelled.pieces)


def test_pieces_of_a_name_know_their_places_in_the_prompt() -> None:
    prompt = vocabulary.prompt("Luke Porter, Okafor, Silver Creek.")
    words = (
        ("Okafor's", 0.1, 0.4),
        ("here,", 0.5, 0.6),
        ("Luke", 0.7, 0.8),
        ("Portland", 0.9, 1.2),
        ("Creek.", 2.0, 2.4),
    )
    numbers, _ = vocabulary.timed(vocabulary.tokenize(words))
    places = vocabulary.copied(prompt, numbers)
    assert all(prompt[place] == number for place, number in zip(places, numbers, strict=True) if place >= 0)
    known = vocabulary.load()
    spell = known.encoding.decode
    copied = [known.used[number] for place, number in zip(places, numbers, strict=True) if place >= 0]
    assert spell(copied) == " Okafor Luke Creek", "whole words only, with their marks or without"


def test_nothing_is_copied_where_nothing_was_told() -> None:
    numbers, _ = vocabulary.timed(vocabulary.tokenize(WORDS))
    assert vocabulary.copied([], numbers) == [-1] * len(numbers)
