"""A week of calls in one go: what is done is skipped, what fails is named, the rest goes on.

Every stage's result is stored the moment it exists, under the content of its
input and the settings it depends on; so a killed run goes on where it was, and
a new behavior is scored over stored transcripts without hearing anything again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ci_checker import pipeline
from ci_checker.app import bounds, doubles, workspace
from ci_checker.app.hearing import Hearing
from ci_checker.app.progress import Progress
from ci_checker.app.voices import Telling
from ci_checker.app.worker import Worker, full_name
from ci_checker.errors import RequestError
from ci_checker.intake import sources
from ci_checker.intake.sources import Item
from ci_checker.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a batch ended. ``failed`` pairs a path with its line; ``heard_s`` is audio transcribed now."""

    done: int
    skipped: int
    failed: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    heard_s: float


def batch(
    source: str,
    settings: Settings,
    *,
    pattern: str | None = None,
    rep: str | None = None,
    model: str | None = None,
    engine: str | None = None,
    speakers: int = 2,
    behaviors_folders: tuple[Path, ...] = (),
    again: bool = False,
    progress: Progress = Progress(),
) -> Summary:
    """Read, hear and score every call of a folder, manifest or URL into the workspace's store.

    ``rep`` names whose calls they are where neither path nor manifest says so;
    ``speakers`` is how many people speak on a channel that carries everybody;
    ``again`` hears and scores anew what is stored. Raises RequestError and
    MissingError; a call's own failure is in the summary.
    """
    from ci_checker.store import open_store

    found, notes = sources.find(source, pattern=pattern or settings.pattern)
    if not found:
        held = ". ".join(each.rstrip(".") for each in notes[:3])
        raise RequestError("there are no calls in it", where=source, todo=held)
    whose = workspace.rep_called(rep, settings).name if rep else None
    items, beside = doubles.paired([_of_the_team(item, whose, settings) for item in found])
    chosen = replace(settings, model=model or settings.model, engine=engine or settings.engine)
    known = pipeline.behaviors((*settings.behaviors, *behaviors_folders))
    by = pipeline.Understanding(
        behaviors=known,
        roster=settings.reps,
        company=settings.company,
        bounds=bounds.checked(settings, known),
    )
    with open_store(settings.store_location()) as store:
        worker = Worker(
            store=store,
            hearing=Hearing(chosen, progress),
            telling=Telling(chosen, speakers),
            settings=chosen,
            by=by,
            detector=by.key(),
            again=again,
        )
        worker.forget_failures_of_files_gone(source)
        progress.calls(len(items))
        for index, item in enumerate(items):
            progress.call_started(item.path, index)
            progress.call_done(item.path, worker.run(item, beside.get(item.path), progress))
    if worker.unheard:
        raise worker.component_missing()
    # What the source says of such pairs stood before they were made one.
    own = tuple(note for note in notes if not ("taken as two calls" in note and beside))
    return Summary(
        done=worker.done,
        skipped=worker.skipped,
        failed=tuple(worker.failed),
        notes=(*own, *worker.notes(beside)),
        heard_s=worker.heard_s,
    )


def _of_the_team(item: Item, whose: str | None, settings: Settings) -> Item:
    rep = full_name(item.details.rep or whose, settings)
    return replace(item, details=replace(item.details, rep=rep))
