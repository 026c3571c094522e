"""Which calls a promise is about: days, hours and zones, kinds that are known and kinds that are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_checker.commitments import check
from ci_checker.commitments.select import OUTSIDE, belongs, call_type
from ci_checker.model import (
    Call,
    Commitment,
    Details,
    Eligibility,
    Envelope,
    ScoredCall,
    Source,
    TargetKind,
    Verdict,
)

MONDAY, CHECK_DAY = date(2026, 1, 12), date(2026, 1, 19)
Make = Callable[..., Commitment]
MakeCall = Callable[..., ScoredCall]
relaxed = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
moments = st.datetimes(datetime(2026, 1, 10), datetime(2026, 1, 22))
zones = st.none() | st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


def call(at: datetime | None, source: Source = Source.AUDIO, **details: object) -> Call:
    given_details = {"call_type": "cold", **details}
    return Call(path="a", sha256="a", source=source, details=Details(started_at=at, **given_details))  # type: ignore[arg-type]


# --- days and hours --------------------------------------------------------------------------------


@relaxed
@given(
    at=moments, zone=zones, weekdays=st.sets(st.integers(0, 6), min_size=1), hours=st.tuples(*[st.integers(0, 22)] * 2)
)
def test_a_call_is_inside_exactly_where_its_own_clock_says_so(make_commitment: Make, at, zone, weekdays, hours) -> None:
    first, last = time(min(hours)), time(max(hours) + 1)
    window = replace(make_commitment().window, weekdays=tuple(sorted(weekdays)), from_time=first, to_time=last)
    promise = replace(make_commitment(), window=window)
    found = belongs(call(at.replace(tzinfo=zone)), promise)
    day_fits = date(2026, 1, 12) <= at.date() <= date(2026, 1, 18) and at.isoweekday() - 1 in weekdays
    minutes = at.hour * 3600 + at.minute * 60 + at.second
    if day_fits and minutes == 0:
        assert found.inside and found.unsure == ("its time of day is not known",)
        return
    inside = day_fits and (first <= at.time() < last)
    assert (found.inside, found.unsure) == (inside, ())


@relaxed
@given(at=moments, zone=zones)
def test_days_alone_need_no_clock(make_commitment: Make, at, zone) -> None:
    bare = call(datetime(at.year, at.month, at.day, tzinfo=zone))
    exact = call(at.replace(tzinfo=zone))
    assert belongs(bare, make_commitment()) == belongs(exact, make_commitment())


@pytest.mark.parametrize("name", ["America/Chicago", "Europe/Berlin", "Asia/Tokyo", "Pacific/Auckland"])
def test_the_same_hour_of_the_morning_counts_in_every_zone(make_commitment: Make, name: str) -> None:
    early = make_commitment(to_time=time(10))
    assert belongs(call(datetime(2026, 1, 13, 9, 59, tzinfo=ZoneInfo(name))), early).inside
    assert belongs(call(datetime(2026, 1, 13, 10, 0, tzinfo=ZoneInfo(name))), early) == OUTSIDE


def test_one_moment_seen_from_two_zones_may_lie_on_two_days(make_commitment: Make) -> None:
    """9 in the evening in Chicago on the last Sunday is the Monday of the check in Berlin."""
    evening = datetime(2026, 1, 18, 21, 0, tzinfo=ZoneInfo("America/Chicago"))
    promise = make_commitment(weekdays=tuple(range(7)))
    assert belongs(call(evening), promise).inside
    assert not belongs(call(evening.astimezone(ZoneInfo("Europe/Berlin"))), promise).inside


def test_the_hour_that_summer_time_repeats_is_judged_by_the_clock_on_the_wall(make_commitment: Make) -> None:
    chicago = ZoneInfo("America/Chicago")
    promise = make_commitment(made_on=date(2026, 10, 26), weekdays=tuple(range(7)), from_time=time(1), to_time=time(2))
    for fold in (0, 1):
        assert belongs(call(datetime(2026, 11, 1, 1, 30, tzinfo=chicago, fold=fold)), promise).inside
    assert not belongs(call(datetime(2026, 11, 1, 2, 0, tzinfo=chicago)), promise).inside


def test_a_mail_in_universal_time_is_in_doubt_only_where_hours_are_promised(make_commitment: Make) -> None:
    mails = Eligibility(call_types=("email",))
    sent = call(datetime(2026, 1, 13, 15, 30, tzinfo=UTC), Source.EMAIL, call_type=None)
    assert belongs(sent, make_commitment(eligible=mails)).unsure == ()
    (why,) = belongs(sent, make_commitment(eligible=mails, to_time=time(10))).unsure
    assert why == "it carries universal time, and the rep's time zone is not set (timezone in ci-checker.toml)"
    told = sent.details.started_at.astimezone(ZoneInfo("America/Chicago"))
    at_home = replace(sent, details=replace(sent.details, started_at=told))
    assert belongs(at_home, make_commitment(eligible=mails, to_time=time(10))).inside
    late = make_commitment(eligible=mails, to_time=time(9))
    assert belongs(at_home, late) == OUTSIDE, "9:30 in Chicago is not before 9"


# --- kinds -----------------------------------------------------------------------------------------


def test_every_unknown_is_named_and_none_of_them_puts_a_call_outside(make_commitment: Make) -> None:
    picky = make_commitment(
        to_time=time(10), eligible=Eligibility(call_types=("cold",), directions=("outbound",), accounts=("Acme",))
    )
    found = belongs(call(None, call_type=None), picky)
    assert found.inside
    assert found.unsure == (
        "when it took place is not known",
        "its call type is not known",
        "whether it was inbound or outbound is not known",
        "its account is not known",
    )


@pytest.mark.parametrize(
    "details",
    [
        {"call_type": "demo"},
        {"direction": "inbound"},
        {"account": "Other"},
        {"call_type": " Demo Call ", "direction": None},
    ],
)
def test_one_thing_that_is_certainly_otherwise_puts_it_outside_whatever_else_is_unknown(
    make_commitment: Make, details
) -> None:
    picky = make_commitment(eligible=Eligibility(call_types=("cold",), directions=("outbound",), accounts=("Acme",)))
    assert belongs(call(None, **details), picky) == OUTSIDE


@relaxed
@given(
    given_type=st.sampled_from(["cold", "Cold Call", "COLD", "cold-calls", "discovery", "follow up", "Follow-Up call"]),
    wanted=st.lists(st.sampled_from(["cold", "discovery", "follow-up", "demo"]), min_size=1, max_size=3),
)
def test_a_kind_is_the_same_however_it_is_spelled(make_commitment: Make, given_type: str, wanted: list[str]) -> None:
    plain = given_type.lower().replace("-", " ").removesuffix(" calls").removesuffix(" call")
    inside = plain in {each.replace("-", " ") for each in wanted}
    promise = make_commitment(eligible=Eligibility(call_types=tuple(wanted)))
    assert belongs(call(datetime(2026, 1, 13, 9), call_type=given_type), promise).inside is inside


def test_mails_count_for_promises_of_mails_alone(make_commitment: Make) -> None:
    sent = call(datetime(2026, 1, 13, 9), Source.EMAIL, call_type=None)
    assert call_type(sent) == "email" and call_type(call(None, call_type=" ")) is None
    assert belongs(sent, make_commitment(eligible=Eligibility())) == OUTSIDE
    assert belongs(sent, make_commitment(eligible=Eligibility(call_types=("cold",)))) == OUTSIDE
    assert belongs(sent, make_commitment(eligible=Eligibility(call_types=("cold", "e-mails")))).inside


@pytest.mark.parametrize(
    ("first", "inside", "unsure"),
    [
        (True, True, ()),
        (False, False, ()),
        (None, True, ("whether it was the first mail to that person is not known (the mail has no address)",)),
    ],
)
def test_a_first_touch_is_told_not_guessed(make_commitment: Make, first, inside, unsure) -> None:
    promise = make_commitment(eligible=Eligibility(call_types=("first-touch email",)))
    why = "" if first is not None else "the mail has no address"
    sent = replace(
        call(datetime(2026, 1, 13, 9), Source.EMAIL, call_type=None), envelope=Envelope(first_touch=first, why=why)
    )
    found = belongs(sent, promise)
    assert (found.inside, found.unsure) == (inside, unsure)


# --- what the doubt does to a verdict ----------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.SEEN, Verdict.NOT_SEEN])
@pytest.mark.parametrize("kind", list(TargetKind))
def test_a_call_that_may_not_belong_counts_neither_for_nor_against(
    make_commitment: Make, make_call: MakeCall, verdict: Verdict, kind: TargetKind
) -> None:
    promise = make_commitment(kind, 1)
    found = check(
        promise, [make_call("a", verdict, call_type=None)], today=CHECK_DAY, behavior_name="X", reliability=None
    )
    assert (found.counts.seen, found.counts.not_seen, found.counts.unclear) == (0, 0, 1)
    (one,) = found.calls
    lead = "The behavior was heard in it" if verdict is Verdict.SEEN else "The behavior was not found in it"
    assert one.reason == f"{lead}, but its call type is not known, so it may not belong to this commitment."
