"""30/60/90: four weeks for one behavior, four for the next, four in which the rep brings the promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ci_checker.commitments import phases
from ci_checker.commitments.phases import Stage
from ci_checker.model import Commitment

FIRST = date(2026, 1, 12)
Make = Callable[..., Commitment]


@pytest.mark.parametrize(
    ("days", "week", "stage"),
    [
        (0, 1, Stage.INSTALL),
        (6, 1, Stage.INSTALL),
        (7, 2, Stage.INSTALL),
        (27, 4, Stage.INSTALL),
        (28, 5, Stage.LAYER),
        (55, 8, Stage.LAYER),
        (56, 9, Stage.OWN),
        (83, 12, Stage.OWN),
        (84, 13, Stage.AFTER),
        (-3, 1, Stage.INSTALL),
    ],
)
def test_weeks_and_stages(days: int, week: int, stage: Stage) -> None:
    found = phases.phase(FIRST, FIRST + timedelta(days=days))
    assert (found.week, found.stage) == (week, stage)
    assert f"Week {week}" in found.text


def test_every_stage_says_what_it_is_for() -> None:
    said = [phases.phase(FIRST, FIRST + timedelta(weeks=weeks)).text for weeks in (2, 5, 9, 20)]
    assert said == [
        "Week 3 of 12: one behavior is installed, until it sticks.",
        "Week 6 of 12: the next behavior is layered on one that has stuck.",
        "Week 10 of 12: the rep brings the promise, and the manager keeps the loop.",
        "Week 21, past the first twelve: the rep brings the promise.",
    ]


def test_it_begins_with_the_first_promise(make_commitment: Make) -> None:
    assert phases.began(()) is None
    later = make_commitment(made_on=date(2026, 2, 2))
    assert phases.began((later, make_commitment())) == FIRST


def test_from_week_nine_the_reps_words_are_asked_for(make_commitment: Make) -> None:
    before = (make_commitment(),)
    late = make_commitment(made_on=date(2026, 3, 16), rep_words="")
    (line,) = phases.remarks(late, before)
    assert line.startswith("Week 10 of 12") and "Let Dana name it" in line and "--rep-words" in line
    assert phases.remarks(replace(late, rep_words="Ten before ten."), before) == ()
    assert phases.remarks(make_commitment(made_on=date(2026, 2, 16)), before) == ()
    assert phases.remarks(late, ()) == ()
