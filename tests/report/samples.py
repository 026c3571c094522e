"""A made-up team's values, one for each way a week can go. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from ci_checker.model import (
    Audio,
    Branch,
    Bucket,
    Call,
    CallFinding,
    CallState,
    Commitment,
    CommitmentStatus,
    Counts,
    Details,
    Dispute,
    Eligibility,
    Evidence,
    Finding,
    Line,
    Metrics,
    Moment,
    NextStep,
    Outcome,
    Reason,
    Reliability,
    Report,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Standing,
    Target,
    TargetKind,
    TreeStep,
    Turn,
    Verdict,
    WeekPoint,
    Window,
    Word,
)

S = CallState
ACCOUNTS = (
    "Northwind Freight",
    "Halden Clinics",
    "Brightwater",
    "Kestrel Foods",
    "Orchard & Pine",
    "Lumen Rail",
)
CONTACTS = ("Pat Lee", "Imani Brooks", "Jonas Weber", "Ruth Alvarez", "Theo Marsh", "Anya Petrov")
OPENERS = (
    "I'm calling because I saw you opened the second depot in Leeds last month.",
    "You announced the merger with Sandbrook on Monday, and that's why I'm ringing.",
    "I noticed you're hiring four dispatchers since the start of the month.",
    "I read that your new operations director joined on the second.",
)
TRIES = (
    "I saw that things are really growing over there.",
    "I know a lot has been happening at your end lately.",
)
PLAIN = "Hi, it's Dana from Corvid, we help transport teams plan their routes."
SUMMARY = "The opener is heard on {} of {} eligible cold calls; {} were promised."


def _line(speaker: str, role: Role, text: str, start: float | None) -> Line:
    return Line(speaker=speaker, role=role, text=text, start_s=start, end_s=None if start is None else start + 3)


def moment(
    number: int,
    quote: str,
    started: datetime | None,
    *,
    probability: float = 0.97,
    clip: bool = True,
    audio: bool = True,
    start: float | None = 4.1,
) -> Moment:
    """One place in a call with what was said around it."""
    name = f"calls/call-{number:02d}.wav"
    evidence = Evidence(
        turn=2,
        speaker="Dana Ortiz",
        quote=quote,
        probability=probability,
        start_s=start,
        end_s=None if start is None else start + 5.2,
        why=(Reason(text="names an event", weight=1.8), Reason(text="in the opening", weight=0.6)),
    )
    answer = _line(CONTACTS[number % 6], Role.PROSPECT, "Oh, you saw that? Yes, it has been quite a month.", 9.8)
    return Moment(
        call=name,
        sha256=f"{number:064x}",
        started_at=started,
        account=ACCOUNTS[number % 6],
        contact=CONTACTS[number % 6],
        evidence=evidence,
        before=(
            _line(CONTACTS[number % 6], Role.PROSPECT, "Hello, who is this?", 0.4),
            _line("Dana Ortiz", Role.REP, "Hi, it's Dana from Corvid.", 1.9),
        ),
        after=(
            answer,
            _line("Dana Ortiz", Role.REP, "How are you planning routes for the two sites today?", 13.2),
        ),
        response=answer,
        audio_path=name if audio else None,
        clip=f"clips/{number:02d}.mp3" if clip and audio else None,
    )


def call(number: int, state: CallState, started: datetime | None) -> CallFinding:
    """One eligible call in a given state."""
    hit = moment(number, OPENERS[number % 4], started)
    near = moment(number, TRIES[number % 2], started, probability=0.41)
    plain = moment(number, PLAIN, started, probability=0.03)
    reasons = {
        S.UNCLEAR: "The line drops while the reason for the call is given.",
        S.UNHEARD: "The recording is cut off after 2 seconds.",
        S.NOT_APPLICABLE: "Voicemail: nobody picked up.",
        S.NOT_SEEN: "The call opens with the company's own pitch.",
        S.ATTEMPTED: "A reason is given, but not what happened.",
    }
    return CallFinding(
        call=hit.call,
        sha256=hit.sha256,
        state=state,
        started_at=started,
        account=hit.account,
        contact=hit.contact,
        call_type="cold",
        probability={S.SEEN: 0.97, S.ATTEMPTED: 0.41, S.NOT_SEEN: 0.03, S.UNCLEAR: 0.58}.get(state),
        hits=1 if state is S.SEEN else 0,
        moments=(hit,) if state is S.SEEN else (),
        near_misses=(near,) if state in (S.ATTEMPTED, S.UNCLEAR) else (),
        instead=plain if state is S.NOT_SEEN else None,
        reason=reasons.get(state, ""),
    )


WEEK = (
    (16, 8, 40, S.SEEN), (16, 9, 5, S.SEEN), (16, 9, 42, S.SEEN),
    (17, 8, 35, S.SEEN), (17, 8, 50, S.SEEN), (17, 9, 30, S.UNCLEAR),
    (18, 9, 10, S.ATTEMPTED), (18, 9, 20, S.NOT_SEEN), (18, 11, 15, S.UNHEARD),
    (19, 9, 2, S.ATTEMPTED), (19, 10, 25, S.NOT_SEEN), (19, 14, 5, S.NOT_APPLICABLE),
)  # fmt: skip


def week(states: tuple[CallState, ...] | None = None) -> tuple[CallFinding, ...]:
    """Twelve calls from Monday to Thursday; ``states`` overrides what each showed."""
    return tuple(
        call(number, states[number] if states else state, datetime(2026, 11, day, hour, minute))
        for number, (day, hour, minute, state) in enumerate(WEEK)
    )


def counted(calls: tuple[CallFinding, ...], promised: int) -> Counts:
    """Count calls as the ledger does."""
    number = {state: sum(one.state is state for one in calls) for state in S}
    eligible = number[S.SEEN] + number[S.ATTEMPTED] + number[S.NOT_SEEN] + number[S.UNCLEAR]
    return Counts(
        promised=promised,
        eligible=eligible,
        seen=number[S.SEEN],
        attempted=number[S.ATTEMPTED],
        not_seen=number[S.NOT_SEEN],
        unclear=number[S.UNCLEAR],
        not_applicable=number[S.NOT_APPLICABLE],
        unheard=number[S.UNHEARD],
    )


COMMITMENT = Commitment(
    id=5,
    rep="Dana Ortiz",
    manager="Sam Reed",
    behavior="trigger-event-opener",
    statement="8 trigger-event openers on cold calls, every morning before 10, Monday to Thursday",
    target=Target(kind=TargetKind.COUNT, value=8),
    window=Window(start=date(2026, 11, 16), end=date(2026, 11, 19), weekdays=(0, 1, 2, 3), to_time=time(10, 0)),
    eligible=Eligibility(call_types=("cold",)),
    made_on=date(2026, 11, 13),
    check_on=date(2026, 11, 20),
    rep_words="I open with what just happened at their place, eight times, before ten.",
    reissue_of=4,
)


def trend(last: Counts, standing: Standing) -> tuple[WeekPoint, ...]:
    """Five weeks: another behavior first, then this one, issued again."""
    past = (
        (date(2026, 10, 19), 2, "upfront-agenda", 6, 9, 5, 0, Standing.SHORT, Outcome.PARTLY),
        (date(2026, 10, 26), 3, "upfront-agenda", 6, 8, 7, 0, Standing.ENOUGH, Outcome.DONE),
        (date(2026, 11, 2), 4, "trigger-event-opener", 8, 10, 2, 1, Standing.SHORT, Outcome.NOT_DONE),
        (date(2026, 11, 9), 4, "trigger-event-opener", 8, 9, 4, 2, Standing.OPEN, Outcome.PARTLY),
    )
    points = [
        WeekPoint(
            week_of=monday,
            behavior=behavior,
            commitment_id=number,
            statement="6 agendas" if behavior == "upfront-agenda" else "8 trigger-event openers",
            counts=Counts(
                promised=promised, eligible=eligible, seen=seen, attempted=0,
                not_seen=eligible - seen - unclear, unclear=unclear, not_applicable=1, unheard=0,
            ),
            standing=how,
            outcome=outcome,
            closed_on=monday,
        )
        for monday, number, behavior, promised, eligible, seen, unclear, how, outcome in past
    ]  # fmt: skip
    now = WeekPoint(
        week_of=date(2026, 11, 16),
        behavior=COMMITMENT.behavior,
        commitment_id=5,
        statement="8 trigger-event openers",
        counts=last,
        standing=standing,
        check_on=COMMITMENT.check_on,
    )
    return (*points, now)


DONE = Branch(
    title="If it happened",
    lines=(
        "Show me one, let's read it together: what did they answer?",
        "One layer next: after the opener, ask an open question about what the change means for them.",
    ),
)
NOT_DONE = Branch(
    title="If it did not, or not as often",
    lines=(
        "No judgment, let's find what was really in the way: walk me through Wednesday morning.",
        "What needs to move so that the block before 10 survives this week?",
        "Then the same commitment again, rather than a new one on top.",
    ),
)


RELIABILITY = Reliability(
    behavior="trigger-event-opener",
    precision=0.91,
    recall=0.84,
    calls=212,
    measured_on="cross-validated, written dialogues",
    note="Not yet measured on your own calls.",
)


def finding(calls: tuple[CallFinding, ...], standing: Standing, promised: int = 8) -> Finding:
    """A finding over calls, filled as the ledger fills it."""
    counts = counted(calls, promised)
    near = [one for one in calls if one.state in (S.NOT_SEEN, S.ATTEMPTED)]
    unclear = [one.near_misses[0] for one in calls if one.state is S.UNCLEAR]
    seen = [one.moments[0] for one in calls if one.moments]
    missing = [one.instead or one.near_misses[0] for one in near]
    return Finding(
        commitment=COMMITMENT,
        behavior_name="Trigger-event opener",
        question=(
            "Before anything else: last week you committed to eight trigger-event openers, "
            "every morning before ten. How did it go?"
        ),
        summary=SUMMARY.format(counts.seen, counts.eligible, promised)
        + (" It stops after Tuesday." if standing is Standing.SHORT else ""),
        counts=counts,
        standing=standing,
        calls=calls,
        best=seen[0] if seen else None,
        miss=missing[0] if missing else None,
        listen=tuple(unclear[:2]),
        branches=(DONE, NOT_DONE),
        tree=(
            TreeStep(question="Was one specific commitment made?", answer="Yes", basis="Made on Fri 13 Nov"),
            TreeStep(question="Was it checked?", answer="Yes, at this 1:1", basis="Due on Fri 20 Nov"),
            TreeStep(
                question="Was it attempted?",
                answer="Yes" if counts.seen + counts.attempted else "No attempt was found",
                basis=f"{counts.seen} seen, {counts.attempted} attempted",
            ),
            TreeStep(question="Does Dana buy the why?", answer=None),
            TreeStep(question="Is there time for it before 10?", answer=None),
            TreeStep(question="Can Dana do it in a drill?", answer=None),
            TreeStep(question="Which is it: skill, will, knowledge or system?", answer=None, basis="Sam chooses."),
        ),
        trend=trend(counts, standing),
        cannot_tell=(
            "Calls that were not recorded are not here.",
            "Why it stopped: the calls do not say, and the program does not guess.",
            "1 recording could not be heard.",
        ),
        reliability=RELIABILITY,
        as_of=date(2026, 11, 20),
        voice_notice="The voices in this sample are synthetic.",
    )


LONG = (
    "Thank you for taking the call, and I will be brief, because I read in the Tribune on Tuesday that you opened a "
    "second depot down in Leeds last month, with, I think, thirty people and eleven new vans, and that is really the "
    "whole reason why I picked up the phone this morning instead of writing to you like everybody else does."
)


def crowded(number: int = 12) -> Report:
    """As much as one page may have to hold: every section filled, long quotes, ``number`` calls, disputes."""
    states = (S.SEEN, S.ATTEMPTED, S.NOT_SEEN, S.UNCLEAR, S.UNHEARD, S.NOT_APPLICABLE, S.SEEN, S.UNCLEAR)
    calls = tuple(
        call(at, states[at % len(states)], datetime(2026, 11, 16 + at % 4, 8 + at // 4 % 9, at * 7 % 60))
        for at in range(number)
    )
    said = replace(moment(1, LONG, datetime(2026, 11, 17, 9, 42)), clip=None)
    answer = replace(said.after[0], text=LONG)
    said = replace(said, response=answer, after=(answer, *said.after[1:]))
    contested = replace(calls[3], disputes=(dispute(calls[3]),))
    base = finding((*calls[:3], contested, *calls[4:]), Standing.OPEN, promised=max(8, number // 2))
    promise = replace(
        COMMITMENT,
        statement=(
            "In at least half of the cold, discovery and follow-up calls where an objection comes up before ten in the "
            "morning, say in your own words what the worry is before answering it"
        ),
        rep_words="I take a breath, I say what is bothering them in my own words, and only then do I answer. " * 2,
    )
    filled = replace(
        base,
        commitment=promise,
        question=f"Back to what we agreed on Friday, November 13: “{promise.statement}”. What have the days been like?",
        best=said,
        miss=replace(said, sha256=calls[2].sha256),
        listen=(replace(said, sha256=contested.sha256), replace(said, sha256="f" * 64)),
        branches=(
            replace(DONE, lines=(*DONE.lines, LONG[:180])),
            replace(NOT_DONE, lines=tuple(LONG[at : at + 170] for at in range(6))),
        ),
        cannot_tell=tuple(f"{at}: {LONG[:150]}" for at in range(9)),
        method=tuple(LONG[:110] for _ in range(4)),
        reliability=replace(RELIABILITY, note=LONG[:160]),
    )
    return report(filled)


def dispute(of: CallFinding) -> Dispute:
    """The rep's objection to what one call is said to show."""
    return Dispute(
        id=1,
        sha256=of.sha256,
        call=of.call,
        behavior=COMMITMENT.behavior,
        rep="Dana Ortiz",
        note="I named the depot right there, the line was just bad.",
        shown_as=Verdict.UNCLEAR,
        made_at=datetime(2026, 11, 19, 16, 5),
    )


