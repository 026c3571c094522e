"""The mid-week message, in examples that a person can read through."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ci_checker.commitments import nudge as room
from ci_checker.commitments.nudge import count_so_far, nudge, until_when
from ci_checker.model import CallFinding, CallState, Counts, Eligibility, TargetKind, Window

WEDNESDAY = date(2026, 1, 14)
NONE = Counts(
    promised=0, eligible=0, seen=0, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0
)  # fmt: skip


def call(name: str, state: CallState, day: int | None = 13) -> CallFinding:
    at = datetime(2026, 1, day, 9, 5) if day else None
    return CallFinding(call=name, sha256=name, state=state, started_at=at)


def calls(**states: int) -> list[CallFinding]:
    return [call(f"{name}{n}", CallState(name)) for name, number in states.items() for n in range(number)]


def test_the_message_reads_like_this(make_commitment) -> None:
    found = nudge(make_commitment(), calls(seen=3, not_seen=1), WEDNESDAY)
    assert found.message == (
        "Dana, on “10 trigger-event openers, every morning before 10, Monday to Thursday”, so far: "
        "3 of 10 cold calls. It runs until Friday, and we look at it together on Monday."
    )
    assert (found.until, found.check_on, found.as_of) == (date(2026, 1, 16), date(2026, 1, 19), WEDNESDAY)


@pytest.mark.parametrize(
    ("target", "counts", "said"),
    [
        ((TargetKind.COUNT, 10), {"promised": 10, "eligible": 5, "seen": 3}, "3 of 10 cold calls"),
        ((TargetKind.COUNT, 1), {"promised": 1, "eligible": 1, "seen": 1}, "1 of 1 cold call"),
        ((TargetKind.COUNT, 10), {"promised": 10, "eligible": 11, "seen": 11}, "11 of 10 cold calls"),
        ((TargetKind.COUNT, 3, 4), {"promised": 3, "eligible": 3, "seen": 2},
         "2 of 3 cold calls with at least 4 in each"),
        ((TargetKind.EVERY, 1), {"promised": 4, "eligible": 4, "seen": 3},
         "3 of 4 cold calls, with every one promised"),
        ((TargetKind.EVERY, 1), {"promised": 1, "eligible": 1}, "0 of 1 cold call, with every one promised"),
        ((TargetKind.SHARE, 0.5), {"promised": 3, "eligible": 5, "seen": 1},
         "1 of 5 cold calls, with at least 50% promised"),
        # what is unclear counts neither for nor against anybody, and is said
        ((TargetKind.COUNT, 10), {"promised": 10, "eligible": 4, "seen": 3, "unclear": 1},
         "3 of 10 cold calls, and 1 more is unclear"),
        ((TargetKind.COUNT, 10), {"promised": 10, "eligible": 5, "seen": 3, "unclear": 2},
         "3 of 10 cold calls, and 2 more are unclear"),
        ((TargetKind.EVERY, 1), {"promised": 4, "eligible": 4, "seen": 3, "unclear": 1},
         "3 of 4 cold calls, with every one promised, and 1 of them is unclear"),
        ((TargetKind.EVERY, 1), {"promised": 1, "eligible": 1, "unclear": 1},
         "0 of 1 cold call, with every one promised, and it is unclear"),
        ((TargetKind.SHARE, 0.5), {"promised": 1, "eligible": 2, "unclear": 2},
         "0 of 2 cold calls, with at least 50% promised, and both are unclear"),
        ((TargetKind.EVERY, 1), {"promised": 3, "eligible": 3, "unclear": 3, "unheard": 1},
         "0 of 3 cold calls, with every one promised, and all of them are unclear and 1 could not be heard"),
        ((TargetKind.COUNT, 10), {"promised": 10, "eligible": 3, "seen": 3, "unheard": 2},
         "3 of 10 cold calls, and 2 could not be heard"),
        # nothing on record is not the same as nothing done
        ((TargetKind.COUNT, 10), {"promised": 10}, "no cold calls on record yet, with 10 promised"),
        ((TargetKind.EVERY, 1), {}, "no cold calls on record yet"),
        ((TargetKind.EVERY, 1), {"unheard": 1}, "no cold calls on record yet, and 1 could not be heard"),
        ((TargetKind.EVERY, 1), {"not_applicable": 3},
         "3 cold calls on record, and none gave an occasion for it"),
        ((TargetKind.EVERY, 1), {"not_applicable": 1}, "1 cold call on record, and it gave no occasion for it"),
    ],
)  # fmt: skip
def test_where_the_count_stands(make_commitment, target, counts, said) -> None:
    assert count_so_far(make_commitment(*target), replace(NONE, **counts)) == said


def test_several_kinds_of_calls_are_not_listed_where_there_are_none(make_commitment) -> None:
    every = make_commitment(TargetKind.EVERY, 1, eligible=Eligibility(call_types=("discovery", "demo")))
    assert count_so_far(every, NONE) == "no calls of that kind on record yet"
    assert count_so_far(every, replace(NONE, not_applicable=1)) == (
        "1 call of that kind on record, and it gave no occasion for it"
    )
    counts = replace(NONE, promised=2, eligible=2, seen=2)
    assert count_so_far(every, counts) == "2 of 2 discovery and demo calls, with every one promised"


def test_e_mails_are_counted_as_e_mails(make_commitment) -> None:
    mails = make_commitment(eligible=Eligibility(call_types=("email",)))
    assert count_so_far(mails, replace(NONE, promised=10, eligible=4, seen=4)) == "4 of 10 e-mails"


@pytest.mark.parametrize(
    ("today", "sentences"),
    [
        (date(2026, 1, 11), {
            "It starts tomorrow and runs until Thursday, and we look at it together on Monday, January 19.",
            "Its first day is tomorrow and its last Thursday; we start with it on Monday, January 19.",
        }),
        (date(2026, 1, 13), {
            "It runs until Thursday, and we look at it together on Monday.",
            "There is time until Thursday; we start with it on Monday.",
            "The last day for it is Thursday, and it is the first thing we look at on Monday.",
        }),
        (date(2026, 1, 14), {
            "It runs until tomorrow, and we look at it together on Monday.",
            "There is time until tomorrow; we start with it on Monday.",
            "The last day for it is tomorrow, and it is the first thing we look at on Monday.",
        }),
        (date(2026, 1, 15), {
            "Today is the last day for it, and we look at it together on Monday.",
            "It runs until the end of today; we start with it on Monday.",
        }),
        (date(2026, 1, 16), {
            "Its last day was yesterday, and we look at it together on Monday.",
            "It ran until yesterday; we start with it on Monday.",
        }),
        (date(2026, 1, 19), {
            "Its last day was Thursday, January 15, and we look at it together today.",
            "It ran until Thursday, January 15; we start with it today.",
        }),
        (date(2026, 1, 21), {
            "Its last day was Thursday, January 15, and we look at it together at our next 1:1.",
            "It ran until Thursday, January 15; we start with it at our next 1:1.",
        }),
    ],
)  # fmt: skip
def test_until_when(make_commitment, today, sentences) -> None:
    commitment = make_commitment(weekdays=(0, 1, 2, 3))
    assert {until_when(commitment, today, pick) for pick in range(6)} == sentences


def test_a_window_with_a_gap_is_not_over_before_its_last_day(make_commitment) -> None:
    """Tuesdays and Thursdays: on Wednesday it is still running."""
    assert "until tomorrow" in until_when(make_commitment(weekdays=(1, 3)), WEDNESDAY, 0)


def test_one_text_a_day_and_another_next_week(make_commitment) -> None:
    first = make_commitment()
    shapes = set()
    for week in range(5):
        move = timedelta(days=7 * week)
        window = Window(start=first.window.start + move, end=first.window.end + move)
        later = replace(first, window=window, made_on=first.made_on + move, check_on=first.check_on + move)
        one, two = (nudge(later, [], WEDNESDAY + move).message for _ in range(2))
        assert one == two
        shapes.add(one.split("“")[0] + one.split("”")[1])
    assert len(shapes) == 5


def test_a_team_does_not_get_a_form(make_commitment) -> None:
    names = ("Luke Porter", "Dana Whitfield", "Priya Raman", "Tom Becker", "Ana Ruiz", "Sam Hale", "Noor Aziz", "Bo Li")
    said = {nudge(make_commitment(rep=name), [], WEDNESDAY).message.replace(name.split()[0], "X") for name in names}
    assert len(said) >= 4


@pytest.mark.parametrize("patterns", ["_STANDS", "_RUNNING", "_LAST_DAY", "_AHEAD", "_ENDED"])
def test_every_pattern_is_one_plain_sentence(patterns) -> None:
    for pattern in getattr(room, patterns):
        assert pattern.endswith(".") and pattern.count(".") == 1 and "!" not in pattern and "?" not in pattern
        said = pattern.lower()
        for word in ("only", "just", "still not", "fail", "great", "good", "why", "should", "behind", "sorry"):
            assert not re.search(rf"\b{word}\b", said), (pattern, word)


def test_exactly_two_sentences_whatever_the_promise_ends_with(make_commitment) -> None:
    for statement in ("Recap on every call.", "Recap on every call!", "Recap on every call", "Recap\non every call."):
        message = nudge(make_commitment(statement=statement), calls(seen=1), WEDNESDAY).message
        assert "“Recap on every call”" in message
        assert len(re.findall(r"\.(?: |$)", message)) == 2, message


def test_the_message_gives_away_neither_misses_nor_tries(make_commitment) -> None:
    one = nudge(make_commitment(), calls(seen=2, attempted=3, not_seen=4), WEDNESDAY)
    assert "2 of 10 cold calls." in one.message
    for word in ("attempt", "miss", "not seen", "without", " 3 ", " 4 "):
        assert word not in one.message


def test_an_earlier_day_does_not_know_of_later_calls(make_commitment) -> None:
    known = [call("a", CallState.SEEN, 12), call("b", CallState.SEEN, 15), call("c", CallState.SEEN, None)]
    assert nudge(make_commitment(), known, WEDNESDAY).counts.seen == 2
    assert nudge(make_commitment(), known, date(2026, 1, 15)).counts.seen == 3
