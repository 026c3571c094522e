"""A week of calls in one go: what is done is skipped, what fails is named, the rest goes on.

Every stage's result is stored the moment it exists, under the content of its
input and the settings it depends on; so a killed run goes on where it was, and
a new behavior is scored over stored transcripts without hearing anything again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker import pipeline
from ci_checker.app.hearing import Hearing
from ci_checker.app.progress import Progress
from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.intake import remote, sources
from ci_checker.model import Call, Details, Source
from ci_checker.settings import Settings

if TYPE_CHECKING:
    from ci_checker.store.store import Store


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
    behaviors_folders: tuple[Path, ...] = (),
    again: bool = False,
    progress: Progress = Progress(),
) -> Summary:
    """Read, hear and score every call of a folder, manifest or URL into the workspace's store.

    ``rep`` names whose calls they are where neither path nor manifest says so;
    ``again`` hears and scores anew what is stored. Raises RequestError and
    MissingError; a call's own failure is in the summary.
    """
    from ci_checker.store import open_store

    items, notes = sources.find(source, pattern=pattern or settings.pattern)
    if not items:
        raise RequestError("there are no calls in it", where=source, todo=" ".join(notes[:3]))
    chosen = replace(settings, model=model or settings.model, engine=engine or settings.engine)
    by = pipeline.Understanding(
        behaviors=pipeline.behaviors((*settings.behaviors, *behaviors_folders)),
        roster=settings.reps,
        company=settings.company,
        bounds=settings.bounds,
    )
    with open_store(settings.store_location()) as store:
        worker = _Worker(store=store, hearing=Hearing(chosen, progress), settings=chosen, by=by, again=again)
        progress.calls(len(items))
        for index, item in enumerate(items):
            progress.call_started(item.path, index)
            details = item.details if item.details.rep or not rep else replace(item.details, rep=rep)
            details = replace(details, rep=_full_name(details.rep, settings))
            progress.call_done(item.path, worker.run(item.path, details, progress))
    return Summary(
        done=worker.done,
        skipped=worker.skipped,
        failed=tuple(worker.failed),
        notes=notes,
        heard_s=worker.heard_s,
    )


def _full_name(name: str | None, settings: Settings) -> str | None:
    known = settings.rep_named(name.replace("-", " ")) if name else None
    return known.name if known else name


@dataclass(slots=True, kw_only=True)
class _Worker:
    store: Store
    hearing: Hearing
    settings: Settings
    by: pipeline.Understanding
    again: bool
    done: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    heard_s: float = 0.0

    def run(self, path: str, details: Details, progress: Progress) -> str:
        """Take one file through the stages; return in a line how it ended."""
        try:
            local = remote.fetch(path, (self.settings.root or Path.cwd()) / ".ci-checker" / "remote")
            calls = pipeline.read(str(local), details, max_hours=self.settings.max_hours)
        except CallError as problem:
            return self._fail(path, path, "intake", problem, details)
        lines = []
        for call in calls:
            named = replace(call, path=str(Path(call.path).resolve())) if not remote.is_url(path) else call
            lines.append(self._one(named, details, progress))
        return lines[0] if len(set(lines)) == 1 else "; ".join(dict.fromkeys(lines))

    def _one(self, call: Call, details: Details, progress: Progress) -> str:
        known = self.store.save_call(call)
        by = replace(self.by, rep=None)
        try:
            engine = self.hearing.engine if call.source is Source.AUDIO else None
            key = pipeline.transcript_key(call, engine)
            heard = None if self.again else self.store.transcript(call.sha256, key)
            if heard is None:
                if engine is not None:
                    heard = pipeline.hear(
                        call, engine, max_hours=self.settings.max_hours, advance=progress.audio
                    )
                    self.heard_s += call.duration_s or 0.0
                else:
                    heard = call
                if not heard.turns:
                    raise CallError("there are no words in it", where=call.path)
                heard = replace(heard, details=known.details)
                self.store.save_transcript(call.sha256, key, heard)
            else:
                heard = replace(heard, path=call.path, details=known.details)
            detector = by.key() + _of_details(heard)
            if not self.again and self.store.score(call.sha256, key, detector) is not None:
                self.skipped += 1
                return "already done"
            self.store.save_score(call.sha256, key, detector, pipeline.understand(heard, by))
        except (MissingError, RequestError):
            raise
        except CallError as problem:
            return self._fail(call.path, call.sha256, "hearing", problem, details)
        self.done += 1
        return "done"

    def _fail(self, path: str, key: str, stage: str, problem: CallError, details: Details) -> str:
        self.failed.append((path, problem.line))
        self.store.save_failure(key, stage, problem.line, details)
        return problem.line


def _of_details(call: Call) -> str:
    """Return a digest of the details that decide who the rep is."""
    import hashlib

    told = f"{call.details.rep}|{call.details.rep_channel}"
    return "-" + hashlib.sha256(told.encode()).hexdigest()[:8]
