"""Reads from a sentence how often: a count, a share, or every call."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ci_checker.commitments.scan import NUMBER, Scan, number
from ci_checker.model import Target, TargetKind

_OF = r"(?: of)?(?: all)?(?: my| our| the| these)?"
_THING = r"(?:calls?|conversations?|emails?|meetings?|demos?|objections?|dials?|prospects?|gatekeepers?|time|one)"
_NOT_TIME = r"(?!morning|afternoon|day|week|work|month|mon|tue|wed|thu|fri|sat|sun)"
_LIST = (
    rf"(?:(?: inbound| outbound| incoming| outgoing)? {_NOT_TIME}[\w-]+(?:, (?:and |or )?| and | or | & |/)"
    rf"{_NOT_TIME}[\w-]+(?:,? (?:and|or|&) [\w-]+)*)"
)
_EVERY = (
    rf"\b(?:every|each|all){_OF}(?: single)?(?:{_LIST}|(?: {_NOT_TIME}[\w-]+){{0,2}}?) (?:{_THING}\b|\|+)"
    r"|\balways\b|\bwithout exception\b"
)
_FRACTIONS = {
    "half": 1 / 2, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3, "a quarter": 1 / 4,
    "one quarter": 1 / 4, "three quarters": 3 / 4,
}  # fmt: skip
_PER_CALL = (
    rf"\b({NUMBER})((?: (?!calls?\b)[\w|-]+){{0,4}}?),? "
    rf"(?:(?:on|in|per|at)\b(?: a)? ?(?={_EVERY}|(?:[\w|-]+ )?(?:call|conversation|email)\b)"
    rf"|an? (?=(?:[\w|-]+ )?(?:call|conversation|email)\b))"
)
_EACH_OF = rf"\b({NUMBER}) times (?:on|in) (?:({NUMBER})\b|(?=(?:at least )?\|))"
_A_DAY = r"\b(?:a day|per day|daily|each day|every day|a morning|per morning)\b"


@dataclass(frozen=True, slots=True, kw_only=True)
class HowOften:
    """What a sentence says of the target. ``a_day``: the count is meant for each day."""

    target: Target | None = None
    a_day: bool = False
    problem: str = ""


def read_target(scan: Scan) -> HowOften:
    """Read the target; call after the time expressions and the behavior were blanked out."""
    share = _share(scan)
    if isinstance(share, HowOften):
        return share
    per_call = 1
    if match := scan.take(_EACH_OF, lambda found: bool(found[2] or share)):
        per_call = max(number(match[1]), 1)
        if match[2] and share is None:
            return _count(number(match[2]), per_call, a_day=scan.take(_A_DAY) is not None)
    elif match := scan.take(_PER_CALL):
        per_call = max(number(match[1]), 1)
    every = scan.take(_EVERY)
    if share is not None and every is not None:
        return HowOften(
            problem=f"It says both {share:.0%} and every call. How often: on that share of the calls, or on every one?"
        )
    if share is not None:
        return HowOften(target=Target(kind=TargetKind.SHARE, value=share, per_call=per_call))
    if every or per_call > 1:
        if every is None and (count := scan.take(rf"\b({NUMBER})(?: [\w-]+){{0,2}} calls\b")):
            return _count(number(count[1]), per_call, a_day=False)
        return HowOften(target=Target(kind=TargetKind.EVERY, per_call=per_call))
    a_day = scan.take(_A_DAY) is not None
    if match := scan.take(r"\b(once|twice)\b"):
        return _count(1 if match[1] == "once" else 2, 1, a_day=a_day)
    if match := scan.take(
        rf"\b({NUMBER})(?: [\w-]+){{0,2}} (?:calls|conversations|emails)\b"
        rf"[^.]*?\bwith (?:at least )?({NUMBER})\b"
    ):
        return _count(number(match[1]), max(number(match[2]), 1), a_day=a_day)
    if match := scan.take(rf"(?<![\w.:-])({NUMBER})(?![\w.:%-])", _is_count):
        return _count(number(match[1]), 1, a_day=a_day)
    return HowOften()


def _is_count(match: re.Match[str]) -> bool:
    """``one`` is more often a word than a count: it counts only before a thing to count."""
    after = match.string[match.end() :].lstrip()
    if re.match(r"(?:hours?|minutes?|days?|weeks?|months?|seconds?)\b", after):
        return False
    return match[1] != "one" or re.match(r"(?:\||[\w-]+ call|call|time|email)", after) is not None


def _count(value: int, per_call: int, *, a_day: bool) -> HowOften:
    if value < 1:
        return HowOften(problem="A target of 0 cannot be observed: on how many calls?")
    return HowOften(target=Target(kind=TargetKind.COUNT, value=value, per_call=per_call), a_day=a_day)


def _share(scan: Scan) -> float | HowOften | None:
    if match := scan.take(r"(?<![\d.])(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)" + _OF):
        value = float(match[1]) / 100
        if not 0 < value <= 1:
            return HowOften(problem=f"A share of {match[1]}% cannot be met: which share of the calls?")
        return value
    if match := scan.take(rf"\b({NUMBER}) (?:out of|of|in)(?: every| my| the)? ({NUMBER})\b"):
        part, whole = number(match[1]), number(match[2])
        if 0 < part <= whole:
            return part / whole
        return HowOften(problem=f"{part} of {whole} cannot be met: which share of the calls?")
    names = "|".join(sorted(_FRACTIONS, key=len, reverse=True))
    if match := scan.take(rf"\b({names})\b{_OF}"):
        return _FRACTIONS[match[1]]
    return None
