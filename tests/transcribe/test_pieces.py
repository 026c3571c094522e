"""A tokenizer cut to its first merges: the same text, in tokens that a small vocabulary has."""

from __future__ import annotations

import pytest

from ci_checker.transcribe.pieces import first_merges, plain, spelled


@pytest.fixture(scope="module")
def encoding():
    from whisper.tokenizer import get_encoding

    return get_encoding("gpt2")


@pytest.mark.parametrize("text", [" Bartholomew Finch, Zelora.", " Acme & Sons", " caf\u00e9 42", ""])
@pytest.mark.parametrize("below", [300, 2000])
def test_every_text_is_spelled_and_read_back_by_the_whole_tokenizer(encoding, text, below):
    tokens = first_merges(encoding, below).encode(text)
    assert all(token < below for token in tokens) and encoding.decode(tokens) == text


def test_fewer_merges_are_more_pieces(encoding):
    counts = [len(first_merges(encoding, below).encode(" Bartholomew")) for below in (256, 2000, 50_000)]
    assert counts[0] == 12 > counts[1] > counts[2]


def test_what_such_a_checkpoint_cannot_write_is_left_out(encoding):
    tokens = spelled(encoding, 2000, " Acme & Sons, 3M's caf\u00e9.")
    assert encoding.decode(tokens) == " Acme Sons, M's cafe." and set(tokens) <= plain(encoding, 2000)


def test_the_training_vocabulary_is_these_pieces(encoding):
    from ci_checker.learn.speech import vocabulary

    used = {token for token in vocabulary.load().used if token < vocabulary.LIMIT}
    assert used == plain(encoding, vocabulary.LIMIT)
