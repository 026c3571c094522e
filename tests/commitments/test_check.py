from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from ci_checker.commitments import check, moments
from ci_checker.model import (
    CallState,
    Commitment,
    Eligibility,
    Evidence,
    Finding,
    Reliability,
    ScoredCall,
    Source,
    Standing,
    TargetKind,
    Verdict,
)

CHECK_DAY = date(2026, 1, 19)
TUESDAY = datetime(2026, 1, 13, 9, 5)
MakeCall = Callable[..., ScoredCall]
Make = Callable[..., Commitment]
GOOD = Reliability(behavior="x", precision=1.0, recall=1.0, calls=200, measured_on="held-out calls")


def run(commitment: Commitment, calls: Sequence[ScoredCall], today: date = CHECK_DAY, **parts) -> Finding:
    given = {"behavior_name": "Trigger-event opener", "reliability": GOOD, **parts}
    return check(commitment, calls, today=today, **given)


def state_of(commitment: Commitment, call: ScoredCall) -> CallState | None:
    found = run(commitment, [call]).calls
    return found[0].state if found else None


def test_the_example_of_the_issue(make_call: MakeCall, make_commitment: Make) -> None:
    calls = [make_call(f"seen{n}") for n in range(6)]
    calls += [make_call("no1", Verdict.NOT_SEEN), make_call("no2", Verdict.NOT_SEEN)]
    calls += [make_call("maybe", Verdict.UNCLEAR), make_call("broken", error="the file is cut off")]
    found = run(make_commitment(), calls)
    assert found.summary == ("6 of 9 eligible cold calls, 10 promised; 1 unclear; 1 could not be heard")
    assert found.standing is Standing.SHORT  # 6 + 2 is still less than 10
    assert found.counts.eligible == 9 and found.counts.unheard == 1


@pytest.mark.parametrize(
    ("verdict", "parts", "state"),
    [
        (Verdict.SEEN, {}, CallState.SEEN),
        (Verdict.NOT_SEEN, {}, CallState.NOT_SEEN),
        (Verdict.NOT_SEEN, {"near": 1}, CallState.ATTEMPTED),
        (Verdict.UNCLEAR, {}, CallState.UNCLEAR),
        (Verdict.NOT_APPLICABLE, {}, CallState.NOT_APPLICABLE),
        (None, {}, CallState.UNCLEAR),
        (Verdict.SEEN, {"hits": 0}, CallState.SEEN),
        (None, {"error": "no speech"}, CallState.UNHEARD),
    ],
)
def test_state_of_one_call(make_call, make_commitment, verdict, parts, state) -> None:
    assert state_of(make_commitment(), make_call("a", verdict, **parts)) is state


@pytest.mark.parametrize(
    ("hits", "state"),
    [(1, CallState.ATTEMPTED), (2, CallState.ATTEMPTED), (3, CallState.SEEN), (4, CallState.SEEN)],
)
def test_several_pieces_of_evidence_a_call(make_call, make_commitment, hits, state) -> None:
    commitment = make_commitment(TargetKind.EVERY, 1, 3)
    found = run(commitment, [make_call("a", hits=hits)])
    assert found.calls[0].state is state
    assert found.calls[0].hits == hits


