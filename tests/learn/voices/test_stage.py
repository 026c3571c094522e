"""Staged calls and takes: whose word stands when, how long the pauses are, and what is cut into turns."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ci_checker.learn.speech.voices import Voice
from ci_checker.learn.voices import stage
from ci_checker.learn.voices.cast import Person
from ci_checker.learn.voices.stage import LINES, RATE, staged
from ci_checker.learn.voices.takes import sentences, takes
from ci_checker.model import Word
from ci_checker.speakers.names import MIXED_NAME

TEXTS = ("we call around when a truck is late", "so the crew just waits there")


def person(name: str, hertz: int) -> Person:
    return Person(name=name, voice=Voice(name=name, engine="tone", voice=str(hertz)))


ADA, KAREN = person("ada", 500), person("karen", 1500)


def strength(samples: np.ndarray, hertz: int) -> float:
    """How much of one pitch there is in a stretch, as a share of it all."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    around = np.abs(np.fft.rfftfreq(len(samples), 1 / RATE) - hertz) < 60
    return float(spectrum[around].sum() / spectrum.sum())


@pytest.mark.parametrize("line", LINES)
def test_every_word_is_heard_in_the_pitch_of_its_owner(line: str, toned: list) -> None:
    made = staged((ADA, KAREN), TEXTS, line, turns=8, seed=4)
    assert made.line == line and set(made.owners) == {"ada", "karen"}
    for word, owner in zip(made.words, made.owners, strict=True):
        heard = made.samples[round(word.start_s * RATE) : round(word.end_s * RATE)]  # type: ignore[operator]
        mine, other = (500, 1500) if owner == "ada" else (1500, 500)
        assert strength(heard, mine) > 5 * strength(heard, other)


def test_people_take_turns_beginning_with_the_first(toned: list) -> None:
    staged((ADA, KAREN), TEXTS, "clean", turns=5, seed=1)
    assert [name for name, _, _ in toned] == ["ada", "karen", "ada", "karen", "ada"]


def test_about_a_third_of_the_turns_is_short(toned: list) -> None:
    staged((ADA, KAREN), TEXTS, "clean", turns=120, seed=1)
    short = [text for _, text, _ in toned if text in stage._SHORT]
    assert 0.2 < len(short) / 120 < 0.45
    assert {text for _, text, _ in toned} - set(TEXTS) <= set(stage._SHORT)


def test_pauses_between_turns_are_a_tenth_to_seven_tenths_of_a_second(toned: list) -> None:
    made = staged((ADA, KAREN), TEXTS, "clean", turns=30, seed=2)
    gaps = [
        after.start_s - before.end_s  # type: ignore[operator]
        for (before, one), (after, other) in pairwise(zip(made.words, made.owners, strict=True))
        if one != other
    ]
    assert len(gaps) == 29
    assert min(gaps) > 0.09 and max(gaps) < 0.71 and max(gaps) - min(gaps) > 0.3
    assert made.words[0].start_s == pytest.approx(0.5)


def test_a_person_alone_keeps_one_handset_throughout(toned: list) -> None:
    made = staged((ADA,), TEXTS, "clean", turns=4, seed=3)
    assert set(made.owners) == {"ada"}
    levels = []
    for word in made.words:
        heard = made.samples[round(word.start_s * RATE) + 200 : round(word.end_s * RATE) - 200]  # type: ignore[operator]
        levels.append(10 * np.log10(np.mean(heard**2)))
    assert max(levels) - min(levels) < 1.0


def test_the_second_person_is_three_decibels_quieter(toned: list) -> None:
    made = staged((ADA, KAREN), TEXTS, "clean", turns=4, seed=3)
    levels: dict[str, list[float]] = {"ada": [], "karen": []}
    for word, owner in zip(made.words, made.owners, strict=True):
        heard = made.samples[round(word.start_s * RATE) : round(word.end_s * RATE)]  # type: ignore[operator]
        levels[owner].append(10 * np.log10(np.mean(heard**2)))
    assert np.mean(levels["ada"]) - np.mean(levels["karen"]) == pytest.approx(3.0, abs=0.5)


