"""The pre-1:1 report: commitments against the stored evidence, with clips to play."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker import commitments, pipeline
from ci_checker.app import bounds, doubles, outreach
from ci_checker.app.hearing import SYNTHETIC_NOTICE
from ci_checker.app.naming import by_name
from ci_checker.app.reviewing import settled
from ci_checker.app.workspace import near_ones
from ci_checker.assets import card, find_model
from ci_checker.behaviors.catalogue import Behavior, Place
from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.model import (
    Call,
    Commitment,
    Finding,
    Moment,
    Reliability,
    Report,
    ScoredCall,
    Source,
)
from ci_checker.settings import Settings
from ci_checker.store import open_store

if TYPE_CHECKING:
    from ci_checker.store.store import Store

CLIP_LEAST_S = 1.5


def reports(
    settings: Settings, *, rep: str | None = None, manager: str | None = None, as_of: date | None = None
) -> tuple[Report, ...]:
    """Return a report for one rep, for a manager's reps, or for all of them, by check date.

    Raises RequestError for a rep or manager whom neither the roster nor the ledger knows.
    """
    today = as_of or date.today()
    behaviors = pipeline.behaviors(settings.behaviors)
    with open_store(settings.store_location()) as store:
        names = _reps(settings, store, rep, manager)
        found = [_report(name, settings, store, behaviors, today, alone=rep is not None) for name in names]
    return tuple(sorted(found, key=lambda r: (r.finding.commitment.check_on if r.finding else date.max, r.rep)))


def find(settings: Settings, commitment: Commitment, as_of: date) -> Finding:
    """Return the finding of one commitment on a day."""
    behaviors = pipeline.behaviors(settings.behaviors)
    with open_store(settings.store_location()) as store:
        return _finding(commitment, settings, store, behaviors, as_of)


def clips(found: Iterable[Report]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the clip of every moment that can be played, by name, and lines on those that cannot."""
    from ci_checker.intake import clips as cutter

    cut: dict[str, bytes] = {}
    problems: list[str] = []
    for report in found:
        for moment in moments_of(report.finding) if report.finding else ():
            if moment.clip is None or moment.clip in cut or moment.evidence is None:
                continue
            start, end = moment.evidence.start_s or 0.0, moment.evidence.end_s or 0.0
            try:
                cut[moment.clip] = cutter.cut(Path(moment.audio_path or ""), start, max(end, start + CLIP_LEAST_S))
            except (CallError, RequestError) as problem:
                problems.append(problem.line)
    return cut, tuple(dict.fromkeys(problems))


def _reps(settings: Settings, store: Store, rep: str | None, manager: str | None) -> list[str]:
    ledger = store.commitments()
    managers = {c.rep: c.manager for c in ledger if c.manager}
    managers |= {r.name: r.manager or settings.manager or managers.get(r.name) for r in settings.reps}
    everyone = list(dict.fromkeys([*(r.name for r in settings.reps), *(c.rep for c in ledger)]))
    if rep is not None:
        known = settings.rep_named(rep)
        wanted = known.name if known else next((n for n in everyone if n.casefold() == rep.casefold()), None)
        if wanted is None:
            near = near_ones(rep, everyone)
            hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(everyone) or 'none yet'}."
            raise RequestError(f"there is no rep '{rep}'", todo=hint)
        return [wanted]
    if manager is not None:
        chosen = [n for n in everyone if (managers.get(n) or "").casefold() == manager.casefold()]
        if not chosen:
            known_managers = sorted({m for m in managers.values() if m})
            raise RequestError(
                f"there are no reps of a manager '{manager}'",
                todo=f"Known are: {', '.join(known_managers) or 'none'}.",
            )
        return chosen
    if not everyone:
        raise RequestError(
            "there is no rep yet",
            todo="Add one to ci-checker.toml, or add a commitment with 'ci-checker commitment add'.",
        )
    return everyone


def _report(
    name: str, settings: Settings, store: Store, behaviors: dict[str, Behavior], today: date, *, alone: bool
) -> Report:
    rep = settings.rep_named(name)
    manager = (rep.manager if rep else None) or settings.manager
    active = store.active_commitment(name)
    if active is None:
        return Report(
            rep=name,
            manager=manager,
            as_of=today,
            finding=None,
            nothing=f"{name} has no open commitment, so there is nothing to check. Make one at the end of the 1:1.",
        )
    try:
        finding = _finding(active, settings, store, behaviors, today)
    except RequestError as problem:
        if alone:
            raise
        return Report(rep=name, manager=active.manager or manager, as_of=today, finding=None, nothing=problem.line)
    return Report(rep=name, manager=active.manager or manager, as_of=today, finding=finding)


