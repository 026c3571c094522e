"""The parts of a promise that somebody spelled out, and what they change in one that stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from ci_checker.errors import RequestError
from ci_checker.model import Eligibility, Target, Window


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


def target_of(terms: Terms, before: Target | None) -> Target:
    """Return the target with what the terms change in it. Raises RequestError where there is none at all."""
    target = terms.target or before
    if target is None:
        raise RequestError("it is not said how often", where="--target")
    kept = target if terms.target is None or before is None else replace(target, per_call=before.per_call)
    return kept if terms.per_call is None else replace(kept, per_call=terms.per_call)


def window_of(terms: Terms, before: Window) -> Window:
    """Return the window with the days, dates and times that the terms name."""
    return replace(
        before,
        start=terms.start or before.start,
        end=terms.end or before.end,
        weekdays=before.weekdays if terms.weekdays is None else terms.weekdays,
        from_time=terms.from_time or before.from_time,
        to_time=terms.to_time or before.to_time,
    )


def eligible_of(terms: Terms, before: Eligibility) -> Eligibility:
    """Return which calls count, with what the terms change in it."""
    return Eligibility(
        call_types=before.call_types if terms.call_types is None else terms.call_types,
        directions=before.directions if terms.directions is None else terms.directions,
        accounts=before.accounts if terms.accounts is None else terms.accounts,
    )
