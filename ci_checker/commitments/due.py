"""What is to be checked: overdue first, then today, then the days to come; and who has no promise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ci_checker.commitments.nearby import days_ago, near_day
from ci_checker.model import Commitment, CommitmentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check to come or missed. ``said`` is its day as people say it; ``days_overdue`` is 0 until it is missed."""

    commitment: Commitment
    said: str
    days_overdue: int = 0

    @property
    def rep(self) -> str:
        """The rep whose promise it is."""
        return self.commitment.rep


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """A rep with no active commitment; ``last`` is the one that was closed last, if there was any."""

    rep: str
    last: Commitment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The checks of one manager's reps, or of everybody's, in the order in which they come."""

    as_of: date
    manager: str | None
    overdue: tuple[Check, ...] = ()
    today: tuple[Check, ...] = ()
    later: tuple[Check, ...] = ()
    without: tuple[Without, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks, the longest overdue first."""
        return (*self.overdue, *self.today, *self.later)


def due(ledger: Iterable[Commitment], today: date, *, reps: Sequence[str] = (), manager: str | None = None) -> Due:
    """Sort the active commitments by their check dates.

    Parameters
    ----------
    ledger
        Commitments of the reps in question, closed ones included.
    reps
        The names of the reps in question; whoever of them has no active commitment is named.
    """
    known = sorted(ledger, key=lambda each: (each.check_on, each.rep.casefold(), each.id))
    active = [each for each in known if each.status is CommitmentStatus.ACTIVE]
    checks = [_check(each, today) for each in active]
    busy = {each.rep.casefold() for each in active}
    return Due(
        as_of=today,
        manager=manager,
        overdue=tuple(each for each in checks if each.days_overdue),
        today=tuple(each for each in checks if each.commitment.check_on == today),
        later=tuple(each for each in checks if each.commitment.check_on > today),
        without=tuple(
            Without(rep=name, last=_last(known, name)) for name in sorted(reps, key=str.casefold)
            if name.casefold() not in busy
        ),
    )  # fmt: skip


def _check(commitment: Commitment, today: date) -> Check:
    late = max(0, (today - commitment.check_on).days)
    said = near_day(commitment.check_on, today)
    if late > 1:
        said = f"{said} ({days_ago(commitment.check_on, today)})"
    return Check(commitment=commitment, said=said, days_overdue=late)


def _last(known: Sequence[Commitment], rep: str) -> Commitment | None:
    own = [each for each in known if each.rep.casefold() == rep.casefold() and each.closed_on is not None]
    return max(own, key=lambda each: (each.closed_on or each.made_on, each.id), default=None)
