"""Geometry of the charts: where marks stand. Templates draw them; nothing here is markup.

Horizontal places are percent of the chart's width and vertical ones pixels, so
that one drawing fits a phone and a desk with letters of the same size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from ci_checker.model import CallFinding, Finding, WeekPoint, Window
from ci_checker.report import words

LANE = 30.0
LEFT, RIGHT = 4.0, 96.0
APART = 8.5
GAP = 0.6
TALL = 300.0
PLOT_TOP, PLOT_BOTTOM = 14.0, 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One call on the strip: its place in the day and its number among the finding's calls."""

    x: float
    y: float
    number: int
    call: CallFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day of the strip. ``promised`` is false for a day outside the commitment."""

    name: str
    promised: bool
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The week: rows of days over hours; ``band`` is the promised time of day (x, width)."""

    rows: tuple[DayRow, ...]
    ticks: tuple[tuple[float, str], ...]
    band: tuple[float, float] | None
    untimed: DayRow | None

    @property
    def dense(self) -> bool:
        """Whether the week is too tall for paper at its usual size."""
        return sum(row.height for row in (*self.rows, *((self.untimed,) if self.untimed else ()))) > TALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One week of the trend; ``y_open`` is where seen would be if every unclear call were seen."""

    x: float
    half: float
    y_seen: float
    y_open: float
    y_promised: float
    y_eligible: float
    label: bool
    week: WeekPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The weeks of one commitment, below the line; ``first`` of its behavior."""

    x: float
    width: float
    week: WeekPoint
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The weeks with a line between those of one behavior, and the commitments beneath."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    spans: tuple[Span, ...]
    grid: tuple[tuple[float, int], ...]


def strip(finding: Finding) -> Strip:
    """Place every call of a finding at its day and hour."""
    numbered = list(enumerate(finding.calls))
    timed = [(number, call, call.started_at) for number, call in numbered if call.started_at]
    window = finding.commitment.window
    low, high = _hours([at for _, _, at in timed], window)
    rows = []
    for day in _days(window, [at.date() for _, _, at in timed]):
        placed = sorted((_across(at.time(), low, high), number, call) for number, call, at in timed if at.date() == day)
        promised = day.weekday() in window.weekdays and window.start <= day <= window.end
        rows.append(_row(words.day(day), promised, placed))
    lost = [(LEFT + 9 * place, number, call) for place, (number, call) in enumerate(_untimed(numbered))]
    return Strip(
        rows=tuple(rows),
        ticks=_ticks(low, high),
        band=_band(window, low, high),
        untimed=_row("Time not known", True, lost) if lost else None,
    )


def trend(weeks: tuple[WeekPoint, ...]) -> Trend:
    """Place weeks against one scale of calls, from nought to the most eligible or promised."""
    top = max([1, *(max(week.counts.eligible, week.counts.promised) for week in weeks)])
    step = (RIGHT - LEFT) / max(len(weeks), 1)
    every = 1 if len(weeks) <= 6 else 2
    columns = tuple(
        Column(
            x=round(LEFT + step * (number + 0.5), 2),
            half=round(min(step * 0.36, 7.0), 2),
            y_seen=_up(week.counts.seen, top),
            y_open=_up(week.counts.seen + week.counts.unclear, top),
            y_promised=_up(week.counts.promised, top),
            y_eligible=_up(week.counts.eligible, top),
            label=(len(weeks) - 1 - number) % every == 0,
            week=week,
        )
        for number, week in enumerate(weeks)
    )
    pairs = [pair for pair in pairwise(columns) if _joined(*pair)]
    grid = tuple((_up(value, top), value) for value in sorted({0, top // 2, top}))
    lines = tuple((one.x, one.y_seen, two.x, two.y_seen) for one, two in pairs)
    return Trend(columns=columns, lines=lines, spans=_spans(columns, step), grid=grid)


def _row(name: str, promised: bool, placed: list[tuple[float, int, CallFinding]]) -> DayRow:
    marks: list[Mark] = []
    lanes: list[float] = []
    for x, number, call in placed:
        # The first lane with room, so that two calls of one quarter of an hour stay apart on a phone.
        lane = next((index for index, last in enumerate(lanes) if x - last >= APART), len(lanes))
        lanes[lane : lane + 1] = [x]
        marks.append(Mark(x=round(x, 2), y=LANE * lane + LANE / 2 + 4, number=number, call=call))
    return DayRow(name=name, promised=promised, height=LANE * max(len(lanes), 1) + 8, marks=tuple(marks))


def _hours(times: list[datetime], window: Window) -> tuple[int, int]:
    hours = [at.hour for at in times] + [at.hour + 1 for at in times]
    hours += [bound.hour for bound in (window.from_time, window.to_time) if bound]
    hours += [bound.hour + 1 for bound in (window.to_time,) if bound and bound.minute]
    if not times:
        hours += [8, 18]
    low, high = min(hours), max(hours)
    if window.to_time and not window.from_time:
        low = min(low, window.to_time.hour - 2)
    low = max(0, min(low, high - 4))
    return low, max(high, low + 4)


def _across(at: time, low: int, high: int) -> float:
    return LEFT + (RIGHT - LEFT) * (at.hour + at.minute / 60 - low) / (high - low)


def _ticks(low: int, high: int) -> tuple[tuple[float, str], ...]:
    step = max(1, -(-(high - low) // 5))
    return tuple(
        (round(_across(time(hour), low, high), 2), words.clock(time(hour)))
        for hour in range(low, min(high, 23) + 1, step)
    )


def _band(window: Window, low: int, high: int) -> tuple[float, float] | None:
    if not (window.from_time or window.to_time):
        return None
    start = _across(window.from_time, low, high) if window.from_time else 0.0
    end = _across(window.to_time, low, high) if window.to_time else 100.0
    return round(start, 2), round(max(0.0, end - start), 2)


def _days(window: Window, met: list[date]) -> list[date]:
    span = min((window.end - window.start).days, 30)
    days = {window.start + timedelta(days=number) for number in range(span + 1)}
    return sorted({day for day in days if day.weekday() in window.weekdays} | set(met))


def _untimed(numbered: list[tuple[int, CallFinding]]) -> list[tuple[int, CallFinding]]:
    return [(number, call) for number, call in numbered if call.started_at is None]


def _up(value: int, top: int) -> float:
    return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * value / top, 2)


def _joined(one: Column, two: Column) -> bool:
    return one.week.behavior == two.week.behavior and bool(one.week.counts.eligible and two.week.counts.eligible)


def _spans(columns: tuple[Column, ...], step: float) -> tuple[Span, ...]:
    """One bar a commitment; the first of a behavior carries the name for all that follow."""
    spans: list[Span] = []
    for column in columns:
        start, end = column.x - step / 2 + GAP, column.x + step / 2 - GAP
        before = spans[-1] if spans else None
        if before and before.week.commitment_id == column.week.commitment_id:
            spans[-1] = replace(before, width=round(end - before.x, 2), week=column.week)
            continue
        first = before is None or before.week.behavior != column.week.behavior
        spans.append(Span(x=round(start, 2), width=round(end - start, 2), week=column.week, first=first))
    return tuple(spans)
