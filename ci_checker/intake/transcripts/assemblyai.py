"""AssemblyAI JSON: utterances or words in milliseconds, the length in seconds."""

from __future__ import annotations

from pathlib import Path

from ci_checker.errors import CallError
from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, grouped, items, peek, seconds, string, words


class AssemblyAi:
    """Reader of ``{"audio_duration", "utterances": [{"speaker", "start", "end", "text"}], "words"}``."""

    name = "AssemblyAI JSON"
    order = 45

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether the JSON has the fields of an AssemblyAI transcript."""
        data = peek(head)
        if not isinstance(data, dict) or "segments" in data:
            return False
        own = {"audio_duration", "audio_url", "speech_model", "acoustic_model", "language_code", "status"}
        return bool({"utterances", "words"} & data.keys()) and bool(own & data.keys())

    def read(self, text: str) -> Transcript:
        """Return the turns; a transcript that failed says why."""
        data = first(peek(text))
        if data.get("status") == "error":
            raise CallError(f"AssemblyAI could not transcribe this call: {string(data.get('error')) or 'no reason'}")
        length = seconds(data.get("audio_duration"))
        cues = [
            Cue(
                speaker=string(item.get("speaker")) or None,
                text=string(item.get("text")),
                start_s=seconds(item.get("start"), 0.001),
                end_s=seconds(item.get("end"), 0.001),
                words=words(item.get("words"), text_keys=("text",), scale=0.001),
            )
            for item in items(data.get("utterances"))
        ]
        if not cues:
            cues = grouped(
                [
                    (string(item.get("speaker")) or None, word)
                    for item in items(data.get("words"))
                    for word in words([item], text_keys=("text",), scale=0.001)
                ]
            )
        return build(cues or [Cue(speaker=None, text=string(data.get("text")))], length_s=length)


READER = AssemblyAi()
