"""First touches among all mails, and which mails a commitment is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ci_checker.commitments import check
from ci_checker.commitments.outreach import told
from ci_checker.commitments.select import belongs
from ci_checker.model import Call, Commitment, Details, Eligibility, Envelope, ScoredCall, Source, TargetKind

MONDAY = datetime(2026, 1, 12, 9, tzinfo=ZoneInfo("America/Chicago"))
ME, ANN, BOB = "dana@northwind.example", "ann@acme.example", "bob@acme.example"
Make = Callable[..., Commitment]


def mail(
    name: str, to: tuple[str, ...] = (ANN,), *, at: datetime | None = MONDAY, sender: str = ME, subject: str = "hello",
    cc: tuple[str, ...] = (), message_id: str | None = "", **parts: object,
) -> Call:  # fmt: skip
    envelope = Envelope(
        sender=sender,
        addressed=to,
        reached=(*to, *cc),
        message_id=f"<{name}>" if message_id == "" else message_id,
        subject=subject,
        **parts,  # type: ignore[arg-type]
    )
    return Call(
        path=f"{name}.eml", sha256=name, source=Source.EMAIL, envelope=envelope,
        details=Details(rep="Dana", started_at=at, call_type="email"),
    )  # fmt: skip


def later(**gap: float) -> datetime:
    return MONDAY + timedelta(**gap)


def first(call: Call, *others: Call, team: tuple[str, ...] = (ME,)) -> tuple[bool | None, str]:
    (found,) = told([ScoredCall(call=call)], [call, *others], team)
    assert found.call.envelope is not None
    return found.call.envelope.first_touch, found.call.envelope.why


def test_the_first_mail_to_somebody_is_a_first_touch() -> None:
    assert first(mail("a")) == (True, "")
    assert first(mail("a"), mail("b", (BOB,), at=later(days=-3))) == (True, "")
    assert first(mail("a"), mail("b", at=later(days=1))) == (True, "")


def test_an_earlier_mail_to_that_person_makes_it_none() -> None:
    assert first(mail("a"), mail("b", at=later(days=-4))) == (False, f"a mail went to {ANN} on Thursday, January 8")
    assert first(mail("a", (BOB, ANN)), mail("b", at=later(days=-4)))[0] is False
    assert first(mail("a"), mail("b", (BOB,), cc=(ANN,), at=later(days=-4)))[0] is False


def test_a_colleagues_earlier_mail_counts_too() -> None:
    other = mail("b", sender="lee@northwind.example", at=later(hours=-1))
    assert first(mail("a"), other)[0] is False


def test_a_colleague_among_the_addressed_is_nobody_who_is_touched() -> None:
    lee = "lee@northwind.example"
    earlier = mail("b", (lee,), at=later(days=-1))
    assert first(mail("a", (ANN, lee)), earlier, team=(ME, lee))[0] is True
    assert first(mail("a", (lee,)), team=(ME, lee)) == (False, "it went to colleagues only")


def test_an_answer_is_none_even_if_the_earlier_mail_was_not_handed_in() -> None:
    assert first(mail("a", refers_to=("<x>",))) == (False, "it answers an earlier mail")


def test_an_answer_without_references_is_known_by_its_subject() -> None:
    theirs = mail("b", (ME,), sender=ANN, subject="your offer", at=later(days=-1))
    assert first(mail("a", subject="your offer", answers=True), theirs) == (False, f"it answers a mail from {ANN}")
    assert first(mail("a", subject="something else"), theirs)[0] is True


def test_a_subject_that_answers_nothing_known_is_unclear() -> None:
    found = first(mail("a", subject="your growth", answers=True))
    assert found == (None, "its subject answers a mail that is not known")


def test_one_subject_to_many_people_is_many_first_touches() -> None:
    many = [mail(f"m{number}", (f"p{number}@x.example",), at=later(minutes=number)) for number in range(5)]
    found = told([ScoredCall(call=call) for call in many], many, (ME,))
    assert [each.call.envelope.first_touch for each in found] == [True] * 5


def test_a_copy_with_the_same_message_id_is_the_same_mail() -> None:
    copy = replace(mail("a"), sha256="other bytes")
    assert first(mail("a"), copy)[0] is True
    sooner = replace(mail("a", at=later(minutes=-1)), sha256="other bytes")
    assert first(mail("a"), sooner)[0] is True


def test_what_is_not_known_is_said() -> None:
    assert first(mail("a", ())) == (None, "whom it was sent to is not known")
    assert first(mail("a", at=None)) == (None, "when it was sent is not known")
    answer, why = first(mail("a"), mail("b", at=None))
    assert answer is None and "without a date" in why


def test_instants_count_and_not_wall_clocks() -> None:
    berlin = datetime(2026, 1, 12, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # half an hour before nine in Chicago
    assert first(mail("a"), mail("b", at=berlin))[0] is False
    assert first(mail("a"), mail("b", at=datetime(2026, 1, 12, 15, 30, tzinfo=UTC)))[0] is True


def test_two_mails_of_the_same_second_have_one_first() -> None:
    pair = [mail("a"), mail("b")]
    found = told([ScoredCall(call=call) for call in pair], pair, (ME,))
    assert [each.call.envelope.first_touch for each in found] == [True, False]


def test_calls_are_left_alone(make_call) -> None:
    scored = make_call("x")
    assert told([scored], [], ()) == (scored,)


@pytest.fixture
def promise(make_commitment: Make) -> Commitment:
    return make_commitment(
        TargetKind.COUNT, 3, weekdays=(0, 1, 2, 3), to_time=time(10),
        eligible=Eligibility(call_types=("first-touch email",)),
    )  # fmt: skip


def marked(call: Call, answer: bool | None, why: str = "") -> Call:
    return replace(call, envelope=replace(call.envelope, first_touch=answer, why=why))


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (MONDAY, True),
        (MONDAY.replace(hour=9, minute=59), True),
        (MONDAY.replace(hour=10), False),
        (later(days=4), False),
        (later(days=3), True),
        (later(days=-1), False),
    ],
)
def test_to_the_letter(promise: Commitment, at: datetime, inside: bool) -> None:
    assert belongs(marked(mail("a", at=at), True), promise).inside is inside


def test_only_first_touches_count_where_they_were_promised(promise: Commitment, make_commitment: Make) -> None:
    assert not belongs(marked(mail("a"), False), promise).inside
    doubt = belongs(marked(mail("a"), None, "why"), promise)
    assert doubt.inside and doubt.unsure == ("whether it was the first mail to that person is not known (why)",)
    bare = belongs(replace(mail("a"), envelope=None), promise)
    assert bare.inside and bare.unsure
    any_mail = make_commitment(eligible=Eligibility(call_types=("email",)))
    for answer in (True, False, None):
        assert belongs(marked(mail("a"), answer), any_mail).unsure == ()
        assert belongs(marked(mail("a"), answer), any_mail).inside


def test_a_mail_is_no_call(make_commitment: Make, make_call) -> None:
    assert not belongs(mail("a"), make_commitment(eligible=Eligibility())).inside
    assert not belongs(mail("a"), make_commitment(eligible=Eligibility(call_types=("cold",)))).inside
    assert not belongs(make_call("a").call, make_commitment(eligible=Eligibility(call_types=("email",)))).inside


def test_a_stated_first_touch_is_one(promise: Commitment) -> None:
    call = mail("a")
    stated = replace(call, details=replace(call.details, call_type="First-Touch"))
    assert belongs(stated, promise) == belongs(marked(call, True), promise)


def test_universal_time_without_a_zone_is_no_hour(promise: Commitment, make_commitment: Make) -> None:
    utc = marked(mail("a", at=datetime(2026, 1, 12, 9, tzinfo=UTC)), True)
    (why,) = belongs(utc, promise).unsure
    assert "time zone is not set" in why
    london = marked(mail("a", at=datetime(2026, 1, 12, 9, tzinfo=ZoneInfo("Europe/London"))), True)
    assert belongs(london, promise).unsure == ()
    all_day = make_commitment(eligible=Eligibility(call_types=("email",)))
    assert belongs(utc, all_day).unsure == ()


def test_a_mail_that_came_twice_counts_once(make_commitment: Make, make_call) -> None:
    def scored(name: str) -> ScoredCall:
        base = make_call(name, source=Source.EMAIL, call_type="email")
        return replace(base, call=replace(base.call, envelope=Envelope(message_id="<one>")))

    found = check(
        make_commitment(eligible=Eligibility(call_types=("email",))), [scored("a"), scored("b")],
        today=date(2026, 1, 19), behavior_name="X", reliability=None,
    )  # fmt: skip
    assert len(found.calls) == 1
    assert any("more than once" in line for line in found.cannot_tell)
