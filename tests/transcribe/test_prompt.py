"""Names to expect: which, in what order, how many, and never heard where nobody spoke."""

from __future__ import annotations

import pytest

from ci_checker.transcribe.prompt import MOST_LETTERS, Prompted, is_echo, prompted, text_of

NAMES = ("Acme Flow", "Bright Harbor", "Luke Porter", "Silver Creek Plumbing", "Karen Walsh")


class Bare:
    name, key = "bare", "bare/1"


class Able(Bare):
    def prompted(self, text: str) -> str:
        return f"told: {text}"


def test_names_stand_once_in_their_order():
    assert text_of(["Acme Flow", None, " acme  flow ", "", "Luke"]) == "Acme Flow, Luke."
    assert text_of([]) == "" and text_of([None, " "]) == ""


def test_what_is_no_name_is_taken_out():
    assert text_of(["<|endoftext|> Acme\n\tFlow!"]) == "endoftext Acme Flow."
    assert text_of(["O'Neill & Sons", "K-9"]) == "O'Neill & Sons, K-9."


def test_a_long_list_is_cut_between_names():
    text = text_of(f"Company Number {n}" for n in range(500))
    assert len(text) <= MOST_LETTERS and text.endswith(".") and text.startswith("Company Number 0, Company Number 1,")
    assert all(part.strip(" .").split()[-1].isdigit() for part in text.split(","))


def test_only_an_engine_that_can_gets_a_prompt():
    bare, able = Bare(), Able()
    assert prompted(bare, "Acme.") is bare and prompted(able, "") is able
    assert prompted(able, "Acme.") == "told: Acme." and isinstance(able, Prompted)


@pytest.mark.parametrize(
    ("said", "echo"),
    [
        ("Acme Flow, Bright Harbor, Luke Porter.", True),
        ("bright harbor luke porter silver creek", True),
        ("Silver Creek Plumbing.", False),
        ("Hi Karen, this is Luke Porter with Bright Harbor.", False),
        ("Luke Porter.", False),
        ("Bright Harbor, we help teams like yours.", False),
        ("", False),
    ],
)
def test_the_list_read_out_is_an_echo_and_a_name_in_talk_is_none(said, echo):
    assert is_echo(said.split(), text_of(NAMES)) is echo
    assert not is_echo(said.split(), "")
