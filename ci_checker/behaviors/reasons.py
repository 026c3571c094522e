"""Turn what a linear model added up into reasons that a person can read and contest."""

from __future__ import annotations

from collections.abc import Iterable

from ci_checker.model import Reason

_SIGNS = {
    "cue": "says a cue of the definition",
    "has_WEEKDAY": "names a day",
    "has_DATE": "names a date",
    "has_TIME": "names a time",
    "has_MONEY": "names an amount",
    "has_DURATION": "names a length of time",
    "has_EVENT": "names something that happened",
    "day_and_time": "names a day and a time",
    "question_mark": "asked as a question",
    "question_starts": "begins as a question",
    "question_open": "an open form of question",
    "question_inverted": "in the word order of a question",
    "gatekeeper_last": "said to the gatekeeper",
    "since_gatekeeper=True": "said near the gatekeeper",
    "early=True": "early in the call",
    "place=0": "in the opening",
    "place=1": "in the opening",
    "place=2": "near the opening",
    "near=2": "takes up the other side's words",
    "near=3": "takes up many of the other side's words",
    "far=3": "gathers what was said before",
    "far=4": "gathers much of what was said before",
    "far_share=2": "gathers what was said before",
    "far_share=3": "mostly what was said before",
    "next_has_MONEY": "answered with an amount",
    "next_has_WEEKDAY": "answered with a day",
    "next_has_DATE": "answered with a date",
    "next_has_TIME": "answered with a time",
    "you_True": "speaks of the other side",
    "we_True": "speaks of us",
}


def readable(contributions: Iterable[tuple[str, float]], most: int = 3) -> tuple[Reason, ...]:
    """Return at most ``most`` reasons, the largest first, each said once."""
    found: dict[str, float] = {}
    quoted: list[str] = []
    for name, weight in contributions:
        block, _, term = name.partition(":")
        if block == "tag":
            text = _SIGNS.get(term, "")
        else:
            words = term.lstrip("^~")
            told = any(f" {words} " in f" {known} " or f" {known} " in f" {words} " for known in quoted)
            text = f'the words "{words}"' if len(words) > 3 and "<" not in words and not told else ""
            quoted += [words] if text else []
        if text and text not in found:
            found[text] = weight
        if len(found) == most:
            break
    return tuple(Reason(text=text, weight=round(weight, 2)) for text, weight in found.items())
