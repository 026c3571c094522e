"""A behavior that stuck before is looked at while another is promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ci_checker.commitments import check, draft
from ci_checker.commitments.watch import watch
from ci_checker.model import (
    Commitment,
    CommitmentStatus,
    Counts,
    Eligibility,
    Outcome,
    Result,
    ScoredCall,
    Standing,
    Target,
    TargetKind,
    Verdict,
    WeekPoint,
)

MONDAY, CHECK_DAY = date(2026, 1, 12), date(2026, 1, 19)
NAMES = {"trigger-event-opener": "Trigger-event opener", "recap": "Recap"}
NOTHING = Counts(promised=1, eligible=0, seen=0, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0)
Make = Callable[..., Commitment]
Call = Callable[..., ScoredCall]


def old(make: Make, **parts: object) -> Commitment:
    made = make(TargetKind.EVERY, 1, made_on=date(2025, 12, 15), **parts)
    return replace(made, id=1, status=CommitmentStatus.CLOSED, outcome=Outcome.DONE, closed_on=date(2026, 1, 5))


def stuck(weeks: int = 3) -> list[WeekPoint]:
    return [
        WeekPoint(
            week_of=date(2025, 12, 15) + timedelta(weeks=week), behavior="trigger-event-opener", commitment_id=week,
            statement="X", counts=NOTHING, standing=Standing.NO_CALLS, outcome=Outcome.DONE,
        )
        for week in range(weeks)
    ]  # fmt: skip


@pytest.fixture
def current() -> Commitment:
    return draft(
        rep="Dana", behavior="recap", target=Target(kind=TargetKind.EVERY), made_on=MONDAY, statement="Recap",
        eligible=Eligibility(),
    )  # fmt: skip


def look(current: Commitment, ledger: list[Commitment], calls: list[ScoredCall], points=None, today=CHECK_DAY):
    points = stuck() if points is None else points
    return watch(current, ledger, points, calls, today=today, names=NAMES)


def test_it_held(current: Commitment, make_commitment: Make, make_call: Call) -> None:
    (found,) = look(current, [old(make_commitment)], [make_call("a"), make_call("b")])
    assert (found.behavior, found.behavior_name, found.slipped) == (
        "trigger-event-opener", "Trigger-event opener", False,
    )  # fmt: skip
    assert found.stuck_on == date(2025, 12, 29)
    assert found.text == (
        "“Trigger-event opener” has stuck since the week of Monday, December 29; in these days it was seen in "
        "2 of 2 cold calls."
    )


def test_it_slipped(current: Commitment, make_commitment: Make, make_call: Call) -> None:
    calls = [make_call("a"), make_call("b", Verdict.NOT_SEEN), make_call("c", Verdict.NOT_SEEN)]
    (found,) = look(current, [old(make_commitment)], calls)
    assert found.slipped is True
    assert (found.counts.seen, found.counts.eligible) == (1, 3)
    assert found.text.endswith("seen in 1 of 3 cold calls. Worth one question, before anything new goes on top.")


def test_in_doubt_nothing_is_said_against_anybody(current: Commitment, make_commitment: Make, make_call: Call) -> None:
    calls = [make_call("a"), make_call("b", Verdict.UNCLEAR)]
    (found,) = look(current, [old(make_commitment)], calls)
    assert found.slipped is None and found.text.endswith("That does not tell yet whether it holds.")
    (running,) = look(current, [old(make_commitment)], [make_call("b", Verdict.NOT_SEEN)], today=date(2026, 1, 14))
    assert running.slipped is None
    (nothing,) = look(current, [old(make_commitment)], [])
    assert nothing.slipped is None and nothing.text.endswith("no call of these days can show it.")


def test_fewer_calls_than_used_to_be_promised_is_no_slip(
    current: Commitment, make_commitment: Make, make_call: Call
) -> None:
    ten = replace(old(make_commitment), target=Target(kind=TargetKind.COUNT, value=10))
    (found,) = look(current, [ten], [make_call("a"), make_call("b")])
    assert found.slipped is None


def test_only_what_stuck_and_is_not_promised_now_is_watched(
    current: Commitment, make_commitment: Make, make_call: Call
) -> None:
    assert look(current, [old(make_commitment)], [make_call("a")], points=stuck(2)) == ()
    same = replace(current, behavior="trigger-event-opener")
    assert look(same, [old(make_commitment)], [make_call("a")]) == ()
    assert look(current, [], [make_call("a")]) == ()


def test_it_is_looked_at_as_it_was_promised_last(current: Commitment, make_commitment: Make, make_call: Call) -> None:
    first = old(make_commitment)
    last = replace(first, id=2, made_on=date(2025, 12, 29), eligible=Eligibility(call_types=("demo",)))
    calls = [make_call("a", Verdict.NOT_SEEN), make_call("b", call_type="demo")]
    (found,) = look(current, [last, first], calls)
    assert (found.counts.seen, found.counts.eligible, found.slipped) == (1, 1, False)


def test_the_check_brings_the_watch_and_the_plan(current: Commitment, make_commitment: Make, make_call: Call) -> None:
    def with_recap(scored: ScoredCall) -> ScoredCall:
        seen = Result(behavior="recap", verdict=Verdict.SEEN, probability=0.9)
        return replace(scored, results=(*scored.results, seen))

    found = check(
        current,
        [with_recap(make_call("a", Verdict.NOT_SEEN))],
        today=CHECK_DAY,
        past=stuck(),
        behavior_name="Recap",
        reliability=None,
        ledger=[old(make_commitment), current],
        names=NAMES,
    )
    assert found.standing is Standing.ENOUGH
    assert [each.slipped for each in found.watch] == [True]
    assert found.method == ("Week 6 of 12: the next behavior is layered on one that has stuck.",)
    bare = check(current, [], today=CHECK_DAY, behavior_name="Recap", reliability=None)
    assert (bare.method, bare.watch) == ((), ())


def test_how_far_the_behavior_itself_has_stuck_stands_in_the_plan(make_commitment: Make) -> None:
    again = replace(make_commitment(), id=9)
    found = check(
        again, [], today=CHECK_DAY, past=stuck(2), behavior_name="Opener", reliability=None,
        ledger=[old(make_commitment), again], stuck_after=2,
    )  # fmt: skip
    assert found.method[1] == "“Opener” has stuck since the week of Monday, December 22: kept 2 weeks running."
