"""The ledger of commitments: read a promise, ask for the rest, keep it, edit it, close it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from ci_checker import commitments
from ci_checker.app import catalogue, workspace
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.commitments import Partial, Question
from ci_checker.commitments.rules import default_end, describe, refuse_second
from ci_checker.commitments.words import day
from ci_checker.errors import CheckerError, RequestError
from ci_checker.model import (
    Bucket,
    Commitment,
    CommitmentStatus,
    Eligibility,
    NextStep,
    Outcome,
    Target,
    TargetKind,
    Window,
)
from ci_checker.settings import Settings
from ci_checker.store import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The parts of a promise that somebody spelled out; ``None`` was not given."""

    statement: str | None = None
    behavior: str | None = None
    target: Target | None = None
    per_call: int | None = None
    weekdays: tuple[int, ...] | None = None
    from_time: time | None = None
    to_time: time | None = None
    start: date | None = None
    end: date | None = None
    check_on: date | None = None
    call_types: tuple[str, ...] | None = None
    directions: tuple[str, ...] | None = None
    accounts: tuple[str, ...] | None = None
    rep_words: str | None = None

    @property
    def changes_window(self) -> bool:
        """Whether days, dates or a time of day are spelled out."""
        return any(each is not None for each in (self.weekdays, self.from_time, self.to_time, self.start, self.end))

    @property
    def changes_promise(self) -> bool:
        """Whether what was promised is another than before, not only its check."""
        kind = (self.behavior, self.target, self.per_call, self.call_types, self.directions, self.accounts)
        return self.changes_window or any(each is not None for each in kind)


NOTHING = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A commitment as it was kept, and sentences that a person should read."""

    commitment: Commitment
    warnings: tuple[str, ...] = ()
    successor: Commitment | None = None


def read(said: str, terms: Terms, *, today: date, known: Mapping[str, Behavior]) -> Partial:
    """Read a promise; what is spelled out goes before what the sentence says.

    Raises RequestError for an unknown behavior, and for a number a day whose
    days are spelled out otherwise.
    """
    if terms.behavior is not None:
        catalogue.chosen([terms.behavior], known)
    partial = commitments.read_statement(said, today=today, behaviors=catalogue.phrases(known))
    return _with_terms(partial, terms)


def answer(partial: Partial, question: Question, said: str, *, known: Mapping[str, Behavior]) -> Partial:
    """Take a person's answer to a question; what it leaves open is still in ``missing``."""
    found = commitments.read_statement(said, today=partial.made_on, behaviors=catalogue.phrases(known))
    behavior = partial.behavior or found.behavior
    if question.part == "behavior" and behavior is None and said.strip() in known:
        behavior = said.strip()
    target = partial.target or found.target or (_bare(said) if question.part == "target" else None)
    when = found.when if found.when.said and not partial.when.said else partial.when
    if when.check_on is None and partial.when.check_on is not None:
        when = replace(when, check_on=partial.when.check_on)
    missing = tuple(
        each
        for each in partial.missing
        if not (each.part == "behavior" and behavior)
        and not (each.part == "target" and target)
        and not (each.part == "when" and when.said)
    )
    gained = len(missing) < len(partial.missing)
    words = f"{partial.statement}, {said.strip()}" if partial.statement else said.strip()
    return replace(
        partial,
        statement=words if gained else partial.statement,
        behavior=behavior,
        target=target,
        when=when,
        eligible=_merged(partial.eligible, found.eligible),
        missing=missing,
        notes=tuple(dict.fromkeys([*partial.notes, *found.notes])),
    )


def in_one_sentence(partial: Partial, known: Mapping[str, Behavior]) -> str:
    """Return a complete promise in words made from its parts. Raises RequestError where it is not complete."""
    made = partial.draft(rep="rep")
    name = known[made.behavior].name if made.behavior in known else made.behavior
    return describe(name, made.target, made.window, made.eligible)


def add(partial: Partial, settings: Settings, *, rep: str, manager: str | None = None, rep_words: str = "") -> Kept:
    """Keep a promise. Raises RequestError: vague, contradictory, or a second active one."""
    known = workspace.rep_called(rep, settings)
    made = partial.draft(rep=known.name, manager=manager or known.manager or settings.manager, rep_words=rep_words)
    with open_store(settings.store_location()) as store:
        refuse_second(store.active_commitment(known.name))
        kept = store.add_commitment(made)
    return Kept(commitment=kept, warnings=commitments.warnings(kept))


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
    if active is None:
        raise RequestError(
            f"{name} has no active commitment", todo=f"See 'ci-checker commitment list --rep \"{name}\"'."
        )
    return active


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
        target=_target(terms, commitment.target),
        window=_window(terms, commitment.window),
        eligible=_eligible(terms, commitment.eligible),
        check_on=terms.check_on or commitment.check_on,
        rep_words=commitment.rep_words if terms.rep_words is None else " ".join(terms.rep_words.split()),
        note=commitment.note if note is None else note,
    )
    notes: list[str] = []
    if terms.statement is not None:
        changed = replace(changed, statement=" ".join(terms.statement.split()))
    elif terms.changes_promise:
        name = known[changed.behavior].name if changed.behavior in known else changed.behavior
        changed = replace(changed, statement=describe(name, changed.target, changed.window, changed.eligible))
        notes.append(f'The promise now reads: "{changed.statement}". Use --statement for your own words.')
    commitments.validate(changed)
    with open_store(settings.store_location()) as store:
        kept = store.update_commitment(changed)
    active = kept.status is CommitmentStatus.ACTIVE
    return Kept(commitment=kept, warnings=(*notes, *(commitments.warnings(kept) if active else ())))


