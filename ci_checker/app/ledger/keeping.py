"""Keep promises: a new one, the last one again, one whose parts changed; find and list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ci_checker import commitments
from ci_checker.app import catalogue, workspace
from ci_checker.app.ledger.reading import in_words_again, measures
from ci_checker.app.ledger.terms import Terms, eligible_of, target_of, window_of
from ci_checker.commitments import Partial, layers, phases
from ci_checker.commitments.bounds import check_bound
from ci_checker.commitments.history import with_closed
from ci_checker.commitments.rules import describe, refuse_second
from ci_checker.commitments.words import OUTCOMES, day
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, CommitmentStatus, NextStep
from ci_checker.settings import Settings
from ci_checker.store import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A commitment as it was kept, and sentences that a person should read."""

    commitment: Commitment
    warnings: tuple[str, ...] = ()
    successor: Commitment | None = None


def add(
    partial: Partial,
    settings: Settings,
    *,
    rep: str,
    manager: str | None = None,
    rep_words: str = "",
    replaces: bool = False,
) -> Kept:
    """Keep a promise.

    ``replaces`` is the manager's word that the last promise, which was not kept, is let go. Raises
    RequestError: vague, contradictory, a second active one, or another one on top of one not kept.
    """
    known = workspace.rep_called(rep, settings)
    made = replace(partial, started=known.started).draft(
        rep=known.name, manager=manager or known.manager or settings.manager, rep_words=rep_words
    )
    with open_store(settings.store_location()) as store:
        refuse_second(store.active_commitment(known.name))
        before = store.commitments(known.name)
        last = layers.last_closed(before)
        if not replaces:
            layers.refuse_on_top(last, made.behavior)
        points = with_closed(store.weeks(known.name), before)
        kept = store.add_commitment(replace(made, reissue_of=layers.same_again(last, made)))
        if replaces and last is not None and last.behavior != made.behavior:
            store.update_commitment(replace(last, next_step=NextStep.REPLACE))
    names = behavior_names(settings)
    said = () if replaces else layers.on_new(kept, before, points, needed=settings.stuck_after, names=names)
    more = commitments.warnings(kept, started=known.started)
    return Kept(commitment=kept, warnings=(*said, *phases.remarks(kept, before), *more))


def again(settings: Settings, *, rep: str, made_on: date, check_on: date | None = None, rep_words: str = "") -> Kept:
    """Open a rep's last promise once more, with new dates. Raises RequestError where there is none to take."""
    known = workspace.rep_called(rep, settings)
    with open_store(settings.store_location()) as store:
        refuse_second(store.active_commitment(known.name))
        last = layers.last_closed(store.commitments(known.name))
    if last is None:
        raise RequestError(
            f"{known.name} has no promise yet that could be taken again",
            where="--again",
            todo=f'Make one: ci-checker commitment add "…" --rep "{known.name}".',
        )
    fresh = commitments.reissue(last, made_on=made_on, check_on=check_on, started=known.started)
    fresh = in_words_again(replace(fresh, rep_words=" ".join(rep_words.split()) or fresh.rep_words), last, settings)
    with open_store(settings.store_location()) as store:
        kept = store.add_commitment(fresh)
    return Kept(commitment=kept, warnings=commitments.warnings(kept, started=known.started))


def edit(commitment: Commitment, terms: Terms, settings: Settings, *, note: str | None = None) -> Kept:
    """Change parts of a commitment; a changed promise without new words is put into words again.

    Raises RequestError where the parts do not fit together.
    """
    known = catalogue.behaviors(settings)
    if terms.behavior is not None:
        catalogue.chosen([terms.behavior], known)
    changed = replace(
        commitment,
        behavior=terms.behavior or commitment.behavior,
        target=target_of(terms, commitment.target),
        window=window_of(terms, commitment.window),
        eligible=eligible_of(terms, commitment.eligible),
        check_on=terms.check_on or commitment.check_on,
        rep_words=commitment.rep_words if terms.rep_words is None else " ".join(terms.rep_words.split()),
        note=commitment.note if note is None else note,
        bound=terms.bound or (commitment.bound if terms.behavior in (None, commitment.behavior) else None),
    )
    check_bound(changed.bound, changed.behavior, measures(known).get(changed.behavior))
    notes: list[str] = []
    if terms.statement is not None:
        changed = replace(changed, statement=" ".join(terms.statement.split()))
    elif terms.changes_promise:
        name = known[changed.behavior].name if changed.behavior in known else changed.behavior
        words = describe(name, changed.target, changed.window, changed.eligible, changed.bound)
        changed = replace(changed, statement=words)
        notes.append(f'The promise now reads: "{changed.statement}". Use --statement for your own words.')
    commitments.validate(changed)
    with open_store(settings.store_location()) as store:
        kept = store.update_commitment(changed)
    active = kept.status is CommitmentStatus.ACTIVE
    more = commitments.warnings(kept, started=started_on(kept.rep, settings)) if active else ()
    return Kept(commitment=kept, warnings=(*notes, *more))


def check_free(rep: str, settings: Settings) -> str:
    """Return a rep's full name, before anybody is asked for a promise.

    Raises RequestError for a stranger and for a rep who has an active commitment.
    """
    name = workspace.rep_called(rep, settings).name
    with open_store(settings.store_location()) as store:
        refuse_second(store.active_commitment(name))
    return name


def listed(
    settings: Settings, *, rep: str | None = None, status: CommitmentStatus | None = None
) -> tuple[Commitment, ...]:
    """Return commitments, oldest first."""
    name = workspace.rep_called(rep, settings).name if rep is not None else None
    with open_store(settings.store_location()) as store:
        return store.commitments(name, status)


def meant(which: str, settings: Settings) -> Commitment:
    """Return the commitment of a number, or the active one of a rep. Raises RequestError."""
    with open_store(settings.store_location()) as store:
        if which.strip().lstrip("#").isdecimal():
            return store.commitment(int(which.strip().lstrip("#")))
        name = workspace.rep_called(which, settings).name
        active = store.active_commitment(name)
        last = layers.last_closed(store.commitments(name)) if active is None else None
    if active is None:
        closed = ""
        if last is not None and last.closed_on is not None:
            ended = f" ({OUTCOMES[last.outcome]})" if last.outcome else ""
            closed = f"; the last one, {last.id}, was closed on {day(last.closed_on)}{ended}"
        raise RequestError(
            f"{name} has no active commitment{closed}",
            todo=f"See 'ci-checker commitment list --rep \"{name}\"'.",
        )
    return active


def overdue(found: Sequence[Commitment], today: date) -> tuple[Commitment, ...]:
    """Return the active commitments whose check date has passed."""
    return tuple(each for each in found if each.status is CommitmentStatus.ACTIVE and each.check_on < today)


def behavior_names(settings: Settings) -> dict[str, str]:
    """Return the name of every behavior of the catalogue by its id."""
    return {each.id: each.name for each in catalogue.behaviors(settings).values()}


def started_on(rep: str, settings: Settings) -> date | None:
    """Return a rep's first day at work, ``None`` where the roster does not say."""
    known = settings.rep_named(rep)
    return known.started if known else None
