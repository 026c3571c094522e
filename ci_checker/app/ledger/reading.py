"""Read a promise from a sentence, take the answers to what it leaves open, and put it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from ci_checker import commitments
from ci_checker.app import catalogue
from ci_checker.app.ledger.terms import Terms, eligible_of, target_of
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.commitments import Partial, Question
from ci_checker.commitments.bounds import check_bound
from ci_checker.commitments.rules import default_end, describe
from ci_checker.commitments.words import day
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, Eligibility, Target, TargetKind
from ci_checker.settings import Settings


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
        said, today=today, behaviors=catalogue.phrases(known), measures=measures(known), started=started
    )
    told = _with_terms(partial, terms)
    if told.behavior is not None:
        check_bound(told.bound, told.behavior, measures(known).get(told.behavior))
    return told


def answer(partial: Partial, question: Question, said: str, *, known: Mapping[str, Behavior]) -> Partial:
    """Take a person's answer to a question; what it leaves open is still in ``missing``."""
    found = commitments.read_statement(
        said, today=partial.made_on, behaviors=catalogue.phrases(known), measures=measures(known)
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


def in_words_again(fresh: Commitment, before: Commitment, settings: Settings) -> Commitment:
    """Put a reissued promise into words again where its words, with their dates, were made from its parts."""
    behavior = catalogue.behaviors(settings).get(before.behavior)
    for name in (behavior.name if behavior else "", before.behavior.replace("-", " "), before.behavior):
        if name and before.statement == describe(name, before.target, before.window, before.eligible, before.bound):
            words = describe(name, fresh.target, fresh.window, fresh.eligible, fresh.bound)
            return replace(fresh, statement=words)
    return fresh


def measures(known: Mapping[str, Behavior]) -> dict[str, str]:
    """Return what is measured, by the id of each behavior that is measured and not heard."""
    return {each.id: each.measure.value for each in known.values() if each.measure is not None}


def _with_terms(partial: Partial, terms: Terms) -> Partial:
    a_day = any(" a day on " in note for note in partial.notes)
    if a_day and terms.changes_window and terms.target is None:
        raise RequestError(
            "the sentence promises a number a day, and its days are given otherwise",
            todo="Say how many it is in all, with --target.",
        )
    behavior = terms.behavior or partial.behavior
    target = target_of(terms, partial.target) if terms.target or partial.target else None
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
        eligible=eligible_of(terms, partial.eligible),
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