def close(
    commitment: Commitment,
    settings: Settings,
    *,
    outcome: Outcome,
    closed_on: date,
    note: str = "",
    bucket: Bucket | None = None,
    blocker: str = "",
    next_step: NextStep | None = None,
    check_on: date | None = None,
) -> Kept:
    """Record how a commitment ended, keep its week for the trend, and open the same one again on request.

    A week that cannot be counted never stands in the way of the manager's word;
    a warning says why it is missing from the trend. Raises RequestError.
    """
    closed = commitments.close(
        commitment,
        outcome=outcome,
        closed_on=closed_on,
        next_step=next_step,
        note=note,
        bucket=bucket,
        blocker=blocker,
    )
    fresh = None
    if next_step is NextStep.REISSUE:
        fresh = _in_words(commitments.reissue(closed, made_on=closed_on, check_on=check_on), closed, settings)
    said = _keep_week(closed, settings)
    with open_store(settings.store_location()) as store:
        kept = store.close_commitment(closed, fresh)
    successor = kept if fresh is not None else None
    more = commitments.warnings(successor) if successor is not None else ()
    return Kept(commitment=closed, warnings=(*said, *more), successor=successor)


def _keep_week(closed: Commitment, settings: Settings) -> tuple[str, ...]:
    from ci_checker.app import reporting

    try:
        finding = reporting.find(settings, closed, closed.closed_on or closed.check_on)
        if not finding.calls:
            return ("No calls of its window are stored, so the trend has no point for this week.",)
        with open_store(settings.store_location()) as store:
            store.save_week(closed.rep, commitments.week_point(finding))
    except CheckerError as problem:
        return (f"The week is missing from the trend: {problem.line}",)
    return ()


def _with_terms(partial: Partial, terms: Terms) -> Partial:
    a_day = any(" a day on " in note for note in partial.notes)
    if a_day and terms.changes_window and terms.target is None:
        raise RequestError(
            "the sentence promises a number a day, and its days are given otherwise",
            todo="Say how many it is in all, with --target.",
        )
    behavior = terms.behavior or partial.behavior
    target = _target(terms, partial.target) if terms.target or partial.target else None
    when = replace(
        partial.when,
        **{
            name: value
            for name in ("weekdays", "from_time", "to_time", "start", "end", "check_on")
            if (value := getattr(terms, name)) is not None
        },
    )
    return replace(
        partial,
        behavior=behavior,
        target=target,
        when=when,
        eligible=_eligible(terms, partial.eligible),
        missing=tuple(
            _by_check(each, partial.made_on, when.check_on)
            for each in partial.missing
            if not (each.part == "behavior" and terms.behavior)
            and not (each.part == "target" and terms.target)
            and not (each.part == "when" and when.said)
        ),
        notes=() if terms.target is not None else partial.notes,
    )


def _by_check(question: Question, made_on: date, check_on: date | None) -> Question:
    """Return the question with the default that follows from the check date."""
    if question.part != "when" or check_on is None:
        return question
    last = default_end(made_on, check_on)
    return replace(question, otherwise=f"Any time on workdays from {day(made_on)} to {day(last)}.")


def _in_words(fresh: Commitment, before: Commitment, settings: Settings) -> Commitment:
    """Put a reissued promise into words again where its words, with their dates, were made from its parts."""
    behavior = catalogue.behaviors(settings).get(before.behavior)
    for name in (behavior.name if behavior else "", before.behavior.replace("-", " "), before.behavior):
        if name and before.statement == describe(name, before.target, before.window, before.eligible):
            return replace(fresh, statement=describe(name, fresh.target, fresh.window, fresh.eligible))
    return fresh


def _target(terms: Terms, before: Target | None) -> Target:
    target = terms.target or before
    if target is None:
        raise RequestError("it is not said how often", where="--target")
    kept = target if terms.target is None or before is None else replace(target, per_call=before.per_call)
    return kept if terms.per_call is None else replace(kept, per_call=terms.per_call)


def _window(terms: Terms, before: Window) -> Window:
    return replace(
        before,
        start=terms.start or before.start,
        end=terms.end or before.end,
        weekdays=before.weekdays if terms.weekdays is None else terms.weekdays,
        from_time=terms.from_time or before.from_time,
        to_time=terms.to_time or before.to_time,
    )


def _eligible(terms: Terms, before: Eligibility) -> Eligibility:
    return Eligibility(
        call_types=before.call_types if terms.call_types is None else terms.call_types,
        directions=before.directions if terms.directions is None else terms.directions,
        accounts=before.accounts if terms.accounts is None else terms.accounts,
    )


def _merged(before: Eligibility, more: Eligibility) -> Eligibility:
    return Eligibility(
        call_types=before.call_types or more.call_types,
        directions=before.directions or more.directions,
        accounts=before.accounts or more.accounts,
    )


def _bare(said: str) -> Target | None:
    """Read a bare number, which in answer to "how often" means calls."""
    text = said.strip().rstrip(".")
    return Target(kind=TargetKind.COUNT, value=float(text)) if text.isdecimal() and int(text) else None


def overdue(found: Sequence[Commitment], today: date) -> tuple[Commitment, ...]:
    """Return the active commitments whose check date has passed."""
    return tuple(each for each in found if each.status is CommitmentStatus.ACTIVE and each.check_on < today)
