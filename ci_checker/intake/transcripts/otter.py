"""Otter text (and Teams' newer documents): a line ``Name  0:03``, then what was said."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from ci_checker.intake.text import clean, counted
from ci_checker.intake.transcripts.base import Cue, Transcript, build, stamp
from ci_checker.intake.transcripts.labels import looks_like_name

_HEAD = re.compile(r"\s*(?P<name>\S.{0,58}?)(?:\s{2,}|\t)\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*")
_FOOT = re.compile(r"\s*Transcribed by\s+\S+\s*", re.IGNORECASE)


class Otter:
    """Reader of blocks that open with a name and a time."""

    name = "Otter text"
    order = 60

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether a line holds a name and a time and nothing else, with speech below."""
        lines = head.split("\n")
        pairs = itertools.pairwise(lines)
        return any(_head(line) and clean(below) and not _head(below) for line, below in pairs)

    def read(self, text: str) -> Transcript:
        """Return the turns with their starts; the format has no ends."""
        cues: list[tuple[str, float | None, list[str]]] = []
        early: list[str] = []
        for line in text.split("\n"):
            head = _head(line)
            if head:
                cues.append((head[0], head[1], []))
            elif clean(line) and not _FOOT.fullmatch(line):
                (cues[-1][2] if cues else early).append(line)
        notes = []
        if early:
            shown = "; ".join(clean(line)[:40] for line in early[:3])
            notes.append(f"{counted(len(early), 'line')} before the first speaker left out as a header: {shown}.")
        return build([Cue(speaker=name, text=" ".join(said), start_s=start) for name, start, said in cues], notes=notes)


def _head(line: str) -> tuple[str, float] | None:
    match = _HEAD.fullmatch(line)
    if match is None:
        return None
    name, start = clean(match["name"]), stamp(match["time"])
    return (name, start) if start is not None and looks_like_name(name) else None


READER = Otter()
