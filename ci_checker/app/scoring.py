"""Score or transcribe a few calls, without a workspace and without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ci_checker import pipeline
from ci_checker.app import bounds, voices
from ci_checker.app.hearing import Hearing
from ci_checker.app.progress import Progress
from ci_checker.errors import CallError, CheckerError, MissingError, RequestError
from ci_checker.intake.sniff import MAIL_SUFFIXES, TEXT_SUFFIXES
from ci_checker.model import Call, ScoredCall, Source
from ci_checker.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreOptions:
    """What a caller may choose. ``behaviors`` are ids, none means all; ``folders`` a team's definitions.

    ``speakers`` is how many people speak on a channel that carries everybody.
    """

    rep: str | None = None
    behaviors: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    model: str | None = None
    engine: str | None = None
    speakers: int = 2


def score(
    paths: Sequence[str], options: ScoreOptions, settings: Settings, progress: Progress = Progress()
) -> tuple[ScoredCall, ...]:
    """Return a scored call for each call of each path, in order; a failed one has ``error``.

    Raises RequestError for what concerns the request and MissingError for a component.
    """
    by = pipeline.Understanding(
        behaviors=pipeline.behaviors((*settings.behaviors, *options.folders), options.behaviors),
        rep=options.rep,
        roster=settings.reps,
        company=settings.company,
        bounds=bounds.checked(settings, pipeline.behaviors((*settings.behaviors, *options.folders))),
    )
    heard = transcribe(paths, options, settings, progress)
    found: list[ScoredCall] = []
    wrong: list[RequestError] = []
    for each in heard:
        try:
            found.append(each if each.error else _understood(each.call, by))
        except RequestError as problem:
            # --rep may name somebody of one call and nobody of the next; the first has its evidence then.
            wrong.append(problem)
            found.append(ScoredCall(call=each.call, error=problem.line))
    if wrong and len(wrong) == len(heard):
        raise wrong[0]
    return tuple(found)


def transcribe(
    paths: Sequence[str], options: ScoreOptions, settings: Settings, progress: Progress = Progress()
) -> tuple[ScoredCall, ...]:
    """Return each call with its turns and no results; a failed one has ``error``."""
    chosen = replace(settings, model=options.model or settings.model, engine=options.engine or settings.engine)
    hearing = Hearing(chosen, progress)
    telling = voices.Telling(settings, options.speakers)
    found: list[ScoredCall] = []
    progress.calls(len(paths))
    for index, path in enumerate(paths):
        progress.call_started(path, index)
        try:
            calls = pipeline.read(path, max_hours=settings.max_hours)
            of_this = [_heard(call, hearing, telling, settings, progress) for call in calls]
        except CallError as problem:
            of_this = [failed(path, problem)]
        found += of_this
        progress.call_done(path, next((each.error for each in of_this if each.error), "done"))
    return tuple(found)


def _heard(call: Call, hearing: Hearing, telling: voices.Telling, settings: Settings, progress: Progress) -> ScoredCall:
    try:
        if call.source is Source.AUDIO:
            call = pipeline.hear(call, hearing.engine_for(call), max_hours=settings.max_hours, advance=progress.audio)
            if pipeline.one_channel(call):
                call = pipeline.tell_apart(call, telling.options, max_hours=settings.max_hours)
        if not call.turns:
            raise CallError("there are no words in it", where=call.path)
    except (MissingError, RequestError):
        raise
    except CheckerError as problem:
        return replace(failed(call.path, problem), call=call)
    return ScoredCall(call=call)


def _understood(call: Call, by: pipeline.Understanding) -> ScoredCall:
    try:
        return pipeline.understand(call, by)
    except CallError as problem:
        return ScoredCall(call=call, error=problem.line)


def failed(path: str, problem: CheckerError) -> ScoredCall:
    """Return the stand-in for a call that could not be read."""
    suffix = Path(path).suffix.lower()
    text = suffix in TEXT_SUFFIXES
    source = Source.EMAIL if suffix in MAIL_SUFFIXES else Source.TRANSCRIPT if text else Source.AUDIO
    return ScoredCall(call=Call(path=path, sha256="", source=source), error=problem.line)
