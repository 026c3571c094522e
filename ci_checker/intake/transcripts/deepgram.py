"""Deepgram JSON: utterances, or words with a speaker number; a channel a voice where there are several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, grouped, items, peek, seconds, string, words

_TEXTS = ("punctuated_word", "word")


class Deepgram:
    """Reader of ``{"results": {"channels": …, "utterances": …}}``."""

    name = "Deepgram JSON"
    order = 40

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether results with channels or utterances stand in the JSON."""
        data = peek(head)
        results = data.get("results") if isinstance(data, dict) else None
        return isinstance(results, dict) and bool({"channels", "utterances"} & results.keys())

    def read(self, text: str) -> Transcript:
        """Return the turns of all channels in order of their start."""
        data = first(peek(text))
        results = first(data.get("results"))
        channels = list(items(results.get("channels")))
        said = list(items(results.get("utterances")))
        several = len(channels) > 1 or len({string(item.get("channel")) for item in said}) > 1
        cues = [_utterance(item, several) for item in said] or [
            cue for number, channel in enumerate(channels) for cue in _channel(channel, number, several)
        ]
        # Channels come one after the other in the file though they were spoken together.
        cues.sort(key=lambda cue: cue.start_s if cue.start_s is not None else 0.0)
        return build(cues, length_s=seconds(first(data.get("metadata")).get("duration")))


def _utterance(item: dict[str, Any], several: bool) -> Cue:
    return Cue(
        speaker=_voice(item.get("channel"), item.get("speaker"), several),
        text=string(item.get("transcript")),
        start_s=seconds(item.get("start")),
        end_s=seconds(item.get("end")),
        words=words(item.get("words"), text_keys=_TEXTS),
    )


def _channel(channel: dict[str, Any], number: int, several: bool) -> list[Cue]:
    best = first(channel.get("alternatives"))
    spoken = [
        (_voice(number, item.get("speaker"), several), word)
        for item in items(best.get("words"))
        for word in words([item], text_keys=_TEXTS)
    ]
    if spoken:
        return grouped(spoken)
    return [Cue(speaker=_voice(number, None, several), text=string(best.get("transcript")))]


def _voice(channel: Any, speaker: Any, several: bool) -> str | None:
    parts = [f"channel {string(channel)}"] if several and string(channel) else []
    parts += [f"speaker {string(speaker)}"] if string(speaker) and not (several and string(speaker) == "0") else []
    return " ".join(parts) or None


READER = Deepgram()
