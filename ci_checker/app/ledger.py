"""The ledger of commitments: read a promise, ask for the rest, keep it, edit it, close it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from ci_checker import commitments
from ci_checker.app import catalogue, workspace
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.commitments import Partial, Question, layers, phases
from ci_checker.commitments.bounds import check_bound
from ci_checker.commitments.history import stuck_on, with_closed
from ci_checker.commitments.rules import default_end, describe, refuse_second
from ci_checker.commitments.words import OUTCOMES, day
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
    bound: float | None = None

    @property
    def changes_window(self) -> bool:
        """Whether days, dates or a time of day are spelled out."""
        return any(each is not None for each in (self.weekdays, self.from_time, self.to_time, self.start, self.end))

    @property
    def changes_promise(self) -> bool:
        """Whether what was promised is another than before, not only its check."""
        kind = (self.behavior, self.target, self.per_call, self.call_types, self.directions, self.accounts, self.bound)
        return self.changes_window or any(each is not None for each in kind)


NOTHING = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A commitment as it was kept, and sentences that a person should read."""

    commitment: Commitment
    warnings: tuple[str, ...] = ()
    successor: Commitment | None = None


def read(
    said: str, terms: Terms, *, today: date, known: Mapping[str, Behavior], started: date | None = None
) -> Partial:
    """Read a promise; what is spelled out goes before what the sentence says.

    ``started`` is the rep's first day at work. Raises RequestError for an unknown behavior, for a
    number a day whose days are spelled out otherwise, and for a bound that does not fit.
    """
    if terms.behavior is not None:
        catalogue.chosen([terms.behavior], known)
    partial = commitments.read_statement(
        said, today=today, behaviors=catalogue.phrases(known), measures=_measures(known), started=started
    )
    told = _with_terms(partial, terms)
    if told.behavior is not None:
        check_bound(told.bound, told.behavior, _measures(known).get(told.behavior))
    return told


def _measures(known: Mapping[str, Behavior]) -> dict[str, str]:
    return {each.id: each.measure.value for each in known.values() if each.measure is not None}


def answer(partial: Partial, question: Question, said: str, *, known: Mapping[str, Behavior]) -> Partial:
    """Take a person's answer to a question; what it leaves open is still in ``missing``."""
    found = commitments.read_statement(
        said, today=partial.made_on, behaviors=catalogue.phrases(known), measures=_measures(known)
    )
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
        bound=partial.bound or found.bound,
        missing=missing,
        notes=tuple(dict.fromkeys([*partial.notes, *found.notes])),
    )


def in_one_sentence(partial: Partial, known: Mapping[str, Behavior]) -> str:
    """Return a complete promise in words made from its parts. Raises RequestError where it is not complete."""
    made = partial.draft(rep="rep")
    name = known[made.behavior].name if made.behavior in known else made.behavior
    return describe(name, made.target, made.window, made.eligible, made.bound)


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
    said = () if replaces else layers.on_new(kept, before, points, needed=settings.stuck_after, names=_names(settings))
    more = commitments.warnings(kept, started=known.started)
    return Kept(commitment=kept, warnings=(*said, *phases.remarks(kept, before), *more))


def again(
    settings: Settings, *, rep: str, made_on: date, check_on: date | None = None, rep_words: str = ""
) -> Kept:
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
    fresh = _in_words(replace(fresh, rep_words=" ".join(rep_words.split()) or fresh.rep_words), last, settings)
    with open_store(settings.store_location()) as store:
        kept = store.add_commitment(fresh)
    return Kept(commitment=kept, warnings=commitments.warnings(kept, started=known.started))


def _names(settings: Settings) -> dict[str, str]:
    return {each.id: each.name for each in catalogue.behaviors(settings).values()}


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
        bound=terms.bound or (commitment.bound if terms.behavior in (None, commitment.behavior) else None),
    )
    check_bound(changed.bound, changed.behavior, _measures(known).get(changed.behavior))
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
    more = commitments.warnings(kept, started=_started(kept.rep, settings)) if active else ()
    return Kept(commitment=kept, warnings=(*notes, *more))


def _started(rep: str, settings: Settings) -> date | None:
    known = settings.rep_named(rep)
    return known.started if known else None


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
    following: Commitment | None = None,
    rep_words: str = "",
) -> Kept:
    """Record how a commitment ended, keep its week for the trend, and open the next one in the same transaction.

    The next one is the same promise again where ``next_step`` says so, else ``following`` (a
    draft) if there is one; ``rep_words`` is how the rep says it back anew. A week that cannot be
    counted never stands in the way of the manager's word; a warning says why it is missing from
    the trend. Raises RequestError.
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
    fresh, started = following, _started(commitment.rep, settings)
    if next_step is NextStep.REISSUE:
        fresh = commitments.reissue(closed, made_on=closed_on, check_on=check_on, started=started)
        fresh = _in_words(fresh, closed, settings)
    elif fresh is not None:
        layers.refuse_on_top(closed, fresh.behavior)
        fresh = replace(fresh, reissue_of=layers.same_again(closed, fresh))
    if fresh is not None and rep_words.strip():
        fresh = replace(fresh, rep_words=" ".join(rep_words.split()))
    with open_store(settings.store_location()) as store:
        kept = store.close_commitment(closed, fresh)
    said = _keep_week(closed, settings)
    successor = kept if fresh is not None else None
    more = commitments.warnings(successor, started=started) if successor is not None else ()
    layer = _layer(closed, settings, successor if following is not None else None)
    return Kept(commitment=closed, warnings=(*said, *layer, *more), successor=successor)


def _layer(closed: Commitment, settings: Settings, opened: Commitment | None = None) -> tuple[str, ...]:
    """Return what to say of a layer that is to go on top, or went on with it; the week just closed counts."""
    with open_store(settings.store_location()) as store:
        everything = store.commitments(closed.rep)
        points = with_closed(store.weeks(closed.rep), everything)
    names = _names(settings)
    if opened is None:
        return layers.on_close(closed, points, needed=settings.stuck_after, names=names)
    before = [each for each in everything if each.id != opened.id]
    said = layers.on_new(opened, before, points, needed=settings.stuck_after, names=names)
    return (*said, *phases.remarks(opened, before))


def sticking(commitment: Commitment, outcome: Outcome, on: date, settings: Settings) -> tuple[bool, str]:
    """Return whether its behavior has stuck, were a commitment closed so, and a sentence on how far it has."""
    closed = commitments.close(commitment, outcome=outcome, closed_on=on)
    with open_store(settings.store_location()) as store:
        others = [each for each in store.commitments(closed.rep) if each.id != closed.id]
        points = with_closed(store.weeks(closed.rep), [*others, closed])
    name = _names(settings).get(closed.behavior, closed.behavior.replace("-", " "))
    stuck = stuck_on(points, closed.behavior, needed=settings.stuck_after) is not None
    return stuck, layers.progress(closed.behavior, name, points, settings.stuck_after)


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
    if target is None and terms.bound is not None:
        target = Target(kind=TargetKind.EVERY, per_call=terms.per_call or 1)
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
        bound=terms.bound or partial.bound,
        missing=tuple(
            _by_check(each, partial.made_on, when.check_on)
            for each in partial.missing
            if not (each.part == "behavior" and terms.behavior)
            and not (each.part == "target" and (terms.target or (target and terms.bound)))
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
        if name and before.statement == describe(name, before.target, before.window, before.eligible, before.bound):
            words = describe(name, fresh.target, fresh.window, fresh.eligible, fresh.bound)
            return replace(fresh, statement=words)
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
