"""The made-up team's five weeks as reports: the calls as they were written, judged by their labels.

No detector and no recognizer has a part in it, so a golden file moves only where words or layout do.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ci_checker import commitments
from ci_checker.app import ledger_file
from ci_checker.app.reporting import with_clips
from ci_checker.learn.fixtures.script import Script, read_scripts
from ci_checker.learn.fixtures.talk import timed
from ci_checker.model import (
    Audio,
    Call,
    Commitment,
    CommitmentStatus,
    Details,
    Evidence,
    Reason,
    Reliability,
    Report,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Turn,
    Verdict,
    WeekPoint,
    Word,
)

TEAM = Path(__file__).resolve().parents[2] / "fixtures" / "team"
NAMES = {
    "trigger-event-opener": "Trigger-event opener",
    "open-discovery-question": "Open discovery question",
    "objection-acknowledged": "Objection acknowledged",
    "dated-next-step": "Dated next step",
}
OPENINGS = ("trigger-event-opener",)
WEEKS = (1, 2, 3, 4, 5)


@cache
def reports(week: int) -> tuple[Report, ...]:
    """Return the reports of all four reps on the day of the check of one of the five weeks."""
    content = tomllib.loads((TEAM / "ledger.toml").read_text("utf-8"))
    found = []
    for rep in content["rep"]:
        rows = [row for row in content["commitment"] if row["rep"] == rep["id"] and row["week"] <= week]
        past: list[WeekPoint] = []
        for number, row in enumerate(rows, 1):
            stored = replace(
                ledger_file._commitment(row, rep["name"], content["manager"], number - 1 or None), id=number
            )
            if row["week"] < week:
                past.append(ledger_file._week(row, stored))
                continue
            found.append(_report(_before_the_check(stored), tuple(past)))
    return tuple(found)


def _before_the_check(value: Commitment) -> Commitment:
    return replace(
        value,
        status=CommitmentStatus.ACTIVE,
        outcome=None,
        closed_on=None,
        note="",
        bucket=None,
        blocker="",
        next_step=None,
    )


def _report(commitment: Commitment, past: tuple[WeekPoint, ...]) -> Report:
    today: date = commitment.check_on
    days = (commitment.window.start, commitment.window.end)
    finding = commitments.check(
        commitment,
        [s for s in scored(commitment.behavior) if s.call.details.rep == commitment.rep and _within(s, *days)],
        today=today,
        past=past,
        behavior_name=NAMES[commitment.behavior],
        reliability=Reliability(
            behavior=commitment.behavior,
            precision=0.94,
            recall=0.88,
            calls=33,
            measured_on="invented calls by a writer who did not see the training data",
            note="Your own calls may differ: the review command measures it on them.",
        ),
        place="opening" if commitment.behavior in OPENINGS else None,
    )
    return Report(rep=commitment.rep, manager=commitment.manager, as_of=today, finding=with_clips(finding))


def _within(one: ScoredCall, start: date, end: date) -> bool:
    at = one.call.details.started_at
    return at is not None and start <= at.date() <= end


@cache
def scored(behavior: str) -> tuple[ScoredCall, ...]:
    """Return every call of the team with one behavior as its labels have it."""
    truth = {c["id"]: c for c in json.loads((TEAM / "truth.json").read_text("utf-8"))["calls"]}
    return tuple(_scored(each, truth[each.id], behavior) for each in read_scripts(TEAM / "scripts"))


def _scored(script: Script, true: dict[str, Any], behavior: str) -> ScoredCall:
    call = _call(script, true)
    said = true["verdicts"][behavior]
    verdict = Verdict(said["verdict"])
    reasons = {
        Verdict.NOT_APPLICABLE: "nobody was reached" if not true["reached"] else "no objection was raised",
        Verdict.UNCLEAR: "careful readers differ on it",
    }
    result = Result(
        behavior=behavior,
        verdict=verdict,
        probability={Verdict.SEEN: 0.96, Verdict.UNCLEAR: 0.55, Verdict.NOT_SEEN: 0.06}.get(verdict),
        evidence=tuple(_evidence(call, at, 0.96) for at in said["turns"]),
        near_misses=tuple(_evidence(call, at, 0.41) for at in sorted({*said["near_misses"], *said["unclear"]})),
        reason=reasons.get(verdict, ""),
    )
    return ScoredCall(call=call, results=(result,))


def _call(script: Script, true: dict[str, Any]) -> Call:
    heard = "recording" in true
    roles = {Role.REP: script.rep, Role.GATEKEEPER: "Front Desk", Role.PROSPECT: script.contact}
    turns = _recorded(script, true, roles) if heard else _written(script)
    return Call(
        path=true["path"],
        sha256=f"{sum(script.id.encode()):064x}{script.id}"[-64:],
        source=Source.AUDIO if heard else Source.TRANSCRIPT,
        details=Details(
            rep=script.rep,
            account=script.account,
            contact=script.contact,
            started_at=script.started_at,
            direction=script.direction,
            call_type=script.call_type,
        ),
        audio=Audio(duration_s=true["recording"]["duration_s"], channels=2, sample_rate=16_000, codec="x")
        if heard
        else None,
        turns=turns,
        speakers=tuple(Speaker(name=name, role=role) for role, name in roles.items()),
    )


def _recorded(script: Script, true: dict[str, Any], names: dict[Role, str]) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            speaker=names[Role(one["speaker"])],
            text=one["text"],
            start_s=one["start_s"],
            end_s=one["end_s"],
            words=tuple(Word(text=w, start_s=a, end_s=b, probability=0.95) for w, a, b in one["words"]),
        )
        for one in true["recording"]["turns"]
    )


def _written(script: Script) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            speaker=said.speaker,
            text=said.text,
            start_s=said.start_s,
            end_s=said.end_s,
            words=tuple(Word(text=w.text, start_s=w.start_s, end_s=w.end_s) for w in said.words),
        )
        for said in timed(script).turns
    )


def _evidence(call: Call, at: int, probability: float) -> Evidence:
    turn = call.turns[at]
    return Evidence(
        turn=at,
        speaker=turn.speaker,
        quote=turn.text,
        probability=probability,
        start_s=turn.start_s,
        end_s=turn.end_s,
        why=(Reason(text="labelled by hand", weight=1.0),),
    )
