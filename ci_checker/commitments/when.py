"""Reads from a sentence when a promise holds: weekdays, time of day, dates, check date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from ci_checker.commitments.scan import NUMBER, Scan, number
from ci_checker.commitments.words import MONTHS, WEEKDAYS, WORKDAYS

_DAY = r"\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?"
_MONTH = "(" + "|".join(rf"{name[:3].lower()}(?:{name[3:].lower()})?" for name in MONTHS) + r")\b\.?"
_NTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_DAY_OF = rf"(?:{_DAY.replace('(mon', '(?:mon', 1)},? )?"
_DATE = rf"{_DAY_OF}(?:(\d{{4}})-(\d\d)-(\d\d)|{_MONTH} {_NTH}\b|{_NTH}(?: of)? {_MONTH})"
_HOUR = r"(\d{1,2})(?:[:.](\d\d))?\s?(am|pm|o'clock)?\b(?!%| ?(?:percent|calls?|emails?))"
_CLOCK = rf"(?:{_HOUR}|(noon|midday))"

_EACH_DAY = r"\b(?:every|each) (?:single )?(?:work(?:ing )?|week)?day\b|\bdaily\b"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What a sentence says of time; ``None`` where it says nothing."""

    weekdays: tuple[int, ...] | None = None
    start: date | None = None
    end: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    check_on: date | None = None
    each_part_of_day: bool = False
    each_day: bool = False

    @property
    def said(self) -> bool:
        """Whether days, dates or a time of day were named."""
        return any((self.weekdays, self.start, self.end, self.from_time, self.to_time))


NOTHING_SAID = When()


def read_when(scan: Scan, today: date) -> When:
    """Read and blank out every time expression; relative days are counted from ``today``."""
    check_on = _check_day(scan, today)
    start, end = _dates(scan, today)
    from_time, to_time = _times(scan)
    each_part_of_day = scan.find(r"\b(?:every|each) (?:morning|afternoon)\b") is not None
    each_day = scan.find(_EACH_DAY) is not None
    return When(
        weekdays=_weekdays(scan),
        start=start,
        end=end,
        from_time=from_time,
        to_time=to_time,
        check_on=check_on,
        each_part_of_day=each_part_of_day,
        each_day=each_day,
    )


def _index(name: str) -> int:
    return next(at for at, full in enumerate(WEEKDAYS) if full.lower().startswith(name[:3]))


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _date(groups: tuple[str | None, ...], today: date) -> date | None:
    year, month, day_number, name_1, day_1, day_2, name_2 = groups
    try:
        if year and month and day_number:
            return date(int(year), int(month), int(day_number))
        name, day_text = (name_1, day_1) if name_1 else (name_2, day_2)
        if not name or not day_text:
            return None
        at = next(at for at, full in enumerate(MONTHS, 1) if full.lower().startswith(name[:3]))
        found = date(today.year, at, int(day_text))
        return found if found >= today else found.replace(year=today.year + 1)
    except ValueError:
        return None


def _check_day(scan: Scan, today: date) -> date | None:
    lead = r"\b(?:check(?:ed)?|check-in|1:1)(?: it| this)?(?: is)?(?: again)? on "
    if match := scan.take(lead + _DATE):
        return _date(match.groups(), today)
    if match := scan.take(lead + r"(?:next )?" + _DAY):
        return _next(_index(match[1]), today + timedelta(days=1))
    return None


