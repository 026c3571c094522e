"""Transcripts a line a turn: names, stamps in all the places people put them, lines that go on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ci_checker.intake.text import clean, counted
from ci_checker.intake.transcripts.base import Cue, stamp
from ci_checker.intake.transcripts.labels import accepted, is_heading, split

LATEST_START_S = 4 * 3600.0

_TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_BRACKETED = re.compile(rf"\s*[\[(]\s*({_TIME})(?:\s*(?:-|–|-->)\s*{_TIME})?\s*[\])]\s*[-–|:]?\s*(.*)", re.DOTALL)
_BARE = re.compile(rf"\s*({_TIME})\s*[-–|]?\s+(.*)", re.DOTALL)
_AFTER = re.compile(rf"\s*([^:\[(]{{1,60}}?)\s*[\[(]\s*({_TIME})\s*[\])]\s*:?\s*(.*)", re.DOTALL)
_ALONE = re.compile(rf"\s*[\[(]?({_TIME})[\])]?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: where it stands, its stamp in seconds, its label and what follows."""

    number: int
    label: str | None
    text: str
    start_s: float | None = None
    alone: bool = False


def parse_lines(text: str, *, known: Iterable[str] = ()) -> tuple[list[Cue], list[str]]:
    """Return the cues of a text of ``Name: text`` lines, and notes.

    Parameters
    ----------
    text : str
        The file, or the part of it that holds speech.
    known : iterable of str
        Names that a header lists; they count as speakers wherever they head a line.
    """
    rows = [(number, line) for number, line in enumerate(text.split("\n"), 1) if clean(line)]
    labels = accepted((clean(_unstamped(line)) for _, line in rows), known)
    read = [_line(number, line, labels) for number, line in rows]
    if not any(line.label for line in read):
        return _nameless(read)
    return _named(read)


def _named(read: list[Line]) -> tuple[list[Cue], list[str]]:
    cues: list[Cue] = []
    early: list[str] = []
    carried = 0
    pending: float | None = None
    for line in read:
        start = line.start_s if line.start_s is not None else pending
        if line.alone:
            pending = line.start_s
        elif line.label is not None:
            cues.append(Cue(speaker=line.label, text=line.text, start_s=start))
            pending = None
        elif not cues:
            early.append(line.text)
        elif start is not None:
            carried += 1
            cues.append(Cue(speaker=cues[-1].speaker, text=line.text, start_s=start))
            pending = None
        else:
            cues[-1] = replace(cues[-1], text=f"{cues[-1].text} {line.text}".strip())
    notes = []
    if early:
        shown = "; ".join(text[:40] for text in early[:3])
        notes.append(f"{counted(len(early), 'line')} before the first speaker left out as a header: {shown}.")
    if carried:
        notes.append(f"{counted(carried, 'stamped line')} without a name, given to the speaker before.")
    return _not_of_day(cues, notes)


def _nameless(read: list[Line]) -> tuple[list[Cue], list[str]]:
    cues: list[Cue] = []
    pending: float | None = None
    for line in read:
        if line.alone:
            pending = line.start_s
            continue
        start = line.start_s if line.start_s is not None else pending
        cues.append(Cue(speaker=None, text=line.text, start_s=start))
        pending = None
    return _not_of_day(cues, [])


def _not_of_day(cues: list[Cue], notes: list[str]) -> tuple[list[Cue], list[str]]:
    """Leave out stamps that are the time of day: they do not say where in the call a turn stands."""
    first = next((cue.start_s for cue in cues if cue.start_s is not None), 0.0)
    if first is None or first < LATEST_START_S:
        return cues, notes
    told = "The stamps are times of day and not places in the call; the turns stand without times."
    return [replace(cue, start_s=None) for cue in cues], [*notes, told]


def _unstamped(line: str) -> str:
    """Return a line without its stamp, so that its label can be seen."""
    after = _AFTER.match(line)
    if after:
        return f"{after[1]}: {after[3]}"
    match = _BRACKETED.match(line) or _BARE.match(line)
    return match[2] if match else line


def _line(number: int, line: str, labels: frozenset[str]) -> Line:
    alone = _ALONE.fullmatch(line)
    if alone and (start := stamp(alone[1])) is not None:
        return Line(number=number, label=None, text="", start_s=start, alone=True)
    after = _AFTER.match(line)
    if after and clean(after[1]) in labels and (start := stamp(after[2])) is not None:
        return Line(number=number, label=clean(after[1]), text=clean(after[3]), start_s=start)
    boxed = _BRACKETED.match(line)
    bare = None if boxed else _BARE.match(line)
    match = boxed or bare
    if match and (start := stamp(match[1])) is not None:
        parts = split(clean(match[2]))
        if parts and parts[0] in labels:
            return Line(number=number, label=parts[0], text=parts[1], start_s=start)
        # "10:30 works for me" opens with a time too; only a boxed one is surely a stamp.
        if boxed:
            return Line(number=number, label=None, text=clean(match[2]), start_s=start)
    parts = split(clean(line))
    if parts and parts[0] in labels and not is_heading(parts[0]):
        inner = _BRACKETED.match(parts[1])
        if inner and (start := stamp(inner[1])) is not None:
            return Line(number=number, label=parts[0], text=inner[2], start_s=start)
        return Line(number=number, label=parts[0], text=parts[1])
    return Line(number=number, label=None, text=clean(line))
