"""The leader's counts, against a small ledger that can be counted by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from ci_checker.commitments.cadence import (
    NO_MANAGER,
    NO_RANKING,
    Answer,
    Loop,
    Team,
    cadence,
    specific,
    together,
)
from ci_checker.model import CommitmentStatus, Counts, NextStep, Outcome, Standing, WeekPoint

MONDAY = date(2026, 1, 12)
KNOWN = {"trigger-event-opener", "recap"}
COUNTS = Counts(
    promised=1, eligible=1, seen=1, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0
)  # fmt: skip


@pytest.fixture
def promise(make_commitment):
    """A promise of the Monday of a week, and when and how it was closed if it was."""

    def build(id, rep="Dana", *, week=0, gap=7, closed=None, outcome=Outcome.DONE, next_step=None, **parts):
        made = MONDAY + timedelta(days=7 * week)
        found = replace(make_commitment(rep=rep, made_on=made, check_on=made + timedelta(days=gap)), id=id, **parts)
        if closed is None:
            return found
        return replace(
            found, status=CommitmentStatus.CLOSED, outcome=outcome, closed_on=closed, next_step=next_step
        )  # fmt: skip

    return build


def count(ledger, *, as_of, weeks=1, reps=("Dana", "Luke"), focus=None, points=(), answers=()):
    team = Team(manager="Maya", reps=reps, ledger=ledger, points=points, answers=answers)
    (found,) = cadence([team], as_of=as_of, weeks=weeks, behaviors=KNOWN, focus=focus).managers
    return found


def shown(loop):
    return {each.name: getattr(loop, each.name) for each in fields(Loop) if getattr(loop, each.name)}


def test_a_week_with_one_new_promise(promise) -> None:
    found = count([promise(1)], as_of=date(2026, 1, 15))
    assert shown(found.total) == {"reps": 2, "covered": 1, "set": 1, "specific": 1, "within_a_week": 1}
    assert (found.reps, found.open_now, found.overdue_now, found.total.uncovered) == (2, 1, 0, 1)


def test_a_check_held_on_its_day_is_on_time_and_the_next_week_is_covered_by_the_next(promise) -> None:
    ledger = [
        promise(1, closed=date(2026, 1, 19), next_step=NextStep.REISSUE),
        promise(2, week=1, rep_words="again"),
    ]
    found = count(ledger, as_of=date(2026, 1, 23), weeks=2, reps=("Dana",))
    one, two = (week.loop for week in found.weeks)
    assert shown(one) == {"reps": 1, "covered": 1, "set": 1, "specific": 1, "within_a_week": 1}
    assert shown(two) == {
        "reps": 1, "covered": 1, "set": 1, "specific": 1, "said_back": 1, "within_a_week": 1,
        "due": 1, "on_time": 1, "closed": 1, "reissued": 1,
    }  # fmt: skip
    assert found.total == together([one, two])


def test_late_and_overdue_are_told_apart(promise) -> None:
    ledger = [promise(1, closed=date(2026, 1, 21)), promise(2, "Luke")]
    found = count(ledger, as_of=date(2026, 1, 23), weeks=2)
    assert (found.total.due, found.total.on_time, found.total.late, found.total.overdue) == (2, 0, 1, 1)
    assert found.overdue_now == 1


def test_a_check_of_today_is_neither_held_nor_overdue(promise) -> None:
    found = count([promise(1)], as_of=date(2026, 1, 19), weeks=2)
    assert (found.total.due, found.total.overdue, found.overdue_now) == (0, 0, 0)
    assert count([promise(1)], as_of=date(2026, 1, 20), weeks=2).total.overdue == 1


def test_an_old_overdue_check_is_said_though_its_week_is_not_shown(promise) -> None:
    found = count([promise(1)], as_of=date(2026, 3, 4), weeks=2)
    assert (found.total.due, found.overdue_now) == (0, 1)


def test_seen_from_an_earlier_day_what_came_later_has_not_happened(promise) -> None:
    ledger = [promise(1, closed=date(2026, 1, 22)), promise(2, week=1)]
    found = count(ledger, as_of=date(2026, 1, 18), reps=("Dana",))
    assert shown(found.total) == {"reps": 1, "covered": 1, "set": 1, "specific": 1, "within_a_week": 1}
    assert (found.open_now, found.overdue_now) == (1, 0)
    waiting = count(ledger[:1], as_of=date(2026, 1, 21), weeks=2, reps=("Dana",))
    assert (waiting.total.overdue, waiting.total.late, waiting.overdue_now) == (1, 0, 1)


def test_a_rep_whose_last_one_was_closed_on_monday_has_none_in_that_week(promise) -> None:
    found = count([promise(1, closed=date(2026, 1, 19))], as_of=date(2026, 1, 23), weeks=2, reps=("Dana",))
    assert [week.loop.covered for week in found.weeks] == [1, 0]
    assert (found.open_now, found.total.uncovered) == (0, 1)


def test_specific_and_within_a_week(promise) -> None:
    strange = promise(1, behavior="our-own")
    assert not specific(strange, KNOWN) and specific(promise(2), KNOWN)
    found = count([strange, promise(2, "Luke", gap=14)], as_of=date(2026, 1, 13))
    assert (found.total.set, found.total.specific, found.total.within_a_week) == (2, 1, 1)


def test_the_focus_behavior(promise) -> None:
    ledger = [promise(1), promise(2, "Luke", behavior="recap")]
    assert count(ledger, as_of=MONDAY, focus="recap").total.on_focus == 1
    assert count(ledger, as_of=MONDAY).total.on_focus == 0


@pytest.mark.parametrize(
    ("standing", "outcome", "told", "otherwise"),
    [
        (Standing.ENOUGH, Outcome.DONE, 1, 0),
        (Standing.ENOUGH, Outcome.NOT_DONE, 1, 1),
        (Standing.SHORT, Outcome.PARTLY, 1, 0),
        (Standing.NONE_SEEN, Outcome.DONE, 1, 1),
        (Standing.OPEN, Outcome.DONE, 0, 0),
        (Standing.NO_CALLS, Outcome.DONE, 0, 0),
    ],
)
def test_recorded_otherwise_than_the_calls_suggested(promise, standing, outcome, told, otherwise) -> None:
    held = promise(1, closed=date(2026, 1, 19), outcome=outcome)
    point = WeekPoint(
        week_of=MONDAY, behavior=held.behavior, commitment_id=1, statement="X", counts=COUNTS, standing=standing,
        outcome=outcome, closed_on=held.closed_on, check_on=held.check_on,
    )  # fmt: skip
    found = count([held], as_of=date(2026, 1, 23), weeks=2, points=[point])
    assert (found.total.told, found.total.otherwise) == (told, otherwise)


def test_weeks_before_the_first_commitment_of_all_are_left_out(promise) -> None:
    team = Team(manager="Maya", reps=("Dana", "Luke"), ledger=[promise(1)])
    parts = {"as_of": date(2026, 1, 23), "weeks": 8, "behaviors": KNOWN}
    found = cadence([team], since=date(2026, 1, 14), **parts)
    assert found.start == MONDAY and len(found.managers[0].weeks) == 2
    assert len(cadence([team], **parts).managers[0].weeks) == 8
    ahead = cadence([team], since=date(2026, 5, 1), **parts)
    assert ahead.start == date(2026, 1, 19), "a first promise of a later day leaves this week"


def test_reviews_count_in_the_week_of_the_answer() -> None:
    answers = [
        Answer(on=date(2026, 1, 12), overruled=True),
        Answer(on=date(2026, 1, 18), overruled=False),
        Answer(on=date(2026, 1, 5), overruled=True),
    ]
    found = count([], as_of=date(2026, 1, 18), answers=answers)
    assert (found.total.reviewed, found.total.overruled) == (2, 1)


def test_managers_stand_in_alphabetical_order_whatever_their_numbers(promise) -> None:
    good = [promise(1, closed=date(2026, 1, 19)), promise(2, week=1)]
    teams = [
        Team(manager=name, reps=("Dana",), ledger=ledger)
        for name, ledger in ((NO_MANAGER, good), ("tom", good), ("Zoë", good), ("Ana", []))
    ]
    for order in (teams, list(reversed(teams))):
        found = cadence(order, as_of=date(2026, 1, 23), weeks=2, behaviors=KNOWN)
        assert [each.manager for each in found.managers] == ["Ana", "tom", "Zoë", NO_MANAGER]


def test_it_says_that_nobody_is_ranked_and_no_number_ranks() -> None:
    found = cadence([], as_of=MONDAY, weeks=3, behaviors=KNOWN)
    assert found.note == NO_RANKING
    assert "ranks nobody" in found.note and found.note.count(".") == 1
    assert found.start == date(2025, 12, 29)
    for each in fields(Loop):
        assert not {"score", "rank", "average", "rate"} & set(each.name.split("_"))
