"""Who of the speakers sounds like the rep: points for what each one says, and the reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ci_checker.model import Turn
from ci_checker.speakers.cues import ANSWERS, ASKED_BACK, CUES, EMPLOYED, INTRODUCTION, OWN_LINE, SELF
from ci_checker.speakers.recorded import is_recorded
from ci_checker.speakers.roster import sounds_in
from ci_checker.speakers.says import at, is_filler, questions

MARGIN: Final = 2.0
ENOUGH: Final = 2.0
_EARLY_TURNS: Final = 6
_MOST_CUE_POINTS: Final = 5.0
_AFTER_A_NAME: Final = frozenset(
    ["and", "i", "we", "the", "how", "calling", "just", "is", "do", "did", "to", "so", "on", "um", "uh"]
)


@dataclass(slots=True, kw_only=True)
class Score:
    """Points of one speaker; the reason with the most points is the one that is told."""

    points: float = 0.0
    reasons: list[tuple[float, str]] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        """Count ``points`` and remember why."""
        self.points += points
        self.reasons.append((points, reason))

    @property
    def reason(self) -> str:
        """The strongest reason, with a second one where the first alone does not carry it."""
        good = sorted((entry for entry in self.reasons if entry[0] > 0), key=lambda entry: -entry[0])
        if not good:
            return ""
        count = 1 if good[0][0] >= 4.0 else 2
        return ", and ".join(reason for _, reason in good[:count])


def scores(
    turns: Sequence[Turn],
    names: Sequence[str],
    *,
    rep_names: Sequence[str],
    companies: Sequence[str],
    inbound: bool = False,
) -> Mapping[str, Score]:
    """Return every speaker's score.

    Parameters
    ----------
    turns : sequence of Turn
        The whole call.
    names : sequence of str
        The speakers, in the order in which they first speak.
    rep_names, companies : sequence of str
        Whom the rep may be and sell for, as far as it is known.
    inbound : bool
        Whether the other side called, so that the rep picks up.
    """
    found = {name: Score() for name in names}
    for name in names:
        own = [(index, turn) for index, turn in enumerate(turns) if turn.speaker == name]
        _introductions(found[name], own, rep_names, companies)
        _cues(found[name], own)
    _questions(found, turns)
    _picks_up(found, turns, inbound, companies)
    for name in names:
        if is_recorded([turn for turn in turns if turn.speaker == name]):
            found[name].add(-6.0, "is a recorded greeting")
            if len(names) == 2:
                other = next(each for each in names if each != name)
                found[other].add(3.0, "speaks after a recorded greeting")
    return found


def _introductions(
    score: Score, own: Sequence[tuple[int, Turn]], rep_names: Sequence[str], companies: Sequence[str]
) -> None:
    """The best self-introduction counts, once; known names count far more than any other."""
    best: tuple[float, str] = (0.0, "")
    for index, turn in own:
        for sentence in _sentences(turn.text):
            said = _own_part(sentence)
            points, reason = _introduction(said, rep_names, companies) if said else (0.0, "")
            if index >= _EARLY_TURNS and points < 4.0:
                points = points / 2
            if points > best[0]:
                best = (points, reason + at(turn))
    if best[0]:
        score.add(*best)


def _introduction(sentence: str, rep_names: Sequence[str], companies: Sequence[str]) -> tuple[float, str]:
    heard = INTRODUCTION.search(sentence)
    name = next((each for each in rep_names for said in _selves(sentence) if _name_said(each, said)), None)
    company = next((each for each in companies for said in _firms(sentence) if sounds_in(each, said)), None)
    who = (heard.group("name") or heard.group("here") or heard.group("first")) if heard else None
    if name and company:
        return 8.0, f"introduces themselves as {name.split()[0]} with {company}"
    if company:
        return 6.0, f"introduces themselves as {who.title()} with {company}" if who else f"is from {company}"
    if name:
        return 5.0, f"introduces themselves as {name}"
    if heard and who:
        firm = _short(_firm(heard))
        return 2.5, f"introduces themselves as {who.title()} with {firm}"
    return 0.0, ""


def _firm(match: re.Match[str]) -> str:
    return match.group("company") or match.group("firm") or match.group("last")


def _own_part(sentence: str) -> str:
    """Return what a sentence says of its speaker: nothing if it asks who the other one is."""
    if not ASKED_BACK.search(sentence):
        return sentence
    said = sentence.rpartition(",")[0]
    return said if INTRODUCTION.search(said) and not ASKED_BACK.search(said) else ""


def _selves(sentence: str) -> list[str]:
    """Return the words right where a speaker's own name is expected."""
    found = []
    for match in SELF.finditer(sentence):
        said = match.group("rest") or match.group("weak") or match.group("before") or ""
        found.append(" ".join(said.split()[:3]))
    return found


