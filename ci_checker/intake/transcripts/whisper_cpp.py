"""whisper.cpp JSON: ``transcription`` with offsets in milliseconds."""

from __future__ import annotations

from pathlib import Path

from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, items, peek, seconds, string


class WhisperCpp:
    """Reader of ``{"transcription": [{"offsets": {"from", "to"}, "text"}]}``."""

    name = "whisper.cpp JSON"
    order = 65

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether segments with offsets stand in the JSON."""
        data = peek(head)
        return isinstance(data, dict) and "offsets" in first(data.get("transcription"))

    def read(self, text: str) -> Transcript:
        """Return the turns; the format names no speakers except by a turn mark."""
        cues = [
            Cue(
                speaker=string(segment.get("speaker")) or None,
                text=string(segment.get("text")),
                start_s=seconds(first(segment.get("offsets")).get("from"), 0.001),
                end_s=seconds(first(segment.get("offsets")).get("to"), 0.001),
            )
            for segment in items(first(peek(text)).get("transcription"))
        ]
        return build(cues)


READER = WhisperCpp()
