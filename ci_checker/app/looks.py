"""The daily look at a new rep's promise: it stays open, and its check moves to the next working day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ci_checker.app.ledger import Kept
from ci_checker.app.ledger.keeping import started_on
from ci_checker.commitments.ending import closed_already
from ci_checker.commitments.newcomer import NEW_FOR_DAYS, is_new, workday_from
from ci_checker.commitments.rules import validate, window_days
from ci_checker.commitments.words import day
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, CommitmentStatus
from ci_checker.settings import Settings
from ci_checker.store import open_store


def is_daily(commitment: Commitment, settings: Settings, *, on: date) -> bool:
    """Whether a day asks for a look and not for the check: a new rep, and a promise whose days run on."""
    return is_new(started_on(commitment.rep, settings), on) and on < last_day(commitment)


def last_day(commitment: Commitment) -> date:
    """Return the last day on which the promise can be kept."""
    return max(window_days(commitment.window), default=commitment.window.end)


def look(
    commitment: Commitment, settings: Settings, *, on: date, words: str = "", check_on: date | None = None
) -> Kept:
    """Keep what was said at a look, and move the check to the next working day; the promise stays open.

    Only where the check is daily: moved for anybody else, a check that was missed would look like one that was held.

    Raises
    ------
    RequestError
        Closed already, a rep past the first two weeks, a promise whose days are over, or a check that does not fit.
    """
    if commitment.status is CommitmentStatus.CLOSED:
        raise closed_already(commitment)
    record = f'Record how it went: ci-checker checkin "{commitment.rep}".'
    if on < commitment.made_on:
        made = day(commitment.made_on)
        raise RequestError(f"the promise was made on {made}, after {day(on)}", where="--on", todo="Give a later day.")
    started = started_on(commitment.rep, settings)
    if not is_new(started, on):
        since = (
            f"{commitment.rep} started on {day(started)}, more than {NEW_FOR_DAYS} days before"
            if started is not None
            else f"it is not known when {commitment.rep} started (started under [[rep]] in ci-checker.toml)"
        )
        raise RequestError(f"the check is daily for a new rep only: {since}", where="--look", todo=record)
    last = last_day(commitment)
    if on >= last:
        raise RequestError(
            f"the last day of the promise is {day(last)}, so this is its check", where="--look", todo=record
        )
    following = check_on or workday_from(on + timedelta(days=1))
    if following <= on:
        raise RequestError(
            f"the next look on {day(following)} is not after {day(on)}", where="--check-on", todo="Give a later day."
        )
    said = " ".join(words.split())
    told = f": {said}" if said else ""
    looked = f"Looked at on {day(on)}{told}{'' if told.endswith(('.', '!', '?')) else '.'}"
    changed = replace(commitment, check_on=following, note=" ".join(part for part in (commitment.note, looked) if part))
    validate(changed)
    with open_store(settings.store_location()) as store:
        return Kept(commitment=store.update_commitment(changed))
