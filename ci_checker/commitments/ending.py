"""How one commitment ends and the same one begins again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ci_checker.commitments.newcomer import is_new
from ci_checker.commitments.rules import default_check, default_end, validate
from ci_checker.commitments.words import OUTCOMES, day
from ci_checker.errors import RequestError
from ci_checker.model import Bucket, Commitment, CommitmentStatus, NextStep, Outcome


def close(
    commitment: Commitment,
    *,
    outcome: Outcome,
    closed_on: date,
    next_step: NextStep | None = None,
    note: str = "",
    bucket: Bucket | str | None = None,
    blocker: str = "",
) -> Commitment:
    """Return the commitment closed with what the manager recorded.

    Raises
    ------
    RequestError
        Already closed, closed before it was made, or a bucket that is none of the four.
    """
    if commitment.status is CommitmentStatus.CLOSED:
        raise closed_already(commitment)
    if closed_on < commitment.made_on:
        raise RequestError(
            f"commitment {commitment.id} was made on {day(commitment.made_on)}, after {day(closed_on)}",
            todo="Give the day of the 1:1.",
        )
    try:
        chosen = Bucket(bucket) if bucket else None
    except ValueError:
        raise RequestError(
            f"{bucket!r} is none of the four causes", todo="Choose skill, will, knowledge or system."
        ) from None
    return replace(
        commitment,
        status=CommitmentStatus.CLOSED,
        outcome=outcome,
        closed_on=closed_on,
        next_step=next_step,
        note=note,
        bucket=chosen,
        blocker=blocker,
    )


def closed_already(commitment: Commitment) -> RequestError:
    """Return the refusal to close a commitment twice: when it was closed, and how."""
    since = f", since {day(commitment.closed_on)}" if commitment.closed_on else ""
    how = f" ({OUTCOMES[commitment.outcome]})" if commitment.outcome else ""
    return RequestError(
        f"commitment {commitment.id} is closed already{since}{how}",
        todo=f"Nothing is left to close; see 'ci-checker commitment show {commitment.id}'.",
    )


def reissue(
    commitment: Commitment, *, made_on: date, check_on: date | None = None, started: date | None = None
) -> Commitment:
    """Return the same promise for the coming days, as a new active commitment with id 0.

    The window keeps its length, weekdays and time of day, and its distance from the day on
    which the promise was made. A new rep (``started``) is checked again on the next working day;
    after the first two weeks a daily check is stretched to a week, and the window with it.
    """
    lead = max(commitment.window.start - commitment.made_on, timedelta(0))
    length = commitment.window.end - commitment.window.start
    start = made_on + lead
    check = check_on or made_on + (commitment.check_on - commitment.made_on)
    if check_on is None and (is_new(started, made_on) or is_new(started, commitment.made_on)):
        check = default_check(max(start, made_on) if is_new(started, made_on) else made_on, started)
        if commitment.window.end == default_end(commitment.window.start, commitment.check_on):
            length = default_end(start, check) - start
    fresh = replace(
        commitment,
        id=0,
        status=CommitmentStatus.ACTIVE,
        window=replace(commitment.window, start=start, end=start + length),
        made_on=made_on,
        check_on=check,
        outcome=None,
        closed_on=None,
        note="",
        bucket=None,
        blocker="",
        next_step=None,
        reissue_of=commitment.id,
    )
    validate(fresh)
    return fresh
