"""A new rep's first two weeks: the check comes every working day, and is then stretched to a week."""

from __future__ import annotations

from datetime import date, timedelta

from ci_checker.commitments.words import day
from ci_checker.model import Commitment

NEW_FOR_DAYS = 14
LONGEST_GAP_DAYS = 7


def is_new(started: date | None, on: date) -> bool:
    """Whether a rep who ``started`` is in the first two weeks on a day; never so where the start is not known."""
    return started is not None and (on - started).days < NEW_FOR_DAYS


def workday_from(on: date) -> date:
    """Return the day itself, or the Monday after it if it falls on a weekend."""
    return on + timedelta(days=(7 - on.weekday()) % 7 if on.weekday() > 4 else 0)


def check_after(made_on: date, started: date | None = None) -> date:
    """Return the check date that holds unless another is named.

    A week later; for a new rep the working day after the first one on which the promise can be kept.
    """
    if not is_new(started, made_on):
        return made_on + timedelta(days=LONGEST_GAP_DAYS)
    return workday_from(workday_from(made_on) + timedelta(days=1))


def remarks(commitment: Commitment, started: date | None) -> tuple[str, ...]:
    """Return what a new rep's check date calls for, in a sentence; nothing for everybody else."""
    if started is None or not is_new(started, commitment.made_on):
        return ()
    daily = check_after(commitment.window.start, started)
    since = f"{commitment.rep} started on {day(started)}"
    if commitment.check_on > daily:
        return (
            f"{since}: for the first two weeks a promise is checked every working day. "
            f"Use --check-on {daily.isoformat()}.",
        )
    return (
        f"{since}, so the check is daily for the first two weeks. After each look: "
        f'ci-checker checkin "{commitment.rep}" --look.',
    )