def report(found: Finding | None, rep: str = "Dana Ortiz", nothing: str = "") -> Report:
    """A report of one rep on Friday 20 November."""
    if found:
        found = replace(found, commitment=replace(found.commitment, rep=rep))
    return Report(rep=rep, manager="Sam Reed", as_of=date(2026, 11, 20), finding=found, nothing=nothing)


def reports() -> dict[str, Report]:
    """Every way a week can go, by name."""
    short = finding(week(), Standing.SHORT)
    enough = finding(week((S.SEEN,) * 9 + (S.NOT_SEEN, S.NOT_APPLICABLE, S.UNHEARD)), Standing.ENOUGH)
    none = finding(week((S.NOT_SEEN,) * 6 + (S.NOT_APPLICABLE,) * 6), Standing.NONE_SEEN)
    still = finding(week((S.SEEN,) * 5 + (S.UNCLEAR,) * 3 + (S.NOT_SEEN,) * 2 + (S.UNHEARD,) * 2), Standing.OPEN)
    closed = replace(
        short,
        tree=(*short.tree[:-1], replace(short.tree[-1], answer="system", basis="Recorded by the manager.")),
        commitment=replace(
            COMMITMENT,
            status=CommitmentStatus.CLOSED,
            outcome=Outcome.PARTLY,
            closed_on=date(2026, 11, 20),
            note="The team stand-up moved to 9.",
            bucket=Bucket.SYSTEM,
            blocker="stand-up at 9 on Wednesday and Thursday",
            next_step=NextStep.REISSUE,
        ),
    )
    return {
        "enough": report(enough, "Lena Fischer"),
        "short": report(short),
        "none_seen": report(none, "Marcus Bell"),
        "open": report(still, "Priya Nair"),
        "no_calls": report(finding((), Standing.NO_CALLS), "Owen Clarke"),
        "closed": report(closed),
        "nothing": report(None, "Ines Duarte", "Ines Duarte has no active commitment: make one at the next 1:1."),
    }


