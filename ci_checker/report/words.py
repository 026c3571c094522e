"""How dates, times, counts and probabilities are said to people. Own tables: no locale."""

from __future__ import annotations

from datetime import date, datetime, time

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date) -> str:
    """``Tue 17 Nov``."""
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]}"


def dated(when: date) -> str:
    """``Tue 17 Nov 2026``."""
    return f"{day(when)} {when.year}"


def clock(when: time | datetime) -> str:
    """``9:42 am``; ``noon`` and ``midnight`` by name; no ``:00``."""
    if not when.minute and when.hour in (0, 12):
        return "noon" if when.hour else "midnight"
    minutes = f":{when.minute:02d}" if when.minute else ""
    return f"{(when.hour - 1) % 12 + 1}{minutes} {'am' if when.hour < 12 else 'pm'}"


def days(first: date, last: date) -> str:
    """``Mon 16 to Thu 19 Nov``, ``Thu 29 Oct to Mon 2 Nov``, one day alone where both are the same."""
    if first == last:
        return day(first)
    one_month = (first.year, first.month) == (last.year, last.month)
    return f"{f'{DAYS[first.weekday()]} {first.day}' if one_month else day(first)} to {day(last)}"


def at(when: datetime | None) -> str:
    """``Tue 17 Nov, 9:42 am``; says so when the time is not known. Exact midnight is how a bare date arrives."""
    if when is None:
        return "time not known"
    return day(when) if (when.hour, when.minute, when.second) == (0, 0, 0) else f"{day(when)}, {clock(when)}"


def mmss(seconds: float | None) -> str:
    """``04:07``, past an hour ``1:04:07``; empty for ``None``. Cut, not rounded: play from there."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    short = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{short}" if hours else short


def lasting(seconds: float | None) -> str:
    """``4 min 7 s``, ``12 s``, ``1 h 2 min``; empty for ``None``."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def percent(probability: float | None) -> str:
    """``97%``. Never 100% for less than certain, nor 0% for more than impossible."""
    if probability is None:
        return ""
    if 0.995 <= probability < 1:
        return "over 99%"
    if 0 < probability < 0.005:
        return "under 1%"
    return f"{int(probability * 100 + 0.5)}%"


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def spelled(number: int) -> str:
    """``two``; figures from 13 on."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else str(number)


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 call``, ``2 calls``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(items: tuple[str, ...] | list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def weekdays(numbers: tuple[int, ...]) -> str:
    """``Mon to Thu``, ``Mon, Wed and Fri``, ``every day``."""
    ordered = sorted(set(numbers))
    if len(ordered) == 7:
        return "every day"
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{DAYS[ordered[0]]} to {DAYS[ordered[-1]]}"
    return listed([DAYS[number] for number in ordered])
