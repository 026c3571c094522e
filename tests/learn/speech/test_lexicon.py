"""The grammar's words: every slot leads somewhere, every filling can be spoken and written down again."""

from __future__ import annotations

import re
from random import Random

import pytest

from ci_checker.learn.speech import sentences
from ci_checker.learn.speech.lexicon import SLOTS, TEMPLATES, WORDS

NUMBERS = ("small", "n", "big", "odd", "ordinal", "digits")
EVERY = [*TEMPLATES, *(filling for slot in SLOTS.values() for filling in slot)]


def test_every_slot_that_is_named_can_be_filled() -> None:
    named = {name for text in EVERY for name in re.findall(r"\{(\w+)\}", text)}
    assert named - set(SLOTS) - set(NUMBERS) == set()


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_filled_in_with_words(name: str) -> None:
    for seed in range(30):
        assert re.fullmatch(r"[a-z]+(?:[ -][a-z]+)*", sentences.expand(f"{{{name}}}", Random(seed)))


def test_no_slot_leads_back_to_itself() -> None:
    leads = {
        name: {found for filling in fillings for found in re.findall(r"\{(\w+)\}", filling)} & set(SLOTS)
        for name, fillings in SLOTS.items()
    }
    reached = dict(leads)
    for _ in leads:
        reached = {name: found.union(*(reached[other] for other in found)) for name, found in reached.items()}
    assert [name for name, found in reached.items() if name in found] == []


def test_no_slot_is_idle() -> None:
    used = {name for text in EVERY for name in re.findall(r"\{(\w+)\}", text)}
    code = {"filler", "first", "last", "before", "after", "trade", "company", "day", "month", "city", "tool"}
    assert set(SLOTS) - used - code - {"count", "people", "time", "money", "when"} == set()


@pytest.mark.parametrize("name", sorted(SLOTS))
def test_every_filling_is_a_line_of_plain_words(name: str) -> None:
    for filling in SLOTS[name]:
        assert filling == filling.strip() and filling and "\n" not in filling
        assert re.fullmatch(r"[A-Za-z',.?\- {}_]+", filling), filling


def test_every_template_becomes_a_sentence_that_ends() -> None:
    for seed, template in enumerate(TEMPLATES):
        text = sentences.expand(template, Random(seed))
        assert "{" not in text and text[-1] in ".?", template
        assert sentences.spoken_form(text) == text, template


def test_trade_words_stand_once_and_are_words() -> None:
    assert len(WORDS) > 100
    for word in WORDS:
        assert re.fullmatch(r"[A-Za-z][A-Za-z' -]*", word), word
