"""Times around words and pieces: whatever the synthesizer tells, they run forward and cover the word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import vocabulary
from ci_checker.learn.speech.vocabulary import TIMES, Spelled, timed, tokenize

FIRST = vocabulary.load().times


def stamps(numbers: list[int]) -> list[int]:
    return [number - FIRST for number in numbers if FIRST <= number < FIRST + TIMES]


@some.composite
def sentences(draw: some.DrawFn) -> list[Spelled]:
    """Words of one to four pieces, in order, that end before 9.7 seconds; some overlap, some touch."""
    words, at = [], 0.0
    for size in draw(some.lists(some.integers(1, 4), max_size=8)):
        at += draw(some.floats(0.02, 0.6))
        length = draw(some.floats(0.04, 0.6))
        words.append(Spelled(tuple(range(size)), at, at + length))
        at += length * draw(some.sampled_from((0.6, 1.0)))
    return [word for word in words if word.end < 9.7]


@given(sentences())
def test_every_word_begins_before_it_ends_and_after_the_one_before(words: list[Spelled]) -> None:
    numbers, _ = timed(words)
    found = stamps(numbers)
    assert len(found) == 2 * len(words)
    assert found == sorted(found)
    assert all(start < end for start, end in zip(found[::2], found[1::2], strict=True))
    assert all(0 <= stamp < TIMES for stamp in found)


@given(sentences())
def test_the_pieces_of_a_word_share_its_time_without_a_hole(words: list[Spelled]) -> None:
    numbers, spans = timed(words)
    assert len(numbers) == len(spans)
    place = 0
    for word in words:
        count = len(word.pieces)
        start, end = numbers[place] - FIRST, numbers[place + count + 1] - FIRST
        inside = spans[place + 1 : place + 1 + count]
        assert numbers[place + 1 : place + 1 + count] == list(word.pieces)
        assert inside[0][0] == start and inside[-1][1] >= end
        assert all(begin < until for begin, until in inside)
        assert all(later[0] <= earlier[1] for earlier, later in pairwise(inside))
        place += count + 2


@given(sentences())
def test_a_time_is_looked_for_around_its_own_frame(words: list[Spelled]) -> None:
    numbers, spans = timed(words)
    for number, (first, last) in zip(numbers, spans, strict=True):
        if number >= FIRST:
            stamp = number - FIRST
            assert first <= stamp <= last and last - first <= 3
            assert first >= 0


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [(0.0, 0.5, [0, 25]), (0.009, 0.5, [0, 25]), (0.011, 0.5, [1, 25]), (1.0, 1.001, [50, 51]), (1.0, 0.5, [50, 51])],
)
def test_times_are_rounded_to_twenty_milliseconds_and_a_word_lasts_one_at_least(
    start: float, end: float, found: list[int]
) -> None:
    assert stamps(timed([Spelled((1,), start, end)])[0]) == found


@pytest.mark.parametrize("start", [9.98, 10.0, 12.5])
def test_a_word_beyond_the_window_stands_at_its_end(start: float) -> None:
    assert stamps(timed([Spelled((1,), start, start + 1)])[0]) == [TIMES - 2, TIMES - 1]


def test_a_word_that_begins_with_the_next_keeps_its_own_end() -> None:
    """Where two words begin at once, the first cannot end where the second begins."""
    both = [Spelled((1,), 1.0, 1.4), Spelled((2,), 1.0, 2.0)]
    assert stamps(timed(both)[0]) == [50, 70, 70, 100]


# --- spelling -------------------------------------------------------------------------------------


@given(some.lists(some.from_regex(r"[A-Za-z]{1,12}[.,?!]?", fullmatch=True), max_size=5))
def test_words_spelled_in_pieces_can_be_read_again(words: list[str]) -> None:
    known = vocabulary.load()
    spelled = tokenize(tuple((word, float(at), at + 0.5) for at, word in enumerate(words)))
    read = known.encoding.decode([known.used[piece] for word in spelled for piece in word.pieces])
    assert read == "".join(f" {word}" for word in words)
    assert [(word.start, word.end) for word in spelled] == [(at, at + 0.5) for at in range(len(words))]


def test_a_frequent_word_is_one_piece_and_a_rare_one_several() -> None:
    (the,) = tokenize((("the", 0.0, 1.0),))
    (rare,) = tokenize((("Schenectady", 0.0, 1.0),))
    assert len(the.pieces) == 1 < 3 <= len(rare.pieces)


def test_numbers_among_the_used_ones_are_found_and_others_are_not() -> None:
    known = vocabulary.load()
    assert [known.compact(token) for token in known.used[::97]] == list(range(0, len(known.used), 97))
    assert list(known.used) == sorted(set(known.used)) and max(known.used) < vocabulary.SIZE
    unused = next(token for token in range(vocabulary.SIZE) if token not in set(known.used))
    with pytest.raises(KeyError):
        known.compact(unused)


@pytest.mark.parametrize("word", ["2024", "$5", "caf\u00e9"])
def test_what_the_checkpoint_does_not_write_cannot_be_spelled(word: str) -> None:
    """Texts go through ``spoken_form`` first; a figure that slips through must not be learned as something else."""
    with pytest.raises(KeyError):
        tokenize(((word, 0.0, 1.0),))
