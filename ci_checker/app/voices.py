"""The voices of a workspace: a rep's enrolled voice is kept in a file beside the store, and only there.

A voice is biometric data. What is kept is a row of numbers made from calls whose channel told who
spoke, never sound; it does not leave this machine, and ``forget`` deletes the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_checker.app.progress import Progress
from ci_checker.app.workspace import near_ones, rep_called
from ci_checker.errors import RequestError
from ci_checker.settings import FILE, Settings

if TYPE_CHECKING:
    from ci_checker.speakers.diarize import Options
    from ci_checker.speakers.recognize import Enrolled

FOLDER = Path(".ci-checker") / "voices"
SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An enrolled voice. ``model`` is the sha256 of the speaker model whose space ``point`` lies in.

    ``calls`` are the sha256 of the calls that it was made from, ``seconds`` how much speech they hold.
    """

    name: str
    point: tuple[float, ...]
    model: str
    seconds: float
    calls: tuple[str, ...]
    made_on: date
    path: Path


class Telling:
    """How the voices of one channel are told apart in a run; the enrolled ones are read when first needed."""

    def __init__(self, settings: Settings, speakers: int) -> None:
        self._settings = settings
        self._speakers = speakers

    @cached_property
    def options(self) -> Options:
        """What stage 3 goes by."""
        from ci_checker.speakers.diarize import Options

        return Options(speakers=self._speakers, enrolled=enrolled(self._settings))


def enrolled(settings: Settings) -> tuple[Enrolled, ...]:
    """Return the voices that the present speaker model can compare; none outside of a workspace."""
    found = voices(settings) if settings.root is not None else ()
    if not found:
        return ()
    from ci_checker.speakers.recognize import Enrolled
    from ci_checker.speakers.voices import load_model

    model = load_model().sha256
    return tuple(Enrolled(name=voice.name, point=voice.point) for voice in found if voice.model == model)


def voices(settings: Settings) -> tuple[Voice, ...]:
    """Return every enrolled voice by name. Raises RequestError outside of a workspace and for a damaged file."""
    folder = _folder(settings)
    return tuple(sorted((_read(path) for path in folder.glob("*.json")), key=lambda voice: voice.name.casefold()))


def is_current(voice: Voice) -> bool:
    """Return whether the present speaker model can compare a voice."""
    from ci_checker.speakers.voices import load_model

    return voice.model == load_model().sha256


def enroll(rep: str, settings: Settings, *, progress: Progress = Progress()) -> Voice:
    """Make a rep's voice from the store's two-channel calls in which it is known which channel is theirs.

    Raises RequestError where there are none, or too little speech in them.
    """
    from ci_checker.app.enrolling import heard_of
    from ci_checker.speakers.voices import load_model

    folder = _folder(settings)
    known = rep_called(rep, settings)
    model = load_model()
    heard = heard_of(known.name, settings, model, progress)
    voice = Voice(
        name=known.name,
        point=heard.point,
        model=model.sha256,
        seconds=round(heard.seconds, 1),
        calls=heard.calls,
        made_on=date.today(),
        path=folder / f"{_file_name(known.name)}.json",
    )
    _write(voice)
    return voice


def forget(name: str, settings: Settings) -> Voice:
    """Delete an enrolled voice and return what it was. Raises RequestError for a name without one."""
    found = voices(settings)
    rep = settings.rep_named(name)
    wanted = {name.strip().casefold(), *((rep.name.casefold(),) if rep else ())}
    for voice in found:
        if voice.name.casefold() in wanted:
            try:
                voice.path.unlink(missing_ok=True)
            except OSError as problem:
                why = (problem.strerror or str(problem)).lower()
                raise RequestError(f"the voice cannot be deleted ({why})", where=str(voice.path)) from problem
            return voice
    near = near_ones(name, [voice.name for voice in found])
    hint = f"Did you mean {near[0]}?" if near else "See 'ci-checker voices list'."
    raise RequestError(f"no voice of '{name}' is enrolled", todo=hint)


def _folder(settings: Settings) -> Path:
    if settings.root is None:
        raise RequestError(
            f"there is no {FILE} here or in a folder above",
            where=str(Path.cwd()),
            todo="Voices are kept in a workspace: run 'ci-checker init' first.",
        )
    return settings.root / FOLDER


def _file_name(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]
    return f"{plain or 'voice'}-{hashlib.sha256(name.casefold().encode()).hexdigest()[:6]}"


def _write(voice: Voice) -> None:
    told = {
        "schema": SCHEMA,
        "name": voice.name,
        "model": voice.model,
        "made_on": voice.made_on.isoformat(),
        "seconds": voice.seconds,
        "calls": list(voice.calls),
        "point": [round(value, 4) for value in voice.point],
    }
    partial = voice.path.with_suffix(".part")
    try:
        voice.path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "w", encoding="utf-8", opener=_only_mine) as file:
            file.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        partial.replace(voice.path)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise RequestError(f"the voice cannot be kept ({why})", where=str(voice.path)) from problem


def _only_mine(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(path: Path) -> Voice:
    try:
        told: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            raise ValueError(f"its schema is {told['schema']}")
        return Voice(
            name=str(told["name"]),
            point=_numbers(told["point"]),
            model=str(told["model"]),
            seconds=float(told["seconds"]),
            calls=tuple(str(call) for call in told["calls"]),
            made_on=date.fromisoformat(told["made_on"]),
            path=path,
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise RequestError(
            f"the enrolled voice cannot be read ({problem})",
            where=str(path),
            todo="Delete the file and enroll the rep again.",
        ) from problem


def _numbers(values: Sequence[Any]) -> tuple[float, ...]:
    found = tuple(float(value) for value in values)
    if not found or any(value != value or abs(value) > 1e6 for value in found):
        raise ValueError("its numbers are no point")
    return found
