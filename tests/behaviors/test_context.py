"""What stands around a turn: whose words, how many, how near; and windows of a long turn."""

from __future__ import annotations

from ci_checker.behaviors import context
from ci_checker.behaviors.context import AFTER_TOKENS, BEFORE_TOKENS, Part


def words(text: str) -> int:
    return len(text.split())


def near(texts: list[str], index: int, sides: str) -> list[Part]:
    return context.near(sides, [[text] for text in texts], index, words)


CALL = ["hello", "hi this is dana", "we are all set", "fair enough", "so", "bye now", "more"]


def test_the_turns_around_come_nearest_first_each_with_its_kind() -> None:
    found = near(CALL[:6], 3, "prprpr")
    assert [part.text for part in found] == ["we are all set", "hi this is dana", "hello", "so", "bye now"]
    assert all((part.first, part.last) == (0, words(part.text)) for part in found)
    me = near(CALL[:6], 3, "rrrrrr")
    assert [a.kind - b.kind for a, b in zip(found, me, strict=True)] == [1, 0, 1, 1, 0]
    assert len({part.kind for part in [*found, *me]} | {context.OWN}) == 9


def test_no_two_places_share_a_kind() -> None:
    far = near(CALL, 4, "pppprpp") + near(CALL, 4, "rrrrrrr")
    kinds = {part.kind for part in far} | {context.OWN}
    places = {context.place(turns) for turns in (0, 2, 3, 7, 8, 90)}
    assert len(kinds) == 11 and len(places) == 3 and not kinds & places
    assert kinds | places <= set(range(context.KINDS))


def test_only_turns_within_reach_are_read() -> None:
    many = [f"turn{i}" for i in range(30)]
    around = [part.text for part in near(many, 15, "p" * 30)]
    assert around == ["turn14", "turn13", "turn12", "turn11", "turn16", "turn17"]
    assert near(["only"], 0, "r") == []
    assert near(["", "ok", ""], 1, "prp") == []


def test_of_what_is_long_the_nearest_tokens_are_kept() -> None:
    long = " ".join(f"w{i}" for i in range(90))
    before, after = near([long, "ok", long], 1, "prp")
    assert (before.first, before.last) == (90 - BEFORE_TOKENS, 90)
    assert (after.first, after.last) == (0, AFTER_TOKENS)
    first, second = near(["three words more", " ".join(["x"] * (BEFORE_TOKENS - 1)), "ok"], 2, "prp")
    assert (first.first, first.last, second.first, second.last) == (0, BEFORE_TOKENS - 1, 2, 3)


def test_of_a_turn_in_windows_the_nearest_is_read() -> None:
    texts = [["one", "two"], ["ok"], ["three", "four"]]
    assert [part.text for part in context.near("prp", texts, 1, words)] == ["two", "three"]


def test_a_short_turn_is_one_window_in_lower_case() -> None:
    assert context.windows("Fair ENOUGH, Dana.") == ["fair enough, dana."]


def test_a_long_turn_is_cut_between_sentences_and_loses_no_word() -> None:
    text = " ".join(f"We looked at plant number {i} and it was fine." for i in range(20))
    found = context.windows(text)
    assert len(found) > 1
    assert all(len(window.split()) <= context.LONGEST for window in found)
    assert " ".join(found).split() == text.lower().split()
    assert all(window.endswith("fine.") for window in found)


def test_sentences_of_a_turn_with_several_are_read_alone_too() -> None:
    text = "I saw that you opened a second warehouse. Right. Could we speak about it on Thursday at ten?"
    assert context.sentences(text) == [
        "i saw that you opened a second warehouse.",
        "right. could we speak about it on thursday at ten?",
    ]
    assert context.sentences("Could we speak about it on Thursday at ten?") == []
    assert context.sentences("") == []
