"""What happens to a single word: what it sounds like, what it becomes, and what stays of a turn."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ci_checker.learn import noise
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.learn.noise import Ear, _inside, _key, _put, bare, mangled
from ci_checker.model import Role


class Dice:
    """Gives the numbers that it was given, and the first of every choice."""

    def __init__(self, *numbers: float) -> None:
        self.numbers = list(numbers)

    def random(self) -> float:
        return self.numbers.pop(0) if self.numbers else 1.0

    def choice(self, of: list[str]) -> str:
        return of[0]


WRONG, MISHEARD, LOST, MERGED, RIGHT = 0.0, 0.1, 0.7, 0.9, 1.0
EAR = Ear.of(["right write knight night their there fore for"])


def thrown(text: str, *dice: float) -> str:
    return mangled(text, 0.5, EAR, Dice(*dice))  # type: ignore[arg-type]


# --- what sounds alike ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("right", "write"),
        ("knight", "night"),
        ("phone", "fawn"),
        ("their", "there"),
        ("pick", "big"),
        ("we're", "were"),
        ("Bitter", "better"),
        ("which", "witch"),
    ],
)
def test_words_of_one_sound_have_one_key(one: str, other: str) -> None:
    assert _key(one) == _key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cat", "can"), ("table", "phone"), ("ask", "sk"), ("note", "tone"), ("a", "ab"), ("lose", "loan")],
)
def test_words_of_another_sound_have_another_key(one: str, other: str) -> None:
    assert _key(one) != _key(other)


@given(some.from_regex(r"[a-z']{1,12}", fullmatch=True))
def test_a_key_has_no_sound_twice_in_a_row_and_ignores_case(word: str) -> None:
    key = _key(word)
    assert not re.search(r"(.)\1", key)
    assert key == _key(word.upper())
    assert "." not in key[1:]


def test_an_ear_knows_every_word_once_and_never_offers_the_word_itself() -> None:
    ear = Ear.of(["Right, right! RIGHT write", "rite", "wright"])
    assert sorted(ear.alike("right")) == ["rite", "wright", "write"]
    assert "write" not in ear.alike("write")


def test_at_most_three_are_offered_the_nearest_in_spelling_first() -> None:
    ear = Ear.of(["bat bet bit bot but bait"])
    found = ear.alike("bat")
    assert len(found) == noise.NEAREST and found[0] == "bait"
    assert found == sorted(found[:1]) + sorted(found[1:])  # of equal nearness by the alphabet


# --- one word -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dice", "found"),
    [
        ("go right now", (RIGHT, WRONG, MISHEARD, RIGHT), "go write now"),
        ("Right, now", (WRONG, MISHEARD, RIGHT), "Write, now"),
        ("go right? now", (RIGHT, WRONG, MISHEARD, RIGHT), "go write? now"),
        ("go on now", (RIGHT, WRONG, LOST, RIGHT), "go now"),
        ("go on now", (WRONG, MERGED, RIGHT), "goon now"),
        ("for e there", (WRONG, MERGED, RIGHT), "for there"),  # "fore" sounds like a word there is
        ("go on zebra", (RIGHT, RIGHT, WRONG, MISHEARD), "go on"),  # nothing sounds alike: it is lost
        ("go on zebra", (RIGHT, RIGHT, WRONG, MERGED), "go on"),  # nothing to merge with: it is lost
        ("zebra", (WRONG, LOST), "zebra"),
        ("go on", (WRONG, LOST, WRONG, LOST), "on"),  # the last one stays where all others went
        ("", (), ""),
    ],
)
def test_a_word_is_misheard_lost_or_run_together(text: str, dice: tuple[float, ...], found: str) -> None:
    assert thrown(text, *dice) == found


@pytest.mark.parametrize(
    ("word", "inside"), [("Hello,", "hello"), ("(it's)", "it's"), ("--", "--"), ("e-mail", "e"), ("2024.", "2024")]
)
def test_inside_of_a_word_are_its_first_letters(word: str, inside: str) -> None:
    assert _inside(word) == inside


@pytest.mark.parametrize(
    ("word", "other", "put"),
    [("right?", "write", "write?"), ("Right!", "write", "Write!"), ('"right', "write", '"write'), ("I", "eye", "Eye")],
)
def test_another_word_takes_the_place_between_the_marks(word: str, other: str, put: str) -> None:
    assert _put(word, other) == put


WORDS = some.sampled_from(["right", "Write,", "go", "there?", "zebra"])


@given(some.lists(WORDS, min_size=1, max_size=12), some.integers())
def test_a_turn_never_loses_its_last_word_and_invents_none(words: list[str], seed: int) -> None:
    said = " ".join(words)
    found = mangled(said, 0.9, EAR, random.Random(seed)).split()
    assert 1 <= len(found) <= len(words)


@pytest.mark.parametrize("share", [0.0, 1e-12])
def test_where_nothing_goes_wrong_every_word_stays(share: float) -> None:
    text = "So,  right - there it is!"
    assert mangled(text, share, EAR, random.Random(1)).split() == text.split()


# --- without case and marks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Well, I'm 'sure' - it's 2024!", "well i'm sure it's 2024"),
        ("the ' mark", "the mark"),
        ("'", ""),
        ("...", ""),
        ("Zo\u00eb\u2019s well-known", "zo\u00eb\u2019s well known"),
    ],
)
def test_case_and_marks_go_and_apostrophes_inside_stay(text: str, found: str) -> None:
    assert bare(text) == found


@given(some.text(alphabet=some.sampled_from("aB '\u2019-.,?!9"), max_size=30))
def test_bare_text_has_single_spaces_and_stays_as_it_is(text: str) -> None:
    found = bare(text)
    assert found == " ".join(found.split())
    assert bare(found) == found == found.lower()
    assert re.fullmatch(r"[\w'\u2019 ]*", found)


# --- conversations --------------------------------------------------------------------------------


def talk(name: str, *texts: str) -> Conversation:
    turns = tuple(LabelledTurn(role=Role.REP, text=text, labels=frozenset({"x"})) for text in texts)
    return Conversation(id=name, kind="cold", turns=turns)


def test_only_words_of_the_conversations_are_heard_unless_another_ear_listens() -> None:
    said = [talk(str(n), "right there for a night") for n in range(40)]
    own = {word for c in noise.heard(said, 0.5) for word in c.turns[0].text.split()}
    theirs = {word for c in noise.heard(said, 0.5, ear=EAR) for word in c.turns[0].text.split()}
    assert "write" in theirs and "write" not in own


def test_the_same_turns_lose_their_marks_whatever_the_share_of_wrong_words() -> None:
    said = [talk(str(n), "Right, there.", "For a night!") for n in range(30)]
    marked = [
        [turn.text[-1] in ".!" for c in noise.heard(said, share, unpunctuated=True) for turn in c.turns]
        for share in (0.0, 1e-12)
    ]
    assert marked[0] == marked[1] and 0.3 < sum(marked[0]) / 60 < 0.7


def test_more_goes_wrong_with_a_larger_share() -> None:
    said = [talk(str(n), "right there for a night and then we write it all down again") for n in range(30)]
    words = said[0].turns[0].text.split()
    kept = [
        sum(word in c.turns[0].text.split() for c in noise.heard(said, share) for word in words)
        for share in (0.05, 0.2, 0.5)
    ]
    assert kept == sorted(kept, reverse=True) and kept[0] > 1.2 * kept[2]


# --- twins ----------------------------------------------------------------------------------------


def test_every_second_conversation_has_a_twin_of_its_own_name() -> None:
    said = [talk(str(n), "right there for a night", "and then we write it down") for n in range(5)]
    twins = noise.twins(said, shares=(0.5,))
    assert len(twins) == 2 and not {c.id for c in twins} & {c.id for c in said}
    assert [t.file for t in twins] == [c.file for c in said[1::2]]
    for twin, own in zip(twins, said[1::2], strict=True):
        assert [t.labels for t in twin.turns] == [t.labels for t in own.turns]
    assert any(a.text != b.text for c, d in zip(twins, said[1::2]) for a, b in zip(c.turns, d.turns))
    assert noise.twins(said, shares=(0.5,)) == twins


def test_twins_differ_in_how_much_goes_wrong() -> None:
    said = [talk(str(n), "right there for a night and then we write it down") for n in range(4)]
    few, many = noise.twins(said, shares=(0.0, 1.0))
    assert few.turns[0].text.split() == noise.bare(said[1].turns[0].text).split()
    assert many.turns[0].text != few.turns[0].text


def test_hands_are_files_and_a_twin_is_of_its_originals_hand() -> None:
    said = [replace(talk(str(n), "right there"), file=f"{n // 2}.txt") for n in range(4)]
    assert noise.hands([*said, *noise.twins(said)]) == [0, 0, 1, 1, 0, 1]
    assert noise.hands([talk("a", "x"), talk("b", "x")]) == [0, 1]  # read from nowhere: everyone by themselves
