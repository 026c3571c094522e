"""Word times: the same as Whisper's own alignment, whatever shares the batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ci_checker.transcribe.align import align
from ci_checker.transcribe.dtw import first_columns
from ci_checker.transcribe.spans import Span

TEXTS = (
    " Hello there, this is Luke.",
    " We've got twenty-one trucks, don't we?",
    " Yes",
)


@pytest.fixture(scope="module")
def tokenizer():
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(False)


@pytest.fixture(scope="module")
def features(whisper_model):
    mel = torch.randn(3, 80, 500, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        return whisper_model.encoder(mel)


@pytest.fixture(scope="module")
def aligned(network, heard, tokenizer):
    """``aligned(features, tokens, speech)``: the words of each window, equally certain."""

    def words(features, tokens, speech):
        rows = dict(enumerate(tokens))
        certain = {row: [0.5] * len(text) for row, text in rows.items()}
        found = align(network, tokenizer, heard(features), rows, certain, dict(enumerate(speech)))
        return [found[row] for row in rows]

    return words


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (5, 40), (30, 200), (7, 7)])
def test_warping_is_whispers_own(shape):
    from whisper.timing import dtw_cpu

    cost = np.random.default_rng(shape[0]).normal(size=shape)
    rows, columns = dtw_cpu(cost)
    firsts = [int(columns[rows == row].min()) for row in range(shape[0])]
    found = first_columns(cost)
    assert found.tolist() == firsts
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_path_is_found_whatever_the_costs(bad):
    cost = np.ones((4, 9))
    for cell in ((0, 0), (1, 3), (3, 8), (2, 2)):
        worse = cost.copy()
        worse[cell] = bad
        with np.errstate(invalid="ignore"):
            found = first_columns(worse)
        assert found[0] == 0 and (np.diff(found) >= 0).all() and found.max() < 9


def test_words_have_times_where_no_token_listens_to_a_frame(network, heard, tokenizer, features):
    loud = features.clone()
    loud[:, 100:] *= 1e4
    rows = {0: tokenizer.encode(TEXTS[0])}
    words = align(network, tokenizer, heard(loud), rows, {0: [0.5] * len(rows[0])}, {0: [Span(0.0, 5.0)]})[0]
    assert [word.text for word in words] == TEXTS[0].split()
    assert all(0 <= word.start_s <= word.end_s <= 5.0 for word in words)


@pytest.mark.parametrize("kind", ["float32", "int8"])
def test_a_short_text_has_the_same_times_beside_a_long_one(whisper_model, tokenizer, features, kind):
    from ci_checker.transcribe.network import Network

    network = Network(whisper_model, kind)
    texts = [tokenizer.encode(text) for text in (TEXTS[2], TEXTS[1])]

    def times(chosen):
        cross = network.cross(len(chosen))
        with torch.inference_mode():
            for slot, window in enumerate(chosen):
                network.keep(cross, slot, features[window])
        rows = {slot: texts[window] for slot, window in enumerate(chosen)}
        certain = {slot: [0.5] * len(text) for slot, text in rows.items()}
        return align(network, tokenizer, cross, rows, certain, {slot: [Span(0.0, 5.0)] for slot in rows})[0]

    assert times([0]) == times([0, 1])


def test_words_are_whispers_own_where_all_is_speech(whisper_model, aligned, tokenizer, features, monkeypatch):
    from whisper import timing

    whole = [[Span(0.0, 5.0)]] * 3
    tokens = [tokenizer.encode(text) for text in TEXTS]
    found = aligned(features, tokens, whole)
    mel = torch.zeros(80, 500)
    for row, text in enumerate(tokens):
        monkeypatch.setattr(whisper_model.encoder, "forward", lambda _mel, row=row: features[row : row + 1])
        theirs = timing.find_alignment(whisper_model, tokenizer, text, mel, 500)
        monkeypatch.undo()
        plain = {word.word.strip(): word for word in theirs}
        same = [word for word in found[row] if word.text in plain]
        assert same
        for word in same:
            assert word.start_s == pytest.approx(plain[word.text].start, abs=0.021)
            assert word.probability == 0.5


def test_a_window_alone_is_aligned_as_in_a_batch(aligned, tokenizer, features):
    speech = [[Span(0.3, 2.0), Span(2.5, 4.9)], [Span(0.0, 5.0)], [Span(1.0, 1.4)]]
    tokens = [tokenizer.encode(text) for text in TEXTS]
    together = aligned(features, tokens, speech)
    for row in range(3):
        (alone,) = aligned(features[row : row + 1], [tokens[row]], [speech[row]])
        assert [(w.text, w.start_s, w.end_s) for w in alone] == [(w.text, w.start_s, w.end_s) for w in together[row]]


def test_words_are_what_stands_between_spaces(aligned, tokenizer, features):
    tokens = [tokenizer.encode(text) for text in TEXTS]
    found = aligned(features, tokens, [[Span(0, 5)]] * 3)
    assert [[word.text for word in row] for row in found] == [text.split() for text in TEXTS]


def test_no_word_lies_in_a_pause(aligned, tokenizer, features):
    speech = [[Span(0.5, 1.5), Span(3.0, 4.0)]]
    (words,) = aligned(features[:1], [tokenizer.encode(TEXTS[0])], speech)
    for word in words:
        assert 0.48 <= word.start_s < word.end_s <= 4.02
        assert not 1.52 < word.start_s < 2.98 and not 1.52 < word.end_s < 2.98
    starts = [word.start_s for word in words]
    assert starts == sorted(starts)


def test_nothing_said_or_no_speech_gives_no_words(aligned, features):
    assert aligned(features[:2], [[], [50]], [[Span(0, 5)], []]) == [[], []]


def test_more_windows_than_are_aligned_at_once(aligned, tokenizer, features):
    tokens = [tokenizer.encode(text) for text in TEXTS] * 2
    found = aligned(features.repeat(2, 1, 1), tokens, [[Span(0, 5)]] * 6)
    assert [[w.text for w in row] for row in found[:3]] == [[w.text for w in row] for row in found[3:]]
    assert found[0] == found[3]