def clips() -> dict[str, bytes]:
    """Bytes for the first eight clips; the rest are missing on purpose."""
    return {f"clips/{number:02d}.mp3": b"ID3\x04" + bytes([number]) * 24 for number in range(8)}


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](http://evil.example) **b** `c` \x1b[31mred\x1b[0m\x07"
)


def hostile() -> Report:
    """A report in which every text that a stranger wrote attacks."""
    bad = replace(moment(1, HOSTILE, datetime(2026, 11, 17, 9, 42)), account="=HYPERLINK(1)", contact=HOSTILE)
    first = replace(week()[0], moments=(bad,), reason=HOSTILE, account=HOSTILE)
    base = finding((first, *week()[1:]), Standing.SHORT)
    promise = replace(COMMITMENT, rep="<script>", statement="=1+1|" + HOSTILE, rep_words=HOSTILE)
    line = Line(speaker=HOSTILE, role=Role.PROSPECT, text=HOSTILE, start_s=1.0)
    found = replace(
        base,
        commitment=promise,
        question=HOSTILE,
        summary=HOSTILE,
        best=replace(bad, before=(line,), after=(), response=line),
        cannot_tell=(HOSTILE,),
        tree=(TreeStep(question=HOSTILE, answer=HOSTILE, basis=HOSTILE),),
        branches=(Branch(title=HOSTILE, lines=(HOSTILE,)),),
        voice_notice=HOSTILE,
    )
    return replace(report(found, "<script>"), manager="@sum", purpose=HOSTILE)


