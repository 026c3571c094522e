"""The six stages in order. Read this file first.

1 intake      file -> Call (turns if it is text, audio if not)
2 transcribe  audio -> turns with words and times
3 speakers    who speaks, and who is the rep
4 behaviors   turns -> results with verbatim quotes, probabilities, reasons
5 commitments promise x results -> finding            (``check``)
6 report      findings -> text, Markdown, HTML, JSON, a CRM line

Stages do not import each other; they meet here and in ``model``. Each function
takes and returns immutable values; keys name everything that a stored result
depends on.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker import intake
from ci_checker.behaviors import catalogue as catalog
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import CallError, CheckerError
from ci_checker.model import Call, Details, Role, ScoredCall, Source

if TYPE_CHECKING:
    from ci_checker.settings import Rep
    from ci_checker.speakers.diarize import Options as Voices
    from ci_checker.speakers.roster import RosterEntry
    from ci_checker.transcribe import Engine

Advance = Callable[[float, float], None]

TEXT_KEY = "as given"
ROLES_VERSION = 2
"""Raised whenever stage 3 would tell the rep of the same turns otherwise: stored scores are made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What stages 3 and 4 go by besides the call itself.

    ``rep`` is the user's word on who the rep is; ``bounds`` are the measured
    behaviors' bounds by id.
    """

    behaviors: Mapping[str, Behavior]
    rep: str | None = None
    roster: Sequence[Rep] = ()
    company: str | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)

    def key(self) -> str:
        """Return a digest of everything that a score depends on besides the transcript."""
        from ci_checker.behaviors import detect

        told = {
            "detector": detect.version(self.behaviors.values()),
            "roles": ROLES_VERSION,
            "rep": self.rep,
            "roster": [{"name": r.name, "aliases": r.aliases, "manager": r.manager} for r in self.roster],
            "company": self.company,
            "bounds": dict(sorted(self.bounds.items())),
            "behaviors": [asdict(replace(b, source="")) for b in self.behaviors.values()],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:24]


def read(path: str, details: Details = Details(), *, max_hours: float = 4.0) -> tuple[Call, ...]:
    """Stage 1: return the calls of a file. Raises CallError."""
    with _one_call(path):
        return intake.read_all(Path(path), details=details, max_hours=max_hours, name=path)


def transcript_key(call: Call, engine: Engine | None) -> str:
    """Return what a transcript depends on besides the call's bytes."""
    return engine.key if engine is not None and call.source is Source.AUDIO else TEXT_KEY


def hear(call: Call, engine: Engine, *, max_hours: float = 4.0, advance: Advance | None = None) -> Call:
    """Stage 2: return the call with turns; a call that has them comes back as it is. Raises CallError."""
    if call.source is not Source.AUDIO or call.turns:
        return call
    from ci_checker.intake import audio
    from ci_checker.model import Speaker
    from ci_checker.transcribe.engine import channel_names

    notes: list[str] = []
    with _one_call(call.path):
        samples = audio.load(Path(call.path), max_hours=max_hours)
        names = channel_names(samples.shape[0])
        turns = engine.transcribe(samples, channel_names=names, progress=advance, note=notes.append)
    return replace(
        call,
        turns=turns,
        speakers=tuple(Speaker(name=name) for name in names if any(t.speaker == name for t in turns)),
        transcriber=engine.key,
        notes=(*call.notes, *notes),
    )


def one_channel(call: Call) -> bool:
    """Return whether a call is a recording whose one channel carries everybody."""
    if call.source is not Source.AUDIO:
        return False
    from ci_checker.speakers import diarize

    return diarize.concerns(call)


def voices_key(by: Voices) -> str:
    """Return what is added to a transcript's key where its one channel was told apart."""
    from ci_checker.speakers import voices

    return f"+voices/{by.key()}/{voices.load_model().sha256[:8]}"


def tell_apart(call: Call, by: Voices, *, max_hours: float = 4.0) -> Call:
    """Stage 3, for a recording in mono: return the call with a voice for every turn, where the sound tells.

    Raises CallError, and MissingError without the shipped speaker model.
    """
    if not one_channel(call):
        return call
    from ci_checker.intake import audio
    from ci_checker.speakers import diarize, voices

    with _one_call(call.path):
        samples = audio.load(Path(call.path), max_hours=max_hours)
        return diarize.tell_apart(call, samples, voices.load_model(), by)


def understand(call: Call, by: Understanding) -> ScoredCall:
    """Stages 3 and 4: return the call with roles, metrics and results. Raises CheckerError."""
    from ci_checker.behaviors import detect

    with _one_call(call.path):
        known = _with_roles(call, by)
        results, metrics = detect.detect(known, by.behaviors, bounds=by.bounds)
    return ScoredCall(call=known, metrics=metrics, results=results)


def whose(call: Call, by: Understanding) -> str | None:
    """Return the roster's name of the rep who speaks in a call, ``None`` where the names do not tell."""
    from ci_checker.speakers.roster import entry_of

    reps = [s.name for s in _with_roles(call, by).speakers if s.role is Role.REP]
    entry = entry_of(reps[0], _roster(by)) if reps else None
    return entry.name if entry else None


def _with_roles(call: Call, by: Understanding) -> Call:
    from ci_checker.speakers import roles

    return roles.assign(call, rep=by.rep, roster=_roster(by), company=by.company)


def _roster(by: Understanding) -> list[RosterEntry]:
    from ci_checker.speakers.roster import RosterEntry

    return [RosterEntry(name=r.name, aliases=r.aliases, company=by.company) for r in by.roster]


@contextmanager
def _one_call(path: str) -> Iterator[None]:
    """Keep what goes wrong with one call inside that call, and name the call.

    A bug met by one call of a night's batch must not take the others with it; it
    is still named as what it is.
    """
    try:
        yield
    except CallError as problem:
        if problem.where:
            raise
        raise CallError(problem.what, where=path, todo=problem.todo) from problem
    except CheckerError:
        raise
    except Exception as problem:
        if os.environ.get("CI_CHECKER_DEBUG"):
            raise
        raise CallError(
            f"unexpected {type(problem).__name__}: {problem}", where=path, todo="This is a bug of ci-checker."
        ) from problem


def behaviors(folders: Sequence[Path] = (), only: Sequence[str] = ()) -> dict[str, Behavior]:
    """Return the catalogue, limited to the ids in ``only``. Raises RequestError for an unknown id."""
    import difflib

    from ci_checker.errors import RequestError

    found = catalog.load(folders)
    for name in only:
        if name not in found:
            near = difflib.get_close_matches(name, found, n=3, cutoff=0.5)
            raise RequestError(
                f"there is no behavior '{name}'",
                todo=f"Did you mean {' or '.join(near)}?" if near else "Run 'ci-checker behaviors list'.",
            )
    return {name: b for name, b in found.items() if not only or name in only}
