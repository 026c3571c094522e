"""Small pieces of plain English that the sentences of this room share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from ci_checker.model import Eligibility, Outcome, Window

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WORKDAYS = (0, 1, 2, 3, 4)
OUTCOMES = {Outcome.DONE: "done", Outcome.PARTLY: "partly done", Outcome.NOT_DONE: "not done"}
FIRST_TOUCH = "first touch email"
_EMAIL_TYPES = frozenset({"email", "mail"})
_FIRST_TOUCH = frozenset(
    f"first touch{tail}" for tail in ("", " email", " emails", " e mail", " e mails", " mail", " mails", " outreach")
)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 call`` or ``3 calls``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def join(parts: Sequence[str], last: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def day(value: date) -> str:
    """Return ``Monday, January 12``."""
    return f"{WEEKDAYS[value.weekday()]}, {MONTHS[value.month - 1]} {value.day}"


def clock(value: time) -> str:
    """Return ``9:05 am``, ``1 pm``, ``noon``: as the report's other lines say it."""
    if not value.minute and value.hour in (0, 12):
        return "noon" if value.hour else "midnight"
    minutes = f":{value.minute:02d}" if value.minute else ""
    return f"{(value.hour - 1) % 12 + 1}{minutes} {'am' if value.hour < 12 else 'pm'}"


def has_clock_time(moment: datetime | None) -> bool:
    """Whether the time of day is known: exact midnight is how a bare date arrives."""
    return moment is not None and (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def when(moment: datetime | None) -> str:
    """Return ``Monday, January 12, at 9:05 am``, as far as it is known."""
    if moment is None:
        return "an unknown day"
    if not has_clock_time(moment):
        return day(moment.date())
    return f"{day(moment.date())}, at {clock(moment.time())}"


def part_of_day(moment: datetime) -> str:
    """Return ``Monday morning``; only ``Monday`` where the time of day is not known."""
    name = WEEKDAYS[moment.weekday()]
    if not has_clock_time(moment):
        return name
    part = "morning" if moment.hour < 12 else "afternoon" if moment.hour < 17 else "evening"
    return f"{name} {part}"


def place_in_call(seconds: float | None) -> str:
    """Return ``01:05`` for 65 s from the start of the call, nothing where it is not known."""
    if seconds is None:
        return ""
    whole = int(seconds)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def shorten(text: str, limit: int = 200) -> str:
    """Return the text on one line, cut at a word with an ellipsis after ``limit`` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def normal(text: str) -> str:
    """Return a form for comparing labels: case, hyphens, and a trailing ``call(s)`` do not matter."""
    flat = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    for tail in (" calls", " call"):
        if flat.endswith(tail):
            flat = flat[: -len(tail)]
    if flat in {"e mail", "e mails", "emails", "mails", "mail"}:
        return "email"
    if flat in _FIRST_TOUCH:
        return FIRST_TOUCH
    return "followup" if flat == "follow up" else flat


_SAID = {"followup": "follow-up"}


def calls_noun(eligible: Eligibility, count: int) -> str:
    """Return what is counted: ``cold call``, ``inbound discovery and demo calls``, ``e-mails``."""
    types = [_SAID.get(each, each) for name in eligible.call_types for each in [normal(name)]]
    if types and set(types) <= {*_EMAIL_TYPES, FIRST_TOUCH}:
        first = "first-touch " if set(types) == {FIRST_TOUCH} else ""
        noun = f"{first}e-mail" if count == 1 else f"{first}e-mails"
        types = []
    else:
        noun = "call" if count == 1 else "calls"
    kinds = [*(normal(name) for name in eligible.directions)]
    lead = " ".join(part for part in (join(kinds, "or"), join(types, "and")) if part)
    text = f"{lead} {noun}" if lead else noun
    if eligible.accounts:
        text += f" with {join(eligible.accounts, 'or')}"
    return text


def noun(eligible: Eligibility, count: int) -> str:
    """Return ``call`` or ``e-mails``: what is counted, without its kind."""
    mails = bool(eligible.call_types) and {normal(name) for name in eligible.call_types} <= {*_EMAIL_TYPES, FIRST_TOUCH}
    return f"{'e-mail' if mails else 'call'}{'' if count == 1 else 's'}"


def weekdays_text(weekdays: Sequence[int]) -> str:
    """Return ``Monday to Thursday`` for a run of three or more days, else the days one by one."""
    days = sorted(set(weekdays))
    if len(days) == 7:
        return "every day"
    if len(days) >= 3 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    return join([WEEKDAYS[index] for index in days])


def window_text(window: Window) -> str:
    """Return the window as a phrase: days, time of day, dates."""
    # "10 calls, every day" would read as 10 on each of them.
    whole = len(set(window.weekdays)) == 7
    parts = ["Monday to Sunday" if whole else weekdays_text(window.weekdays)]
    if window.from_time and window.to_time:
        parts.append(f"between {clock(window.from_time)} and {clock(window.to_time)}")
    elif window.to_time:
        parts.append(f"before {clock(window.to_time)}")
    elif window.from_time:
        parts.append(f"from {clock(window.from_time)} on")
    if window.start == window.end:
        parts.append(f"on {day(window.start)}")
    else:
        parts.append(f"from {day(window.start)} to {day(window.end)}")
    return ", ".join(parts)
