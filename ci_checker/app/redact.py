"""Reports with names, numbers, addresses and amounts masked in every text, and silenced in the clips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from ci_checker.app.masking import Masks, names_in, parts_of
from ci_checker.app.reporting import CLIP_LEAST_S, moments_of
from ci_checker.errors import CallError, RequestError
from ci_checker.model import (
    Call,
    CallFinding,
    Commitment,
    Dispute,
    Evidence,
    Line,
    Moment,
    Reliability,
    Report,
    Role,
    Turn,
)
from ci_checker.settings import Settings

NOTICE = (
    "The names of prospects, other people and accounts, phone and other long numbers, mail and web addresses, and "
    "amounts of money are masked in the text and silenced in the clips; the names of reps and managers stay. A program "
    "did this from the words as they were heard. It can miss a name that was misheard, one that is also a common word, "
    "one written without a capital letter, and whatever the story or the voice itself gives away. Read and listen "
    "before you pass it on."
)
PAD_S = 0.4
AROUND_S = 0.12
# What was said or typed by people; all other texts quote it and are masked by what is found here.
_SPOKEN: Mapping[type, tuple[str, ...]] = {
    Evidence: ("quote",),
    Line: ("text",),
    Commitment: ("statement", "rep_words", "note", "blocker"),
    Dispute: ("note", "quote", "settled_note"),
}
# Names of behaviors and of the people of the team stay, and so does what identifies a recording to a program.
_LEFT = frozenset(
    "rep manager settled_by behavior behavior_name call_type measured_on voice_notice purpose sha256 clip".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """The masked reports, their clips by name, and a line on every clip that had to stay out."""

    reports: tuple[Report, ...]
    clips: dict[str, bytes]
    problems: tuple[str, ...]


def redact(settings: Settings, found: Sequence[Report], *, clips: bool = True) -> Redacted:
    """Return reports that may be shown to others; the clips are cut here, while the recordings are still named."""
    kept = _kept(settings, found)
    calls = _calls(settings, found) if clips else {}
    masks = masks_for(found, kept, calls.values())
    sounds, problems = _sounds(found, masks, calls) if clips else ({}, ())
    reports = tuple(_without_lost(masked(one, masks), sounds, clips=clips) for one in found)
    return Redacted(reports=reports, clips=sounds, problems=problems)


def masks_for(found: Sequence[Report], kept: Iterable[str], calls: Iterable[Call] = ()) -> Masks:
    """Return what is to be masked in these reports: known names, and names found in what was said."""
    kept = frozenset(name for whole in kept for name in parts_of(whole))
    known: dict[str, str] = {}
    numbers = {"account": 0, "name": 0, "call": 0}

    def label(kind: str, names: Sequence[str]) -> None:
        new = [name for name in names if name and name not in known and name not in kept]
        if not new:
            return
        old = known.get(names[0])
        if old is None:
            numbers[kind] += 1
            old = f"[{kind} {numbers[kind]}]"
        known.update(dict.fromkeys(new, old))

    for one in _all(found, (CallFinding, Moment)):
        label("account", [one.account or ""])
        label("name", parts_of(one.contact or ""))
        label("call", [one.call])
    for one in _all(found, (Line,)):
        if one.role is not Role.REP:
            label("name", parts_of(one.speaker))
    for one in _all(found, (Commitment,)):
        for account in one.eligible.accounts:
            label("account", [account])
    texts = [getattr(one, name) for one in _all(found, tuple(_SPOKEN)) for name in _SPOKEN[type(one)]]
    texts += [turn.text for call in calls for turn in call.turns]
    # A word that somebody wrote small is no name where it stands first; a few are names as well, and are missed.
    common = frozenset(word for text in texts for word in text.split() if word.islower())
    names = frozenset(name for text in dict.fromkeys(texts) for name in names_in(text, kept, common))
    return Masks(known=known, kept=kept, found=names - kept)


def masked(value: Any, masks: Masks) -> Any:
    """Return a value of the model with every text masked; recordings lose their path."""
    if isinstance(value, Reliability | Enum):
        return value
    if isinstance(value, str):
        return masks.mask(value)
    if isinstance(value, tuple):
        return tuple(masked(one, masks) for one in value)
    if not is_dataclass(value):
        return value
    changed = {one.name: masked(getattr(value, one.name), masks) for one in fields(value) if one.name not in _LEFT}
    for name in ("call", "account", "speaker"):
        if isinstance(exact := getattr(value, name, None), str) and exact in masks.known:
            changed[name] = masks.known[exact]
    if isinstance(value, Moment | CallFinding) and value.contact in masks.known:
        changed["contact"] = masks.known[value.contact or ""]
    return replace(value, **changed) if changed else value  # type: ignore[type-var]


def silences(call: Call, masks: Masks, start_s: float, end_s: float) -> tuple[tuple[float, float], ...] | None:
    """Return the seconds to silence between two places of a call, ``None`` where the words' times do not tell."""
    found: list[tuple[float, float]] = []
    for turn in call.turns:
        if turn.start_s is None or turn.end_s is None:
            return None
        if turn.end_s <= start_s or turn.start_s >= end_s:
            continue
        spans = masks.spans(turn.text)
        if not spans:
            continue
        placed = _placed(turn)
        if placed is None:
            return None
        found += [
            (begin - AROUND_S, end + AROUND_S)
            for first, last, begin, end in placed
            if any(first < b and a < last for a, b, _ in spans)
        ]
    return tuple(found)


