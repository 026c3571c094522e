"""A turn with what was said before it: whose words, how many, and where in the call."""

from __future__ import annotations

from ci_checker.behaviors import context
from ci_checker.behaviors.features import Said


def said(*turns: tuple[str, str]) -> list[Said]:
    return [Said(side=side, text=text, judged=side == "rep") for side, text in turns]


CALL = said(
    ("prospect", "Hello?"),
    ("rep", "Hi, this is Dana."),
    ("prospect", "We are all set, thanks."),
    ("rep", "Fair enough."),
)


def test_words_before_come_with_whose_they_are() -> None:
    assert context.before(CALL, 3) == "early them: hello? me: hi, this is dana. them: we are all set, thanks."
    assert context.before(CALL, 2) == "start them: hello? me: hi, this is dana.".replace(
        "them: hello? me:", "me: hello? them:"
    )


def test_the_first_turn_has_only_its_place() -> None:
    assert context.before(CALL, 0) == "start"
    assert context.before(CALL, 0, offset=5) == "early"
    assert context.before(CALL, 0, offset=16) == "later"


def test_only_the_newest_words_are_kept() -> None:
    long = said(("prospect", " ".join(f"w{i}" for i in range(90))), ("rep", "ok"))
    kept = context.before(long, 1).split()[2:]
    assert kept == [f"w{i}" for i in range(90 - context.BEFORE_WORDS, 90)]
    many = said(*[("prospect", f"turn{i}") for i in range(9)], ("rep", "ok"))
    assert [word for word in context.before(many, 9).split() if word.startswith("turn")] == [
        f"turn{i}" for i in range(9 - context.REACH, 9)
    ]


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
