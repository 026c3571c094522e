from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ci_checker.errors import RequestError
from ci_checker.model import Bucket, CommitmentStatus, Counts, NextStep, Outcome, Standing, WeekPoint
from ci_checker.store import Decision, Review, open_store
from ci_checker.store import ledger as ledger_module

COUNTS = Counts(
    promised=3, eligible=3, seen=2, attempted=1, not_seen=0, unclear=0, not_applicable=0, unheard=0
)  # fmt: skip


def closed(commitment, outcome: Outcome = Outcome.DONE):
    return replace(
        commitment, status=CommitmentStatus.CLOSED, outcome=outcome, closed_on=date(2026, 1, 19),
        bucket=Bucket.SYSTEM, blocker="stand-up", next_step=NextStep.KEEP, note="went well",
    )  # fmt: skip


def test_ids_are_given_and_values_come_back(store, make) -> None:
    first = store.add_commitment(make.commitment("Dana"))
    second = store.add_commitment(make.commitment("Robin"))
    assert 0 < first.id < second.id
    assert store.commitment(first.id) == first
    assert store.commitments() == (first, second)
    assert store.commitments("ROBIN") == (second,)


@pytest.mark.parametrize("rep", ["Dana", "dana", " DANA "])
def test_a_second_active_one_is_refused_and_the_first_is_named(store, make, rep) -> None:
    first = store.add_commitment(make.commitment("Dana"))
    with pytest.raises(RequestError) as error:
        store.add_commitment(make.commitment(rep, statement="Something else"))
    assert first.statement in str(error.value) and f"close {first.id}" in str(error.value)
    assert store.commitments() == (first,)


def test_the_database_itself_refuses_when_the_look_before_came_too_early(store, make, monkeypatch) -> None:
    store.add_commitment(make.commitment("Dana"))
    monkeypatch.setattr(ledger_module, "_refuse_second", lambda *_: None)
    with pytest.raises(RequestError, match="already has an active commitment"):
        store.add_commitment(make.commitment("Dana"))
    assert len(store.commitments("Dana")) == 1


def test_two_writers_at_once_leave_one_active(path, make) -> None:
    with open_store(path):
        pass
    start, results = threading.Barrier(4), []

    def add(number: int) -> None:
        with open_store(path) as store:
            start.wait()
            try:
                results.append(store.add_commitment(make.commitment("Dana", statement=f"number {number}")).id)
            except RequestError as error:
                results.append(str(error))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, int) for each in results) == 1
    assert all("One at a time" in each for each in results if isinstance(each, str))
    with open_store(path) as store:
        assert len(store.commitments("Dana", CommitmentStatus.ACTIVE)) == 1


def test_closing_makes_room_for_the_next(store, make) -> None:
    first = store.add_commitment(make.commitment())
    assert store.active_commitment("Dana") == first
    done = store.close_commitment(closed(first))
    assert store.commitment(first.id) == done == closed(first)
    assert store.active_commitment("Dana") is None
    second = store.add_commitment(make.commitment(statement="Next"))
    assert store.commitments("Dana", CommitmentStatus.CLOSED) == (done,)
    assert store.active_commitment("Dana") == second


def test_closing_and_reissuing_is_one_step(store, make) -> None:
    first = store.add_commitment(make.commitment())
    again = store.close_commitment(closed(first), replace(first, id=0, reissue_of=first.id))
    assert again.reissue_of == first.id and again.id != first.id
    assert store.active_commitment("Dana") == again


def test_a_close_that_cannot_be_finished_closes_nothing(store, make) -> None:
    first = store.add_commitment(make.commitment("Dana"))
    other = store.add_commitment(make.commitment("Robin"))
    with pytest.raises(RequestError):
        store.close_commitment(closed(first), replace(other, id=0))  # Robin has one already
    assert store.commitment(first.id).status is CommitmentStatus.ACTIVE


