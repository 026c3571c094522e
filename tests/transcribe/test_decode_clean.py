"""Decoding in batches changes nothing, failing windows get a second look, loops are known."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from ci_checker.transcribe import decode as room
from ci_checker.transcribe.clean import is_loop, is_too_fast
from ci_checker.transcribe.decode import Kind, covered, decode


@pytest.fixture(scope="module")
def tokenizer():
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(False)


@pytest.fixture(scope="module")
def features(whisper_model):
    mel = torch.randn(3, 80, 500, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        return torch.cat([whisper_model.encoder(one[None]) for one in mel])


@pytest.mark.parametrize("without_timestamps", [True, False])
def test_a_batch_says_what_each_window_says_alone(network, heard, tokenizer, features, without_timestamps):
    kind = Kind(without_timestamps=without_timestamps, taught_silence=without_timestamps)
    together = decode(network, tokenizer, heard(features), range(3), kind=kind)
    alone = [decode(network, tokenizer, heard(features[i : i + 1]), [0], kind=kind)[0] for i in range(3)]
    for one, two in zip(together, alone, strict=True):
        assert (one.written, one.covered, one.silent, one.temperature) == (
            two.written,
            two.covered,
            two.silent,
            two.temperature,
        )
        assert one.certain == pytest.approx(two.certain, rel=1e-3, abs=1e-9)
    assert len({one.tokens for one in together}) > 1


def test_decoding_is_the_same_each_time_and_leaves_the_random_state(network, heard, tokenizer, features):
    kind = Kind(without_timestamps=True, taught_silence=True)
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    first = decode(network, tokenizer, heard(features), range(3), kind=kind)
    assert torch.equal(before, torch.random.get_rng_state())
    torch.manual_seed(99)
    assert decode(network, tokenizer, heard(features), range(3), kind=kind) == first


@pytest.fixture(autouse=True)
def one_warmer_look_where_the_model_is_random(request, monkeypatch):
    if "network" in request.fixturenames:
        monkeypatch.setattr(room, "_WARMER", (0.4,))


def result(text: str, temperature: float, logprob: float = -0.2, no_speech: float = 0.0, ratio: float = 1.0):
    return SimpleNamespace(
        text=text,
        tokens=(1,),
        chances=(0.9,),
        temperature=temperature,
        avg_logprob=logprob,
        no_speech_prob=no_speech,
        compression_ratio=ratio,
    )


def script(monkeypatch, answers) -> list[tuple[int, float]]:
    """Let decoding answer from ``answers[temperature]`` and note (windows, temperature) of each call."""
    calls: list[tuple[int, float]] = []

    def run(_network, _tokenizer, _cross, windows, temperature, _kind, _prompt):
        calls.append((len(windows), temperature))
        return [answers(window, temperature) for window in windows]

    monkeypatch.setattr(room, "_run", run)
    return calls


def test_only_a_failing_window_is_heard_again_and_only_until_it_passes(monkeypatch, tokenizer):
    def answers(index, temperature):
        fails = temperature < 0.4 and (index == 1 or temperature > 0)
        return result("well said", temperature, logprob=-1.5 if fails else -0.3)

    calls = script(monkeypatch, answers)
    found = decode(None, tokenizer, None, range(3), kind=Kind(without_timestamps=True, taught_silence=True))
    assert calls == [(3, 0.0), (1, 0.2), (1, 0.4)]
    assert [one.temperature for one in found] == [0.0, 0.4, 0.0]


@pytest.mark.parametrize("bad", [{"ratio": 3.0}, {"logprob": -1.2}, {"text": "so it is " * 8}])
def test_a_window_that_always_fails_keeps_its_greedy_text(monkeypatch, tokenizer, bad):
    calls = script(monkeypatch, lambda _i, t: result(**{"text": "x", "temperature": t, **bad}))
    (found,) = decode(None, tokenizer, None, [0], kind=Kind(without_timestamps=True, taught_silence=True))
    assert len(calls) == 6 and found.temperature == 0.0 and not found.silent


def test_silence_is_not_heard_again(monkeypatch, tokenizer):
    calls = script(monkeypatch, lambda _i, t: result("thank you", t, logprob=-1.4, no_speech=0.9))
    (found,) = decode(None, tokenizer, None, [0], kind=Kind(without_timestamps=True, taught_silence=True))
    assert found.silent and len(calls) == 1


@pytest.mark.parametrize(
    ("no_speech", "without", "silent"), [(0.7, True, False), (0.95, False, False), (0.95, True, True)]
)
def test_likely_words_outweigh_the_no_speech_token_unless_it_was_taught(
    monkeypatch, tokenizer, no_speech, without, silent
):
    script(monkeypatch, lambda _i, t: result("yes", t, no_speech=no_speech))
    assert (
        decode(None, tokenizer, None, [0], kind=Kind(without_timestamps=without, taught_silence=without))[0].silent
        is silent
    )


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([100, 1, 2, 150], ((0.0, 1.0),)),
        ([100, 1, 150, 150, 2, 200], ((0.0, 1.0), (1.0, 2.0))),
        ([100, 1, 150, 175, 2, 200, 200], ((0.0, 1.0), (1.5, 2.0))),
        ([100, 1, 150, 160, 2], ((0.0, 1.0), (1.2, float("inf")))),
        ([1, 2, 3], None),
        ([100], ()),
        ([], None),
    ],
)
def test_timestamps_claim_stretches(tokens, expected):
    found = covered(tokens, 100)
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "you know " * 6,
        "thank you. " * 9,
        "I'm going to go to the " * 4,
        "no " * 12,
        "So we started. and then it was and then it was and then it was and then it was",
    ],
)
def test_loops_are_known(text):
    assert is_loop(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "No, no, no, no, that is not it.",
        "yeah yeah yeah",
        "I think that that is what we would do, and we would do it again next year if we could.",
        "Okay, okay. And who else is in the room when that is decided? Okay.",
        "one two three one two three four",
    ],
)
def test_people_repeat_themselves(text):
    assert not is_loop(text.split())


def test_nobody_speaks_that_fast():
    sentence = ["I", "saw", "that", "you", "opened", "a", "second", "warehouse", "in", "Reno", "last", "month"]
    assert not is_too_fast(sentence, 2.5)
    assert is_too_fast(sentence, 0.4)
    assert not is_too_fast([], 0.0)
