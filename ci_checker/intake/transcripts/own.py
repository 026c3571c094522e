"""JSON that this program writes: ``turns`` with start, end, speaker and text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ci_checker.errors import CallError
from ci_checker.intake.transcripts.base import UNKNOWN, Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, items, peek, seconds, string


class Own:
    """Reader of ``{"turns": […]}`` and of ``{"calls": [{"turns": […]}]}`` with one call."""

    name = "ci-checker JSON"
    order = 60

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether turns with a text and a speaker stand in the JSON."""
        return {"text", "speaker"} <= first(_call(peek(head)).get("turns")).keys()

    def read(self, text: str) -> Transcript:
        """Return the turns."""
        data = first(peek(text))
        if len(list(items(data.get("calls")))) > 1:
            raise CallError("holds several calls", todo="Save one call a file.")
        call = _call(data)
        cues = [
            Cue(
                speaker=_speaker(item),
                text=string(item.get("text")),
                start_s=seconds(item.get("start", item.get("start_s"))),
                end_s=seconds(item.get("end", item.get("end_s"))),
            )
            for item in items(call.get("turns"))
        ]
        return build(cues, length_s=seconds(call.get("duration", call.get("duration_s"))))


def _call(data: Any) -> dict[str, Any]:
    if isinstance(data, dict) and "calls" in data:
        return first(data["calls"])
    return data if isinstance(data, dict) else {}


def _speaker(item: dict[str, Any]) -> str | None:
    name = string(item.get("speaker"))
    return name if name and name != UNKNOWN else None


READER = Own()
