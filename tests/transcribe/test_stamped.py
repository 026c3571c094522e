"""A model that stamps every word: its times are taken as they stand, its certainty as it is."""

from __future__ import annotations

import pytest
import torch

from ci_checker.transcribe import stamped


@pytest.fixture(scope="module")
def tokenizer():
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(multilingual=False)


class Sure:
    """Stands in for a model: certain of the tokens that it is shown, but for one."""

    def __init__(self, doubted: int | None = None) -> None:
        self.doubted = doubted

    def logits(self, tokens: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        assert features.shape[0] == tokens.shape[0] == 1
        out = torch.zeros(1, tokens.shape[1], 51864)
        for place, token in enumerate(tokens[0, 1:].tolist()):
            out[0, place, token] = 0.0 if token == self.doubted else 50.0
        return out


def written(tokenizer, *parts):
    """Times in seconds and words to tokens."""
    tokens: list[int] = []
    for part in parts:
        tokens += (
            [tokenizer.timestamp_begin + round(part * 50)] if isinstance(part, float) else tokenizer.encode(" " + part)
        )
    return tokens


def test_every_word_has_its_own_times(tokenizer):
    tokens = written(tokenizer, 0.3, "hello", 0.62, 0.7, "Karen,", 1.1)
    (found,) = stamped.words(Sure(), tokenizer, torch.zeros(1, 4, 4), [tokens])
    assert [(w.text, w.start_s, w.end_s) for w in found] == [("hello", 0.3, 0.62), ("Karen,", 0.7, 1.1)]
    assert all(w.probability > 0.99 for w in found)


def test_a_doubted_piece_lowers_its_word_and_no_other(tokenizer):
    tokens = written(tokenizer, 0.0, "yes", 0.4, 0.5, "no", 0.9)
    doubted = tokenizer.encode(" no")[0]
    (found,) = stamped.words(Sure(doubted), tokenizer, torch.zeros(1, 4, 4), [tokens])
    assert found[0].probability > 0.99
    assert found[1].probability < 0.01


def test_text_without_a_last_time_is_kept(tokenizer):
    (found,) = stamped.words(Sure(), tokenizer, torch.zeros(1, 4, 4), [written(tokenizer, 0.2, "wait")])
    assert [(w.text, w.start_s, w.end_s) for w in found] == [("wait", 0.2, 0.2)]


def test_a_silent_window_has_no_words(tokenizer):
    silent = [[], [tokenizer.timestamp_begin]]
    assert stamped.words(Sure(), tokenizer, torch.zeros(2, 4, 4), silent) == [[], []]
