"""The week's rhythm: the mid-week message, what is to be checked, the half minute after the 1:1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ci_checker.app import catalogue, ledger, reporting, teams, workspace
from ci_checker.app.ledger import Kept, Terms
from ci_checker.commitments import Partial
from ci_checker.commitments.due import Due, due
from ci_checker.commitments.nudge import Nudge, Nudges, nudge
from ci_checker.errors import CheckerError, RequestError
from ci_checker.model import Bucket, Commitment, CommitmentStatus, NextStep, Outcome
from ci_checker.settings import Settings
from ci_checker.store import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a manager recorded after a 1:1. Only the manager chooses the bucket."""

    outcome: Outcome
    words: str = ""
    bucket: Bucket | None = None
    blocker: str = ""


def nudges(
    settings: Settings, *, rep: str | None = None, manager: str | None = None, as_of: date | None = None
) -> Nudges:
    """Return the mid-week message of one rep, of a manager's reps, or of all.

    Raises RequestError for a stranger, and for one rep without an active commitment.
    """
    today = as_of or date.today()
    if rep is not None:
        only = ledger.meant(rep, settings)
        return Nudges(as_of=today, nudges=(_nudge(only, settings, today),))
    names, found = _team(settings, manager)
    active = {each.rep.casefold(): each for each in found if each.status is CommitmentStatus.ACTIVE}
    said: list[Nudge] = []
    failed: list[str] = []
    for name in sorted(names, key=str.casefold):
        commitment = active.get(name.casefold())
        if commitment is None:
            continue
        try:
            said.append(_nudge(commitment, settings, today))
        except CheckerError as problem:
            failed.append(f"{name}: {problem.line}")
    without = tuple(name for name in sorted(names, key=str.casefold) if name.casefold() not in active)
    return Nudges(as_of=today, nudges=tuple(said), without=without, failed=tuple(failed))


def checks(settings: Settings, *, manager: str | None = None, as_of: date | None = None) -> Due:
    """Return what is to be checked, for a manager's reps or for all. Raises RequestError for an unknown manager."""
    names, found = _team(settings, manager)
    return due(found, as_of or date.today(), reps=names, manager=manager)


def next_promise(said: str, terms: Terms, settings: Settings, *, rep: str, on: date) -> Partial:
    """Read the commitment that a 1:1 ends with; what is missing is in ``missing``. Raises RequestError."""
    known = workspace.rep_called(rep, settings)
    return ledger.read(said, terms, today=on, known=catalogue.behaviors(settings), started=known.started)


def check_in(
    commitment: Commitment,
    settings: Settings,
    said: Said,
    *,
    on: date,
    next_step: NextStep,
    promise: Partial | None = None,
    rep_words: str = "",
    check_on: date | None = None,
) -> Kept:
    """Close a commitment as the manager recorded it and open the next one: both, or neither.

    Parameters
    ----------
    promise
        What was promised next; for ``reissue`` it must be ``None``, else it must be there.

    Raises
    ------
    RequestError
        The next commitment is missing, too much, or does not hold; nothing is changed then.
    """
    following = None
    if next_step is NextStep.REISSUE:
        if promise is not None:
            raise RequestError(
                "the same promise again and another one contradict each other",
                todo="Leave the promise away, or choose --next keep or replace.",
            )
    else:
        if promise is None:
            raise RequestError(
                "it is not said what the rep promises next",
                where="--promise",
                todo="Give it in a sentence, take the same one again (--next reissue), or only close this one "
                f"(ci-checker commitment close {commitment.id}).",
            )
        rep = workspace.rep_called(commitment.rep, settings)
        manager = rep.manager or settings.manager or commitment.manager
        following = replace(promise, started=rep.started).draft(rep=rep.name, manager=manager)
    return ledger.close(
        commitment,
        settings,
        outcome=said.outcome,
        closed_on=on,
        note=said.words,
        bucket=said.bucket,
        blocker=said.blocker,
        next_step=next_step,
        check_on=check_on,
        following=following,
        rep_words=rep_words,
    )


def _nudge(commitment: Commitment, settings: Settings, today: date) -> Nudge:
    return nudge(commitment, reporting.find(settings, commitment, today).calls, today)


def _team(settings: Settings, manager: str | None) -> tuple[tuple[str, ...], Sequence[Commitment]]:
    with open_store(settings.store_location()) as store:
        everything = store.commitments()
    names = teams.some_reps(manager, teams.managers(settings, everything))
    folded = {name.casefold() for name in names}
    return names, [each for each in everything if each.rep.casefold() in folded]
