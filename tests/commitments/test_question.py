from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from ci_checker.commitments import check, loop_close, summary
from ci_checker.commitments.branches import DONE, LESS, UNCLEAR, last_day_before_it_stopped
from ci_checker.model import (
    Bucket,
    Counts,
    Eligibility,
    Outcome,
    Standing,
    TargetKind,
    Verdict,
    WeekPoint,
)

CHECK_DAY = date(2026, 1, 19)
EMPTY = Counts(
    promised=0, eligible=0, seen=0, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0
)  # fmt: skip


def run(commitment, calls, today=CHECK_DAY, **parts):
    return check(commitment, calls, today=today, behavior_name="Opener", reliability=None, **parts)


def branch(finding, title):
    return next((" ".join(each.lines) for each in finding.branches if each.title == title), None)


def test_the_question_names_the_promise_and_stays_open(make_commitment) -> None:
    commitment = make_commitment()
    asked = loop_close(commitment)
    assert commitment.statement in asked
    assert "Monday, January 12" in asked
    assert asked.endswith("?")
    assert asked.count("?") == 1
    for word in ("why did", "fail", "did you not", "didn't", "should have", "only"):
        assert word not in asked.lower()


def test_the_question_is_the_same_today_and_another_next_week(make_commitment) -> None:
    first = make_commitment()
    asked = set()
    for week in range(4):
        move = timedelta(days=7 * week)
        later = replace(first, made_on=first.made_on + move, check_on=first.check_on + move, statement="X")
        assert loop_close(later) == loop_close(later)
        asked.add(loop_close(later).split("January")[0].split("February")[0])
    assert len(asked) == 4


@pytest.mark.parametrize("verdict", [Verdict.SEEN, Verdict.NOT_SEEN])
def test_the_question_does_not_give_the_evidence_away(make_call, make_commitment, verdict) -> None:
    assert run(make_commitment(), [make_call("a", verdict)]).question == loop_close(make_commitment())


@pytest.mark.parametrize(
    ("counts", "kind", "value", "text"),
    [
        ({"promised": 10, "eligible": 1, "seen": 1}, TargetKind.COUNT, 10, "1 of 1 eligible cold call, 10 promised"),
        ({"promised": 10}, TargetKind.COUNT, 10, "No eligible cold calls found, 10 promised"),
        (
            {"promised": 9, "eligible": 9, "seen": 6, "attempted": 2, "not_applicable": 3},
            TargetKind.EVERY, 1,
            "6 of 9 eligible cold calls, every one promised; 2 attempted; 3 gave no occasion",
        ),
        ({"promised": 5, "eligible": 9, "seen": 6}, TargetKind.SHARE, 0.5, "6 of 9 eligible cold calls, 5 promised (50%)"),  # noqa: E501
    ],
)  # fmt: skip
def test_summaries(make_commitment, counts, kind, value, text) -> None:
    assert summary(make_commitment(kind, value), replace(EMPTY, **counts)) == text


@pytest.mark.parametrize(
    ("eligible", "noun"),
    [
        (Eligibility(), "2 of 4 eligible calls,"),
        (Eligibility(call_types=("cold", "discovery")), "2 of 4 eligible cold and discovery calls,"),
        (Eligibility(directions=("outbound",)), "2 of 4 eligible outbound calls,"),
        (
            Eligibility(call_types=("Cold calls",), accounts=("Acme",)),
            "2 of 4 eligible cold calls with Acme,",
        ),
        (Eligibility(call_types=("email",)), "2 of 4 eligible e-mails,"),
    ],
)
def test_the_summary_says_what_is_counted(make_commitment, eligible, noun) -> None:
    counts = replace(EMPTY, promised=3, eligible=4, seen=2)
    assert summary(make_commitment(eligible=eligible), counts).startswith(noun)


def test_several_a_call_are_said(make_commitment) -> None:
    counts = replace(EMPTY, promised=4, eligible=4, seen=2)
    assert "calls with at least 3 each" in summary(make_commitment(TargetKind.EVERY, 1, 3), counts)


def test_if_done_offers_one_to_read_the_answer_and_one_next_layer(make_call, make_commitment) -> None:
    said = branch(run(make_commitment(), [make_call("a")]), DONE)
    for part in ("Acme", "Tuesday, January 13, at 9:05 am", "from 01:01", "came back", "only one"):
        assert part in said


def test_if_done_without_evidence_the_rep_shows_the_way(make_call, make_commitment) -> None:
    assert "which call comes to mind" in branch(run(make_commitment(), [make_call("a", Verdict.NOT_SEEN)]), DONE)


def test_if_not_done_names_day_hour_call_and_what_was_said(make_call, make_commitment) -> None:
    calls = [
        make_call("no", Verdict.NOT_SEEN, at=datetime(2026, 1, 12, 9, 40), account="Globex"),
        make_call("near", Verdict.NOT_SEEN, near=1, at=datetime(2026, 1, 14, 15, 5), account="Initech"),
    ]
    said = branch(run(make_commitment(), calls), LESS)
    for part in (
        "Monday morning", "Globex", "9:40", "this is Dana from Northwind", "tried on 1 call", "Initech",
        "have to move", "the same promise",
    ):  # fmt: skip
        assert part in said


