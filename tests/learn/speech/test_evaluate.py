"""Word error rates: what is spoken, how it is recognized, what counts as an error."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import evaluate  # noqa: E402
from ci_checker.learn.speech.evaluate import Heard, Score, edits, scores, table  # noqa: E402
from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Voice  # noqa: E402

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


def heard(reference: str, hypothesis: str, voice: str = "v", condition: str = "clean") -> Heard:
    return Heard(voice=voice, condition=condition, reference=reference, hypothesis=hypothesis)


# --- errors -------------------------------------------------------------------------------------


def longhand(first: Sequence[str], second: Sequence[str]) -> int:
    """The definition: the cheapest of leaving out, putting in and putting instead."""
    if not first or not second:
        return len(first) + len(second)
    return min(
        longhand(first[1:], second) + 1,
        longhand(first, second[1:]) + 1,
        longhand(first[1:], second[1:]) + (first[0] != second[0]),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=5), st.lists(st.sampled_from("abc"), max_size=5))
def test_errors_are_as_few_as_can_be(first: list[str], second: list[str]) -> None:
    assert edits(first, second) == longhand(first, second)


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_errors_are_a_distance(first: list[str], second: list[str], third: list[str]) -> None:
    assert edits(first, first) == 0
    assert edits(first, second) == edits(second, first)
    assert abs(len(first) - len(second)) <= edits(first, second) <= max(len(first), len(second))
    assert edits(first, third) <= edits(first, second) + edits(second, third)


@pytest.mark.parametrize(
    ("reference", "hypothesis"),
    [
        ("It's twenty-two dollars.", "it is $22"),
        ("Okay, I'll CALL you!", "okay i will call you"),
        ("Mm-hmm, yes.", "Yes."),
        ("The colour of it", "the color of it"),
        ("[laughs] Sure.", "sure"),
    ],
)
def test_another_spelling_is_no_error(reference: str, hypothesis: str) -> None:
    assert scores([heard(reference, hypothesis)])[0].errors == 0


@pytest.mark.parametrize(
    ("reference", "hypothesis"),
    [("Thursday at ten", "Tuesday at ten"), ("two crews", "crews"), ("yes", "oh yes"), ("twenty", "thirty")],
)
def test_another_word_is_one(reference: str, hypothesis: str) -> None:
    assert scores([heard(reference, hypothesis)])[0].errors == 1


def test_words_are_those_of_what_was_said_not_of_what_was_heard() -> None:
    (found,) = scores([heard("yes", "yes and much more than that")])
    assert (found.words, found.errors, found.rate) == (1, 5, 5.0)


def test_each_voice_and_condition_has_a_score_of_its_own_in_order() -> None:
    found = scores(
        [
            heard("red green", "red green", "b", "telephone"),
            heard("red green", "red", "a", "clean"),
            heard("red green blue", "", "b", "telephone"),
        ]
    )
    assert [(score.voice, score.condition, score.words, score.errors) for score in found] == [
        ("b", "telephone", 5, 3),
        ("a", "clean", 2, 1),
    ]


def test_nothing_said_is_no_division_by_nothing() -> None:
    assert Score(voice="v", condition="clean", words=0, errors=0).rate == 0.0
    assert table([]).splitlines()[-1] == "| all | 0.0 % | 0.0 % |"


def test_the_last_row_weighs_every_word_alike() -> None:
    def score(voice: str, condition: str, words: int, errors: int) -> Score:
        return Score(voice=voice, condition=condition, words=words, errors=errors)

    easy = [score("a", "clean", 90, 0), score("a", "telephone", 90, 9)]
    hard = [score("b", "clean", 10, 5), score("b", "telephone", 10, 10)]
    assert table(easy + hard).splitlines()[2:] == [
        "| a | 0.0 % | 10.0 % |",
        "| b | 50.0 % | 100.0 % |",
        "| all | 5.0 % | 19.0 % |",
    ]


# --- what is spoken and heard -------------------------------------------------------------------


@pytest.fixture
def tone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak a second of 1 kHz and 6 kHz, whatever the text."""
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    sound = (0.2 * np.sin(2 * np.pi * 1000 * time) + 0.2 * np.sin(2 * np.pi * 6000 * time)).astype(np.float32)
    monkeypatch.setattr(evaluate, "synthesize", lambda text, voice: (sound, []))