def test_what_cannot_be_closed(store, make) -> None:
    first = store.add_commitment(make.commitment())
    with pytest.raises(RequestError, match="not closed yet"):
        store.close_commitment(first)
    store.close_commitment(closed(first))
    with pytest.raises(RequestError, match="closed already"):
        store.close_commitment(closed(first, Outcome.NOT_DONE))
    assert store.commitment(first.id).outcome is Outcome.DONE
    with pytest.raises(RequestError, match="no commitment 99"):
        store.close_commitment(replace(closed(first), id=99))


def test_editing(store, make) -> None:
    first = store.add_commitment(make.commitment())
    edited = store.update_commitment(replace(first, check_on=date(2026, 1, 20)))
    assert store.commitment(first.id) == edited
    for wrong in (lambda: store.update_commitment(replace(first, id=99)), lambda: store.commitment(99)):
        with pytest.raises(RequestError, match="no commitment 99"):
            wrong()


def test_an_edit_cannot_reopen_beside_an_active_one(store, make) -> None:
    first = store.add_commitment(make.commitment())
    store.close_commitment(closed(first))
    store.add_commitment(make.commitment(statement="Next"))
    with pytest.raises(RequestError, match="already has an active"):
        store.update_commitment(first)


def point(commitment_id: int, week_of: date, **parts) -> WeekPoint:
    given = {"behavior": "recap", "statement": "X", "counts": COUNTS, "standing": Standing.SHORT, **parts}
    return WeekPoint(week_of=week_of, commitment_id=commitment_id, **given)


def test_weeks_are_in_order_and_replaced(store) -> None:
    late, early = point(2, date(2026, 1, 19)), point(1, date(2026, 1, 12))
    store.save_week("Dana", late)
    store.save_week("Dana", early)
    store.save_week("Robin", early)
    assert store.weeks("dana") == (early, late)
    better = replace(late, standing=Standing.ENOUGH)
    store.save_week("Dana", better)
    assert store.weeks("Dana") == (early, better)


def test_a_recount_keeps_what_the_manager_recorded(store) -> None:
    decided = point(1, date(2026, 1, 12), outcome=Outcome.DONE, closed_on=date(2026, 1, 19))
    store.save_week("Dana", decided)
    store.save_week("Dana", point(1, date(2026, 1, 12), standing=Standing.OPEN))
    (found,) = store.weeks("Dana")
    assert (found.outcome, found.closed_on, found.standing) == (
        Outcome.DONE,
        date(2026, 1, 19),
        Standing.OPEN,
    )


def review(**parts) -> Review:
    given = {
        "sha256": "a" * 64, "behavior": "recap", "turn": 3, "quote": "So, to sum up", "decision": Decision.YES,
        "reviewer": "Lee", "at": datetime(2026, 1, 19, 8, tzinfo=UTC), **parts,
    }  # fmt: skip
    return Review(**given)


def test_reviews_by_call_behavior_reviewer_and_decision(store) -> None:
    first, second = review(), review(behavior="agenda", decision=Decision.NO, note="this is small talk")
    third = review(sha256="b" * 64, reviewer="Kim", decision=Decision.SKIP)
    for each in (first, second, third):
        store.save_review(each)
    assert store.reviews() == (first, second, third)
    assert store.reviews(behavior="agenda") == (second,)
    assert store.reviews(sha256="b" * 64) == (third,)
    assert store.reviews(reviewer="kim") == (third,)
    assert store.reviews(decision=Decision.NO) == (second,)


def test_a_changed_mind_replaces_the_answer_of_the_same_person_only(store) -> None:
    store.save_review(review())
    store.save_review(review(reviewer="Kim"))
    store.save_review(review(decision=Decision.NO))
    assert [(each.reviewer, each.decision) for each in store.reviews()] == [
        ("Lee", Decision.NO), ("Kim", Decision.YES),
    ]  # fmt: skip
