"""Marks stand where the calls were, apart from each other, and inside the picture."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, time

import samples

from ci_checker.model import CallState, Finding, Standing
from ci_checker.report import charts


def finding(name: str = "short") -> Finding:
    found = samples.reports()[name].finding
    assert found
    return found


def test_every_call_has_one_mark_on_its_day() -> None:
    week = charts.strip(finding())
    assert [row.name for row in week.rows] == ["Mon 16 Nov", "Tue 17 Nov", "Wed 18 Nov", "Thu 19 Nov"]
    assert sorted(mark.number for row in week.rows for mark in row.marks) == list(range(12))
    assert all(0 < mark.x < 100 and 0 < mark.y < row.height for row in week.rows for mark in row.marks)


def test_marks_of_one_lane_stand_apart() -> None:
    crowded = tuple(samples.call(n, CallState.SEEN, datetime(2026, 11, 16, 9, n)) for n in range(6))
    row = charts.strip(replace(finding(), calls=crowded)).rows[0]
    lanes: dict[float, list[float]] = {}
    for mark in row.marks:
        lanes.setdefault(mark.y, []).append(mark.x)
    assert all(b - a >= charts.APART for xs in lanes.values() for a, b in itertools.pairwise(xs))
    assert len(lanes) > 1


def test_later_calls_stand_further_right() -> None:
    row = charts.strip(finding()).rows[2]
    by_time = sorted(row.marks, key=lambda mark: mark.call.started_at or datetime.min)
    assert [mark.x for mark in by_time] == sorted(mark.x for mark in row.marks)


def test_the_promised_time_of_day() -> None:
    week = charts.strip(finding())
    ticks = {label: x for x, label in week.ticks}
    assert week.band and abs(sum(week.band) - ticks["10 am"]) < 0.02
    window = replace(samples.COMMITMENT.window, to_time=None)
    assert charts.strip(replace(finding(), commitment=replace(samples.COMMITMENT, window=window))).band is None


def test_a_week_without_calls_still_shows_its_days() -> None:
    week = charts.strip(finding("no_calls"))
    assert len(week.rows) == 4
    assert all(not row.marks for row in week.rows)


def test_calls_without_a_time_and_outside_the_days() -> None:
    calls = (
        samples.call(0, CallState.SEEN, None),
        samples.call(1, CallState.SEEN, datetime(2026, 11, 21, 23, 50)),
    )
    week = charts.strip(replace(finding(), calls=calls))
    assert week.untimed and [mark.number for mark in week.untimed.marks] == [0]
    assert week.rows[-1].name == "Sat 21 Nov"
    assert not week.rows[-1].promised
    assert 0 < week.rows[-1].marks[0].x <= 100


def test_window_to_midnight() -> None:
    window = replace(samples.COMMITMENT.window, from_time=time(22), to_time=time(23, 59))
    week = charts.strip(replace(finding("no_calls"), commitment=replace(samples.COMMITMENT, window=window)))
    assert week.band and sum(week.band) <= 100


def test_trend_joins_only_weeks_of_one_behavior() -> None:
    chart = charts.trend(finding().trend)
    assert len(chart.columns) == 5
    assert len(chart.lines) == 3
    spans = [(span.week.commitment_id, span.first) for span in chart.spans]
    assert spans == [(2, True), (3, False), (4, True), (5, False)]
    assert all(a.x + a.width < b.x for a, b in itertools.pairwise(chart.spans)), "every commitment has its own bar"
    assert chart.grid[0] == (charts.PLOT_BOTTOM, 0)


def test_trend_keeps_to_its_scale() -> None:
    for column in charts.trend(finding().trend).columns:
        ys = (column.y_eligible, column.y_open, column.y_seen, column.y_promised)
        assert all(charts.PLOT_TOP <= y <= charts.PLOT_BOTTOM for y in ys)
        assert column.y_eligible <= column.y_open <= column.y_seen


def test_trend_of_no_weeks_and_of_many() -> None:
    assert charts.trend(()).columns == ()
    week = samples.trend(samples.counted((), 8), Standing.NO_CALLS)[-1]
    many = charts.trend(tuple(replace(week, week_of=date(2026, 9, 7 + n)) for n in range(12)))
    assert [column.label for column in many.columns][-1] is True
    assert sum(column.label for column in many.columns) == 6
    assert many.lines == ()