def _dates(scan: Scan, today: date) -> tuple[date | None, date | None]:
    if match := scan.take(rf"(?:from |between )?{_DATE} ?(?:-|to|until|through|till|and) ?{_DATE}"):
        groups = match.groups()
        return _date(groups[:7], today), _date(groups[7:], today)
    if match := scan.take(rf"\b(by|until|till|through|before|from|starting|on) (?:the )?{_DATE}"):
        found = _date(match.groups()[1:], today)
        if match[1] == "on":
            return found, found
        if match[1] in {"from", "starting"}:
            return found, None
        return None, found - timedelta(days=1) if found and match[1] == "before" else found
    if match := scan.take(rf"(?<!- )(?<!day )\b(by|until|till|before) (?:the end of )?(next )?{_DAY}"):
        found = _next(_index(match[3]), today)
        if match[2] and found < _monday(today, 1):
            found += timedelta(days=7)
        return None, found - timedelta(days=1) if match[1] == "before" else found
    if scan.take(r"\b(?:by the end of |during |in )?(?:this|the) week\b"):
        friday = _next(4, today) if today.weekday() <= 4 else _next(6, today)
        return today, friday
    if scan.take(r"\bnext week\b"):
        return _monday(today, 1), _monday(today, 1) + timedelta(days=4)
    if scan.take(r"\btoday\b"):
        return today, today
    if scan.take(r"\btomorrow\b"):
        return today + timedelta(days=1), today + timedelta(days=1)
    if match := scan.take(rf"\b(?:for|over|in|within) the (?:next|coming) ({NUMBER}) (day|week)s?\b"):
        return today, today + timedelta(days=number(match[1]) * (7 if match[2] == "week" else 1))
    return None, None


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(days=7 * weeks)


def _clock(groups: tuple[str | None, ...], *, morning: bool = False) -> time | None:
    hour_text, minute_text, half, noon = groups
    if noon or hour_text is None:
        return time(12)
    hour, minute = int(hour_text), int(minute_text or 0)
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif half != "am" and hour <= 6 and not morning:
        # A bare "before 5" or "after 2" in a working day means the afternoon.
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _times(scan: Scan) -> tuple[time | None, time | None]:
    if match := scan.take(rf"\b(?:between|from) {_CLOCK} ?(?:and|to|-|until|till) ?{_CLOCK}") or scan.take(
        rf"(?<=[ ,]){_HOUR}() ?-() ?{_HOUR}()(?= ?(?:am|pm|o'clock|[,.| ]))",
        lambda found: bool(found[2] or found[3] or found[7] or found[8]),
    ):
        groups = [each or None for each in match.groups()]
        first, last = (groups[:4], groups[4:8]) if len(groups) == 8 else (groups[:4], [*groups[5:8], None])
        if first[0] and last[2] and not first[2] and int(first[0]) <= int(last[0] or 12) != 12:
            first[2] = last[2]
        return _clock(tuple(first)), _clock(tuple(last))
    morning = scan.find(r"\bmornings?\b") is not None
    start = end = None
    if match := scan.take(rf"\b(?:before|until|till|by) {_CLOCK}"):
        end = _clock(match.groups(), morning=morning)
    if match := scan.take(rf"\b(?:after|from) {_CLOCK}(?: on(?:wards?)?)?"):
        start = _clock(match.groups(), morning=morning)
    if start is None and end is None:
        if morning:
            end = time(12)
        elif scan.find(r"\bafternoons?\b"):
            start = time(12)
    return start, end


def _weekdays(scan: Scan) -> tuple[int, ...] | None:
    found: set[int] = set()
    while match := scan.take(
        rf"(?:from )?{_DAY}(?: mornings?| afternoons?)? ?(?:-|to|through|thru|until|till) ?{_DAY}"
    ):
        first, last = _index(match[1]), _index(match[2])
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    while match := scan.take(r"(?:on |every |each )?" + _DAY):
        found.add(_index(match[1]))
    named = bool(found)
    if scan.take(_EACH_DAY + r"|\b(?:week|work)days\b"):
        found.update(() if named else WORKDAYS)
    if scan.take(r"\b(?:(?:every|each|in the|all) )?(?:mornings?|afternoons?)\b(?: of| on)?"):
        found.update(() if found else WORKDAYS)
    if scan.take(r"\bweekends?\b"):
        found.update((5, 6))
    return tuple(sorted(found)) or None
