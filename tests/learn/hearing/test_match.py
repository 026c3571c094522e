"""What was heard against what was said, on cases that can be reckoned by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_checker.learn.hearing import match
from ci_checker.learn.speech.evaluate import edits

SAID = [("We", 1.0, 1.2), ("moved", 1.2, 1.6), ("in", 1.6, 1.7), ("spring.", 1.7, 2.2)]


def at(*texts, start=1.0, step=0.25):
    return [(text, start + n * step, start + (n + 1) * step) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("heard", "wrong"),
    [
        (["We", "moved", "in", "spring."], 0),
        (["we", "moved", "in", "Spring"], 0),
        (["we", "mood", "in", "spring"], 1),
        (["we", "moved", "spring"], 1),
        (["we", "moved", "in", "in", "spring"], 1),
        ([], 4),
    ],
)
def test_errors_are_counted_without_case_and_marks(heard, wrong):
    pytest.importorskip("whisper")
    assert match.errors(SAID, at(*heard)) == (wrong, 4)


def test_numbers_count_alike_in_words_and_in_figures():
    pytest.importorskip("whisper")
    assert match.errors(at("It's", "twenty", "two", "dollars"), at("it", "is", "$22"))[0] == 0


def test_times_are_those_of_words_heard_right_and_of_no_others():
    heard = [("we", 1.05, 1.2), ("mood", 3.0, 3.1), ("in", 1.5, 1.7), ("the", 1.7, 1.8), ("spring", 1.9, 2.1)]
    assert match.start_errors(SAID, heard) == pytest.approx([0.05, 0.1, 0.2])
    assert match.start_errors(SAID, []) == [] == match.start_errors([], heard)


def test_a_repeated_word_is_paired_in_order():
    assert match.aligned(["no", "no", "no"], ["no", "no"]) in ([(0, 0), (1, 1)], [(0, 0), (2, 1)], [(1, 0), (2, 1)])
    assert match.aligned(["a", "b", "a"], ["b", "a"]) == [(1, 0), (2, 1)]


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_an_alignment_is_ordered_equal_and_has_the_fewest_errors(said, heard):
    pairs = match.aligned(said, heard)
    assert all(said[one] == heard[two] for one, two in pairs)
    assert pairs == sorted(pairs) and len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    gaps = [(-1, -1), *pairs, (len(said), len(heard))]
    cost = sum(max(a2 - a1, b2 - b1) - 1 for (a1, b1), (a2, b2) in pairwise(gaps))
    assert cost == edits(said, heard)


def test_a_word_is_false_only_where_nobody_speaks_near_it():
    near, edge, far = ("ah", 2.4, 2.6), ("oh", 2.65, 2.75), ("hello", 4.0, 4.4)
    before = ("so", 0.0, 0.4)
    assert match.false_words(SAID, [near]) == 0
    assert match.false_words(SAID, [edge]) == 0
    assert match.false_words(SAID, [near, far, before]) == 2
    assert match.false_words([], [near, far]) == 2


def test_silence_is_what_is_out_of_reach_of_every_word():
    assert match.silence_s(SAID, 10.0) == pytest.approx(10.0 - (2.2 - 1.0 + 1.0))
    assert match.silence_s([("a", 0.1, 0.3), ("b", 9.8, 10.0)], 10.0) == pytest.approx(10.0 - 0.8 - 0.7)
    assert match.silence_s([], 7.0) == 7.0
