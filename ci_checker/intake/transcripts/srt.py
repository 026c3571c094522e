"""SubRip captions, and text with ``start --> end`` lines that other programs write."""

from __future__ import annotations

import re
from pathlib import Path

from ci_checker.intake.transcripts.base import Transcript, build
from ci_checker.intake.transcripts.blocks import blocks
from ci_checker.intake.transcripts.named import named_cues

_TIMING = re.compile(r"^\s*\d+:\d+[\d:.,]*\s*-->", re.MULTILINE)


class Srt:
    """Reader of SRT; names may head a line, stand on their own line, or be missing."""

    name = "SRT"
    order = 30

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether lines with an arrow between two times stand in the text."""
        return _TIMING.search(head) is not None

    def read(self, text: str) -> Transcript:
        """Return the turns."""
        found, notes = blocks(text)
        cues, more = named_cues(found)
        return build(cues, notes=[*notes, *more])


READER = Srt()