@pytest.mark.parametrize("condition", evaluate.CONDITIONS)
def test_a_third_of_a_second_passes_before_the_first_word(condition: str, tone: None) -> None:
    audio = evaluate.spoken("Hello", VOICES[0], condition)
    assert len(audio) == pytest.approx(SAMPLE_RATE * 4 / 3, abs=2) and audio.dtype == np.float32
    assert np.abs(audio[200 : SAMPLE_RATE // 3 - 200]).max() < 0.02 < np.abs(audio[SAMPLE_RATE // 2 :]).max()


def test_a_telephone_takes_the_highs_away(tone: None) -> None:
    def strength(condition: str, hertz: int) -> float:
        audio = evaluate.spoken("Hello", VOICES[0], condition)[-SAMPLE_RATE:]
        return float(np.abs(np.fft.rfft(audio))[hertz])

    assert strength("clean", 6000) == pytest.approx(strength("clean", 1000), rel=0.05)
    assert strength("telephone", 6000) < 0.02 * strength("telephone", 1000)


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """Let whisper say how long the loud part of each window is; keep what it was given."""
    given: list[tuple[Any, Any]] = []

    def decode(model: Any, mels: Any, options: Any) -> list[SimpleNamespace]:
        given.append((mels, options))
        return [SimpleNamespace(text=f"{int((mel.amax(0) > mel.min() + 0.1).sum())}") for mel in mels]

    monkeypatch.setattr(evaluate.whisper, "decode", decode)
    return given


MODEL: Any = SimpleNamespace(dims=SimpleNamespace(n_audio_ctx=500))


def test_every_sound_is_padded_to_one_window_of_the_model(decoder: list[tuple[Any, Any]]) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 30 * SAMPLE_RATE).astype(np.float32)
    short, long = evaluate.recognize(MODEL, [noise[: 2 * SAMPLE_RATE], noise])
    assert decoder[0][0].shape == (2, 80, 1000)
    assert int(short) == pytest.approx(200, abs=6) and int(long) == pytest.approx(1000, abs=6)


def test_many_sounds_are_heard_in_their_order_some_at_a_time(decoder: list[tuple[Any, Any]]) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 4 * SAMPLE_RATE).astype(np.float32)
    found = evaluate.recognize(MODEL, [noise[: 1600 * (n + 1)] for n in range(35)])
    assert [len(mels) for mels, _ in decoder] == [16, 16, 3]
    assert [int(text) for text in found] == sorted(int(text) for text in found) and len(found) == 35


def test_decoding_is_greedy_english_with_times(decoder: list[tuple[Any, Any]]) -> None:
    evaluate.recognize(MODEL, [np.zeros(1600, np.float32)])
    options = decoder[0][1]
    assert (options.language, options.temperature, options.beam_size, options.without_timestamps) == (
        "en",
        0.0,
        None,
        False,
    )
    assert options.max_initial_timestamp is None, "a word may begin late in a window"


def test_every_text_is_heard_in_every_voice_and_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoken(text: str, voice: Voice, condition: str) -> str:
        return f"{text}-{voice.name}-{condition}"

    monkeypatch.setattr(evaluate, "spoken", spoken)
    monkeypatch.setattr(evaluate, "recognize", lambda model, audios: audios)
    found = evaluate.listen(MODEL, ["one", "two"], VOICES[:2])
    assert len(found) == 8
    for one in found:
        assert one.hypothesis == f"{one.reference}-{one.voice}-{one.condition}"
