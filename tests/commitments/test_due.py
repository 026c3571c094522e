"""What is to be checked, in its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ci_checker.commitments.due import due
from ci_checker.model import CommitmentStatus, Outcome

TODAY = date(2026, 1, 21)


def promise(make_commitment, rep, check_on, id=1, **parts):
    made = make_commitment(rep=rep, made_on=check_on - timedelta(days=7), check_on=check_on)
    return replace(made, id=id, **parts)


def closed(make_commitment, rep, on, id=1):
    return promise(
        make_commitment, rep, on, id, status=CommitmentStatus.CLOSED, outcome=Outcome.DONE, closed_on=on
    )  # fmt: skip


def test_overdue_first_then_today_then_the_days_to_come(make_commitment) -> None:
    days = {"Luke": 23, "Dana": 21, "Priya": 14, "Tom": 20, "Ana": 21, "Bo": 22}
    ledger = [promise(make_commitment, rep, date(2026, 1, day), n) for n, (rep, day) in enumerate(days.items())]
    found = due(ledger, TODAY, reps=tuple(days))
    assert [each.rep for each in found.checks] == ["Priya", "Tom", "Ana", "Dana", "Bo", "Luke"]
    assert [each.rep for each in found.overdue] == ["Priya", "Tom"]
    assert [each.rep for each in found.today] == ["Ana", "Dana"]
    assert [(each.rep, each.said, each.days_overdue) for each in found.checks] == [
        ("Priya", "Wednesday, January 14 (7 days ago)", 7),
        ("Tom", "yesterday", 1),
        ("Ana", "today", 0),
        ("Dana", "today", 0),
        ("Bo", "tomorrow", 0),
        ("Luke", "Friday", 0),
    ]
    assert found.without == ()


def test_the_order_does_not_hang_on_the_order_given(make_commitment) -> None:
    ledger = [promise(make_commitment, rep, TODAY, n) for n, rep in enumerate(("b", "A", "c"))]
    assert due(ledger, TODAY) == due(list(reversed(ledger)), TODAY)
    assert [each.rep for each in due(ledger, TODAY).checks] == ["A", "b", "c"]


def test_whoever_has_none_is_named_with_the_last_one(make_commitment) -> None:
    old, new = closed(make_commitment, "Tom", date(2026, 1, 5), 1), closed(make_commitment, "Tom", date(2026, 1, 12), 2)
    found = due([new, old, promise(make_commitment, "Dana", TODAY, 3)], TODAY, reps=("Tom", "ana", "Dana"))
    assert [(each.rep, each.last) for each in found.without] == [("ana", None), ("Tom", new)]


def test_a_closed_one_is_not_due_however_late(make_commitment) -> None:
    found = due([closed(make_commitment, "Tom", date(2026, 1, 5))], TODAY, reps=("Tom",))
    assert found.checks == () and [each.rep for each in found.without] == ["Tom"]


def test_names_match_whatever_their_case(make_commitment) -> None:
    assert due([promise(make_commitment, "dana whitfield", TODAY)], TODAY, reps=("Dana Whitfield",)).without == ()


def test_nobody_at_all() -> None:
    found = due([], TODAY, manager="Maya")
    assert (found.checks, found.without, found.manager) == ((), (), "Maya")