def _firms(sentence: str) -> list[str]:
    """Return the words where a speaker's own company is expected."""
    found = [_firm(match) for match in INTRODUCTION.finditer(sentence)]
    found += [match.group("company") for match in EMPLOYED.finditer(sentence)]
    # A recognizer often mishears the small word between name and company.
    found += [match.group("rest") for match in SELF.finditer(sentence) if match.group("strong")]
    if found_own := OWN_LINE.search(sentence):
        found.append(found_own.group("company"))
    return found


def _name_said(name: str, said: str) -> bool:
    """A full name, or its first name alone."""
    return sounds_in(name, said) or sounds_in(name.split()[0], said)


def _short(firm: str) -> str:
    """Cut what follows a company's name: everything from the first small function word on."""
    words: list[str] = []
    for word in firm.split():
        if word.casefold() in _AFTER_A_NAME and words:
            break
        words.append(word)
    return " ".join(words)


def _cues(score: Score, own: Sequence[tuple[int, Turn]]) -> None:
    """Each kind of phrase counts once a speaker, all of them together not without bound."""
    total = 0.0
    for cue in CUES:
        for index, turn in own:
            if cue.early and index >= _EARLY_TURNS:
                break
            if cue.pattern.search(turn.text):
                points = cue.points
                if points > 0:
                    points = min(points, _MOST_CUE_POINTS - total)
                    total += points
                if points:
                    score.add(points, cue.says + at(turn))
                break


def _questions(found: Mapping[str, Score], turns: Sequence[Turn]) -> None:
    counts = {name: 0 for name in found}
    for turn in turns:
        if turn.speaker in counts and not is_filler(turn.text):
            counts[turn.speaker] += questions(turn.text)
    asked = sum(counts.values())
    if asked < 3:
        return
    for name, count in counts.items():
        if count / asked >= 0.65:
            found[name].add(1.5, f"asks most of the questions ({count} of {asked})")


def _picks_up(found: Mapping[str, Score], turns: Sequence[Turn], inbound: bool, companies: Sequence[str]) -> None:
    if not turns or turns[0].speaker not in found:
        return
    first = turns[0]
    own_line = OWN_LINE.search(first.text)
    if own_line and any(sounds_in(company, own_line.group("company")) for company in companies):
        found[first.speaker].add(5.0, f"answers the phone for {_short(own_line.group('company'))}{at(first)}")
    elif own_line or (ANSWERS.search(first.text) and len(first.text.split()) <= 14):
        points = 1.5 if inbound else -1.5
        found[first.speaker].add(points, f"answers the phone{at(first)}")


def _sentences(text: str) -> list[str]:
    """Cut at full stops and marks, keeping the mark."""
    parts: list[str] = []
    begin = 0
    for index, letter in enumerate(text):
        if letter in ".?!" and (index + 1 == len(text) or text[index + 1] == " "):
            parts.append(text[begin : index + 1])
            begin = index + 1
    return [part.strip() for part in [*parts, text[begin:]] if part.strip()]
