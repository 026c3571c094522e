"""WebVTT with voices (Microsoft Teams): ``<v Name>text</v>``, several to a caption."""

from __future__ import annotations

import re
from pathlib import Path

from ci_checker.intake.text import clean, counted
from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.blocks import blocks

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")


class TeamsVtt:
    """Reader of WebVTT whose captions carry voice tags."""

    name = "WebVTT with voices (Teams)"
    order = 10

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether captions, with their heading or without, carry a voice tag."""
        return ("WEBVTT" in head[:20] or "-->" in head) and _VOICE.search(head) is not None

    def read(self, text: str) -> Transcript:
        """Return the turns; words outside any voice are kept under no name, and counted."""
        found, notes = blocks(text)
        cues: list[Cue] = []
        for block in found:
            parts = _VOICE.split(" ".join(block.lines))
            voices = [(None, parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
            cues += [
                Cue(
                    speaker=(clean(name) or None) if name is not None else None,
                    text=said,
                    start_s=block.start_s,
                    end_s=block.end_s,
                )
                for name, said in voices
                if clean(said)
            ]
        nameless = sum(cue.speaker is None for cue in cues)
        if nameless:
            notes.append(
                f"{nameless} of {counted(len(cues), 'caption')} without a speaker; the words stand as unknown."
            )
        return build(cues, notes=notes)


READER = TeamsVtt()
