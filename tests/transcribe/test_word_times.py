"""When each word was said: the cheapest path checked by trying all, and what must hold for any text."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from whisper.tokenizer import get_tokenizer

from ci_checker.transcribe import stamped
from ci_checker.transcribe.align import FRAME_S, align
from ci_checker.transcribe.decode import covered
from ci_checker.transcribe.dtw import first_columns
from ci_checker.transcribe.spans import Span

TOKENIZER = get_tokenizer(False)
TIMES = TOKENIZER.timestamp_begin


def cheapest(cost: np.ndarray) -> float:
    """The cost of the cheapest monotone path, by looking at every one of them."""

    @cache
    def upto(row: int, column: int) -> float:
        before = [
            upto(r, c) for r, c in ((row - 1, column - 1), (row - 1, column), (row, column - 1)) if r >= 0 and c >= 0
        ]
        return float(cost[row, column]) + (min(before) if before else 0.0)

    return upto(cost.shape[0] - 1, cost.shape[1] - 1)


def cost_of(cost: np.ndarray, first: np.ndarray) -> float:
    """The cheapest cost among the paths that enter each row in its first column."""
    rows, columns = cost.shape
    ends = [*first[1:].tolist(), columns - 1]
    total = 0.0
    for row in range(rows):
        last = ends[row]
        inside = cost[row, first[row] : last + 1]
        if row + 1 < rows and last > first[row]:
            # The step down is straight or slanted: the column that is entered may be left out above.
            total += min(inside.sum(), inside[:-1].sum())
        else:
            total += inside.sum()
    return total


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 10_000))
def test_no_path_is_cheaper_than_the_one_taken(rows, columns, seed):
    cost = np.random.default_rng(seed).normal(size=(rows, columns))
    first = first_columns(cost)
    assert first[0] == 0 and (np.diff(first) >= 0).all() and first[-1] < columns
    assert cost_of(cost, first) == pytest.approx(cheapest(cost))


@pytest.mark.parametrize("starts", [[0, 3, 7, 12], [0, 1, 2, 3], [0, 10, 11, 19]])
def test_a_clear_staircase_is_followed(starts):
    cost = np.ones((4, 20))
    for row, (begin, end) in enumerate(itertools.pairwise([*starts, 20])):
        cost[row, begin:end] = -1.0
    assert first_columns(cost).tolist() == starts


words_in_time = st.lists(
    st.tuples(
        st.sampled_from(["hello", "Karen,", "twenty-one", "O'Neill", "yes.", "€5"]),
        st.integers(0, 60),
        st.integers(1, 60),
    ),
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(words_in_time, st.floats(0.01, 1.0))
def test_stamped_words_come_back_as_they_were_written(said, sure):
    written, wanted, at = [], [], 0
    for text, pause, length in said:
        start, at = at + pause, at + pause + length
        written += [TIMES + start, *TOKENIZER.encode(f" {text}"), TIMES + at]
        wanted.append((text, start / 50, at / 50))
    found = stamped.words(TOKENIZER, written, [sure] * len(written))
    assert [(w.text, w.start_s, w.end_s) for w in found] == wanted
    assert all(w.probability == pytest.approx(sure) for w in found)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 51863), max_size=30))
def test_any_tokens_at_all_give_words_that_do_not_end_before_they_begin(tokens):
    found = stamped.words(TOKENIZER, tokens, [0.5] * len(tokens))
    assert all(word.text and word.start_s <= word.end_s for word in found)
    assert all(0 <= word.probability <= 1 for word in found)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 99), st.integers(100, 1600)), max_size=20))
def test_what_times_claim_never_ends_before_it_begins_without_backward_times(tokens):
    ordered = sorted(token for token in tokens if token >= 100)
    stamps = iter(ordered)
    tokens = [next(stamps) if token >= 100 else token for token in tokens]
    found = covered(tokens, 100)
    assert (found is None) is (not ordered)
    assert all(start <= end for start, end in found or ())
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(found or ()))


TEXTS = (" Well, we've got twenty-one trucks — don't we?", " No.", " It was £13.60 in 2014, wasn't it...")
SPEECH = [Span(0.2, 1.1), Span(1.6, 2.9), Span(3.4, 4.8)]


@pytest.fixture(scope="module")
def said(network, heard, whisper_model):
    """``said(texts, speech)``: the words of windows of which the model hears nothing but noise."""

    def words(texts, speech, seed: int = 3):
        mel = torch.randn(len(texts), 80, 500, generator=torch.Generator().manual_seed(seed))
        with torch.no_grad():
            features = torch.cat([whisper_model.encoder(one[None]) for one in mel])
        rows = {n: TOKENIZER.encode(text) for n, text in enumerate(texts)}
        certain = {n: np.linspace(0.1, 0.9, len(row)).tolist() for n, row in rows.items()}
        found = align(network, TOKENIZER, heard(features), rows, certain, dict.fromkeys(rows, speech))
        return [found[n] for n in rows]

    return words


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_words_follow_each_other_inside_the_speech_whatever_the_model_attends_to(said, seed):
    for text, words in zip(TEXTS, said(TEXTS, SPEECH, seed), strict=True):
        assert " ".join(word.text for word in words).replace(" —", "—") == " ".join(text.split()).replace(" —", "—")
        for word in words:
            assert word.start_s < word.end_s and 0.1 <= word.probability <= 0.9
            for at in (word.start_s + FRAME_S / 2, word.end_s - FRAME_S / 2):
                assert any(span.start - FRAME_S <= at <= span.end + FRAME_S for span in SPEECH)
        for one, two in itertools.pairwise(words):
            assert one.start_s <= two.start_s and one.end_s <= two.start_s + FRAME_S + 1e-9


def test_a_text_as_long_as_the_speech_has_frames_still_fits(said):
    (words,) = said([" no" * 15], [Span(1.0, 1.2)])
    assert len(words) == 15 and all(0.98 <= word.start_s < word.end_s <= 1.22 for word in words)


def test_a_mark_alone_is_no_word_of_its_own(said):
    (words,) = said([" Yes ... right ?"], SPEECH)
    assert [word.text for word in words] == ["Yes...", "right?"]


def test_speech_too_short_for_a_frame_still_has_a_place(said):
    (words,) = said([" Hm"], [Span(2.001, 2.004)])
    assert len(words) == 1 and words[0].start_s == pytest.approx(2.0, abs=FRAME_S)
