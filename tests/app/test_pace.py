"""The time left is told only when it can be known, and from this run's pace alone."""

from __future__ import annotations

import pytest

from ci_checker.app.pace import Pace


def told(*steps: tuple[float, float], total: float = 600.0) -> list[float | None]:
    now = iter([at for at, _ in steps])
    pace = Pace(clock=lambda: next(now))
    return [pace.left_s(done, total) for _, done in steps]


def test_nothing_is_guessed_at_first():
    assert told((0.0, 0.0), (1.0, 300.0), (6.0, 5.0)) == [None, None, None]


def test_the_time_left_follows_the_pace():
    assert told((0.0, 0.0), (10.0, 100.0), (30.0, 300.0))[1:] == [pytest.approx(50.0), pytest.approx(30.0)]


def test_what_an_earlier_run_heard_does_not_count():
    assert told((0.0, 400.0), (10.0, 500.0))[1] == pytest.approx(10.0)


def test_the_end_is_the_end():
    assert told((0.0, 0.0), (9.0, 600.0))[1] == 0.0