def test_if_nothing_was_missed_nothing_is_held_against_anybody(make_call, make_commitment) -> None:
    said = branch(run(make_commitment(), [make_call("a")]), LESS)
    assert "No call that could be judged lacks it" in said and "fewer such calls" in said


def test_the_day_on_which_it_stopped(make_call, make_commitment) -> None:
    calls = [make_call(f"s{n}", at=datetime(2026, 1, 12 + n, 9)) for n in range(2)]
    calls += [make_call(f"n{n}", Verdict.NOT_SEEN, at=datetime(2026, 1, 14 + n, 9)) for n in range(2)]
    assert "heard up to Tuesday and in no later call" in branch(run(make_commitment(), calls), LESS)
    open_end = [*calls, make_call("u", Verdict.UNCLEAR, at=datetime(2026, 1, 16, 9))]
    assert last_day_before_it_stopped(run(make_commitment(), open_end).calls) is None
    assert last_day_before_it_stopped(run(make_commitment(), calls[:3]).calls) is None


def test_unclear_names_what_to_hear(make_call, make_commitment) -> None:
    calls = [
        make_call("u", Verdict.UNCLEAR),
        make_call("x", error="the file is cut off", account="Initech"),
        make_call("k", Verdict.NOT_SEEN, call_type=None, account="Hooli", source=__import__("ci_checker.model").model.Source.TRANSCRIPT),  # noqa: E501
    ]  # fmt: skip
    said = branch(run(make_commitment(), calls), UNCLEAR)
    for part in (
        "Listen to the call with Acme",
        "Could not be heard: the call with Initech",
        "cut off",
        "Hooli",
    ):
        assert part in said
    assert branch(run(make_commitment(), [make_call("a")]), UNCLEAR) is None


def test_a_frank_talk_is_the_managers_decision_and_only_after_weeks(make_call, make_commitment) -> None:
    commitment = make_commitment()
    past = [
        WeekPoint(
            week_of=date(2026, 1, 12) - timedelta(days=7 * n), behavior=commitment.behavior, commitment_id=90 + n,
            statement="X", counts=EMPTY, standing=Standing.SHORT,
        )
        for n in (2, 1)
    ]  # fmt: skip
    missed = [make_call("a", Verdict.NOT_SEEN)]
    said = branch(run(commitment, missed, past=past), LESS)
    assert "week 3" in said and "your decision" in said
    assert "your decision" not in branch(run(commitment, missed, past=past[1:]), LESS)
    kept = [replace(past[0]), replace(past[1], outcome=Outcome.DONE)]
    assert "your decision" not in branch(run(commitment, missed, past=kept), LESS)


def answers(finding):
    return [step.answer for step in finding.tree]


def test_the_tree_goes_as_far_as_evidence(make_call, make_commitment) -> None:
    found = run(make_commitment(), [make_call("a", Verdict.NOT_SEEN)])
    assert answers(found) == ["yes", "due today", "not in the calls that are known", None, None, None, None]
    assert all(step.question.endswith("?") for step in found.tree)
    attempted = run(make_commitment(), [make_call("a", Verdict.NOT_SEEN, near=1)])
    assert answers(attempted)[2] == "yes"
    open_one = run(make_commitment(), [make_call("a", Verdict.NOT_SEEN), make_call("b", Verdict.UNCLEAR)])
    assert answers(open_one)[2] is None
    assert answers(run(make_commitment(), []))[2] is None


def test_the_tree_ends_where_enough_was_seen(make_call, make_commitment) -> None:
    assert len(run(make_commitment(value=1), [make_call("a")]).tree) == 3


def test_only_a_manager_fills_the_bucket(make_call, make_commitment) -> None:
    missed = [make_call("a", Verdict.NOT_SEEN)]
    last = run(make_commitment(), missed).tree[-1]
    assert last.answer is None and "Only the manager" in last.basis
    chosen = run(replace(make_commitment(), bucket=Bucket.SYSTEM), missed).tree[-1]
    assert chosen.answer == "system"


@pytest.mark.parametrize(
    ("today", "closed", "answer"),
    [
        (date(2026, 1, 18), None, "not due yet"),
        (date(2026, 1, 21), None, "not yet, 2 days overdue"),
        (date(2026, 1, 21), date(2026, 1, 19), "yes"),
        (date(2026, 1, 21), date(2026, 1, 20), "yes, 1 day late"),
    ],
)
def test_whether_it_was_checked(make_commitment, today, closed, answer) -> None:
    assert run(replace(make_commitment(), closed_on=closed), [], today=today).tree[1].answer == answer


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


def test_nobody_is_scored_or_guessed_at(make_call, make_commitment) -> None:
    calls = [
        make_call("a"),
        make_call("b", Verdict.NOT_SEEN),
        make_call("c", Verdict.UNCLEAR),
        make_call("d", error="x"),
    ]
    found = run(make_commitment(), calls)
    said = " ".join(texts((found.question, found.summary, found.branches, found.tree, found.cannot_tell))).lower()
    for word in (
        "lazy",
        "motivat",
        "attitude",
        "score",
        "rank",
        "mood",
        "tone",
        "excuse",
        "refus",
        "fault",
        "bad",
    ):
        assert word not in said
