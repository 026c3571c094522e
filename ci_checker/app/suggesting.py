"""Which turns of a team's calls are worth a label, so that few answers make a behavior's detector good.

Uncertain turns teach most (Lewis and Gale 1994), sure ones show that it is on the right track, and a few that
look like nothing keep it honest. What a person answers is kept in the contract's format, with the other turns
of the call as context, and with the definition's own examples, so that ``behaviors train`` learns from all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import RequestError
from ci_checker.model import Call, Role
from ci_checker.settings import Settings

if TYPE_CHECKING:
    from ci_checker.behaviors.classifier import Detector

LEAST_WORDS = 3
MOST_A_CALL = 4
SURE, UNCERTAIN = 0.4, 0.4
"""Shares of the likeliest and of the least certain turns; the rest is drawn from all others."""
_EXAMPLE = "example-of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One turn to label: of which call, its number in it, and how likely it shows the behavior."""

    call: Call
    turn: int
    probability: float

    @property
    def text(self) -> str:
        """Return the turn's words."""
        return self.call.turns[self.turn].text

    @property
    def key(self) -> tuple[str, int]:
        """Return what names the turn in labelled data."""
        return conversation_id(self.call), self.turn


def stored(settings: Settings) -> tuple[Call, ...]:
    """Return the calls of the workspace that have a known rep, each conversation once, in the store's order."""
    from ci_checker.app import doubles
    from ci_checker.store import open_store

    with open_store(settings.store_location()) as store:
        scored = doubles.once(store.latest_scores(None))
    return tuple(each.call for each in scored if each.error is None and each.call.has_known_rep)


def from_files(paths: Sequence[str], settings: Settings) -> tuple[Call, ...]:
    """Return the calls of transcripts and recordings. Raises RequestError where none has a known rep."""
    from ci_checker.app import scoring

    scored = scoring.score(paths, scoring.ScoreOptions(behaviors=("talk-ratio",)), settings)
    wrong = next((each.error for each in scored if each.error), None)
    if wrong is not None:
        raise RequestError(wrong)
    found = tuple(each.call for each in scored if each.call.has_known_rep)
    if not found:
        raise RequestError("it is not known who the rep is on any of these calls", where="--calls")
    return found


def suggest(
    behavior: Behavior, calls: Iterable[Call], *, most: int = 25, known: Iterable[tuple[str, int]] = ()
) -> tuple[Suggestion, ...]:
    """Return at most ``most`` turns of reps to label, in the order of the calls; deterministic.

    ``known`` are the turns that have an answer (conversation, turn). Raises RequestError for a measured
    behavior, MissingError without the shipped models.
    """
    if behavior.measure is not None:
        raise RequestError(f"'{behavior.id}' is measured, so there is nothing to label")
    answered = set(known)
    found: list[Suggestion] = []
    heard: set[str] = set()
    by = _detector(behavior)
    for call in calls:
        for turn, probability in sorted(_probabilities(call, behavior, by).items()):
            one = Suggestion(call=call, turn=turn, probability=probability)
            words = one.text.lower().split()
            if len(words) >= LEAST_WORDS and one.key not in answered and " ".join(words) not in heard:
                heard.add(" ".join(words))
                found.append(one)
    places = {one.key: at for at, one in enumerate(found)}
    return tuple(sorted(_chosen(found, most), key=lambda one: places[one.key]))


def _chosen(found: Sequence[Suggestion], most: int) -> list[Suggestion]:
    ranked = sorted(found, key=lambda one: (-one.probability, *_chance(one)))
    unsure = sorted(found, key=lambda one: (abs(one.probability - 0.5), *_chance(one)))
    chosen: dict[tuple[str, int], Suggestion] = {}
    a_call: dict[str, int] = {}
    for order, until in (
        (ranked, round(SURE * most)),
        (unsure, round((SURE + UNCERTAIN) * most)),
        (sorted(found, key=_chance), most),
        (ranked, most),
    ):
        for one in order:
            if len(chosen) >= until:
                break
            crowded = a_call.get(one.key[0], 0) >= MOST_A_CALL and order is not ranked
            if one.key not in chosen and not crowded:
                chosen[one.key] = one
                a_call[one.key[0]] = a_call.get(one.key[0], 0) + 1
    return list(chosen.values())