def _placed(turn: Turn) -> list[tuple[int, int, float, float]] | None:
    """Return where each word stands in the turn's text and in time, ``None`` where one cannot be placed."""
    placed: list[tuple[int, int, float, float]] = []
    at = 0
    for word in turn.words:
        text = word.text.strip()
        start = turn.text.find(text, at)
        if not text or start < 0 or word.start_s is None or word.end_s is None:
            return None
        at = start + len(text)
        placed.append((start, at, word.start_s, word.end_s))
    return placed or None


def _sounds(
    found: Sequence[Report], masks: Masks, calls: Mapping[str, Call]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    from ci_checker.intake import clips as cutter

    cut: dict[str, bytes] = {}
    problems: dict[str, None] = {}
    for moment in [one for report in found if report.finding for one in moments_of(report.finding)]:
        if moment.clip is None or moment.clip in cut or moment.evidence is None:
            continue
        start, end = moment.evidence.start_s or 0.0, moment.evidence.end_s or 0.0
        end = max(end, start + CLIP_LEAST_S)
        call = calls.get(moment.sha256)
        quiet = silences(call, masks, start - PAD_S, end + PAD_S) if call else None
        if quiet is None:
            where = masks.known.get(moment.call, "a call")
            problems[f"{moment.clip} of {where} stays out: without the times of its words nothing can be silenced."] = (
                None
            )
            continue
        try:
            cut[moment.clip] = cutter.cut(Path(moment.audio_path or ""), start, end, pad_s=PAD_S, silent=quiet)
        except (CallError, RequestError) as problem:
            problems[f"{moment.clip}: {masks.mask(problem.what)}"] = None
    return cut, tuple(problems)


def _without_lost(report: Report, sounds: Mapping[str, bytes], *, clips: bool) -> Report:
    """Return the report with no path to a recording, and no clip where none was cut."""

    def clean(moment: Moment) -> Moment:
        there = moment.clip in sounds or not clips
        return replace(
            moment, audio_path="recording" if moment.audio_path else None, clip=moment.clip if there else None
        )

    return _mapped(report, clean)


def _mapped(value: Any, change: Callable[[Moment], Moment]) -> Any:
    if isinstance(value, Moment):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(one, change) for one in value)
    if isinstance(value, Enum) or not is_dataclass(value):
        return value
    changed = {one.name: _mapped(getattr(value, one.name), change) for one in fields(value)}
    return replace(value, **changed)  # type: ignore[type-var]


def _all(values: Any, kinds: tuple[type, ...]) -> list[Any]:
    """Return every value of some kinds within values, in order."""
    if isinstance(values, tuple | list):
        return [one for value in values for one in _all(value, kinds)]
    if isinstance(values, Enum) or not is_dataclass(values):
        return []
    inside = [one for each in fields(values) for one in _all(getattr(values, each.name), kinds)]
    return [values, *inside] if isinstance(values, kinds) else inside


def _kept(settings: Settings, found: Sequence[Report]) -> frozenset[str]:
    team = [name for rep in settings.reps for name in (rep.name, *rep.aliases, rep.manager)]
    shown = [name for one in found for name in (one.rep, one.manager)]
    return frozenset(name for name in (*team, *shown, settings.manager, settings.company) if name)


def _calls(settings: Settings, found: Sequence[Report]) -> dict[str, Call]:
    """Return the calls of the reports by sha256, with their words."""
    from ci_checker.store import open_store

    day = timedelta(days=1)
    calls: dict[str, Call] = {}
    with open_store(settings.store_location()) as store:
        for report in found:
            if report.finding is None:
                continue
            window = report.finding.commitment.window
            rows = store.latest_scores(report.finding.commitment.rep, window.start - day, window.end + day)
            calls |= {one.call.sha256: one.call for one in rows}
    return calls
