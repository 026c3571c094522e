"""Reads a promise from an English sentence, as far as it goes, and asks for what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ci_checker.commitments import bounds
from ci_checker.commitments.rules import ALL_CALLS, default_check, default_end, draft, window_days
from ci_checker.commitments.scan import Scan
from ci_checker.commitments.target import HowOften, read_target
from ci_checker.commitments.when import NOTHING_SAID, When, read_when
from ci_checker.commitments.words import WORKDAYS, day, join, plural
from ci_checker.model import Commitment, Eligibility, Target, TargetKind, Window

_TYPES = {
    "cold": r"\bcold\b(?= calls?\b| (?:emails?|dials?|outreach)\b|[ ,|.]*$)|\bcold[- ]call(?:s|ing)?\b",
    "warm": r"\bwarm\b(?= calls?\b)",
    "discovery": r"\bdiscovery\b",
    "demo": r"\bdemos?\b|\bdemonstrations?\b",
    "qualification": r"\bqualif(?:ication|ying)\b(?= calls?\b)",
    "follow-up": r"\bfollow[- ]?up\b(?= calls?\b| conversations?\b)",
    "renewal": r"\brenewal\b(?= calls?\b| meetings?\b)",
    "negotiation": r"\bnegotiation\b(?= calls?\b| meetings?\b)",
    "closing": r"\bclosing\b(?= calls?\b)",
    "email": r"\bemails?\b",
}
_KIND = r"(?:cold|warm|discovery|demo|qualif(?:ication|ying)|follow[- ]?up|renewal|negotiation|closing)"
_KINDS = rf"\b{_KIND}(?:(?:, (?:and |or )?| and | or | & |/){_KIND})+(?= (?:calls?|conversations?|meetings?)\b)"
_FIRST_TOUCH = r"\bfirst[- ]touch(?:es)?\b|\bfirst emails?\b|\bfirst (?:time|contact) emails?\b"
_DIRECTIONS = {"inbound": r"\binbound\b|\bincoming\b", "outbound": r"\boutbound\b|\boutgoing\b"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that a sentence left open. ``otherwise`` says what holds if nobody answers.

    ``part`` is ``behavior``, ``target`` or ``when``; an empty ``otherwise`` means that the
    commitment cannot be written down without an answer.
    """

    part: str
    text: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """What was understood of a sentence; ``missing`` asks for the rest."""

    statement: str
    made_on: date
    behavior: str | None = None
    target: Target | None = None
    when: When = NOTHING_SAID
    eligible: Eligibility = ALL_CALLS
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    bound: float | None = None
    started: date | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that has no default."""
        return all(question.otherwise for question in self.missing)

    def draft(self, *, rep: str, manager: str | None = None, rep_words: str = "") -> Commitment:
        """Build the commitment with the defaults for what was not said; errors as ``rules.draft``."""
        return draft(
            rep=rep,
            manager=manager,
            behavior=self.behavior,
            target=self.target,
            made_on=self.made_on,
            statement=self.statement,
            check_on=self.when.check_on,
            start=self.when.start,
            end=self.when.end,
            weekdays=self.when.weekdays,
            from_time=self.when.from_time,
            to_time=self.when.to_time,
            eligible=self.eligible,
            rep_words=rep_words,
            bound=self.bound,
            started=self.started,
        )


def read_statement(
    text: str,
    *,
    today: date,
    behaviors: Mapping[str, Sequence[str]],
    measures: Mapping[str, str] = MappingProxyType({}),
    started: date | None = None,
) -> Partial:
    """Read behavior, bound, target, window and call types from a sentence.

    Parameters
    ----------
    text
        What was promised, in a sentence.
    today
        The day on which it is promised; relative days count from it.
    behaviors
        For each behavior id its name and further phrases that mean it.
    measures
        For each measured behavior what is measured (``bounds``); such a promise may carry a bound.
    started
        The rep's first day at work: in the first two weeks the check is daily.
    """
    scan = Scan(text)
    phrases = {each: (*names, *bounds.PHRASES.get(measures.get(each, ""), ())) for each, names in behaviors.items()}
    named = _behaviors(scan, phrases)
    bound = bounds.read_bound(scan, measures.get(named[0], "")) if len(named) == 1 else None
    when = read_when(scan, today)
    types = _call_types(scan)
    directions = tuple(name for name, pattern in _DIRECTIONS.items() if scan.find(pattern))
    often = read_target(scan)
    if bound is not None and often == HowOften():
        # "No monologue over a minute" is said of every call.
        often = HowOften(target=Target(kind=TargetKind.EVERY))
    behavior = named[0] if len(named) == 1 else None
    target, notes = _whole_window(often, when, today, started)
    return Partial(
        statement=" ".join(text.split()),
        made_on=today,
        behavior=behavior,
        target=target,
        when=when,
        eligible=Eligibility(call_types=types, directions=directions),
        missing=_missing(named, often, when, target, today, behaviors, started),
        notes=notes,
        bound=bound,
        started=started,
    )


def _call_types(scan: Scan) -> tuple[str, ...]:
    """Return the kinds of call that are named; in a list the last word stands for all: discovery and demo calls."""
    spread = scan.find(_KINDS)
    listed = f" {' calls '.join(re.findall(_KIND, spread[0]))} calls " if spread else ""
    seen = Scan(f"{scan.text} | {listed}")
    if seen.find(_FIRST_TOUCH):
        return ("first-touch email",)
    return tuple(name for name, pattern in _TYPES.items() if seen.find(pattern))


def _whole_window(
    often: HowOften, when: When, today: date, started: date | None
) -> tuple[Target | None, tuple[str, ...]]:
    """Turn ``10 a day`` into the number for the whole window, and say so."""
    target = often.target
    if target is None or target.kind is not TargetKind.COUNT:
        return target, ()
    if not (often.a_day or when.each_day):
        if when.each_part_of_day:
            return target, (f"Read as {int(target.value)} in all, not {int(target.value)} each time.",)
        return target, ()
    start = when.start or today
    window = Window(
        start=start,
        end=when.end or default_end(start, when.check_on or default_check(today, None if when.weekdays else started)),
        weekdays=when.weekdays or WORKDAYS,
    )
    days = max(len(window_days(window)), 1)
    total = int(target.value) * days
    note = f"{int(target.value)} a day on {plural(days, 'day')} is {total} in all."
    return Target(kind=TargetKind.COUNT, value=total, per_call=target.per_call), (note,)


def _missing(
    named: Sequence[str],
    often: HowOften,
    when: When,
    target: Target | None,
    today: date,
    behaviors: Mapping[str, Sequence[str]],
    started: date | None,
) -> tuple[Question, ...]:
    found: list[Question] = []
    if not named:
        examples = join([_name(each, behaviors) for each in list(behaviors)[:3]], "or")
        hint = f" For example: {examples}." if examples else ""
        found.append(Question(part="behavior", text=f"Which one behavior would somebody hear on a call?{hint}"))
    elif len(named) > 1:
        both = join([_name(each, behaviors) for each in named])
        found.append(Question(part="behavior", text=f"This names {both}. One at a time: which one comes first?"))
    if target is None:
        asked = often.problem or "How often: on how many calls, on what share of them, or on every one?"
        found.append(Question(part="target", text=asked))
    if not when.said:
        last = default_end(today, when.check_on or default_check(today, started))
        found.append(
            Question(
                part="when",
                text="When: on which days, and at what time of day?",
                otherwise=f"Any time on workdays from {day(today)} to {day(last)}.",
            )
        )
    return tuple(found)


def _name(behavior: str, behaviors: Mapping[str, Sequence[str]]) -> str:
    phrases = behaviors.get(behavior, ())
    return phrases[0] if phrases else behavior.replace("-", " ")


def _stem(word: str) -> str:
    for tail in ("ies", "ing", "ed", "es", "s", "e"):
        if word.endswith(tail) and len(word) - len(tail) >= 3 and not word.endswith("ss"):
            return word[: -len(tail)] + ("y" if tail == "ies" else "")
    return word


def _behaviors(scan: Scan, behaviors: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Find the behaviors named, longest phrase first, and blank out where they stand."""
    phrases = {
        (
            tuple(_stem(word) for word in re.findall(r"[a-z0-9]+", phrase.lower().replace("e-mail", "email"))),
            each,
        )
        for each, names in behaviors.items()
        for phrase in (each, *names)
    }
    found: list[tuple[int, str]] = []
    for in_order in (True, False):
        for wanted, each in sorted(phrases, key=lambda pair: (-len(pair[0]), pair)):
            words = [(_stem(match[0]), match.start(), match.end()) for match in re.finditer(r"[a-z0-9]+", scan.text)]
            for spans in _stretches(words, wanted, in_order=in_order):
                found.append((spans[0][0], each))
                for start, end in spans:
                    scan.blank(start, end)
        if found:
            break
    return tuple(dict.fromkeys(each for _, each in sorted(found)))


def _stretches(
    words: Sequence[tuple[str, int, int]], wanted: tuple[str, ...], *, in_order: bool
) -> list[tuple[tuple[int, int], ...]]:
    """Return the places of a phrase's words; out of order they may stand a little apart."""
    size = len(wanted)
    if not size or (not in_order and size < 2):
        return []
    width = size if in_order else size + 2
    found: list[tuple[tuple[int, int], ...]] = []
    at = 0
    while at <= len(words) - size:
        part = words[at : at + width]
        stems = [stem for stem, _, _ in part]
        if in_order and tuple(stems) == wanted:
            found.append(((part[0][1], part[-1][2]),))
            at += size
        elif not in_order and stems[0] in wanted and set(wanted) <= set(stems):
            found.append(tuple((start, end) for stem, start, end in part if stem in wanted))
            at += width
        else:
            at += 1
    return found