def evidence(quote: str, start: float | None, probability: float, *why: str) -> Evidence:
    """A quote of the rep."""
    end = None if start is None else start + 4.25
    return Evidence(
        turn=1, speaker="left", quote=quote, probability=probability, start_s=start, end_s=end,
        why=tuple(Reason(text=one) for one in why),
    )  # fmt: skip


QUIET = {
    "impact-question": ("not_seen", 0.04), "budget-confirmed": ("not_seen", 0.06),
    "qualify-out": ("not_seen", 0.02),
    "economic-buyer-identified": ("not_seen", 0.11), "customer-story": ("not_seen", 0.09),
    "recap": ("not_seen", 0.2),
    "gatekeeper-reason": ("not_applicable", None), "objection-acknowledged": ("not_applicable", None),
    "no-feature-dump": ("seen", 1.0), "talk-ratio": ("seen", 1.0), "permission-opener": ("seen", 0.88),
}  # fmt: skip


def scored() -> tuple[ScoredCall, ...]:
    """A two-channel recording, an e-mail without times, and a call that failed."""
    turns = (
        Turn(speaker="right", text="Hello, Pat speaking.", start_s=0.4, end_s=2.0, confidence=0.93,
             words=(Word(text="Hello,", start_s=0.4, end_s=0.9, probability=0.98765),)),
        Turn(speaker="left", text=f"Hi Pat, it's Dana from Corvid. {OPENERS[0]}", start_s=2.3456, end_s=9.8),
        Turn(speaker="right", text="You saw that? Yes, it's been a month.", start_s=10.1, end_s=13.0),
        Turn(speaker="left", text="How do you plan routes now? Shall we talk next week?",
             start_s=13.2, end_s=18.0),
    )  # fmt: skip
    results = [
        Result(behavior="trigger-event-opener", verdict=Verdict.SEEN, probability=0.97123,
               evidence=(evidence(OPENERS[0], 4.123, 0.97123, "expansion event", "in the opening"),),
               reason="An event at the prospect's company is given as the reason for the call."),
        Result(behavior="open-discovery-question", verdict=Verdict.SEEN, probability=0.93,
               evidence=(evidence("How do you plan routes now?", 13.2, 0.93, "open question"),)),
        Result(behavior="dated-next-step", verdict=Verdict.NOT_SEEN, probability=0.22,
               near_misses=(evidence("Shall we talk next week?", 15.9, 0.22, "a week, but no day"),),
               reason="A further call is proposed without a day."),
        Result(behavior="upfront-agenda", verdict=Verdict.UNCLEAR, probability=0.52,
               near_misses=(evidence("How do you plan routes now?", 13.2, 0.52, "could be a plan"),),
               reason="The score lies between the two thresholds: please listen."),
        Result(behavior="followup-within-48h", verdict=Verdict.UNCLEAR, probability=None,
               reason="The last minute of the call could not be heard."),
        *(Result(behavior=name, verdict=Verdict(verdict), probability=probability,
                 reason="" if probability is not None else "The call gave no occasion.")
          for name, (verdict, probability) in QUIET.items()),
    ]  # fmt: skip
    heard = ScoredCall(
        call=Call(
            path="calls/dana-0917.wav", sha256="a" * 64, source=Source.AUDIO, duration_s=61.4321, turns=turns,
            details=Details(rep="Dana Ortiz", started_at=datetime(2026, 11, 17, 9, 42)),
            audio=Audio(duration_s=61.4321, channels=2, sample_rate=8000, codec="pcm_mulaw"),
            speakers=(Speaker(name="left", role=Role.REP,
                              reason="introduces herself with the team's company"),
                      Speaker(name="right", role=Role.PROSPECT, reason="the other channel")),
            transcriber="whisper small.en",
        ),
        metrics=Metrics(rep_talk_ratio=0.48767, longest_rep_monologue_s=22.438, rep_questions=2,
                        talk_s=(("left", 30.127), ("right", 12.0))),
        results=tuple(results),
    )  # fmt: skip
    mail = ScoredCall(
        call=Call(
            path="mail/first-touch.eml", sha256="b" * 64, source=Source.EMAIL,
            turns=(Turn(speaker="Dana Ortiz", text=OPENERS[1]),),
            speakers=(Speaker(name="Dana Ortiz", role=Role.REP, reason="sent the mail"),),
        ),
        results=(
            Result(behavior="trigger-event-opener", verdict=Verdict.SEEN, probability=0.9,
                   evidence=(replace(evidence(OPENERS[1], None, 0.9), speaker="Dana Ortiz", turn=0),)),
        ),
    )  # fmt: skip
    failed = ScoredCall(
        call=Call(path="calls/broken.mp3", sha256="c" * 64, source=Source.AUDIO),
        error="calls/broken.mp3: the file is cut off. Ask for the recording again.",
    )
    return heard, mail, failed
