"""WebVTT without voices (Zoom and others): ``Name: text`` inside the caption, or no names."""

from __future__ import annotations

from pathlib import Path

from ci_checker.intake.transcripts.base import Transcript, build
from ci_checker.intake.transcripts.blocks import blocks
from ci_checker.intake.transcripts.named import named_cues


class ZoomVtt:
    """Reader of WebVTT whose captions may begin with a name."""

    name = "WebVTT (Zoom)"
    order = 20

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether the text is WebVTT."""
        return head.lstrip().startswith("WEBVTT")

    def read(self, text: str) -> Transcript:
        """Return the turns with the names that stand in the captions."""
        found, notes = blocks(text)
        cues, more = named_cues(found)
        return build(cues, notes=[*notes, *more])


READER = ZoomVtt()
