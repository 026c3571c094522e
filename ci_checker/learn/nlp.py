"""Rebuild ``models/nlp-en``: the spaCy pipeline that finds sentences, lemmas, entities and cues.

A blank English tokenizer, a sentence splitter, the lookup lemmatizer with its
English table (spacy-lookups-data, MIT) and an entity ruler with the patterns
below. Nothing in it is trained. Recipe: ``python -m ci_checker.learn.nlp --out models/nlp-en``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS += [f"{day}s" for day in WEEKDAYS] + ["mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri"]
MONTHS = ["january", "february", "april", "june", "july", "august", "september", "october", "november"]
MONTHS += ["december", "jan", "feb", "apr", "jun", "jul", "aug", "sept", "oct", "nov", "dec"]
NUMBERS = [
    *[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
    ],
    *[
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ],
]
ORDINALS = [
    *[
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
    ],
    *[
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "thirtieth",
    ],
    *[
        "1st",
        "2nd",
        "3rd",
        "4th",
        "5th",
        "6th",
        "7th",
        "8th",
        "9th",
        "10th",
        "11th",
        "12th",
        "13th",
        "14th",
        "15th",
        "16th",
        "17th",
        "18th",
        "19th",
        "20th",
    ],
    *["21st", "22nd", "23rd", "24th", "25th", "26th", "27th", "28th", "29th", "30th", "31st"],
]
CURRENCY = ["dollars", "dollar", "bucks", "euros", "euro", "pounds", "quid", "grand", "usd", "eur", "gbp"]
EVENT_LEMMAS = [
    *[
        "acquire",
        "announce",
        "appoint",
        "award",
        "break",
        "buy",
        "close",
        "consolidate",
        "cut",
        "expand",
        "file",
        "fund",
        "hire",
        "join",
        "land",
    ],
    *[
        "launch",
        "lease",
        "lose",
        "merge",
        "migrate",
        "move",
        "name",
        "open",
        "post",
        "promote",
        "publish",
        "raise",
        "rebrand",
        "recruit",
    ],
    *[
        "release",
        "relocate",
        "reorganize",
        "replace",
        "restructure",
        "roll",
        "secure",
        "sell",
        "shut",
        "sign",
        "split",
        "switch",
        "take",
        "win",
    ],
]


def patterns() -> list[dict[str, Any]]:
    """Return the entity ruler's patterns, most specific first."""

    def words(values: list[str]) -> dict[str, Any]:
        return {"LOWER": {"IN": values}}

    number: dict[str, Any] = {"LIKE_NUM": True}
    clock = {"LOWER": {"REGEX": r"^\d{1,2}[:.]\d\d(am|pm)?$|^\d{1,2}(am|pm)$"}}
    half = words(["a.m.", "p.m.", "am", "pm", "o'clock", "oclock", "thirty", "fifteen", "sharp"])
    units = words(["minute", "minutes", "hour", "hours"])
    day = words([*WEEKDAYS])
    listed: dict[str, list[list[dict[str, Any]]]] = {
        "MONEY": [
            [{"LOWER": {"IN": ["$", "€", "£"]}}, {"LIKE_NUM": True, "OP": "+"}, words(["k", "m", "million"])],
            [{"LOWER": {"IN": ["$", "€", "£"]}}, {"LIKE_NUM": True, "OP": "+"}],
            [number, words(["hundred", "thousand", "million", "k"]), words(CURRENCY)],
            [{"LIKE_NUM": True, "OP": "+"}, words(CURRENCY)],
            [{"LOWER": {"REGEX": r"^[$€£]\d[\d,.]*(k|m|bn)?$"}}],
        ],
        "WEEKDAY": [[words(["next", "this", "on"]), day], [day]],
        "DATE": [
            [words(MONTHS), words([*ORDINALS, *NUMBERS])],
            [words(MONTHS), {"IS_DIGIT": True}],
            [words(["march", "may"]), {"IS_DIGIT": True}],
            [words(["march", "may"]), words(ORDINALS)],
            [{"LOWER": "the"}, words(["twenty", "thirty"]), words(ORDINALS[:9])],
            [{"LOWER": "the"}, words([o for o in ORDINALS if o not in ("first", "second", "third")])],
            [words(["today", "tonight", "tomorrow"])],
            [words(MONTHS)],
            [
                words(["next", "this", "last"]),
                words(["week", "month", "quarter", "year", "summer", "spring"]),
            ],
        ],
        "TIME": [
            [words(["at", "around", "by", "say"]), words(NUMBERS[:12]), half],
            [words(["at", "around"]), words([*NUMBERS[:12], "noon"])],
            [words(NUMBERS[:12]), half],
            [words(["half", "quarter"]), {"LOWER": {"IN": ["past", "to", "after"]}}, words(NUMBERS[:12])],
            [words(["half"]), words(NUMBERS[:12])],
            [clock, {"LOWER": {"IN": ["am", "pm", "a.m.", "p.m."]}, "OP": "?"}],
            [words(["this", "tomorrow"]), words(["morning", "afternoon", "evening"])],
            [words(["noon", "lunchtime"])],
        ],
        "DURATION": [
            [number, units],
            [number, {"LOWER": "or"}, number, units],
            [words(["half", "quarter"]), {"LOWER": {"IN": ["an", "of", "a"]}, "OP": "*"}, units],
            [{"LOWER": "a"}, words(["minute", "moment", "sec"])],
        ],
        "PERCENT": [[number, words(["percent", "%"])]],
        "COMPANY": [
            [
                {"IS_TITLE": True, "OP": "+"},
                words(["inc", "inc.", "llc", "ltd", "ltd.", "gmbh", "corp", "group"]),
            ]
        ],
    }
    found = [{"label": label, "pattern": pattern} for label, several in listed.items() for pattern in several]
    return found + [{"label": "EVENT", "pattern": [{"LEMMA": lemma}]} for lemma in EVENT_LEMMAS]


def build(out: Path) -> None:
    """Make the pipeline and write it with ``to_disk`` (JSON and msgpack, no pickle)."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…"]})
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    lemmatizer.initialize()  # type: ignore[attr-defined]
    table = lemmatizer.lookups.get_table("lemma_lookup")  # type: ignore[attr-defined]
    for key in [key for key, lemma in table.items() if lemma.isdigit()]:
        del table[key]  # the table turns "second" into "2"
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(patterns())  # type: ignore[attr-defined]
    for table in list(nlp.vocab.lookups.tables):
        nlp.vocab.lookups.remove_table(table)
    nlp.to_disk(out)


def main() -> None:
    """Build into ``--out``, with its card."""
    from ci_checker.learn.cards import write_card

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    build(options.out)
    write_card(
        options.out,
        title="nlp-en: sentences, lemmas, entities",
        recipe="python -m ci_checker.learn.nlp --out models/nlp-en",
        licence="MIT (spaCy's tokenizer rules and lemma table, both MIT; the patterns are ours)",
        data="None: rules, and the English lemma lookup table of spacy-lookups-data.",
        quality="Rules are not measured alone; the behaviors card measures what is built on them.",
        limits="English only. Companies are found by their legal form only, people's names not at all.",
    )


if __name__ == "__main__":
    main()
