"""Close a promise with what the manager recorded, keep its week, and open the next one with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ci_checker import commitments
from ci_checker.app.ledger.keeping import Kept, behavior_names, started_on
from ci_checker.app.ledger.reading import in_words_again
from ci_checker.commitments import layers, phases
from ci_checker.commitments.history import stuck_on, with_closed
from ci_checker.errors import CheckerError
from ci_checker.model import Bucket, Commitment, NextStep, Outcome
from ci_checker.settings import Settings
from ci_checker.store import open_store


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
    fresh, started = following, started_on(commitment.rep, settings)
    if next_step is NextStep.REISSUE:
        fresh = commitments.reissue(closed, made_on=closed_on, check_on=check_on, started=started)
        fresh = in_words_again(fresh, closed, settings)
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


def sticking(commitment: Commitment, outcome: Outcome, on: date, settings: Settings) -> tuple[bool, str]:
    """Return whether its behavior has stuck, were a commitment closed so, and a sentence on how far it has."""
    closed = commitments.close(commitment, outcome=outcome, closed_on=on)
    with open_store(settings.store_location()) as store:
        others = [each for each in store.commitments(closed.rep) if each.id != closed.id]
        points = with_closed(store.weeks(closed.rep), [*others, closed])
    name = behavior_names(settings).get(closed.behavior, closed.behavior.replace("-", " "))
    stuck = stuck_on(points, closed.behavior, needed=settings.stuck_after) is not None
    return stuck, layers.progress(closed.behavior, name, points, settings.stuck_after)


def _layer(closed: Commitment, settings: Settings, opened: Commitment | None = None) -> tuple[str, ...]:
    """Return what to say of a layer that is to go on top, or went on with it; the week just closed counts."""
    with open_store(settings.store_location()) as store:
        everything = store.commitments(closed.rep)
        points = with_closed(store.weeks(closed.rep), everything)
    names = behavior_names(settings)
    if opened is None:
        return layers.on_close(closed, points, needed=settings.stuck_after, names=names)
    before = [each for each in everything if each.id != opened.id]
    said = layers.on_new(opened, before, points, needed=settings.stuck_after, names=names)
    return (*said, *phases.remarks(opened, before))


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
