"""All shards of the training speech: what goes in, in which order, and how an interrupted build goes on."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ci_checker.learn.speech import corpus, sentences
from ci_checker.learn.speech.evaluate import held_out
from ci_checker.learn.speech.voices import VOICES, Voice

TURNS = """## a | cold |
R: so what would stop you from moving ahead
P: Ask Cordelia's people about it.
P: We lost two crews in the storm last month.
"""


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[tuple[str, Voice]]]]:
    """A small corpus whose shards are only noted, two seconds an utterance."""
    written: list[tuple[Path, list[tuple[str, Voice]]]] = []

    def write_shard(path: Path, jobs: list[tuple[str, Voice]], random: Random) -> float:
        path.write_bytes(b"shard")
        written.append((path, list(jobs)))
        return 2.0 * len(jobs)

    monkeypatch.setattr(corpus, "write_shard", write_shard)
    monkeypatch.setattr(corpus, "BASE_TEXTS", 30)
    monkeypatch.setattr(corpus, "MIXED_TEXTS", 40)
    monkeypatch.setattr(corpus, "NAMED_TEXTS", 24)
    monkeypatch.setattr(corpus, "SHARD", 16)
    rare = ["rivera", "applebee", "theodora"]
    known = ["river", "apple", "seven"]
    monkeypatch.setattr(sentences, "vocabulary", lambda size, skipped=0: (rare if skipped else known, [1.0, 2.0, 3.0]))
    return written


@pytest.fixture
def dialogues(tmp_path: Path) -> list[Path]:
    (tmp_path / "a.txt").write_text(TURNS, encoding="utf-8")
    return [tmp_path / "a.txt"]


def texts(written: list[Any]) -> list[str]:
    return [text for _, jobs in written for text, _ in jobs]


def test_every_kind_of_text_is_spoken_and_the_seconds_are_told(
    spoken: list[Any], dialogues: list[Path], tmp_path: Path
) -> None:
    seconds = corpus.speak_all(tmp_path / "shards", dialogues, [])
    turns = 2 * len(VOICES)
    assert seconds == 2.0 * len(texts(spoken)) == 2.0 * (30 + 40 + 24 + turns)
    assert [path.name for path, _ in spoken] == [f"shard-{number:04d}.npz" for number in range(len(spoken))]
    assert {len(jobs) for _, jobs in spoken[:-1]} == {16} and 0 < len(spoken[-1][1]) <= 16


def test_the_kinds_are_shuffled_into_each_other(spoken: list[Any], dialogues: list[Path], tmp_path: Path) -> None:
    corpus.speak_all(tmp_path / "shards", dialogues, [])
    places = [place for place, text in enumerate(texts(spoken)) if text == "We lost two crews in the storm last month."]
    assert len(places) == len(VOICES) and places[-1] - places[0] > len(VOICES)


def test_every_turn_is_heard_in_every_voice(spoken: list[Any], dialogues: list[Path], tmp_path: Path) -> None:
    corpus.speak_all(tmp_path / "shards", dialogues, [])
    said = [(text, voice) for _, jobs in spoken for text, voice in jobs if "two crews in the storm last" in text]
    assert Counter(voice.name for _, voice in said) == {voice.name: 1 for voice in VOICES}


def test_the_same_seed_gives_the_same_shards_and_another_one_others(
    spoken: list[Any], dialogues: list[Path], tmp_path: Path
) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        corpus.speak_all(tmp_path / name, dialogues, [], seed=seed)
    parts = {name: [jobs for path, jobs in spoken if path.parent.name == name] for name in "abc"}
    assert parts["a"] == parts["b"] != parts["c"]


def test_an_interrupted_build_goes_on_with_the_shards_that_are_missing(
    spoken: list[Any], dialogues: list[Path], tmp_path: Path
) -> None:
    corpus.speak_all(tmp_path / "shards", dialogues, [])
    first = list(spoken)
    gone = first[2][0]
    gone.unlink()
    spoken.clear()
    assert corpus.speak_all(tmp_path / "shards", dialogues, []) == 2.0 * 16
    assert [path for path, _ in spoken] == [gone]
    assert spoken[0][1] == first[2][1], "the same utterances as before"


def test_no_held_out_sentence_and_none_of_the_recorded_calls_is_spoken(
    spoken: list[Any], dialogues: list[Path], tmp_path: Path
) -> None:
    corpus.speak_all(tmp_path / "shards", dialogues, ["We lost two crews in the storm last month."])
    assert not any("two crews in the storm last month" in text for text in texts(spoken))
    forbidden = {sentences.same_words(line) for line in held_out() if len(line.split()) > 4}
    said = {sentences.same_words(part) for text in texts(spoken) for part in sentences.split_sentences(text)}
    assert not said & forbidden


def test_names_are_said_that_stand_nowhere_else_but_none_on_which_prompts_are_measured(
    spoken: list[Any], dialogues: list[Path], tmp_path: Path
) -> None:
    corpus.speak_all(tmp_path / "shards", dialogues, [])
    words = {word for text in texts(spoken) for word in sentences.same_words(text).split()}
    assert words & {"rivera", "applebee"}
    assert {"theodora", "quillbase", "zelora"} <= corpus.unknown_names() and not words & corpus.unknown_names()
    assert corpus.unknown_names().isdisjoint({"systems", "bay", "foods"}), "ordinary words may be said"


# --- sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("No mark", ["No mark"]),
        ("  Spaced.   Out. ", ["Spaced.", "Out."]),
        ("At 3.5 percent.", ["At 3.5 percent."]),
        ("", []),
    ],
)
def test_sentences_end_with_their_marks(text: str, parts: list[str]) -> None:
    assert sentences.split_sentences(text) == parts


@pytest.mark.parametrize("text", ["Tell me more about that.", "tell me MORE about that", "Tell me, more: about that?!"])
def test_a_sentence_is_the_same_whatever_its_case_and_marks(text: str) -> None:
    assert sentences.same_words(text) == "tell me more about that"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$1 million", "one million dollars"),
        ("9:05 sharp", "nine oh five sharp"),
        ("at 10:00", "at ten"),
        ("in 1900", "in nineteen hundred"),
        ("in 2005", "in two thousand five"),
        ("the 3rd and the 31st", "the third and the thirty-first"),
        ("555123456789", "five five five one two three four five six seven eight nine"),
        ("R&D; sales", "R and D, sales"),
        ("wait... what", "wait, what"),
    ],
)
def test_figures_are_said_as_words(written: str, said: str) -> None:
    assert sentences.spoken_form(written) == said


def test_frequent_words_that_can_be_spoken_with_weights_that_add_up() -> None:
    pytest.importorskip("wordfreq")
    words, weights = sentences.vocabulary(300)
    assert len(words) == len(set(words)) == len(weights) == 300
    assert weights == sorted(weights) and {"the", "i", "a"} <= set(words)
    assert not {"vs", "etc", "b", "iii"} & set(words)
    shares = [after - before for before, after in zip([0.0, *weights], weights)]
    assert shares[0] / shares[-1] < 15, "rare words come often enough to be learned"


def test_the_shares_of_voices_are_of_all_voices() -> None:
    assert set(corpus.VOICE_WEIGHTS) == {voice.name for voice in VOICES}
    jobs = corpus.dialogue_jobs([], Random(1), frozenset())
    assert list(islice(jobs, 3)) == []
