"""The entity ruler's patterns, on sentences of sales calls: what each finds, and what it must leave alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ci_checker.learn import nlp

spacy = pytest.importorskip("spacy", reason="the pipeline needs spaCy")


@pytest.fixture(scope="module")
def pipeline() -> Any:
    """A tokenizer and the ruler; a verb's lemma is the word without its ending."""
    made = spacy.blank("en")

    @spacy.Language.component("stem")
    def stem(doc: Any) -> Any:
        for token in doc:
            token.lemma_ = re.sub(r"(?:e?d|ing|s)$", "", token.lower_)
        return doc

    made.add_pipe("stem")
    ruler = made.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(nlp.patterns())
    return made


def found(pipeline: Any, text: str, label: str) -> list[str]:
    return [entity.text for entity in pipeline(text).ents if entity.label_ == label]


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("MONEY", "it is 500 dollars a month", ["500 dollars"]),
        ("MONEY", "about two hundred thousand bucks", ["two hundred thousand bucks"]),
        ("MONEY", "we pay $40 for it", ["$40"]),
        ("MONEY", "say $ 2 million", ["$ 2 million"]),
        ("MONEY", "\u00a3 30 and \u20ac 15", ["\u00a3 30", "\u20ac 15"]),
        ("MONEY", "40 grand", ["40 grand"]),
        ("MONEY", "five hundred people", []),
        ("MONEY", "a dollar store", []),
        ("WEEKDAY", "how about next Thursday or on monday", ["next Thursday", "on monday"]),
        ("WEEKDAY", "fridays are bad", ["fridays"]),
        ("WEEKDAY", "they sat there in the sun", []),
        ("DATE", "by april third", ["april third"]),
        ("DATE", "on June 14", ["June 14"]),
        ("DATE", "the 22nd works", ["the 22nd"]),
        ("DATE", "the twenty first", ["the twenty first"]),
        ("DATE", "march 3 or may 4th", ["march 3", "may 4th"]),
        ("DATE", "tomorrow or next week", ["tomorrow", "next week"]),
        ("DATE", "may I ask", []),
        ("DATE", "we march on", []),
        ("DATE", "we second that", []),
        ("DATE", "the first thing and the second one", []),
        ("TIME", "at ten thirty then", ["at ten thirty"]),
        ("TIME", "around two", ["around two"]),
        ("TIME", "half past nine", ["half past nine"]),
        ("TIME", "tomorrow morning", ["tomorrow morning"]),
        ("TIME", "10:30 am", ["10:30 am"]),
        ("TIME", "two of them", []),
        ("TIME", "at best", []),
        ("DURATION", "do you have 15 minutes", ["15 minutes"]),
        ("DURATION", "five or ten minutes", ["five or ten minutes"]),
        ("DURATION", "half an hour", ["half an hour"]),
        ("DURATION", "give me a minute", ["a minute"]),
        ("DURATION", "the meeting minutes", []),
        ("PERCENT", "up 30 percent", ["30 percent"]),
        ("PERCENT", "30 % of it", ["30 %"]),
        ("PERCENT", "a large percent", []),
        ("COMPANY", "I am with Bright Harbor Inc", ["Bright Harbor Inc"]),
        ("COMPANY", "from Hale Group today", ["Hale Group"]),
        ("COMPANY", "a group of people", []),
        ("EVENT", "you opened a yard and signed six", ["opened", "signed"]),
        ("EVENT", "a yard is there", []),
    ],
)
def test_what_is_found_and_what_is_left_alone(label: str, text: str, expected: list[str], pipeline: Any) -> None:
    assert found(pipeline, text, label) == expected


@pytest.mark.parametrize("day", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
def test_every_day_of_the_week_is_one_alone_and_in_plural(day: str, pipeline: Any) -> None:
    assert found(pipeline, f"{day} or {day}s", "WEEKDAY") == [day, f"{day}s"]


def test_every_day_of_a_month_has_its_ordinal_with_the_right_ending() -> None:
    written = [word for word in nlp.ORDINALS if word[0].isdigit()]
    assert [int(word[:-2]) for word in written] == list(range(1, 32))
    for word in written:
        day = int(word[:-2])
        ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        assert word.endswith(ending)


def test_months_that_are_words_too_need_a_number() -> None:
    assert not {"march", "may"} & set(nlp.MONTHS)
    assert len({month[:3] for month in nlp.MONTHS} | {"mar", "may"}) == 12


def test_no_list_says_a_word_twice() -> None:
    for words in (nlp.WEEKDAYS, nlp.MONTHS, nlp.NUMBERS, nlp.ORDINALS, nlp.CURRENCY, nlp.EVENT_LEMMAS):
        assert len(set(words)) == len(words) and all(word == word.lower() for word in words)


def test_patterns_are_the_same_each_time_and_events_come_last() -> None:
    found = nlp.patterns()
    assert found == nlp.patterns() and found[0] is not nlp.patterns()[0]
    labels = [pattern["label"] for pattern in found]
    assert labels.index("EVENT") == len(labels) - len(nlp.EVENT_LEMMAS)
    assert set(labels) == {
        "MONEY", "WEEKDAY", "DATE", "TIME", "DURATION", "PERCENT", "COMPANY", "EVENT",
    }  # fmt: skip
