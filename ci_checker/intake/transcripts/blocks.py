"""Caption files (WebVTT, SRT, and what other programs call so) cut into timed blocks.

The usual library drops a block whose times are malformed and a block that
follows a blank line inside a caption. Nothing is dropped here: words without
a good time are kept without one, and named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ci_checker.intake.transcripts.base import stamp

_ARROW = re.compile(r"\s*(?P<start>[\w:.,]*)\s*-->\s*(?P<end>[\w:.,]*)")
_LOOSE = re.compile(r"\s*(?P<start>\d+:[\w:.,]+)\s*(?:->|–>|—>|–|—|-)\s*(?P<end>\d+:[\w:.,]+)\s*$")
_META = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


@dataclass(slots=True, kw_only=True)
class Block:
    """The lines of one caption and its times in seconds."""

    start_s: float | None
    end_s: float | None
    lines: list[str] = field(default_factory=list)


def blocks(text: str) -> tuple[list[Block], list[str]]:
    """Cut a caption file into blocks.

    Returns
    -------
    tuple of list of Block and list of str
        The blocks in file order, and notes that name malformed times by line.
    """
    found: list[Block] = []
    notes: list[str] = []
    text = text.lstrip("\n\ufeff")
    lines = text.split("\n")
    opening = True
    skipping = text.startswith("WEBVTT")
    for number, line in enumerate(lines):
        timing = _timing(line)
        if timing is not None:
            found.append(_block(timing, line, number + 1, notes))
            skipping = opening = False
        elif not line.strip():
            opening, skipping = True, False
        elif skipping or (opening and _META.match(line)):
            skipping = True
            opening = False
        elif _is_id(lines, number, opening):
            opening = False
        else:
            if found:
                found[-1].lines.append(line)
            else:
                what = f"Line {number + 1} stands before the first time and was left out"
                notes.append(f"{what}: {line.strip()[:60]}")
            opening = False
    return found, notes


def _timing(line: str) -> tuple[str, str] | None:
    match = (_ARROW.match(line) if "-->" in line else None) or _LOOSE.match(line)
    return (match["start"], match["end"]) if match else None


def _block(timing: tuple[str, str], line: str, number: int, notes: list[str]) -> Block:
    start, end = stamp(timing[0]), stamp(timing[1])
    if start is None or end is None:
        notes.append(
            f"Line {number} has a malformed time ({line.strip()[:60]}); its words were kept without that time."
        )
    return Block(start_s=start, end_s=end)


def _is_id(lines: list[str], number: int, opening: bool) -> bool:
    """Return whether a line names a block: right above a time, and below a blank line or all digits."""
    if number + 1 >= len(lines):
        return False
    below = number + 1
    if opening and lines[number].strip().isdigit() and not lines[below].strip():
        below += 1
    if below >= len(lines) or _timing(lines[below]) is None:
        return False
    return opening or lines[number].strip().isdigit()