def test_the_same_quote_twice_is_one_piece(make_call, make_commitment) -> None:
    call = make_call("a", hits=1)
    result = call.results[0]
    call = replace(call, results=(replace(result, evidence=result.evidence * 2),))
    assert run(make_commitment(TargetKind.EVERY, 1, 2), [call]).calls[0].state is CallState.ATTEMPTED


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 1, 12, 9), True),
        (datetime(2026, 1, 15, 9, 59, 59), True),
        (datetime(2026, 1, 15, 10, 0), False),  # "before 10" does not include 10
        (datetime(2026, 1, 15, 7, 59), False),
        (datetime(2026, 1, 15, 8, 0), True),
        (datetime(2026, 1, 16, 9), False),  # a Friday
        (datetime(2026, 1, 9, 9), False),
        (datetime(2026, 1, 19, 9), False),  # the day of the check
        # The local clock decides, not UTC: 9:30 in Chicago is 15:30 UTC.
        (datetime(2026, 1, 13, 9, 30, tzinfo=timezone(timedelta(hours=-6))), True),
        (datetime(2026, 1, 13, 15, 30, tzinfo=UTC), False),
        (datetime(2026, 1, 12, 8, 30, tzinfo=timezone(timedelta(hours=9))), True),
    ],
)
def test_the_window(make_call, make_commitment, at, inside) -> None:
    commitment = make_commitment(weekdays=(0, 1, 2, 3), from_time=time(8), to_time=time(10))
    assert (state_of(commitment, make_call("a", at=at)) is CallState.SEEN) is inside


@pytest.mark.parametrize("kind", ["cold", "Cold", "COLD CALL", "cold-calls", " cold_call "])
def test_kinds_match_whatever_the_case(make_call, make_commitment, kind) -> None:
    assert state_of(make_commitment(), make_call("a", call_type=kind)) is CallState.SEEN


def test_other_kinds_are_outside(make_call, make_commitment) -> None:
    assert run(make_commitment(), [make_call("a", call_type="discovery")]).calls == ()


def test_accounts_and_directions(make_call, make_commitment) -> None:
    commitment = make_commitment(eligible=Eligibility(accounts=("ACME",), directions=("Outbound",)))
    assert state_of(commitment, make_call("a", direction="outbound")) is CallState.SEEN
    assert state_of(commitment, make_call("a", direction="inbound")) is None
    assert state_of(commitment, make_call("a", direction="outbound", account="Other")) is None
    assert state_of(commitment, make_call("a", direction=None)) is CallState.UNCLEAR
    assert state_of(commitment, make_call("a", direction="outbound", account=None)) is CallState.UNCLEAR


def test_a_sent_mail_is_an_email_without_being_told(make_call, make_commitment) -> None:
    commitment = make_commitment(eligible=Eligibility(call_types=("e-mails",)))
    mail = make_call("a", call_type=None, source=Source.EMAIL)
    assert state_of(commitment, mail) is CallState.SEEN
    assert run(commitment, [mail]).summary.startswith("1 of 1 eligible e-mail,")


@pytest.mark.parametrize(
    ("parts", "word"),
    [({"call_type": None}, "call type is not known"), ({"at": None}, "when it took place is not known")],
)
@pytest.mark.parametrize("verdict", [Verdict.SEEN, Verdict.NOT_SEEN, Verdict.UNCLEAR])
def test_unknown_details_are_named_and_never_dropped(make_call, make_commitment, parts, word, verdict) -> None:
    found = run(make_commitment(), [make_call("odd", verdict, **parts)])
    assert found.counts.unclear == 1 and found.counts.not_seen == 0
    assert any(word in line for line in found.cannot_tell)


def test_a_bare_date_has_no_time_of_day(make_call, make_commitment) -> None:
    midnight = make_call("a", at=datetime(2026, 1, 13))
    assert state_of(make_commitment(to_time=time(10)), midnight) is CallState.UNCLEAR
    assert state_of(make_commitment(from_time=time(9)), midnight) is CallState.UNCLEAR
    assert state_of(make_commitment(), midnight) is CallState.SEEN


def test_certainly_outside_beats_unknown(make_call, make_commitment) -> None:
    assert state_of(make_commitment(), make_call("a", at=datetime(2025, 1, 1, 9), call_type=None)) is None


