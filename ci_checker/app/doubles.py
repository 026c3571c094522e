"""One conversation counts once: a recording beside its transcript, a file that was exported again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path

from ci_checker import intake
from ci_checker.errors import CallError
from ci_checker.intake.sniff import SOUND_SUFFIXES, TEXT_SUFFIXES
from ci_checker.intake.sources import Item
from ci_checker.model import Details, ScoredCall, Source

# What services put between the name and the ending of a transcript that lies beside its recording.
NOTHING = Details()
_TAILS = (".transcript", "_transcript")


def stem(path: str) -> str | None:
    """Return what a recording and its transcript have in common; ``None`` for mails and strangers."""
    place, ending = os.path.splitext(path)
    if ending.lower() not in SOUND_SUFFIXES | TEXT_SUFFIXES:
        return None
    tail = next((t for t in _TAILS if place.lower().endswith(t)), "")
    return place[: len(place) - len(tail)]


def is_recording(path: str) -> bool:
    """Return whether a path's ending is that of a recording."""
    return os.path.splitext(path)[1].lower() in SOUND_SUFFIXES


def paired(items: Sequence[Item]) -> tuple[tuple[Item, ...], dict[str, Item]]:
    """Take transcripts that lie beside a recording out of a batch.

    Returns
    -------
    tuple of tuple of Item and dict
        The calls, in order, and by a recording's path the transcript that stands
        in where the recording cannot be heard. What is known of either is known of both.
    """
    recordings = {name: each for each in reversed(items) if is_recording(each.path) and (name := stem(each.path))}
    beside: dict[str, Item] = {}
    kept: list[Item] = []
    for item in items:
        recording = None if is_recording(item.path) else recordings.get(stem(item.path) or "")
        if recording is None:
            kept.append(item)
        else:
            beside.setdefault(recording.path, Item(item.path, filled(item.details, recording.details)))
    known = {path: transcript.details for path, transcript in beside.items()}
    return tuple(replace(each, details=filled(each.details, known.get(each.path, NOTHING))) for each in kept), beside


def filled(details: Details, more: Details) -> Details:
    """Return details with the blanks filled in from others."""
    blank = {each.name for each in fields(Details) if getattr(details, each.name) is None}
    return replace(details, **{name: getattr(more, name) for name in blank})


def once(calls: Iterable[ScoredCall]) -> tuple[ScoredCall, ...]:
    """Return scored calls without those that a commitment would count a second time.

    A transcript gives way to the recording beside it; of two contents under one
    path the one that lies there today stays.
    """
    by_path: dict[str, list[ScoredCall]] = {}
    every = tuple(calls)
    for scored in every:
        if scored.call.source is not Source.EMAIL:
            by_path.setdefault(scored.call.path, []).append(scored)
    gone = {id(old) for same in by_path.values() if len(same) > 1 for old in same if old is not _today(same)}
    heard = {stem(path) for path, found in by_path.items() if found[0].call.source is Source.AUDIO} - {None}
    return tuple(
        scored
        for scored in every
        if id(scored) not in gone and not (scored.call.source is Source.TRANSCRIPT and stem(scored.call.path) in heard)
    )


def _today(same: Sequence[ScoredCall]) -> ScoredCall:
    try:
        digest = intake.fingerprint(Path(same[0].call.path))
    except CallError:
        return same[-1]
    return next((scored for scored in same if scored.call.sha256 == digest), same[-1])
