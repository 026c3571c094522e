"""Whisper and WhisperX JSON: segments, words with or without times, speakers where diarized."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ci_checker.intake.text import counted
from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, items, peek, seconds, string, words


class Whisper:
    """Reader of ``{"segments": [{"start", "end", "text", …}]}`` or the bare list of segments."""

    name = "Whisper or WhisperX JSON"
    order = 70

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether segments with a text and a start stand in the JSON."""
        return {"text", "start"} <= first(_segments(peek(head))).keys()

    def read(self, text: str) -> Transcript:
        """Return the turns; a word without a time, as WhisperX leaves them, stays without."""
        cues: list[Cue] = []
        mixed = 0
        for segment in items(_segments(peek(text))):
            speaker = string(segment.get("speaker")) or None
            voices = {string(word.get("speaker")) for word in items(segment.get("words"))} - {""}
            mixed += len(voices) > 1
            cues.append(
                Cue(
                    speaker=speaker,
                    text=string(segment.get("text")),
                    start_s=seconds(segment.get("start")),
                    end_s=seconds(segment.get("end")),
                    words=words(segment.get("words"), text_keys=("word", "text")),
                )
            )
        notes = []
        if mixed:
            notes.append(f"{counted(mixed, 'segment')} with words of two voices, given whole to the main voice.")
        return build(cues, notes=notes)


def _segments(data: Any) -> Any:
    if isinstance(data, dict):
        return data.get("segments")
    return data if isinstance(data, list) else None


READER = Whisper()
