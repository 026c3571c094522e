"""The same promise again and not a new one on top; the next layer once the last has stuck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ci_checker.commitments import close, history, layers
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, Counts, Eligibility, NextStep, Outcome, Standing, Target, TargetKind, WeekPoint

MONDAY = date(2026, 1, 12)
NAMES = {"trigger-event-opener": "Trigger-event opener", "recap": "Recap"}
Make = Callable[..., Commitment]
NOTHING = Counts(promised=1, eligible=0, seen=0, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0)


def point(week: int, outcome: Outcome | None, behavior: str = "trigger-event-opener", number: int = 0) -> WeekPoint:
    return WeekPoint(
        week_of=MONDAY + timedelta(weeks=week), behavior=behavior, commitment_id=number or week + 1, statement="X",
        counts=NOTHING, standing=Standing.NO_CALLS, outcome=outcome,
    )  # fmt: skip


def ended(make: Make, outcome: Outcome, next_step: NextStep | None = None) -> Commitment:
    return close(replace(make(), id=3), outcome=outcome, closed_on=date(2026, 1, 19), next_step=next_step)


@pytest.mark.parametrize("outcome", [Outcome.PARTLY, Outcome.NOT_DONE])
@pytest.mark.parametrize("next_step", [None, NextStep.REISSUE])
def test_another_one_on_top_of_what_was_not_kept_is_refused(make_commitment: Make, outcome, next_step) -> None:
    with pytest.raises(RequestError) as error:
        layers.refuse_on_top(ended(make_commitment, outcome, next_step), "recap")
    line = str(error.value)
    assert "\n" not in line
    assert "closed on Monday, January 19" in line
    assert {Outcome.PARTLY: "partly done", Outcome.NOT_DONE: "not done"}[outcome] in line
    assert "commitment add --again" in line and "--replace" in line


def test_the_same_one_again_is_always_right(make_commitment: Make) -> None:
    layers.refuse_on_top(ended(make_commitment, Outcome.NOT_DONE), "trigger-event-opener")
    layers.refuse_on_top(ended(make_commitment, Outcome.DONE), "recap")
    layers.refuse_on_top(None, "recap")


@pytest.mark.parametrize("decided", [NextStep.REPLACE, NextStep.KEEP])
def test_a_managers_recorded_decision_holds(make_commitment: Make, decided: NextStep) -> None:
    layers.refuse_on_top(ended(make_commitment, Outcome.PARTLY, decided), "recap")


def test_the_last_closed_is_by_its_day(make_commitment: Make) -> None:
    old = ended(make_commitment, Outcome.DONE)
    new = replace(old, id=2, closed_on=date(2026, 1, 26))
    assert layers.last_closed((new, old, make_commitment())) == new
    assert layers.last_closed((make_commitment(),)) is None


def test_the_same_promise_is_known_as_the_same(make_commitment: Make) -> None:
    last = ended(make_commitment, Outcome.PARTLY)
    assert layers.same_again(last, make_commitment(statement="Ten of them, again")) == 3
    assert layers.same_again(last, make_commitment(value=8)) is None
    assert layers.same_again(last, make_commitment(eligible=Eligibility())) is None
    assert layers.same_again(last, replace(make_commitment(), bound=0.5)) is None
    assert layers.same_again(None, make_commitment()) is None
    assert layers.same_again(last, replace(make_commitment(), reissue_of=9)) == 9


@pytest.mark.parametrize(
    ("outcomes", "needed", "week"),
    [
        ((Outcome.DONE,) * 3, 3, 2),
        ((Outcome.DONE,) * 2, 3, None),
        ((Outcome.DONE,) * 2, 2, 1),
        ((Outcome.DONE, Outcome.PARTLY, Outcome.DONE, Outcome.DONE), 3, None),
        ((Outcome.DONE, None, Outcome.DONE, Outcome.DONE), 3, 3),
        ((Outcome.DONE,), 1, 0),
        ((), 1, None),
    ],
)
def test_stuck_is_so_many_kept_weeks_running(outcomes, needed, week) -> None:
    points = [point(at, outcome) for at, outcome in enumerate(outcomes)]
    wanted = None if week is None else MONDAY + timedelta(weeks=week)
    assert history.stuck_on(points, "trigger-event-opener", needed=needed) == wanted
    assert history.stuck_on(points, "recap", needed=needed) is None


def test_daily_checks_of_one_week_are_one_week() -> None:
    daily = [point(0, Outcome.DONE, number=number) for number in range(1, 6)]
    assert history.kept_weeks_in_a_row(daily) == 1
    assert history.stuck_on(daily, "trigger-event-opener", needed=3) is None
    assert history.kept_weeks_in_a_row([*daily, point(0, Outcome.PARTLY, number=9)]) == 0
    assert history.kept_weeks_in_a_row([*daily, point(1, Outcome.DONE, number=10)]) == 2


def test_the_managers_word_counts_without_stored_calls(make_commitment: Make) -> None:
    closed = ended(make_commitment, Outcome.DONE)
    (made,) = history.with_closed((), (closed, make_commitment()))
    assert (made.commitment_id, made.outcome, made.week_of) == (3, Outcome.DONE, MONDAY)
    assert history.with_closed((made,), (closed,)) == (made,)


def test_a_new_layer_before_the_last_has_stuck_is_said(make_commitment: Make) -> None:
    last = ended(make_commitment, Outcome.DONE)
    new = make_commitment(behavior="recap", made_on=date(2026, 1, 19))
    (line,) = layers.on_new(new, (last,), [point(0, Outcome.DONE)], needed=3, names=NAMES)
    assert line == (
        "Week 2 of 12: one behavior is installed, until it sticks. “Trigger-event opener” was kept 1 week running; "
        "here a behavior has stuck after 3 weeks (stuck_after in ci-checker.toml). The next layer waits until then."
    )
    assert layers.on_new(new, (last,), [point(0, Outcome.DONE)], needed=1, names=NAMES) == ()
    assert layers.on_new(make_commitment(), (last,), [], needed=3, names=NAMES) == ()
    assert layers.on_new(new, (replace(last, next_step=NextStep.REPLACE),), [], needed=3, names=NAMES) == ()
    assert layers.on_new(new, (), [], needed=3, names=NAMES) == ()


def test_the_phase_is_named_only_while_one_behavior_is_installed(make_commitment: Make) -> None:
    last = ended(make_commitment, Outcome.DONE)
    late = make_commitment(behavior="recap", made_on=date(2026, 2, 23))
    (line,) = layers.on_new(late, (last,), [point(0, Outcome.DONE)], needed=3, names={})
    assert line.startswith("“trigger event opener” was kept 1 week running")


def test_keeping_and_adding_a_layer_too_early_is_said_at_the_close(make_commitment: Make) -> None:
    done = ended(make_commitment, Outcome.DONE, NextStep.KEEP)
    (line,) = layers.on_close(done, [point(0, Outcome.DONE)], needed=3, names=NAMES)
    assert "kept 1 week running" in line and "--again" in line
    three = [point(week, Outcome.DONE) for week in range(3)]
    assert layers.on_close(done, three, needed=3, names=NAMES) == ()
    (line,) = layers.on_close(ended(make_commitment, Outcome.PARTLY, NextStep.KEEP), three, needed=3, names=NAMES)
    assert "Less than promised" in line and "--next reissue" in line
    assert layers.on_close(ended(make_commitment, Outcome.DONE), [], needed=3, names=NAMES) == ()


def test_how_far_it_has_stuck_is_a_sentence() -> None:
    assert layers.progress("trigger-event-opener", "Opener", [], 3) == ""
    two = [point(0, Outcome.DONE), point(1, Outcome.DONE)]
    assert layers.progress("trigger-event-opener", "Opener", two, 3) == (
        "“Opener” was kept 2 weeks running; it has stuck after 3."
    )
    assert layers.progress("trigger-event-opener", "Opener", two, 2) == (
        "“Opener” has stuck since the week of Monday, January 19: kept 2 weeks running."
    )


def test_a_share_is_another_promise_than_a_count(make_commitment: Make) -> None:
    last = ended(make_commitment, Outcome.PARTLY)
    other = replace(make_commitment(), target=Target(kind=TargetKind.SHARE, value=0.5))
    assert layers.same_again(last, other) is None
