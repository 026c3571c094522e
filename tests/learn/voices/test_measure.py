"""What is counted when voices are told apart: seconds under the best naming, and who is found again."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ci_checker.learn.voices import measure
from ci_checker.learn.voices.cast import held_out
from ci_checker.learn.voices.measure import Recognition, Told, best_match, measured, pairs, recognition, table
from ci_checker.learn.voices.stage import LINES, Staged
from ci_checker.learn.voices.takes import Take
from ci_checker.model import Call, Source, Turn, Word
from ci_checker.speakers.names import MIXED_NAME, UNSURE


def call(*said: tuple[str, tuple[float, ...]]) -> Call:
    """Turns of (speaker, lengths of words in seconds), one word after the other."""
    turns, at = [], 0.0
    for speaker, lengths in said:
        words = []
        for length in lengths:
            words.append(Word(text="w", start_s=at, end_s=at + length))
            at += length
        turns.append(Turn(speaker=speaker, text=" ".join("w" for _ in words), words=tuple(words)))
    return Call(path="x", sha256="0" * 64, source=Source.AUDIO, turns=tuple(turns))


def told(**changed: object) -> Told:
    plain = Told(name="a", line="clean", voices=2, seconds=10.0, wrong_s=0.0, nobody_s=0.0, mixed=False)
    return replace(plain, **changed)  # type: ignore[arg-type]


# --- one call -------------------------------------------------------------------------------------


def test_the_names_of_voices_do_not_count() -> None:
    said = (("voice 2", (1.0, 1.0)), ("voice 1", (2.0,)))
    for first, second in permutations(("Ada", "Karen")):
        found = measured("x", "clean", call(*said), [first, first, second])
        assert (found.wrong_s, found.nobody_s, found.error) == (0.0, 0.0, 0.0)
        assert (found.seconds, found.voices, found.mixed) == (4.0, 2, False)


def test_longer_words_weigh_more() -> None:
    found = measured("x", "clean", call(("1", (3.0, 1.0)), ("2", (4.0,))), ["A", "B", "B"])
    assert found.wrong_s == pytest.approx(1.0) and found.error == pytest.approx(1 / 8)


def test_one_person_split_into_two_voices_is_wrong_by_the_smaller_part() -> None:
    found = measured("x", "clean", call(("1", (3.0,)), ("2", (2.0,))), ["A", "A"])
    assert (found.wrong_s, found.voices) == (2.0, 1)


def test_two_people_in_one_voice_are_wrong_by_the_one_who_spoke_less() -> None:
    found = measured("x", "clean", call(("1", (3.0, 2.0))), ["A", "B"])
    assert (found.wrong_s, found.mixed) == (2.0, False)


def test_words_of_nobody_are_missed_and_not_wrong() -> None:
    found = measured("x", "clean", call((UNSURE, (1.0,)), ("1", (3.0,))), ["A", "A"])
    assert (found.nobody_s, found.wrong_s, found.error) == (1.0, 0.0, 0.25)


def test_a_call_left_mixed_as_a_whole_is_told_apart_from_one_left_in_part() -> None:
    assert measured("x", "clean", call((MIXED_NAME, (1.0, 2.0))), ["A", "B"]).mixed
    assert not measured("x", "clean", call((MIXED_NAME, (1.0,)), ("1", (2.0,))), ["A", "B"]).mixed


def test_words_without_times_weigh_nothing() -> None:
    turn = Turn(speaker="1", text="w w", words=(Word(text="w"), Word(text="w", start_s=0.0, end_s=2.0)))
    found = measured("x", "clean", Call(path="x", sha256="0", source=Source.AUDIO, turns=(turn,)), ["A", "B"])
    assert (found.seconds, found.wrong_s) == (2.0, 0.0)


def test_a_call_without_a_word_has_no_error() -> None:
    found = measured("x", "clean", call(), [])
    assert (found.seconds, found.error, found.voices) == (0.0, 0.0, 0)


ROWS = some.lists(
    some.tuples(some.sampled_from(["1", "2", "3", UNSURE, MIXED_NAME]), some.sampled_from("ABC"), some.integers(1, 5)),
    max_size=10,
)


@given(ROWS)
def test_the_best_naming_is_no_worse_than_any(rows: list[tuple[str, str, int]]) -> None:
    best = best_match(rows)
    for order in permutations("ABC"):
        naming = dict(zip("123", order, strict=True))
        assert best >= sum(length for label, owner, length in rows if naming.get(label) == owner)
    assert best <= sum(length for label, _, length in rows if label not in (UNSURE, MIXED_NAME))


@given(ROWS)
def test_wrong_missed_and_right_are_all_there_is(rows: list[tuple[str, str, int]]) -> None:
    found = measured("x", "l", call(*((label, (float(length),)) for label, _, length in rows)), [o for _, o, _ in rows])
    right = best_match([(label, owner, float(length)) for label, owner, length in rows])
    assert found.wrong_s + found.nobody_s + right == pytest.approx(found.seconds)
    assert 0.0 <= found.error <= 1.0


# --- many calls -----------------------------------------------------------------------------------


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, ...], str, int]]:
    """Stage calls of no sound, told apart as they are; return (people, line, seed) of each."""
    asked: list[tuple[tuple[str, ...], str, int]] = []

    def stage(people, texts, line, *, seed):
        names = tuple(person.name for person in people)
        asked.append((names, line, seed))
        said = call(*((f"voice of {name}", (2.0,)) for name in names))
        return Staged(call=said, samples=np.zeros(1, np.float32), owners=names, line=line)

    monkeypatch.setattr(measure, "staged", stage)
    monkeypatch.setattr(measure, "tell_apart", lambda call, samples, model, options: call)
    return asked


def test_every_line_has_its_turn_with_other_people_and_another_seed(staged: list) -> None:
    people = held_out()
    found = measure.two_voices(people, ["hi"], None, 7)  # type: ignore[arg-type]
    assert [each.line for each in found] == [LINES[n % 3] for n in range(7)]
    assert len({names for names, _, _ in staged}) == len({seed for _, _, seed in staged}) == 7
    assert [each.name for each in found] == [" and ".join(names) for names, _, _ in staged]
    assert all(each.error == 0.0 and each.voices == 2 for each in found)


def test_a_voice_alone_is_staged_once_a_person(staged: list) -> None:
    people = held_out()[:4]
    found = measure.one_voice(people, ["hi"], None, 20)  # type: ignore[arg-type]
    assert [names for names, _, _ in staged] == [(person.name,) for person in people]
    assert not any(each.mixed for each in found)  # one name was given: it was taken for somebody


def test_pairs_end_where_people_do() -> None:
    people = held_out()[:4]
    every = pairs(people, 100)
    assert len(every) == 6 and len({frozenset((one.name, other.name)) for one, other in every}) == 6
    assert pairs(people, 3, seed=3) == every[:3]
    assert pairs(people, 6, seed=4) != every
    assert pairs(people[:1], 5) == []


# --- recognition ----------------------------------------------------------------------------------


class Places:
    """A model that puts every window of a person at one point."""

    def place(self, windows: np.ndarray) -> np.ndarray:
        return windows


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> list[Take]:
    """Three people at three points; the take holds its own window."""
    monkeypatch.setattr(measure, "windows", lambda take: np.array(take.frames))
    where = {"a": 0.0, "b": 5.0, "c": 10.0}
    return [Take(person=name, line=line, frames=[[at]] * 3) for name, at in where.items() for line in (0, 1)]  # type: ignore[arg-type]


def nearest(within: float):
    def among(voices, enrolled, model):
        (known,) = enrolled
        gaps = {voice: abs(float(point[0]) - known.point[0]) for voice, point in voices.items()}
        voice = min(gaps, key=gaps.__getitem__)
        return type("Known", (), {"voice": voice})() if gaps[voice] <= within else None

    return among


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (1.0, Recognition(present=6, found=6, wrong=0, absent=3, false=0)),
        (99.0, Recognition(present=6, found=6, wrong=0, absent=3, false=3)),
        (-1.0, Recognition(present=6, found=0, wrong=0, absent=3, false=0)),
    ],
)
def test_each_person_is_looked_for_with_and_without(
    within: float, expected: Recognition, points: list[Take], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure.recognize, "among", nearest(within))
    assert recognition(points, Places()) == expected  # type: ignore[arg-type]


def test_a_voice_taken_for_the_other_is_wrong_and_not_found(
    points: list[Take], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure.recognize, "among", lambda *_: type("Known", (), {"voice": 1})())
    found = recognition(points, Places())  # type: ignore[arg-type]
    assert (found.found, found.wrong) == (0, 6)


def test_of_two_people_nobody_can_be_looked_for_where_he_is_not(
    points: list[Take], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure.recognize, "among", nearest(1.0))
    found = recognition(points[:4], Places())  # type: ignore[arg-type]
    assert (found.present, found.found, found.absent) == (2, 2, 0)


# --- the table ------------------------------------------------------------------------------------


def test_calls_weigh_by_their_seconds_and_a_line_without_calls_has_no_row() -> None:
    rows = [told(seconds=30.0, wrong_s=3.0), told(seconds=10.0, nobody_s=5.0), told(line=LINES[2], wrong_s=1.0)]
    text = table(rows, [], Recognition(present=0, found=0, wrong=0, absent=0, false=0))
    assert "| clean | 2 | 20.0% | 7.5% | 12.5% | 0 |" in text
    assert "| telephone | " not in text
    assert f"| {LINES[2]} | 1 | 10.0% | 10.0% | 0.0% | 0 |" in text
    assert "| all | 3 | 18.0% | 8.0% | 10.0% | 0 |" in text
    assert "0 of 0 taken for two" in text


def test_calls_that_stayed_mixed_are_counted_on_their_line() -> None:
    rows = [told(mixed=True, nobody_s=10.0), told(mixed=True, nobody_s=10.0), told(line="telephone")]
    lines = table(rows, rows, Recognition(present=1, found=1, wrong=0, absent=1, false=0)).splitlines()
    assert [line.split("|")[-2].strip() for line in lines[2:5]] == ["2", "0", "2"]
    assert "Calls of one voice alone: 1 of 3 taken for two." in lines
