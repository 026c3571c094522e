"""Fireflies JSON: the API's transcript, or the file of its download button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, items, moment, peek, seconds, string


class Fireflies:
    """Reader of sentences with ``speaker_name``; times are seconds, the length is in minutes."""

    name = "Fireflies JSON"
    order = 50

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether sentences with a speaker's name and a start stand in the JSON."""
        sentence = first(_sentences(peek(head)))
        return "speaker_name" in sentence and bool({"start_time", "startTime"} & sentence.keys())

    def read(self, text: str) -> Transcript:
        """Return the turns."""
        data = peek(text)
        about = _about(data)
        minutes = seconds(about.get("duration"))
        cues = [
            Cue(
                speaker=string(item.get("speaker_name")) or _numbered(item.get("speaker_id")),
                text=string(item.get("text")) or string(item.get("sentence")) or string(item.get("raw_text")),
                start_s=seconds(item.get("start_time", item.get("startTime"))),
                end_s=seconds(item.get("end_time", item.get("endTime"))),
            )
            for item in items(_sentences(data))
        ]
        return build(
            cues,
            length_s=minutes * 60 if minutes else None,
            slack_s=60.0,
            started_at=moment(about.get("date")) or moment(about.get("dateString")),
        )


def _about(data: Any) -> dict[str, Any]:
    for key in ("data", "transcript"):
        if isinstance(data, dict) and isinstance(data.get(key), dict):
            data = data[key]
    return data if isinstance(data, dict) else {}


def _sentences(data: Any) -> Any:
    return data if isinstance(data, list) else _about(data).get("sentences")


def _numbered(value: Any) -> str | None:
    return f"speaker {string(value)}" if string(value) else None


READER = Fireflies()
