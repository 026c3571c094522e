"""``checkin --look``: the daily look at a new rep's promise, by flag or at a prompt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ci_checker.cli import ask
from ci_checker.cli.console import say
from ci_checker.errors import RequestError
from ci_checker.model import Commitment

if TYPE_CHECKING:
    from ci_checker.app.ledger import Terms
    from ci_checker.settings import Settings

CHOICES = ("look", "close")


def meant(
    commitment: Commitment,
    loaded: Settings,
    *,
    look: bool,
    whole: tuple[object, ...],
    given: Terms,
    on: date,
    asking: bool,
) -> bool:
    """Return whether only a look is meant; asked at a terminal where the check is daily and nothing says otherwise.

    ``whole`` and ``given`` are what belongs to a check in full. Raises RequestError where a look is given beside it.
    """
    from ci_checker.app import ledger, looks

    full = any(each is not None for each in whole) or replace(given, check_on=None) != ledger.NOTHING
    if look and full:
        raise RequestError(
            "a look leaves the promise as it is",
            where="--look",
            todo="Give only --words, --on and --check-on with it, or leave --look away.",
        )
    if look or full or not asking or not looks.is_daily(commitment, loaded, on=on):
        return look
    say(f"{commitment.rep} is new, and this promise runs on: {commitment.statement}")
    return ask.choice("Is this the daily look, or is the promise to be closed?", CHOICES, CHOICES[0]) == CHOICES[0]


def look(
    commitment: Commitment, loaded: Settings, *, on: date, words: str | None, check_on: date | None, asking: bool
) -> Commitment:
    """Keep a look and return the promise with its new check date. Raises RequestError."""
    from ci_checker.app import looks

    if words is None and asking:
        words = ask.text(f"What did {commitment.rep} say? (Enter to skip)")
    return looks.look(commitment, loaded, on=on, words=words or "", check_on=check_on).commitment
