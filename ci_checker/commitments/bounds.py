"""A promise's own bound on what is measured: a share of the words, or the seconds of a monologue."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ci_checker.commitments.scan import NUMBER, Scan, number
from ci_checker.errors import RequestError

MONOLOGUE = "longest_rep_monologue"
TALK_RATIO = "rep_talk_ratio"
PHRASES: Mapping[str, tuple[str, ...]] = {
    MONOLOGUE: ("monologue", "uninterrupted stretch"),
    TALK_RATIO: ("talk share", "talking time", "talk time", "share of the words", "share of the talking"),
}
"""What people call the two measures besides a behavior's own names."""

_AT_MOST = (
    r"(?:under|below|beneath|less than|lower than|shorter than|at most|no more than|not more than|no longer than"
    # What is left of "talk less than", whose first words name the behavior.
    r"|(?<=\| )than|not over|over|above|beyond|past|longer than|up to|within|max(?:imum)?(?: of)?|<=?|of|at|to|is)"
)
_PERCENT = rf"\b(?:({_AT_MOST}) )?(?:the )?(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)"
_DECIMAL = rf"\b{_AT_MOST} (0?\.\d+)\b"
_OF_CALLS = r"^ ?of\b(?! (?:the |all )?(?:words|time|talk))"
_FRACTION = rf"\b{_AT_MOST} (?:a |one )?(half|third)\b(?! of (?:my|our|the|all|these)? ?(?:calls|conversations))"
_WORDS = r"^ of (?:the |all )?(?:words|time|talk(?:ing)?(?: time)?)\b"
_SECONDS = rf"(?:\b{_AT_MOST} )?\b({NUMBER}|an?|half a|one and a half|a) ?-?(seconds?|secs?|s|minutes?|mins?|m)\b"
_CLOCK = rf"(?:\b{_AT_MOST} )(\d{{1,2}}):([0-5]\d)\b"


def read_bound(scan: Scan, measure: str) -> float | None:
    """Return the bound that a sentence names for a measure, and blank it out.

    A fraction in (0, 1] for a talk ratio, seconds for a monologue; call before the time
    expressions and the target are read, and after the behavior was blanked out.
    """
    return _share(scan) if measure == TALK_RATIO else _length(scan) if measure == MONOLOGUE else None


def _share(scan: Scan) -> float | None:
    for match in re.finditer(_PERCENT, scan.text):
        after = scan.text[match.end() :]
        if scan.text[: match.start()].endswith("at least ") or (match[1] in (None, "at", "to", "of", "is", "within")
            and re.search(_OF_CALLS, after)):  # fmt: skip
            continue
        value = float(match[2]) / 100
        if not 0 < value <= 1:
            return None
        words = re.match(_WORDS, after)
        scan.blank(match.start(), match.end() + (words.end() if words else 0))
        return value
    if match := scan.take(_DECIMAL):
        return float(match[1]) or None
    if match := scan.take(_FRACTION):
        scan.take(r"(?<=\|)" + _WORDS[1:])
        return {"half": 0.5, "third": 1 / 3}[match[1]]
    return None


def _length(scan: Scan) -> float | None:
    if match := scan.take(_CLOCK):
        return float(int(match[1]) * 60 + int(match[2]))
    if match := scan.take(_SECONDS):
        worth = {"a": 1.0, "an": 1.0, "half a": 0.5, "one and a half": 1.5}
        count = worth[match[1]] if match[1] in worth else float(number(match[1]))
        return (count * (60 if match[2].startswith("m") else 1)) or None
    return None


def parse_bound(text: str, option: str = "--bound") -> float:
    """Return the bound of ``50%`` or ``0.5`` (of the words), ``60``, ``60s`` or ``1:30`` (of a monologue).

    Raises RequestError.
    """
    wanted = text.casefold().replace(" ", "")
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)(?:%|percent)", wanted):
        value = float(match[1]) / 100
        if 0 < value <= 1:
            return value
    elif match := re.fullmatch(r"(\d{1,2}):([0-5]\d)", wanted):
        return float(int(match[1]) * 60 + int(match[2])) or _wrong(text, option)
    elif match := re.fullmatch(r"(\d+(?:\.\d+)?)(s|secs?|seconds?|m|mins?|minutes?)?", wanted):
        value = float(match[1]) * (60 if (match[2] or "").startswith("m") else 1)
        if value > 0:
            return value
    return _wrong(text, option)


def _wrong(text: str, option: str) -> float:
    raise RequestError(
        f"'{text}' is no bound",
        where=option,
        todo="Write a share of the words (50%), or the length of a stretch (60s).",
    )


def check_bound(bound: float | None, behavior: str, measure: str | None) -> None:
    """Refuse a bound on a behavior that is not measured, or of the other measure.

    Raises
    ------
    RequestError
        In one line, with the form that fits.
    """
    if bound is None:
        return
    if measure is None:
        raise RequestError(
            f"'{behavior}' is heard or not, and has no bound",
            where="--bound",
            todo="Leave it away, or say how often with --target.",
        )
    if measure == TALK_RATIO and bound > 1:
        raise RequestError(f"a bound of {bound:g} is no share of the words", where="--bound", todo="Write 50% or 0.5.")
    if measure == MONOLOGUE and bound <= 1:
        raise RequestError(f"nobody speaks for {bound:g} seconds only", where="--bound", todo="Write seconds, as 60s.")


def bound_text(bound: float) -> str:
    """Return a bound in words: ``at most 50% of the words``, ``at most 60 seconds at a stretch``."""
    if bound <= 1:
        return f"at most {bound:.0%} of the words"
    return f"at most {bound:g} seconds at a stretch"