def tally(make_call: MakeCall, **numbers: int) -> list[ScoredCall]:
    verdicts = {
        "seen": Verdict.SEEN,
        "no": Verdict.NOT_SEEN,
        "unclear": Verdict.UNCLEAR,
        "na": Verdict.NOT_APPLICABLE,
    }
    calls = [make_call(f"{name}{n}", verdicts[name]) for name in verdicts for n in range(numbers.get(name, 0))]
    calls += [make_call(f"try{n}", Verdict.NOT_SEEN, near=1) for n in range(numbers.get("tries", 0))]
    calls += [make_call(f"dead{n}", error="silent") for n in range(numbers.get("unheard", 0))]
    return calls + [
        make_call(f"kind{n}", Verdict.NOT_SEEN, call_type=None) for n in range(numbers.get("unknown_kind_no", 0))
    ]


@pytest.mark.parametrize(
    ("kind", "value", "numbers", "standing"),
    [
        (TargetKind.COUNT, 3, {"seen": 3}, Standing.ENOUGH),
        (TargetKind.COUNT, 3, {"seen": 3, "no": 9, "unclear": 2}, Standing.ENOUGH),
        (TargetKind.COUNT, 3, {"seen": 2, "no": 5}, Standing.SHORT),
        (TargetKind.COUNT, 3, {"no": 5}, Standing.NONE_SEEN),
        (TargetKind.COUNT, 3, {"tries": 5}, Standing.NONE_SEEN),
        (TargetKind.COUNT, 3, {"seen": 2, "unclear": 1}, Standing.OPEN),
        (TargetKind.COUNT, 3, {"seen": 2, "unheard": 1}, Standing.OPEN),
        (TargetKind.COUNT, 3, {"seen": 1, "unclear": 1, "no": 4}, Standing.SHORT),
        (TargetKind.COUNT, 3, {"no": 4, "unclear": 1}, Standing.SHORT),  # not "none": one may be
        (TargetKind.COUNT, 3, {"no": 4, "unclear": 1, "unheard": 2}, Standing.OPEN),
        (TargetKind.COUNT, 3, {}, Standing.NO_CALLS),
        (TargetKind.COUNT, 3, {"na": 2}, Standing.NO_CALLS),
        (TargetKind.COUNT, 3, {"seen": 2, "unknown_kind_no": 4}, Standing.SHORT),
        (TargetKind.EVERY, 1, {"seen": 4, "na": 1}, Standing.ENOUGH),
        (TargetKind.EVERY, 1, {"seen": 4, "no": 1}, Standing.SHORT),
        (TargetKind.EVERY, 1, {"seen": 4, "unclear": 1}, Standing.OPEN),
        (TargetKind.EVERY, 1, {"seen": 4, "no": 1, "unclear": 3}, Standing.SHORT),
        (TargetKind.EVERY, 1, {"seen": 4, "unknown_kind_no": 1}, Standing.OPEN),
        (TargetKind.EVERY, 1, {"unheard": 2}, Standing.OPEN),
        (TargetKind.EVERY, 1, {}, Standing.NO_CALLS),
        (TargetKind.SHARE, 0.5, {"seen": 2, "no": 2}, Standing.ENOUGH),
        (TargetKind.SHARE, 0.5, {"seen": 2, "no": 3}, Standing.SHORT),
        (TargetKind.SHARE, 0.5, {"seen": 2, "no": 3, "unclear": 1}, Standing.OPEN),
        (TargetKind.SHARE, 0.5, {"seen": 1, "no": 5, "unclear": 1}, Standing.SHORT),
        (TargetKind.SHARE, 0.8, {"seen": 4, "no": 1}, Standing.ENOUGH),
    ],
)
def test_standing_never_accuses_while_it_may_be_enough(
    make_call, make_commitment, kind, value, numbers, standing
) -> None:
    assert run(make_commitment(kind, value), tally(make_call, **numbers)).standing is standing


@pytest.mark.parametrize("kind", list(TargetKind))
def test_a_week_that_is_not_over_is_open_and_says_so(make_call, make_commitment, kind) -> None:
    commitment = make_commitment(kind, 5 if kind is TargetKind.COUNT else 1)
    found = run(commitment, tally(make_call, seen=1, no=2), today=date(2026, 1, 14))
    assert found.standing is Standing.OPEN
    assert "still open" in found.summary
    assert any("still to come" in line for line in found.cannot_tell)
    after = run(commitment, tally(make_call, seen=1, no=2), today=date(2026, 1, 17))  # only the weekend is left
    assert after.standing is Standing.SHORT


