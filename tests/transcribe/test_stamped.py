"""A model that stamps every word: its times are taken as they stand, its certainty as it is."""

from __future__ import annotations

import pytest

from ci_checker.transcribe import stamped


@pytest.fixture(scope="module")
def tokenizer():
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(multilingual=False)


def written(tokenizer, *parts):
    """Times in seconds and words to tokens."""
    tokens: list[int] = []
    for part in parts:
        tokens += (
            [tokenizer.timestamp_begin + round(part * 50)] if isinstance(part, float) else tokenizer.encode(" " + part)
        )
    return tokens


def sure(tokens, doubted: int | None = None) -> list[float]:
    return [0.001 if token == doubted else 0.999 for token in tokens]


def test_every_word_has_its_own_times(tokenizer):
    tokens = written(tokenizer, 0.3, "hello", 0.62, 0.7, "Karen,", 1.1)
    found = stamped.words(tokenizer, tokens, sure(tokens))
    assert [(w.text, w.start_s, w.end_s) for w in found] == [("hello", 0.3, 0.62), ("Karen,", 0.7, 1.1)]
    assert all(w.probability > 0.99 for w in found)


def test_a_doubted_piece_lowers_its_word_and_no_other(tokenizer):
    tokens = written(tokenizer, 0.0, "yes", 0.4, 0.5, "no", 0.9)
    found = stamped.words(tokenizer, tokens, sure(tokens, tokenizer.encode(" no")[0]))
    assert found[0].probability > 0.99
    assert found[1].probability < 0.01


def test_text_without_a_last_time_is_kept(tokenizer):
    tokens = written(tokenizer, 0.2, "wait")
    found = stamped.words(tokenizer, tokens, sure(tokens))
    assert [(w.text, w.start_s, w.end_s) for w in found] == [("wait", 0.2, 0.2)]


def test_a_silent_window_has_no_words(tokenizer):
    assert stamped.words(tokenizer, [], []) == []
    assert stamped.words(tokenizer, [tokenizer.timestamp_begin], [1.0]) == []