def test_the_seed_alone_decides(toned: list) -> None:
    one, again, other = (staged((ADA, KAREN), TEXTS, "telephone", turns=6, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.samples, again.samples) and one.call == again.call and one.owners == again.owners
    assert one.call.sha256 != other.call.sha256 and len(one.call.sha256) == 64
    assert one.words != other.words


def test_a_worse_line_has_more_noise_between_the_turns(toned: list) -> None:
    floors = []
    for line in LINES:
        samples = staged((ADA, KAREN), TEXTS, line, turns=3, seed=5).samples
        floors.append(float(np.mean(samples[2_000:6_000] ** 2)))  # half a second before the first word
    assert floors[2] > 5 * floors[1] and floors[2] > 5 * floors[0]


# --- turns of one mixed channel -------------------------------------------------------------------


def word(start: float, end: float, text: str = "w") -> Word:
    return Word(text=text, start_s=start, end_s=end)


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ([], []),
        ([word(0, 1)], [1]),
        ([word(0, 1), word(2.0, 3)], [2]),  # a second to the dot is no pause
        ([word(0, 1), word(2.01, 3)], [1, 1]),
        ([word(0, 1), word(0.5, 2), word(3.5, 4), word(4.2, 5)], [2, 2]),
    ],
)
def test_a_pause_of_more_than_a_second_begins_a_turn(words: list[Word], counts: list[int]) -> None:
    assert [len(turn.words) for turn in stage._turns(words)] == counts


def test_a_turn_has_the_text_and_the_times_of_its_words() -> None:
    (turn,) = stage._turns([word(0.5, 0.7, "yeah,"), word(0.9, 1.2, "right.")])
    assert (turn.text, turn.start_s, turn.end_s, turn.speaker) == ("yeah, right.", 0.5, 1.2, MIXED_NAME)


# --- takes ----------------------------------------------------------------------------------------


def test_a_person_is_taken_once_clean_and_once_on_the_telephone(toned: list) -> None:
    made = list(takes((ADA, KAREN), TEXTS, seconds=4.0, seed=1))
    assert [(take.person, take.line) for take in made] == [("ada", 0), ("ada", 1), ("karen", 0), ("karen", 1)]
    assert all(take.frames.cepstra.shape[0] == len(take.frames.pitch) > 100 for take in made)


@pytest.mark.parametrize("seconds", [2.0, 6.0])
def test_a_person_speaks_until_there_is_enough(seconds: float, toned: list) -> None:
    made = list(takes((ADA,), TEXTS, seconds=seconds, seed=1))
    spoken = sum(len(text.split()) for _, text, _ in toned) * 0.25
    longest = max(len(text.split()) for text in TEXTS) * 0.25
    assert seconds <= spoken < seconds + longest
    assert sum(len(take.frames) for take in made) * 0.01 == pytest.approx(spoken, abs=0.2)


def test_takes_are_the_same_for_a_seed(toned: list) -> None:
    one, again, other = (list(takes((ADA,), TEXTS, seconds=2.0, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(one[0].frames.cepstra, again[0].frames.cepstra)
    assert not np.array_equal(one[1].frames.cepstra[:100], other[1].frames.cepstra[:100])


def test_sentences_of_five_to_thirty_nine_words_are_taken_from_all_files_in_order(tmp_path: Path) -> None:
    five, four = "one two three four five", "one two three four"
    (tmp_path / "b.txt").write_text(f"P: {five} b\nG[x]: {' '.join(['w'] * 39)}\nR: {' '.join(['w'] * 40)}\n")
    (tmp_path / "a.txt").write_text(f"## a | cold: not a turn of anybody here\nR[a,~b]: {five}\nR: {four}\n\n")
    (tmp_path / "notes.md").write_text(f"R: {five} notes\n")
    assert sentences(tmp_path) == [five, f"{five} b", " ".join(["w"] * 39)]


def test_what_is_said_may_hold_a_colon(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("R: two things: a yard and a truck\n# R: this line is only a remark here\n")
    assert sentences(tmp_path) == ["two things: a yard and a truck"]


def test_a_folder_without_dialogues_has_no_sentences(tmp_path: Path) -> None:
    assert sentences(tmp_path) == [] == sentences(tmp_path / "nowhere")
