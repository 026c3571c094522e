"""What is masked in a text, and what is left: a word too many rather than a name."""

from __future__ import annotations

import itertools

import pytest

from ci_checker.app.masking import Masks, names_in, parts_of

KEPT = frozenset({"Luke Porter", "Luke", "Porter", "Bright Harbor", "Bright", "Harbor"})
MASKS = Masks(
    known={"Silver Creek Plumbing": "[account 1]", "Karen Walsh": "[name 1]", "Karen": "[name 1]", "Walsh": "[name 1]"},
    kept=KEPT,
    found=frozenset({"Mill", "Town", "Desmond"}),
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Silver Creek Plumbing, this is Karen.", "[account 1], this is [name 1]."),
        ("silver-creek plumbing", "[account 1]"),
        ("hi karen, it's me", "hi [name 1], it's me"),
        ("Karen Walsh's brother Desmond", "[name 1]'s brother [name]"),
        ("a second shop in Mill Town last month", "a second shop in [name] last month"),
        ("This is Luke Porter with Bright Harbor.", "This is Luke Porter with Bright Harbor."),
        ("Call me at 555-867-5309 or +1 (614) 555 0142.", "Call me at [number] or [number]."),
        ("It is five five five, one two one two.", "It is [number]."),
        ("order 8830021", "order [number]"),
        ("Four hundred dollars, maybe $4,500 or 12k dollars.", "[amount], maybe [amount] or [amount]."),
        ("twenty dollars a month, € 30, or two grand a year", "[amount] a month, [amount], or [amount] a year"),
        ("karen@silver.example or karen at silver dot com", "[mail address] or [mail address]"),
        ("see www.silver.example/x or silver.com", "see [address] or [address]"),
        ("3 of 6 calls on Monday, November 16, at 9:15 am", "3 of 6 calls on Monday, November 16, at 9:15 am"),
        ("about forty people and 11 trucks in two places", "about forty people and 11 trucks in two places"),
        ("", ""),
    ],
)  # fmt: skip
def test_masking(text: str, masked: str) -> None:
    assert MASKS.mask(text) == masked


def test_a_surname_that_is_a_word_is_masked_with_a_capital_only() -> None:
    masks = Masks(known=dict.fromkeys(parts_of("Martin Hill"), "[name 2]"))
    assert masks.mask("Mr Hill went up the hill.") == "Mr [name 2] went up the hill."


def test_spans_are_apart_and_in_order() -> None:
    text = "Karen Walsh of Silver Creek Plumbing paid $400 to Desmond, karen@silver.com."
    spans = MASKS.spans(text)
    assert [text[a:b] for a, b, _ in spans] == [
        "Karen Walsh", "Silver Creek Plumbing", "$400", "Desmond", "karen@silver.com",
    ]  # fmt: skip
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Yes, and Marcus runs it with Beth.", {"Marcus", "Beth"}),
        ("Tamika, can you hear me?", {"Tamika"}),
        ("Maple Street is closed. That is all. It is fine, but I'm busy on Monday.", {"Maple", "Street"}),
        ("Well, okay. What do you mean? There it is. They're late.", set()),
        ("Sure. Thursday at ten, in January. Our CRM is Excel.", set()),
        ("This is Luke from Bright Harbor.", set()),
        ("my name is gerald and i work here", {"gerald"}),
        ("good morning beth, how are you", {"beth"}),
        ("Hi there, thanks everyone.", set()),
        ("So — Could we? “Could we,” he said.", set()),
    ],
)
def test_names_by_their_capitals_by_a_greeting_by_an_introduction(text: str, names: set[str]) -> None:
    assert names_in(text, KEPT) == names


def test_a_word_that_is_written_small_elsewhere_is_no_name_at_the_start() -> None:
    assert names_in("Scheduling, mostly.", (), {"scheduling"}) == frozenset()
    assert names_in("Scheduling, mostly.") == {"Scheduling"}, "a word too many rather than a name"


def test_what_a_recorder_calls_a_voice_is_nobodys_name() -> None:
    for voice in ("left", "right", "mixed", "Speaker 2", "speaker_01", "Front Desk", "2", ""):
        assert parts_of(voice) == ()
    assert parts_of("Karen J. Walsh") == ("Karen J. Walsh", "Karen", "Walsh")
