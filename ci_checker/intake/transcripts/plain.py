"""Plain text, ``Name: text``, a turn a line, with stamps or without."""

from __future__ import annotations

from pathlib import Path

from ci_checker.intake.transcripts.base import Transcript, build
from ci_checker.intake.transcripts.jsons import looks_like_json
from ci_checker.intake.transcripts.labels import accepted, split
from ci_checker.intake.transcripts.lines import parse_lines

_SUFFIXES = frozenset({"", ".txt", ".text", ".log", ".md", ".vtt", ".srt"})


class Plain:
    """Reader of last resort: lines with names, or a text that lost them."""

    name = "Name: text lines"
    order = 90

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether lines carry names, or the file's name says that it is plain text."""
        if looks_like_json(head):
            return False
        if path.suffix.lower() in _SUFFIXES:
            return True
        lines = head.split("\n")
        labels = accepted(lines)
        named = sum(bool(parts and parts[0] in labels) for parts in map(split, lines))
        return named > 1 and named * 2 >= sum(bool(line.strip()) for line in lines)

    def read(self, text: str) -> Transcript:
        """Return the turns, without times where the lines carry none."""
        cues, notes = parse_lines(text)
        return build(cues, notes=notes)


READER = Plain()
