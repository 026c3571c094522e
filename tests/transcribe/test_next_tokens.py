"""Which token may follow: openai-whisper's own filters are the measure, in states that greedy text seldom reaches."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from whisper.decoding import ApplyTimestampRules, SuppressBlank, SuppressTokens
from whisper.tokenizer import get_tokenizer

from ci_checker.transcribe.rules import Draw, Rules

TOKENIZER = get_tokenizer(False)
DIMS = SimpleNamespace(n_text_ctx=448, n_audio_ctx=1500, n_vocab=51864)
TIMES, END = TOKENIZER.timestamp_begin, TOKENIZER.eot
WORD = TOKENIZER.encode(" truck")[0]


def logits_of(seed: int, rows: int = 1, spread: float = 3.0) -> torch.Tensor:
    return torch.randn(rows, DIMS.n_vocab, generator=torch.Generator().manual_seed(seed)) * spread


def whispers_choice(logits: torch.Tensor, said: list[list[int]], without: bool, latest: float | None) -> torch.Tensor:
    """The token that ``whisper.decode`` would take, by its own filters in its own order."""
    lead = TOKENIZER.sot_sequence_including_notimestamps if without else TOKENIZER.sot_sequence
    tokens = torch.tensor([[*lead, *row] for row in said])
    never = [*TOKENIZER.non_speech_tokens, TOKENIZER.transcribe, TOKENIZER.translate, TOKENIZER.sot]
    never += [TOKENIZER.sot_prev, TOKENIZER.sot_lm, TOKENIZER.no_speech]
    filters = [SuppressBlank(TOKENIZER, len(lead)), SuppressTokens(sorted(set(never)))]
    if not without:
        filters.append(ApplyTimestampRules(TOKENIZER, len(lead), round(latest / 0.02) if latest else None))
    for each in filters:
        each.apply(logits, tokens)
    return logits.argmax(dim=-1)


@st.composite
def texts_so_far(draw) -> list[int]:
    """Text with times as a model may have written it: opened, closed, in pairs, or broken off anywhere."""
    said, at = [], draw(st.integers(0, 40))
    said.append(TIMES + at)
    for _ in range(draw(st.integers(0, 4))):
        said += draw(st.lists(st.integers(0, END - 1), min_size=1, max_size=3))
        at = min(1500, at + draw(st.integers(1, 200)))
        said.append(TIMES + at)
        if draw(st.booleans()):
            said.append(TIMES + at)
    return said[: draw(st.integers(0, len(said)))]


@settings(max_examples=60, deadline=None)
@given(texts_so_far(), st.integers(0, 10_000), st.sampled_from([1.0, None, 0.5]), st.sampled_from([-9.0, 0.0, 9.0]))
def test_after_any_text_the_next_token_is_whispers_own(said, seed, latest, lean):
    logits = logits_of(seed)
    logits[:, TIMES:] += lean  # towards words, towards neither, towards times
    wanted = whispers_choice(logits.clone(), [said], False, latest)
    rules = Rules(TOKENIZER, DIMS, max_initial_timestamp=latest)
    assert rules.pick(logits, [said]).tokens.tolist() == wanted.tolist()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, END - 1), max_size=4), st.integers(0, 10_000))
def test_without_times_the_next_token_is_whispers_own(said, seed):
    logits = logits_of(seed)
    wanted = whispers_choice(logits.clone(), [said], True, None)
    picked = Rules(TOKENIZER, DIMS, without_timestamps=True).pick(logits, [said])
    assert picked.tokens.tolist() == wanted.tolist()


def allowed(said: list[int], *tokens: int, **options) -> list[bool]:
    """Whether each of the tokens may follow: it is taken where it is by far the likeliest."""
    logits = torch.full((len(tokens), DIMS.n_vocab), -10.0)
    logits[range(len(tokens)), list(tokens)] = 50.0
    picked = Rules(TOKENIZER, DIMS, **options).pick(logits, [said] * len(tokens))
    return (picked.tokens == torch.tensor(tokens)).tolist()


def test_a_window_opens_with_a_time_and_early_enough():
    offered = (WORD, END, TIMES, TIMES + 50, TIMES + 51, TIMES + 1500)
    assert allowed([], *offered) == [False, False, True, True, False, False]
    assert allowed([], *offered, max_initial_timestamp=None) == [False, False, True, True, True, True]


def test_a_window_without_times_opens_neither_with_a_blank_nor_with_the_end():
    offered = (WORD, END, TOKENIZER.encode(" ")[0])
    assert allowed([], *offered, without_timestamps=True) == [True, False, False]
    assert allowed([WORD], *offered, without_timestamps=True) == [True, True, True]


@pytest.mark.parametrize("said", [[], [WORD], [TIMES, WORD]])
@pytest.mark.parametrize("without", [True, False])
def test_no_model_may_write_noises_or_the_marks_of_its_own_training(said, without):
    marks = [TOKENIZER.sot, TOKENIZER.sot_prev, TOKENIZER.sot_lm, TOKENIZER.no_speech, TOKENIZER.translate]
    never = [*marks, TOKENIZER.transcribe, *TOKENIZER.non_speech_tokens]
    assert not any(allowed(said, *never, without_timestamps=without))
    assert without or allowed(said, TOKENIZER.no_timestamps) == [False]


def test_times_never_run_backward_and_a_closed_one_may_be_opened_at_once():
    offered = (WORD, END, TIMES + 9, TIMES + 10, TIMES + 11, TIMES + 60, TIMES + 61)
    inside, closed = [TIMES + 10, WORD, WORD], [TIMES + 10, WORD, TIMES + 60]
    assert allowed(inside, *offered) == [True, True, False, False, True, True, True]
    assert allowed(closed, *offered) == [False, True, False, False, False, True, True]
    assert allowed([*closed, TIMES + 60], *offered) == [True, True, *[False] * 5]


def test_where_times_together_outweigh_the_best_word_a_time_is_taken():
    logits = torch.full((1, DIMS.n_vocab), -20.0)
    logits[0, WORD], logits[0, TIMES + 100 : TIMES + 110] = 1.0, 0.0
    rules = Rules(TOKENIZER, DIMS)
    assert rules.pick(logits.clone(), [[TIMES, WORD]]).tokens.item() == TIMES + 100
    logits[0, TIMES + 101 : TIMES + 110] = -20.0
    assert rules.pick(logits, [[TIMES, WORD]]).tokens.item() == WORD


@settings(max_examples=20, deadline=None)
@given(st.lists(texts_so_far(), min_size=2, max_size=4), st.integers(0, 999))
def test_a_row_does_not_depend_on_its_neighbors(said, seed):
    length = min(map(len, said))
    said = [row[:length] for row in said]
    rules, logits = Rules(TOKENIZER, DIMS), logits_of(seed, len(said))
    together = rules.pick(logits.clone(), said)
    for row, text in enumerate(said):
        alone = rules.pick(logits[row : row + 1].clone(), [text])
        assert alone.tokens[0] == together.tokens[row]
        assert float(alone.logprobs[0]) == pytest.approx(float(together.logprobs[row]), rel=1e-4, abs=1e-6)
        assert float(alone.chances[0]) == pytest.approx(float(together.chances[row]), rel=1e-4, abs=1e-9)


def test_chances_are_probabilities_and_a_likelier_word_is_surer():
    rules = Rules(TOKENIZER, DIMS, without_timestamps=True)
    sure = []
    for height in (4.0, 8.0, 12.0, 16.0):
        logits = logits_of(1, spread=0.5)
        logits[0, WORD] = height
        picked = rules.pick(logits, [[WORD]])
        assert picked.tokens.item() == WORD
        assert 0 < float(picked.chances) <= 1 and float(picked.logprobs) <= 0
        sure.append(float(picked.chances))
    assert sure == sorted(sure) and sure[0] < 0.1 and sure[-1] > 0.99


def test_what_a_rule_holds_back_still_makes_a_word_less_sure():
    """A word beside a likely noise such as a music note is not sure, though the noise may not be written."""
    logits = torch.full((1, DIMS.n_vocab), -30.0)
    logits[0, WORD], logits[0, TOKENIZER.non_speech_tokens[0]] = 0.0, 2.0
    picked = Rules(TOKENIZER, DIMS, without_timestamps=True).pick(logits, [[WORD]])
    assert picked.tokens.item() == WORD
    assert float(picked.chances) == pytest.approx(1 / (1 + math.e**2), rel=1e-3)


@pytest.mark.parametrize("size", [0, 1, 223, 224, 900])
def test_a_prompt_goes_before_and_its_end_counts_where_it_is_too_long(size):
    prompt = list(range(size))
    rules = Rules(TOKENIZER, DIMS, prompt=prompt)
    lead = [] if not size else [TOKENIZER.sot_prev, *prompt[-223:]]
    assert list(rules.initial) == [*lead, *TOKENIZER.sot_sequence]
    assert rules.initial[rules.sot_index] == TOKENIZER.sot and len(rules.initial) <= 224 + len(TOKENIZER.sot_sequence)


def draws(seed: int, rows: int, temperature: float, steps: int = 40, keep: list[int] | None = None) -> list[list[int]]:
    draw = Draw(temperature, seed, rows, torch.device("cpu"))
    if keep is not None:
        draw.keep(keep)
        rows = len(keep)
    logits = torch.tensor([0.0, 1.0, 2.0, -torch.inf]).log_softmax(-1).repeat(rows, 1)
    return torch.stack([draw(logits.clone()) for _ in range(steps)], dim=1).tolist()


def test_equal_seeds_draw_equally_and_no_row_follows_another():
    assert draws(5, 3, 1.0) == draws(5, 3, 1.0) != draws(6, 3, 1.0)
    assert draws(5, 3, 1.0)[2] == draws(5, 1, 1.0)[0] == draws(5, 3, 1.0, keep=[2])[0]


def test_colder_draws_take_the_likeliest_oftener_and_none_takes_what_is_forbidden():
    share = {t: draws(1, 1, t, steps=300)[0].count(2) / 300 for t in (0.2, 1.0, 5.0)}
    assert share[0.2] > 0.95 > share[1.0] > share[5.0] > 0.2
    assert all(3 not in row for row in draws(2, 4, 5.0, steps=200))
    assert share[1.0] == pytest.approx(math.e**2 / (1 + math.e + math.e**2), abs=0.08)