def _finding(
    commitment: Commitment, settings: Settings, store: Store, behaviors: dict[str, Behavior], today: date
) -> Finding:
    behavior = behaviors.get(commitment.behavior)
    if behavior is None:
        raise RequestError(
            f"the commitment {commitment.id} is about '{commitment.behavior}', which is not in the catalogue",
            todo="Add its definition's folder to [behaviors] folders in ci-checker.toml.",
        )
    window = commitment.window
    # A day more on either side: in the rep's time zone a call may be of another day than in its own.
    known = doubles.once(store.latest_scores(commitment.rep, window.start - outreach.DAY, window.end + outreach.DAY))
    known = outreach.first_touches(outreach.in_time_of(commitment.rep, known, settings), store, settings)
    known = bounds.as_promised(known, commitment, behavior)
    scored = tuple(by_name(each) for each in settled(known, store.reviews()))
    heard = {s.call.path for s in scored} | {doubles.stem(s.call.path) for s in scored}
    failures = tuple(
        ScoredCall(call=Call(path=f.key, sha256=f.key, source=Source.AUDIO, details=f.details), error=f.line)
        for f in store.failures(commitment.rep, window.start, window.end)
        if f.key not in heard and doubles.stem(f.key) not in heard - {None}
    )
    past = [w for w in store.weeks(commitment.rep) if w.commitment_id != commitment.id]
    finding = commitments.check(
        commitment,
        (*scored, *failures),
        today=today,
        past=past,
        behavior_name=behavior.name,
        reliability=reliability(behavior.id),
        place="opening" if behavior.place in (Place.OPENING, Place.EARLY) else None,
        disputes=store.disputes(commitment.rep),
        ledger=store.commitments(commitment.rep),
        stuck_after=settings.stuck_after,
        names={each.id: each.name for each in behaviors.values()},
    )
    synthetic = any("synthetic" in (s.call.transcriber or "") for s in scored)
    return with_clips(replace(finding, voice_notice=SYNTHETIC_NOTICE if synthetic else ""))


def reliability(behavior: str) -> Reliability | None:
    """Return how well a behavior's detection was measured, ``None`` where it never was."""
    try:
        facts = card(find_model("behaviors"))
    except MissingError:
        return None
    held = {row["label"]: row for row in facts.get("evaluation", ())}
    trained = {row["label"]: row for row in facts.get("rep", ())}
    row = held.get(behavior) or trained.get(behavior)
    if row is None:
        return None
    on = (
        "invented calls by a writer who did not see the training data"
        if behavior in held
        else "invented calls, cross-validated"
    )
    return Reliability(
        behavior=behavior,
        precision=round(row["precision"], 2),
        recall=round(row["recall"], 2),
        calls=row["present"] + row["absent"],
        measured_on=on,
        note="Your own calls may differ: the review command measures it on them.",
    )


def with_clips(finding: Finding) -> Finding:
    """Return the finding with a clip's name on every moment that has audio and times."""
    names: dict[tuple[str, float, float], str] = {}

    def named(moment: Moment) -> Moment:
        e = moment.evidence
        if moment.audio_path is None or e is None or e.start_s is None or e.end_s is None:
            return moment
        key = (moment.audio_path, e.start_s, e.end_s)
        name = names.setdefault(key, f"clip-{finding.commitment.id}-{len(names) + 1:02d}.mp3")
        return replace(moment, clip=name)

    def maybe(moment: Moment | None) -> Moment | None:
        return named(moment) if moment else None

    calls = tuple(
        replace(
            c,
            moments=tuple(map(named, c.moments)),
            near_misses=tuple(map(named, c.near_misses)),
            instead=maybe(c.instead),
        )
        for c in finding.calls
    )
    return replace(
        finding,
        calls=calls,
        best=maybe(finding.best),
        miss=maybe(finding.miss),
        listen=tuple(map(named, finding.listen)),
    )


def moments_of(finding: Finding) -> list[Moment]:
    """Return every moment that a report shows, those at length first."""
    found = [m for m in (finding.best, finding.miss, *finding.listen) if m]
    for call in finding.calls:
        found += [*call.moments, *call.near_misses, *([call.instead] if call.instead else [])]
    return found
