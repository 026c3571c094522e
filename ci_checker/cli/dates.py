"""Dates, weekdays, times of day and targets, as people type them after an option."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from ci_checker.errors import RequestError
from ci_checker.model import Target, TargetKind

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(?:(next|last|this|on)\s+)?(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?s?")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")


def parse_date(text: str, today: date, *, option: str = "", later: bool = False) -> date:
    """Return the date meant by ``2026-11-23``, ``today``, ``mon`` or ``next monday``.

    A weekday alone is its next occurrence, today included unless ``later``;
    ``next`` means in the next calendar week, ``last`` the most recent before today.
    Raises RequestError.
    """
    wanted = " ".join(text.casefold().replace(",", " ").split())
    relative = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if wanted in relative:
        return today + timedelta(days=relative[wanted])
    if match := _DAY.fullmatch(wanted):
        return _weekday(match[1] or "", _DAYS.index(match[2][:3]), today, later)
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        raise RequestError(
            f"'{text}' is no date", where=option, todo="Write 2026-11-23, today, tomorrow, mon or 'next monday'."
        ) from None


def _weekday(lead: str, index: int, today: date, later: bool) -> date:
    if lead == "next":
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + index)
    if lead == "last":
        return today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)
    start = today + timedelta(days=1) if later else today
    return start + timedelta(days=(index - start.weekday()) % 7)


def parse_weekdays(text: str, option: str = "--weekdays") -> tuple[int, ...]:
    """Return the weekdays (Monday is 0) of ``mon-thu``, ``mon,wed,fri``, ``workdays`` or ``daily``."""
    found: set[int] = set()
    spaced = re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", text.casefold())
    for part in re.split(r"[,\s]+|\band\b", spaced):
        if not part:
            continue
        if part in ("workdays", "weekdays"):
            found.update(range(5))
        elif part in ("daily", "all", "every"):
            found.update(range(7))
        else:
            ends = [_DAY.fullmatch(end) for end in part.split("-")]
            days = [_DAYS.index(match[2][:3]) for match in ends if match is not None and not match[1]]
            if len(days) != len(ends) or len(days) > 2:
                raise RequestError(
                    f"'{part}' is no weekday", where=option, todo="Write mon-thu, mon,wed,fri, workdays or daily."
                )
            found.update((days[0] + step) % 7 for step in range((days[-1] - days[0]) % 7 + 1))
    if not found:
        raise RequestError("no weekday is named", where=option, todo="Write mon-thu, mon,wed,fri, workdays or daily.")
    return tuple(sorted(found))


def parse_time(text: str, option: str = "") -> time:
    """Return the time of day of ``9``, ``09:30``, ``9am`` or ``5 pm``; ``noon`` is 12:00."""
    wanted = text.casefold().strip()
    match = _TIME.fullmatch(wanted)
    if wanted == "noon":
        return time(12)
    if match is not None:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
            half = None
        if half is None and hour < 24 and minute < 60:
            return time(hour, minute)
    raise RequestError(f"'{text}' is no time of day", where=option, todo="Write 09:00, 9, 5pm or 17:30.")


def parse_target(text: str, per_call: int | None = None, option: str = "--target") -> Target:
    """Return the target of ``10`` (calls), ``50%`` (of the eligible ones) or ``every``."""
    wanted = text.casefold().strip()
    each = 1 if per_call is None else per_call
    if wanted in ("every", "all", "100%", "every call", "every one"):
        return Target(kind=TargetKind.EVERY, per_call=each)
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:%|percent)", wanted):
        return Target(kind=TargetKind.SHARE, value=float(match[1]) / 100, per_call=each)
    if match := re.fullmatch(r"(\d+)(?:\s*(?:calls?|times|x))?", wanted):
        return Target(kind=TargetKind.COUNT, value=float(match[1]), per_call=each)
    raise RequestError(
        f"'{text}' is no target", where=option, todo="Write a number of calls (10), a share of them (50%), or every."
    )