def test_a_count_that_is_reached_early_is_enough(make_call, make_commitment) -> None:
    found = run(make_commitment(value=2), tally(make_call, seen=2), today=date(2026, 1, 14))
    assert found.standing is Standing.ENOUGH


def test_on_the_day_of_the_check_the_window_is_over(make_call, make_commitment) -> None:
    commitment = make_commitment(end=CHECK_DAY)
    assert run(commitment, tally(make_call, no=2), today=CHECK_DAY).standing is Standing.NONE_SEEN
    assert run(commitment, tally(make_call, no=2), today=date(2026, 1, 16)).standing is Standing.OPEN


def test_best_prefers_an_answer_and_a_recording(make_call, make_commitment) -> None:
    mute = make_call("mute", probability=0.99, turn=5, source=Source.TRANSCRIPT)
    full = make_call("full", probability=0.8)
    fuller = make_call("fuller", probability=0.85)
    found = run(make_commitment(), [mute, full, fuller])
    assert found.best is not None and found.best.call == "fuller.wav"
    assert found.best.response is not None
    assert found.best.response.text == "Right, we did, and it has been hectic."  # not "Mm-hm."
    assert [line.text for line in found.best.before] == [
        "Hello, this is Dana from Northwind.", "Hi.",
    ]  # fmt: skip
    assert len(found.best.after) == 2


def test_context_is_the_callers_choice(make_call, make_commitment) -> None:
    found = run(make_commitment(), [make_call("a")], context=1)
    assert found.best is not None
    assert len(found.best.before) == 1 and len(found.best.after) == 1


@pytest.mark.parametrize(
    ("quote", "lead"),
    [
        ("opened a plant in Leeds last month.", ["I saw that you"]),
        ("I saw that you opened a plant", []),
        ("words that are not in the turn", []),
    ],
)
def test_what_its_turn_says_before_a_quote_stands_before_it(make_call, quote, lead) -> None:
    call = make_call("a").call
    evidence = Evidence(turn=2, speaker="Dana", quote=quote, probability=0.9, start_s=62.0)
    found = moments.moment(call, evidence)
    assert [line.text for line in found.before] == ["Hello, this is Dana from Northwind.", "Hi.", *lead]
    if lead:
        assert (found.before[-1].speaker, found.before[-1].start_s, found.before[-1].end_s) == ("Dana", 60.0, 62.0)


def test_a_transcript_has_no_recording_to_play(make_call, make_commitment) -> None:
    found = run(make_commitment(), [make_call("a", source=Source.TRANSCRIPT)])
    assert found.best is not None and found.best.audio_path is None


def test_the_most_useful_miss_is_the_nearest_attempt(make_call, make_commitment) -> None:
    calls = [
        make_call("no", Verdict.NOT_SEEN, at=datetime(2026, 1, 12, 9)),
        make_call("far", Verdict.NOT_SEEN, near=1, near_probability=0.2),
        make_call("near", Verdict.NOT_SEEN, near=1, near_probability=0.45),
    ]
    found = run(make_commitment(), calls)
    assert found.miss is not None and found.miss.call == "near.wav"
    only = run(make_commitment(), calls[:1])
    assert only.miss is not None and only.miss.evidence is not None
    assert only.miss.evidence.quote == "Hello, this is Dana from Northwind."


def test_what_was_said_instead(make_call, make_commitment) -> None:
    def said(place: str | None, near: int = 0) -> str | None:
        found = run(make_commitment(), [make_call("a", Verdict.NOT_SEEN, near=near)], place=place)
        instead = found.calls[0].instead
        return instead.evidence.quote if instead and instead.evidence else None

    assert said("opening") == "Hello, this is Dana from Northwind."
    assert said("closing") == "That is why I am calling today."
    assert said(None) is None
    assert said(None, near=1) == "I saw that you opened a plant in Leeds last month."