def _chance(one: Suggestion) -> tuple[str, int]:
    """Return an order that has nothing to do with the calls', and is the same on every machine."""
    return hashlib.sha256(one.text.encode("utf-8", "replace")).hexdigest(), one.turn


def _detector(behavior: Behavior) -> Detector | None:
    """Return what scores the behavior now: trained beside it, shipped, or of its examples; ``None`` of too few."""
    from ci_checker.behaviors import detect, team

    trained = team.trained(behavior)
    if trained is not None:
        return trained
    examples = detect.examples_of(behavior)
    if examples is not None:
        return examples.detector
    shipped = detect._detectors()[0]
    return shipped if behavior.id in shipped.labels else None


def _probabilities(call: Call, behavior: Behavior, by: Detector | None) -> dict[int, float]:
    """Return how likely each turn of the rep shows the behavior, by turn; by likeness to an example without ``by``."""
    from ci_checker.behaviors import detect, encoder, reading

    own = [at for at, turn in enumerate(call.turns) if call.role_of(turn.speaker) is Role.REP]
    if by is None:
        said = encoder.vectors([call.turns[at].text.lower() for at in own])
        like = said @ encoder.vectors([text.lower() for text in behavior.counts]).T
        return {at: float(row.max()) for at, row in zip(own, like, strict=True)}
    items, meant = reading.read(by, detect.said(call, frozenset({Role.REP})))
    scores = by.scores(items, meant)[:, by.labels.index(behavior.id)]
    found: dict[int, float] = {}
    for item, probability in zip(items, by.calibrations[behavior.id].probability(scores), strict=True):
        found[item.turn] = max(found.get(item.turn, 0.0), float(probability))
    return found


def conversation_id(call: Call) -> str:
    """Return what a call is named in labelled data: its content, so that a moved file keeps its labels."""
    return call.sha256 or call.path


def rows(
    behavior: Behavior, suggestions: Sequence[Suggestion], answers: Mapping[tuple[str, int], bool]
) -> list[dict[str, Any]]:
    """Return labelled turns in the contract's format: answered ones, their calls around them, and the examples."""
    found: list[dict[str, Any]] = []
    examples = [(text, True) for text in behavior.counts] + [(text, False) for text in behavior.does_not_count]
    for number, (text, counts) in enumerate(examples):
        name = f"{_EXAMPLE}-{behavior.id}-{number + 1}"
        labels = [behavior.id] if counts else []
        found.append({"conversation": name, "turn": 0, "role": Role.REP.value, "text": text, "labels": labels})
    calls = {conversation_id(one.call): one.call for one in suggestions if one.key in answers}
    for name, call in calls.items():
        for number, turn in enumerate(call.turns):
            answer = answers.get((name, number))
            row: dict[str, Any] = {
                "conversation": name,
                "turn": number,
                "role": call.role_of(turn.speaker).value,
                "text": turn.text,
                "labels": None if answer is None else [behavior.id] if answer else [],
            }
            times = {"start": turn.start_s, "end": turn.end_s}
            found.append(row | {key: value for key, value in times.items() if value is not None})
    return found


def earlier(path: Path, behavior: Behavior) -> list[dict[str, Any]]:
    """Return the labelled turns that a file of earlier answers holds, none where there is no file.

    Raises RequestError where it is no labelled data, or holds no label of this behavior's.
    """
    if not path.exists():
        return []
    from ci_checker.learn.dialogues import read_jsonl

    conversations = read_jsonl(path)
    labels = {label for c in conversations for turn in c.turns for label in turn.labels or ()}
    if labels - {behavior.id}:
        raise RequestError(
            f"this file has other labels ({', '.join(sorted(labels - {behavior.id}))})",
            where=str(path),
            todo="Name a file of its own for each behavior.",
        )
    return [json.loads(line) for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]


def merged(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return both without doubles, conversations in the order in which they came; a new answer goes first."""
    groups: dict[str, dict[int, dict[str, Any]]] = {}
    for row in (*old, *new):
        turns = groups.setdefault(str(row["conversation"]), {})
        known = turns.get(row["turn"])
        if known is None or row["labels"] is not None:
            turns[row["turn"]] = row
    return [turns[number] for turns in groups.values() for number in sorted(turns)]


def as_jsonl(found: Iterable[Mapping[str, Any]]) -> str:
    """Return labelled turns as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
