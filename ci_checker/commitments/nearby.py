"""Days as people say them on a given day: today, tomorrow, Thursday, Monday, November 30."""

from __future__ import annotations

from datetime import date

from ci_checker.commitments.words import WEEKDAYS, day, plural

_DISTANT_DAYS = 180


def near_day(value: date, today: date) -> str:
    """Return ``today``, ``tomorrow``, ``yesterday``, ``Thursday`` within the coming six days, else the date.

    A bare weekday is only said of days to come: "Thursday" of last week is said with its date.
    The year is added where a reader could take the date for another year's.
    """
    away = (value - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if away in near:
        return near[away]
    if 1 < away < 7:
        return WEEKDAYS[value.weekday()]
    return f"{day(value)}, {value.year}" if abs(away) > _DISTANT_DAYS else day(value)


def on_day(value: date, today: date) -> str:
    """Return ``near_day`` with the ``on`` that a date or a weekday needs in a sentence."""
    said = near_day(value, today)
    return said if said in ("today", "tomorrow", "yesterday") else f"on {said}"


def days_ago(value: date, today: date) -> str:
    """Return ``1 day ago`` or ``12 days ago``."""
    return f"{plural((today - value).days, 'day')} ago"
