"""Rules that must hold whatever the calls and whatever the sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_checker.commitments import check, draft, read_statement
from ci_checker.commitments.rules import window_days
from ci_checker.errors import RequestError
from ci_checker.model import Eligibility, Standing, Target, TargetKind, Verdict

MONDAY, CHECK_DAY = date(2026, 1, 12), date(2026, 1, 19)
BEHAVIORS = {"recap": ("Recap",), "upfront-agenda": ("Up-front agenda", "agenda")}
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
targets = st.one_of(
    st.integers(1, 8).map(lambda n: Target(kind=TargetKind.COUNT, value=n)),
    st.sampled_from([0.2, 0.5, 0.8, 1.0]).map(lambda part: Target(kind=TargetKind.SHARE, value=part)),
    st.just(Target(kind=TargetKind.EVERY)),
)
kinds = st.lists(
    st.tuples(st.sampled_from([*Verdict, None]), st.booleans(), st.booleans(), st.sampled_from(["cold", None])),
    max_size=8,
)
WORDS = st.lists(
    st.sampled_from(
        [
            "recap",
            "agenda",
            "every",
            "each",
            "10",
            "ten",
            "half",
            "of",
            "80%",
            "calls",
            "cold",
            "discovery",
            "Mon-Thu",
            "monday",
            "to",
            "friday",
            "before",
            "after",
            "between",
            "9",
            "and",
            "11",
            "am",
            "by",
            "this",
            "next",
            "week",
            "a",
            "day",
            "twice",
            "3",
            "per",
            "call",
            "morning",
            "check",
            "on",
            "2026-01-16",
            "Jan",
            "16",
            ",",
            ".",
            "with",
            "at",
            "least",
            "more",
            "0",
            "99",
            "500%",
            "1:1",
            "e-mails",
            "from",
            "until",
        ]
    ),
    max_size=12,
).map(" ".join)


def build(make_call, rows):
    return [
        make_call(f"c{n}", verdict, near=int(near), call_type=kind, error="silent" if broken else None)
        for n, (verdict, near, broken, kind) in enumerate(rows)
    ]


def promise(target: Target):
    return draft(
        rep="Dana", behavior="trigger-event-opener", target=target, made_on=MONDAY, statement="X",
        eligible=Eligibility(call_types=("cold",)),
    )  # fmt: skip


def look(target, calls, today=CHECK_DAY):
    return check(promise(target), calls, today=today, behavior_name="X", reliability=None)


@relaxed
@given(targets, kinds)
def test_short_is_never_said_if_clearing_things_up_could_make_it_enough(make_call, target, rows) -> None:
    found = look(target, build(make_call, rows))
    if found.standing not in (Standing.SHORT, Standing.NONE_SEEN):
        return
    # The best that could come out: unclear and unheard ones show it; calls of unknown kind
    # without it turn out to be of another kind.
    best = []
    for verdict, near, broken, kind in rows:
        doubtful = broken or verdict in (Verdict.UNCLEAR, None)
        if kind is None and not doubtful and verdict is not Verdict.SEEN:
            continue
        best.append((Verdict.SEEN if doubtful else verdict, near, False, "cold"))
    assert look(target, build(make_call, best)).standing is not Standing.ENOUGH


@relaxed
@given(targets, kinds)
def test_every_call_is_counted_once_and_nothing_is_dropped(make_call, target, rows) -> None:
    found = look(target, build(make_call, rows))
    counts = found.counts
    assert len(found.calls) == len(rows)
    assert counts.eligible == counts.seen + counts.attempted + counts.not_seen + counts.unclear
    assert counts.eligible + counts.not_applicable + counts.unheard == len(rows)
    assert counts.promised >= 0 and len(found.listen) <= 2
    assert sum("is unclear:" in line for line in found.cannot_tell) == counts.unclear
    assert sum("could not be heard:" in line for line in found.cannot_tell) == counts.unheard


@relaxed
@given(targets, kinds, st.integers(0, 6))
def test_nothing_is_short_before_the_last_working_day_is_over(make_call, target, rows, days) -> None:
    today = MONDAY + timedelta(days=days)
    standing = look(target, build(make_call, rows), today).standing
    if days <= 4:
        assert standing not in (Standing.SHORT, Standing.NONE_SEEN)


@relaxed
@given(targets, kinds)
def test_the_order_of_the_calls_does_not_matter(make_call, target, rows) -> None:
    calls = build(make_call, rows)
    assert look(target, calls) == look(target, calls[::-1])


@relaxed
@given(targets, kinds)
def test_what_the_evidence_says_never_changes_the_question(make_call, target, rows) -> None:
    assert look(target, build(make_call, rows)).question == look(target, []).question


@settings(max_examples=200, deadline=None)
@given(WORDS | st.text(max_size=40), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_a_sentence_becomes_a_sound_commitment_or_one_clear_line(text, today) -> None:
    found = read_statement(text, today=today, behaviors=BEHAVIORS)
    try:
        made = found.draft(rep="Dana")
    except RequestError as error:
        assert "\n" not in str(error) and error.todo
        return
    assert made.window.start >= today and window_days(made.window)
    assert made.target.per_call >= 1
    assert found.complete


@settings(max_examples=50, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1)))
def test_only_the_local_date_decides_what_lies_in_the_window(moment) -> None:
    from ci_checker.commitments.select import belongs
    from ci_checker.model import Call, Details, Source

    call = Call(path="a", sha256="a", source=Source.AUDIO, details=Details(started_at=moment, call_type="cold"))
    inside = MONDAY <= moment.date() <= date(2026, 1, 16)
    assert belongs(call, promise(Target(kind=TargetKind.EVERY))).inside is inside