def test_at_most_two_clips_to_listen_to(make_call, make_commitment) -> None:
    calls = [make_call(f"u{n}", Verdict.UNCLEAR, probability=0.4 + n / 20) for n in range(4)]
    found = run(make_commitment(), calls)
    assert [each.call for each in found.listen] == ["u3.wav", "u2.wav"]
    assert run(make_commitment(), [make_call("s")]).listen == ()


def test_calls_stand_in_the_order_of_the_local_clock(make_call, make_commitment) -> None:
    calls = [
        make_call("late", at=datetime(2026, 1, 14, 9, tzinfo=UTC)),
        make_call("undated", at=None),
        make_call("early", at=datetime(2026, 1, 12, 9)),
    ]
    found = run(make_commitment(), calls)
    assert [each.sha256 for each in found.calls] == ["early", "late", "undated"]
    assert run(make_commitment(), calls[::-1]) == found


def test_the_same_recording_counts_once_and_the_heard_copy_wins(make_call, make_commitment) -> None:
    found = run(make_commitment(), [make_call("a", error="silent"), make_call("a"), make_call("a")])
    assert found.counts.seen == 1 and found.counts.unheard == 0
    assert any("2 recordings came more than once" in line for line in found.cannot_tell)


def test_it_says_what_it_cannot_tell(make_call, make_commitment) -> None:
    weak = Reliability(behavior="x", precision=0.9, recall=0.7, calls=12, measured_on="made-up calls")
    found = run(make_commitment(), [make_call("a", error="the file is cut off")], reliability=weak)
    text = " ".join(found.cannot_tell)
    for part in (
        "the file is cut off",
        "70%",
        "90%",
        "only 12 calls",
        "fewer than the 10 promised",
        "not recorded",
    ):
        assert part in text
    assert "has not been measured" in " ".join(run(make_commitment(), [], reliability=None).cannot_tell)


def test_evidence_outside_the_transcript_does_not_break_the_report(make_call, make_commitment) -> None:
    found = run(make_commitment(), [make_call("a", turn=99)])
    assert found.best is not None and found.best.before == () and found.best.response is None


def test_a_rep_who_is_not_known_has_no_words_put_in_their_mouth(make_call, make_commitment) -> None:
    call = make_call("a", Verdict.NOT_SEEN)
    call = replace(call, call=replace(call.call, speakers=()))
    assert run(make_commitment(), [call]).calls[0].instead is None


def test_a_bound_that_was_passed_is_no_attempt(make_call, make_commitment) -> None:
    call = make_call("a", Verdict.NOT_SEEN, near=1)
    result = call.results[0]
    certain = tuple(replace(each, probability=1.0) for each in result.near_misses)
    call = replace(call, results=(replace(result, near_misses=certain),))
    assert state_of(make_commitment(), call) is CallState.NOT_SEEN


def test_less_often_than_promised_is_unclear_where_a_near_miss_could_make_it_up(make_call, make_commitment) -> None:
    commitment = make_commitment(TargetKind.EVERY, 1, 3)
    found = run(commitment, [make_call("a", hits=2, near=1)])
    assert found.calls[0].state is CallState.UNCLEAR and found.standing is Standing.OPEN
    assert found.calls[0].reason == (
        "Heard 2 times, while 3 a call were promised; 1 more place may count: a person should listen."
    )
    assert state_of(commitment, make_call("b", hits=1, near=1)) is CallState.ATTEMPTED


def test_less_often_than_promised_is_short_and_still_shows_what_was_heard(make_call, make_commitment) -> None:
    found = run(make_commitment(TargetKind.EVERY, 1, 3), [make_call("a", hits=2)])
    assert found.standing is Standing.SHORT
    assert found.best == found.calls[0].moments[0]
