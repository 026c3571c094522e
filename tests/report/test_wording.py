"""The sentences as a person reads them. Read the right-hand sides: they are what a manager gets to see."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import samples

from ci_checker.commitments import check, loop_close
from ci_checker.model import (
    Call,
    CallState,
    Commitment,
    Details,
    Eligibility,
    Evidence,
    Finding,
    Result,
    Role,
    Ruling,
    ScoredCall,
    Source,
    Speaker,
    Standing,
    Target,
    TargetKind,
    Turn,
    Verdict,
)
from ci_checker.report import phrases, render, sentences, words

S = CallState
COLD = Eligibility(call_types=("cold",))
MAIL = Eligibility(call_types=("email",))
FIRST = Eligibility(call_types=("first-touch email",))


def finding(
    seen: int,
    rest: tuple[CallState, ...] = (),
    *,
    kind: TargetKind = TargetKind.COUNT,
    value: float = 8,
    per_call: int = 1,
    eligible: Eligibility = COLD,
) -> Finding:
    calls = samples.week((S.SEEN,) * seen + rest + (S.NOT_APPLICABLE,) * (12 - seen - len(rest)))
    promised = {TargetKind.COUNT: int(value), TargetKind.EVERY: seen + len(rest)}.get(kind, 2)
    found = samples.finding(calls, Standing.SHORT, promised)
    target = Target(kind=kind, value=value, per_call=per_call)
    return replace(found, commitment=replace(found.commitment, target=target, eligible=eligible))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (finding(5, (S.NOT_SEEN,) * 5), "Seen on 5 of 10 eligible cold calls; 8 were promised."),
        (finding(1, value=1), "Seen on 1 of 1 eligible cold call; 1 was promised."),
        (finding(0, (S.NOT_SEEN,)), "Seen on 0 of 1 eligible cold call; 8 were promised."),
        (finding(0), "No eligible cold call is known; 8 were promised."),
        (
            finding(3, (S.ATTEMPTED,) * 3, kind=TargetKind.EVERY, value=1),
            "Seen on 3 of 6 eligible cold calls; every one was promised.",
        ),
        (
            finding(1, (S.NOT_SEEN,) * 2, kind=TargetKind.SHARE, value=0.5),
            "Seen on 1 of 3 eligible cold calls; at least half of them, 2 here, were promised.",
        ),
        (
            finding(1, (S.NOT_SEEN,), kind=TargetKind.SHARE, value=0.8, eligible=Eligibility(directions=("inbound",))),
            "Seen on 1 of 2 eligible inbound calls; at least 80% of them, 2 here, were promised.",
        ),
        (
            finding(2, (S.ATTEMPTED,), value=3, per_call=4, eligible=Eligibility(call_types=("discovery", "followup"))),
            "Seen at least 4 times on 2 of 3 eligible discovery and follow-up calls; 3 were promised.",
        ),
        (finding(2, value=3, per_call=2), "Seen at least twice on 2 of 2 eligible cold calls; 3 were promised."),
        (finding(4, (S.NOT_SEEN,) * 2, eligible=MAIL), "Seen in 4 of 6 eligible e-mails; 8 were promised."),
        (finding(1, eligible=FIRST), "Seen in 1 of 1 eligible first-touch e-mail; 8 were promised."),
        (
            finding(2, eligible=Eligibility(accounts=("Acme", "Globex"))),
            "Seen on 2 of 2 eligible calls with Acme or Globex; 8 were promised.",
        ),
    ],
)
def test_the_finding_in_one_sentence(found: Finding, said: str) -> None:
    assert sentences.sentence(found) == said
    assert sentences.figure(found)[1] in said


@pytest.mark.parametrize(
    ("standing", "calls", "mails"),
    [
        (Standing.ENOUGH, "seen as often as promised", "seen as often as promised"),
        (Standing.SHORT, "seen, less often than promised", "seen, less often than promised"),
        (
            Standing.NONE_SEEN,
            "not seen in the calls that could be read",
            "not seen in the e-mails that could be read",
        ),
        (Standing.OPEN, "still open until somebody listens", "still open until somebody reads them"),
        (Standing.NO_CALLS, "no calls to look at", "no e-mails to look at"),
    ],
)
def test_where_it_stands(standing: Standing, calls: str, mails: str) -> None:
    assert sentences.standing(replace(finding(1), standing=standing)) == calls
    assert sentences.standing(replace(finding(1, eligible=MAIL), standing=standing)) == mails


def test_where_it_stands_never_says_seen_of_what_nobody_has_seen() -> None:
    """Short for certain, since one call lacks it, and none seen so far: the open ones cannot mend it."""
    short = replace(finding(0, (S.NOT_SEEN, S.UNCLEAR)), standing=Standing.SHORT)
    assert sentences.standing(short) == "less often than promised, however the open calls turn out"
    heard = replace(short, calls=(replace(short.calls[0], hits=2), *short.calls[1:]))
    assert sentences.standing(heard) == "seen, less often than promised", "twice on a call, and four were promised"
    mails = replace(short, commitment=replace(short.commitment, eligible=MAIL))
    assert sentences.standing(mails) == "less often than promised, however the open e-mails turn out"


@pytest.mark.parametrize(
    ("found", "standing", "said"),
    [
        (finding(3, (S.UNCLEAR, S.UNHEARD)), Standing.SHORT, "2 to listen to"),
        (finding(9, (S.UNCLEAR,), eligible=MAIL), Standing.ENOUGH, "1 to read"),
        (finding(3), Standing.SHORT, ""),
        (finding(3, (S.UNCLEAR,)), Standing.OPEN, ""),
        (finding(0, (S.NOT_SEEN, S.UNCLEAR)), Standing.SHORT, ""),
    ],
)
def test_what_the_line_of_an_index_adds(found: Finding, standing: Standing, said: str) -> None:
    assert sentences.to_open_yet(replace(found, standing=standing)) == said


def test_what_is_still_open() -> None:
    assert sentences.pending(finding(2)) == ""
    assert sentences.pending(finding(2, (S.UNCLEAR,))) == (
        "Until somebody has listened, the one open call counts neither for nor against anybody."
    )
    assert sentences.pending(finding(2, (S.UNCLEAR, S.UNHEARD), eligible=MAIL)) == (
        "Until somebody has read, the 2 open e-mails count neither for nor against anybody."
    )


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 11, 17), "Fri 20 Nov"),
        (date(2026, 11, 19), "tomorrow, Fri 20 Nov"),
        (date(2026, 11, 20), "today, Fri 20 Nov"),
        (date(2026, 11, 21), "Fri 20 Nov, 1 day overdue"),
        (date(2026, 11, 23), "Fri 20 Nov, 3 days overdue"),
    ],
)
def test_when_it_is_checked(today: date, said: str) -> None:
    assert sentences.check(samples.COMMITMENT, today) == said


def test_when_it_was_checked() -> None:
    held = replace(samples.COMMITMENT, closed_on=date(2026, 11, 20))
    assert sentences.check(held, date(2026, 11, 25)) == "held on Fri 20 Nov"
    late = replace(samples.COMMITMENT, closed_on=date(2026, 11, 23))
    assert sentences.check(late, date(2026, 11, 25)) == "Fri 20 Nov, held on Mon 23 Nov"


def test_days_and_times_as_people_say_them() -> None:
    assert words.days(date(2026, 11, 16), date(2026, 11, 19)) == "Mon 16 to Thu 19 Nov"
    assert words.days(date(2026, 10, 29), date(2026, 11, 2)) == "Thu 29 Oct to Mon 2 Nov"
    assert words.days(date(2026, 11, 16), date(2026, 11, 16)) == "Mon 16 Nov"
    assert words.at(datetime(2026, 11, 17, 9, 42)) == "Tue 17 Nov, 9:42 am"
    assert words.at(datetime(2026, 11, 17, 12, 0)) == "Tue 17 Nov, noon"
    assert words.at(datetime(2026, 11, 17)) == "Tue 17 Nov", "a bare date has no time of day"
    week = replace(samples.COMMITMENT.window, end=date(2026, 11, 22), to_time=None)
    assert phrases.window(week) == "Mon 16 to Thu 19 Nov", "the days of the promise, not those of the calendar"


QUESTIONS = (
    "Back to what we agreed on Friday, November 13: “{}”. What have the days since then been like?",
    "Before we get to anything else: on Friday, November 13 you said you would do this: “{}”. How did it go for you?",
    "First things first: since Friday, November 13 this has been the one thing on your list: “{}”. What was it like?",
    "I'd like to open with what you picked on Friday, November 13: “{}”. How did that turn out?",
    "Let's start with your promise. On Friday, November 13 you chose this: “{}”. How has it gone?",
    "One thing ahead of the rest of our agenda. You set this for yourself on Friday, November 13: “{}”. "
    "What can you tell me about it?",
    "You have had one thing in hand since Friday, November 13: “{}”. Where did it take you?",
)


def test_the_loop_close_question_in_all_its_forms() -> None:
    """Another from week to week and from rep to rep, the same however often it is asked."""
    asked = set()
    for week in range(len(QUESTIONS)):
        value = replace(samples.COMMITMENT, check_on=samples.COMMITMENT.check_on + timedelta(days=7 * week))
        assert loop_close(value) == loop_close(value)
        asked.add(loop_close(value))
    assert sorted(asked) == [each.format(samples.COMMITMENT.statement) for each in QUESTIONS]
    people = {loop_close(replace(samples.COMMITMENT, rep=name)) for name in ("Ann", "Ben", "Cid", "Dee", "Eve", "Flo")}
    assert len(people) > 2


def test_a_dispute_and_how_it_was_settled() -> None:
    value = samples.dispute(samples.week()[5])
    assert sentences.disputed(value) == (
        "Dana Ortiz disputes this, Thu 19 Nov. It counts as unclear until somebody settles it."
    )
    settled = replace(
        value,
        ruling=Ruling.STANDS,
        settled_by="Sam Reed",
        settled_at=datetime(2026, 11, 20, 9),
        settled_note="Heard it.",
    )
    assert sentences.disputed(settled) == (
        "Dana Ortiz disputes this, Thu 19 Nov. Settled by Sam Reed, Fri 20 Nov: the evidence stands: “Heard it.”"
    )
    gone = replace(settled, ruling=Ruling.WITHDRAWN, settled_by="", settled_at=None, settled_note="")
    assert sentences.disputed(gone) == "Dana Ortiz disputes this, Thu 19 Nov. Settled: the evidence was withdrawn."


def test_a_reason_is_a_sentence() -> None:
    call = samples.week()[0]
    assert sentences.reason(replace(call, reason="nobody was reached")) == "Nobody was reached."
    assert sentences.reason(replace(call, reason="It broke off.")) == "It broke off."
    assert sentences.reason(replace(call, reason="")) == ""


def test_the_note_of_an_open_dispute_is_said_once() -> None:
    value = samples.dispute(samples.week()[5])
    call = replace(samples.week()[5], reason=f"Dana Ortiz contests it: “{value.note}”", disputes=(value,))
    assert sentences.reason(call) == ""
    settled = replace(value, ruling=Ruling.STANDS)
    assert value.note in sentences.reason(replace(call, disputes=(settled,)))


def mail(number: int, verdict: Verdict, *, near: bool = False) -> ScoredCall:
    text = "I saw that you opened a second shop in Dayton." if verdict is Verdict.SEEN else "We make planning software."
    said = Evidence(turn=0, speaker="Dana Ortiz", quote=text, probability=0.9 if verdict is Verdict.SEEN else 0.4)
    call = Call(
        path=f"mails/{number}.eml",
        sha256=f"{number:064x}",
        source=Source.EMAIL,
        details=Details(
            rep="Dana Ortiz",
            account=f"Firm {number}",
            started_at=datetime(2026, 11, 16 + number, 8, 30),
            direction="outbound",
            call_type="email",
        ),
        turns=(Turn(speaker="Dana Ortiz", text=text),),
        speakers=(Speaker(name="Dana Ortiz", role=Role.REP),),
    )
    result = Result(
        behavior="trigger-event-opener",
        verdict=verdict,
        probability=said.probability,
        evidence=(said,) if verdict is Verdict.SEEN else (),
        near_misses=(said,) if near else (),
    )
    return ScoredCall(call=call, results=(result,))


WRITTEN: Commitment = replace(
    samples.COMMITMENT,
    statement="4 trigger-event e-mails before 10",
    eligible=MAIL,
    target=Target(kind=TargetKind.COUNT, value=4),
)


@pytest.mark.parametrize(
    "mails",
    [
        (),
        (mail(0, Verdict.SEEN),),
        (mail(0, Verdict.SEEN), mail(1, Verdict.NOT_SEEN), mail(2, Verdict.NOT_SEEN)),
        (mail(0, Verdict.NOT_SEEN, near=True), mail(1, Verdict.UNCLEAR, near=True)),
    ],
)
@pytest.mark.parametrize("format", ["text", "md", "html", "crm"])
def test_what_is_said_of_e_mails_never_speaks_of_calls(mails: tuple[ScoredCall, ...], format: str) -> None:
    found = check(
        WRITTEN, mails, today=date(2026, 11, 20), behavior_name="Trigger event", reliability=samples.RELIABILITY
    )
    report = replace(samples.report(found), purpose="")
    text = render(report, format)
    body = text.split("<main", 1)[1].split("<script", 1)[0] if format == "html" else text
    body = re.sub(r"<[^>]*>", "", body) if format == "html" else body
    body = body.replace("Measured on 212 calls", "").replace("your own calls", "")
    for word in ("calls", " call ", "call.", "the call", "listen"):
        assert word not in body.lower(), body[max(0, body.lower().index(word) - 60) :][:140]
    if mails and format != "crm":
        assert "e-mail" in body


def test_one_and_many() -> None:
    for number, said in ((1, "1 call"), (2, "2 calls"), (0, "0 calls")):
        assert words.count(number, "call") == said
    assert sentences.counted(WRITTEN, 1) == "e-mail" and sentences.counted(WRITTEN, 3) == "e-mails"
