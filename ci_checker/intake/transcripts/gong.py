"""Gong JSON: monologues by ``speakerId``, joined to the ``parties`` of the call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ci_checker.errors import CallError
from ci_checker.intake.text import counted
from ci_checker.intake.transcripts.base import Cue, Transcript, build
from ci_checker.intake.transcripts.jsons import first, items, moment, peek, seconds, string

SLOWEST_WORDS_A_SECOND = 0.02


class Gong:
    """Reader of the API's transcript, alone or together with the call's own description."""

    name = "Gong JSON"
    order = 40

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether monologues with sentences stand in the JSON."""
        return any({"sentences", "speakerId"} <= part.keys() for part in _monologues(peek(head)))

    def read(self, text: str) -> Transcript:
        """Return the turns, in seconds whichever unit the file uses."""
        data = peek(text)
        if isinstance(data, dict) and len(list(items(data.get("callTranscripts")))) > 1:
            raise CallError("holds the transcripts of several calls", todo="Save one call a file.")
        parties = {
            string(party.get("speakerId")): party for party in items(_find(data, "parties")) if party.get("speakerId")
        }
        meta = first(_find(data, "metaData"))
        length = seconds(meta.get("duration"))
        sentences = [
            (string(part.get("speakerId")), sentence)
            for part in _monologues(data)
            for sentence in items(part.get("sentences"))
        ]
        scale = _scale([sentence for _, sentence in sentences], length)
        names = {key: string(party.get("name")) or string(party.get("emailAddress")) for key, party in parties.items()}
        notes = []
        strangers = dict.fromkeys(key for key, _ in sentences if not names.get(key))
        if strangers:
            notes.append(f"{counted(len(strangers), 'speaker')} not among the parties of the file, named by id.")
        cues = [
            Cue(
                speaker=names.get(key) or key or None,
                text=string(sentence.get("text")),
                start_s=seconds(sentence.get("start"), scale),
                end_s=seconds(sentence.get("end"), scale),
            )
            for key, sentence in sentences
        ]
        sides = {
            names[key]: f"Gong lists this speaker as {string(party.get('affiliation')).lower()}"
            for key, party in parties.items()
            if names[key] and string(party.get("affiliation"))
        }
        started = moment(meta.get("started"))
        return build(cues, notes=notes, length_s=length, started_at=started, reasons=sides)


def _scale(sentences: list[dict[str, Any]], length_s: float | None) -> float:
    """Return the factor to seconds: the call's length tells the unit, else the pace of speech does."""
    last = max((seconds(item.get("end")) or seconds(item.get("start")) or 0.0 for item in sentences), default=0.0)
    if length_s:
        return 0.001 if last > 30 * length_s else 1.0
    spoken = sum(len(string(item.get("text")).split()) for item in sentences)
    return 0.001 if last and spoken / last < SLOWEST_WORDS_A_SECOND else 1.0


def _monologues(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict) and "callTranscripts" in data:
        data = first(data["callTranscripts"])
    if isinstance(data, dict):
        data = data.get("transcript") if "transcript" in data else data.get("monologues")
    yield from _monologues(data) if isinstance(data, dict) else items(data)


def _find(data: Any, key: str, depth: int = 4) -> Any:
    """Return the first value under a key, however the two API answers were put together."""
    if depth == 0:
        return None
    if isinstance(data, dict):
        if key in data:
            return data[key]
        data = list(data.values())
    if isinstance(data, list):
        for part in data[:50]:
            found = _find(part, key, depth - 1) if isinstance(part, (dict, list)) else None
            if found is not None:
                return found
    return None


READER = Gong()
