"""One file of a batch through the stages, each result kept the moment it exists."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker import pipeline
from ci_checker.app import outreach
from ci_checker.app.hearing import Hearing
from ci_checker.app.progress import Progress
from ci_checker.app.voices import Telling
from ci_checker.errors import CallError, MissingError
from ci_checker.intake import remote
from ci_checker.intake.sources import Item
from ci_checker.intake.text import counted
from ci_checker.model import Call, Details, Source
from ci_checker.settings import Settings

if TYPE_CHECKING:
    from ci_checker.store.store import Store
    from ci_checker.transcribe import Engine

DONE, SKIPPED = "done", "already done"
SHOWN = 3


@dataclass(slots=True, kw_only=True)
class Worker:
    """One run over a source: what it needs, and what it has to tell at the end."""

    store: Store
    hearing: Hearing
    telling: Telling
    settings: Settings
    by: pipeline.Understanding
    detector: str
    again: bool
    done: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    heard_s: float = 0.0
    missing: MissingError | None = None
    unheard: int = 0
    taken: dict[str, str] = field(default_factory=dict)
    same: list[tuple[str, str]] = field(default_factory=list)
    read_instead: dict[str, str] = field(default_factory=dict)
    nobodys: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    strangers: dict[str, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)
    universal: list[str] = field(default_factory=list)

    def run(self, item: Item, beside: Item | None, progress: Progress) -> str:
        """Take one file through the stages; return in a line how it ended.

        Where a recording fails, the transcript ``beside`` it stands in.
        """
        before, unheard = len(self.failed), self.unheard
        line = self._file(item, progress)
        if beside is None or line in (DONE, SKIPPED):
            return line
        second = self._file(beside, progress)
        if second in (DONE, SKIPPED):
            del self.failed[before:]
            self.unheard = unheard
            self.store.clear_failure(_key(item.path))
            self.read_instead[item.path] = line
        return second

    def _file(self, item: Item, progress: Progress) -> str:
        key = _key(item.path)
        try:
            local = remote.fetch(item.path, (self.settings.root or Path.cwd()) / ".ci-checker" / "remote")
            calls = pipeline.read(str(local), item.details, max_hours=self.settings.max_hours)
        except CallError as problem:
            return self._fail(item.path, key, "intake", problem, item.details)
        if not remote.is_url(item.path):
            calls = tuple(replace(call, path=_key(call.path)) for call in calls)
        lines = [self._one(call, key if remote.is_url(item.path) else call.path, progress) for call in calls]
        if len(calls) != 1:
            self.store.clear_failure(key)
        bad = [line for line in lines if line not in (DONE, SKIPPED)]
        return "; ".join(dict.fromkeys(bad)) or (SKIPPED if set(lines) <= {SKIPPED} else DONE)

    def _one(self, call: Call, key: str, progress: Progress) -> str:
        first = self.taken.setdefault(call.sha256, call.path)
        if first != call.path:
            self.same.append((call.path, first))
            self.skipped += 1
            return SKIPPED
        if call.source is Source.EMAIL and self.settings.reps:
            sender = outreach.sent_by(call, self.settings)
            if sender is None:
                return self._not_ours(call, key)
            call = outreach.by_rep(call, sender)
            if outreach.is_universal(call) and outreach.zone_of(sender, self.settings) is None:
                self.universal.append(call.path)
        details = replace(call.details, rep=full_name(call.details.rep, self.settings))
        known = self.store.save_call(replace(call, details=details)).details
        try:
            engine = self._engine(replace(call, details=details)) if call.source is Source.AUDIO else None
            transcript = pipeline.transcript_key(call, engine)
            heard = self._heard(call, transcript, engine, progress)
            heard, transcript = self._told_apart(heard, transcript)
        except MissingError as problem:
            # What needs no hearing can still be done; this recording counts as unheard until then.
            self.missing = problem
            self.unheard += 1
            return self._fail(call.path, key, "hearing", problem, known)
        except CallError as problem:
            return self._fail(call.path, key, "hearing", problem, known)
        try:
            if known.rep is None and (rep := pipeline.whose(replace(heard, details=known), self.by)):
                known = self.store.save_call(replace(call, details=replace(known, rep=rep))).details
            heard = replace(heard, path=call.path, details=known)
            self._remember(heard)
            detector = self.detector + _of_details(known)
            stored = None if self.again else self.store.score(call.sha256, transcript, detector)
            # A score of before is kept anew, so that it is the latest after a setting was changed and changed back.
            scored = stored or pipeline.understand(heard, self.by)
            self.store.save_score(call.sha256, transcript, detector, scored)
            self.store.clear_failure(key)
        except CallError as problem:
            return self._fail(call.path, key, "scoring", problem, known)
        self.skipped += stored is not None
        self.done += stored is None
        return DONE if stored is None else SKIPPED

    def _not_ours(self, call: Call, key: str) -> str:
        """Keep a mail that nobody of the team sent: it is no rep's, and tells which mails were first touches."""
        theirs = outreach.by_stranger(call)
        self.others.setdefault(theirs.details.rep or "")
        known = self.store.call(call.sha256) is not None
        self.store.save_call(theirs)
        self.store.clear_failure(key)
        self.skipped += known
        self.done += not known
        return SKIPPED if known else DONE

    def _engine(self, call: Call) -> Engine:
        if self.missing is not None:
            raise self.missing
        return self.hearing.engine_for(call)

    def _heard(self, call: Call, key: str, engine: Engine | None, progress: Progress) -> Call:
        stored = None if self.again else self.store.transcript(call.sha256, key)
        if engine is not None and stored is not None:
            return stored
        heard = call
        if engine is not None:
            heard = pipeline.hear(call, engine, max_hours=self.settings.max_hours, advance=progress.audio)
            self.heard_s += call.duration_s or 0.0
        if not heard.turns:
            raise CallError("there are no words in it", where=call.path)
        # A text is read anew each time, which costs nothing; other words make its scores void.
        if stored is None or stored.turns != heard.turns:
            self.store.save_transcript(call.sha256, key, heard)
        return heard

    def _told_apart(self, heard: Call, key: str) -> tuple[Call, str]:
        """Return a call of one channel with its voices, kept under a key of its own beside the transcript."""
        if not pipeline.one_channel(heard):
            return heard, key
        added = pipeline.voices_key(self.telling.options)
        told = None if self.again else self.store.transcript(heard.sha256, key + added)
        if told is None:
            told = pipeline.tell_apart(heard, self.telling.options, max_hours=self.settings.max_hours)
            self.store.save_transcript(heard.sha256, key + added, told)
        return told, key + added

    def _remember(self, call: Call) -> None:
        if call.details.rep is None:
            self.nobodys.append(call.path)
        elif self.settings.reps and self.settings.rep_named(call.details.rep) is None:
            self.strangers.setdefault(call.details.rep)
        if call.details.started_at is None:
            self.undated.append(call.path)

    def _fail(self, path: str, key: str, stage: str, problem: CallError | MissingError, details: Details) -> str:
        self.failed.append((path, problem.line))
        # A report repeats the line for every call: what to do about a missing component is said once, at the end.
        told = problem.what if isinstance(problem, MissingError) else problem.line
        self.store.save_failure(key, stage, told, details)
        if isinstance(problem, CallError) and details.rep is None:
            self.nobodys.append(path)
        return problem.line

    def forget_failures_of_files_gone(self, source: str) -> None:
        """Let go of failures of files that were taken out of the source since."""
        if remote.is_url(source):
            return
        root = Path(source).resolve()
        root = root if root.is_dir() else root.parent
        for failure in self.store.failures():
            path = Path(failure.key.rpartition("#")[0] if _is_numbered(failure.key) else failure.key)
            if not remote.is_url(failure.key) and path.is_relative_to(root) and not path.exists():
                self.store.clear_failure(failure.key)

    def component_missing(self) -> MissingError:
        """Return the error that ends a run whose recordings could not be heard."""
        problem = self.missing or MissingError("")
        rest = f", {counted(self.done + self.skipped, 'other call')} done" if self.done + self.skipped else ""
        return MissingError(
            f"{counted(self.unheard, 'recording')} not heard{rest}: {problem.what}",
            where=problem.where,
            todo=problem.todo,
        )

    def notes(self, beside: dict[str, Item]) -> tuple[str, ...]:
        """Return a sentence for everything that a person may not expect."""
        notes = []
        if taken := [path for path in beside if path not in self.read_instead]:
            notes.append(
                f"{counted(len(taken), 'recording')} beside a transcript of the same name: the recording was taken, "
                f"so that the call counts once: {_some(taken)}"
            )
        notes += [f"The transcript beside a recording was read instead. {line}" for line in self.read_instead.values()]
        notes += [f"{path} holds the very bytes of {first}: it counts once." for path, first in self.same]
        if self.nobodys:
            notes.append(
                f"{counted(len(self.nobodys), 'call')} in no report, since it is not known whose: "
                f"name the rep with --rep, --pattern or a manifest: {_some(self.nobodys)}"
            )
        if self.strangers:
            notes.append(f"Not on the team (see [[rep]] in ci-checker.toml): {', '.join(self.strangers)}.")
        if self.others:
            notes.append(
                f"Mails from {_some(list(self.others))} count for nobody, since nobody of the team sent them. If one "
                "of these is a rep's address, add it in ci-checker.toml: emails under [[rep]]."
            )
        if self.universal:
            notes.append(
                f"{counted(len(self.universal), 'mail')} in universal time: name your time zone in ci-checker.toml "
                f"(timezone under [team] or [[rep]]), so that hours are the rep's: {_some(self.universal)}"
            )
        if self.undated:
            notes.append(
                f"{counted(len(self.undated), 'call')} without a date, so unclear for every commitment: "
                f"name it with --pattern or a manifest: {_some(self.undated)}"
            )
        return tuple(notes)


def _key(path: str) -> str:
    """Return what a file's failure is kept under, the same from every folder."""
    return path if remote.is_url(path) else str(Path(path).resolve())


def _is_numbered(key: str) -> bool:
    return key.rpartition("#")[2].isdecimal() and not Path(key).exists()


def _some(paths: Sequence[str]) -> str:
    return ", ".join(paths[:SHOWN]) + (", …" if len(paths) > SHOWN else "")


def _of_details(details: Details) -> str:
    """Return a digest of the details that decide who the rep is."""
    told = f"{details.rep}|{details.rep_channel}|{(details.direction or '').casefold()}"
    return "-" + hashlib.sha256(told.encode()).hexdigest()[:8]


def full_name(name: str | None, settings: Settings) -> str | None:
    """Return the roster's name for a name as manifests, folders and mail headers write it."""
    if not name:
        return None
    known = settings.rep_named(name)
    flat = _flat(name)
    for rep in settings.reps if known is None else ():
        if flat in {_flat(each) for each in (rep.name, *rep.aliases)}:
            known = rep
    return known.name if known else name


def _flat(name: str) -> str:
    return " ".join(name.replace("-", " ").replace("_", " ").casefold().split())
