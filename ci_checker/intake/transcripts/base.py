"""What every transcript reader gives back, and the checks that all of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ci_checker.errors import CallError
from ci_checker.intake.text import clean, clock
from ci_checker.model import Speaker, Turn, Word

UNKNOWN = "unknown"
JOIN_GAP_S = 1.5
OVERLAP_S = 5.0
NAMELESS = "The transcript names no speakers: who said what cannot be told from it."

_STAMP = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One piece of speech as the source cuts it. ``speaker`` is ``None`` where none is named."""

    speaker: str | None
    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A call in words. ``duration_s`` is ``None`` where the times do not carry it."""

    turns: tuple[Turn, ...]
    speakers: tuple[Speaker, ...]
    notes: tuple[str, ...] = ()
    duration_s: float | None = None
    started_at: datetime | None = None


class Reader(Protocol):
    """One transcript format. A module of this folder holds one as ``READER``.

    ``order`` decides who is asked first: the stricter a reader sniffs, the
    lower its number. ``head`` is the text of the file, all of it if it is short.
    """

    name: str
    order: int

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether the text is in this format."""
        ...

    def read(self, text: str) -> Transcript:
        """Return the turns; raise ``CallError`` where there are none."""
        ...


def stamp(text: str) -> float | None:
    """Return the seconds of ``h:mm:ss.mmm`` or ``m:ss``; ``None`` where it is not a time."""
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (float(f"0.{fraction}") if fraction else 0.0)


def build(
    cues: Iterable[Cue],
    *,
    notes: Sequence[str] = (),
    length_s: float | None = None,
    slack_s: float = 2.0,
    started_at: datetime | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Transcript:
    """Check times, join what belongs together and list the speakers.

    Parameters
    ----------
    cues : iterable of Cue
        In the order of the source.
    notes : sequence of str
        What the reader already found.
    length_s : float, optional
        The call's length where the source states it.
    slack_s : float
        How far times may run past ``length_s`` unremarked (rounded lengths).
    started_at : datetime, optional
        When the call began, where the source says so.
    reasons : mapping of str to str, optional
        What the source says of a speaker, by name.

    Raises
    ------
    CallError
        No cue has a word.
    """
    cleaned = [replace(cue, text=clean(cue.text)) for cue in cues]
    spoken = [cue for cue in cleaned if cue.text]
    if not spoken:
        raise CallError("the transcript is empty: no one says a word in it")
    timed, found = _times(spoken, length_s, slack_s)
    said = [*notes, *found]
    if all(cue.speaker is None for cue in timed) and NAMELESS not in said:
        said.append(NAMELESS)
    turns = _join(timed)
    names = dict.fromkeys(turn.speaker for turn in turns)
    speakers = tuple(Speaker(name=name, reason=(reasons or {}).get(name, "")) for name in names)
    ends = [turn.end_s for turn in turns if turn.end_s is not None]
    duration = max([length_s, *ends]) if length_s is not None else max(ends, default=None)
    return Transcript(turns=turns, speakers=speakers, notes=tuple(said), duration_s=duration, started_at=started_at)


def _times(cues: list[Cue], length_s: float | None, slack_s: float) -> tuple[list[Cue], list[str]]:
    """Drop times that cannot be right and name them; put overlapping speech in order of its start."""
    kept: list[Cue] = []
    beyond: list[float] = []
    back: list[float] = []
    ended: list[float] = []
    latest = 0.0
    for cue in cues:
        start, end = cue.start_s, cue.end_s
        if start is not None and end is not None and end < start:
            ended.append(start)
            cue = replace(cue, end_s=None)
        last = max((time for time in (start, end) if time is not None), default=0.0)
        if start is not None and (start < 0 or (length_s is not None and last > length_s + slack_s)):
            beyond.append(last if start >= 0 else start)
            cue = _untimed(cue)
        elif start is not None and start < latest - OVERLAP_S:
            back.append(start)
            cue = _untimed(cue)
        elif start is not None:
            latest = max(latest, start)
        kept.append(cue)
    notes = [
        *_named(beyond, f"outside the call (its length is {clock(length_s or 0)})", "the times were left out"),
        *_named(back, "running backwards", "the times were left out and the order of the file kept"),
        *_named(ended, "ending before it starts", "the end was left out"),
    ]
    return _in_order(kept), notes


def _named(times: list[float], what: str, done: str) -> list[str]:
    if not times:
        return []
    places = "One place has a time" if len(times) == 1 else f"{len(times)} places have times"
    return [f"{places} {what}, first at {times[0]:.1f} s; {done}."]


def _untimed(cue: Cue) -> Cue:
    words = tuple(Word(text=word.text, probability=word.probability) for word in cue.words)
    return replace(cue, start_s=None, end_s=None, words=words)


def _in_order(cues: list[Cue]) -> list[Cue]:
    """Sort by start; a cue without a time stays behind the cue it followed."""
    keys: list[float] = []
    latest = 0.0
    for cue in cues:
        latest = cue.start_s if cue.start_s is not None else latest
        keys.append(latest)
    order = sorted(range(len(cues)), key=lambda index: keys[index])
    return [cues[index] for index in order]


def _join(cues: list[Cue]) -> tuple[Turn, ...]:
    joined: list[Cue] = []
    for cue in cues:
        if joined and _belongs(joined[-1], cue):
            before = joined[-1]
            end = max(before.end_s or 0.0, cue.end_s) if cue.end_s is not None else None
            text = f"{before.text} {cue.text}"
            whole = bool(before.words) and bool(cue.words)
            joined[-1] = replace(before, text=text, end_s=end, words=before.words + cue.words if whole else ())
        else:
            joined.append(cue)
    return tuple(
        Turn(
            speaker=cue.speaker or UNKNOWN,
            text=cue.text,
            start_s=cue.start_s,
            end_s=cue.end_s,
            words=cue.words,
        )
        for cue in joined
    )


def _belongs(before: Cue, cue: Cue) -> bool:
    if before.speaker != cue.speaker or before.end_s is None or cue.start_s is None:
        return False
    if cue.start_s - before.end_s >= JOIN_GAP_S:
        return False
    # Without names two people may stand side by side: only a sentence cut in two is joined.
    return cue.speaker is not None or not before.text.rstrip("\"')”’").endswith((".", "?", "!", "…"))
