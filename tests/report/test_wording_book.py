"""Every sentence pattern with an example, in one file that a person can read through: ``golden/wording.md``.

The second test keeps the book whole: a sentence that is written in one of these modules and has no
example in the book fails it.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from types import ModuleType
from typing import Any

import fixture_team
import pytest
import samples

from ci_checker import commitments
from ci_checker.commitments import branches, layers, limits, nudge, phases, question, tree, watch
from ci_checker.model import (
    Branch,
    Bucket,
    Call,
    CallFinding,
    CallState,
    Commitment,
    CommitmentStatus,
    Counts,
    Details,
    Eligibility,
    Evidence,
    Finding,
    NextStep,
    Outcome,
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
    WeekPoint,
)
from ci_checker.report import phrases, sentences

S = CallState
V = Verdict
FEW = replace(samples.RELIABILITY, calls=6)
START = samples.COMMITMENT.window.start
WEDNESDAY = START + timedelta(days=2)
BOOK = (question, nudge, branches, tree, limits, phases, layers, watch, sentences)


@cache
def book() -> str:
    """Return the book: a heading a place of the page, a line a sentence, each once."""
    parts = {
        "The question": _questions(),
        "The mid-week message": _nudges(),
        "The finding in one sentence": [sentences.sentence(one) for one in _findings()],
        "The same for other programs": [one.summary for one in _findings()],
        "Where it stands": _standings(),
        "Where the rep's coaching stands": _phases(),
        "How far a behavior has stuck": _sticking(),
        "What stuck before": _watched(),
        "If it was done; if it was not; what is unclear": [
            f"{branch.title}: {line}"
            for branch in (*(each for one in _findings() for each in one.branches), *_undated())
            for line in branch.lines
        ],
        "Finding the blocker": [
            f"{step.question} {step.answer or '(a person answers)'} {step.basis}"
            for one in _findings()
            for step in one.tree
        ],
        "What the evidence cannot tell": [line for one in _findings() for line in one.cannot_tell],
        "How reliable the detection is": [
            phrases.reliability(samples.RELIABILITY), phrases.reliability(replace(samples.RELIABILITY, recall=None)),
            phrases.reliability(None),
        ],
        "Disputes": _disputes(),
        "At the foot of every page": [sentences.SHARED],
    }  # fmt: skip
    said = (f"## {title}\n\n{_lines(lines)}" for title, lines in parts.items())
    return "# Every sentence, with an example\n\n" + "\n".join(said)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in dict.fromkeys(line for line in lines if line))


def _questions() -> list[str]:
    weeks = (replace(samples.COMMITMENT, check_on=START + timedelta(days=7 * week)) for week in range(1, 15))
    return sorted({commitments.loop_close(each) for each in weeks})


def _nudges() -> list[str]:
    """Every pattern of both sentences for a few names and days, then every way to say a count."""
    days = [START + timedelta(days=gap) for gap in (-1, 2, 3, 4, 9)]
    names = ("Luke Porter", "Dana Whitfield", "Priya Raman", "Tom Becker", "Ana Ruiz", "Sam Hale", "Bo Li")
    said = [_message(replace(samples.COMMITMENT, rep=name), (S.SEEN,) * 3, day, name) for day in days for name in names]
    found: dict[str, str] = {}
    for message in said:
        first, second = message.split(": 3 of ")[0], message.split(". ", 1)[1]
        if first not in found or second not in found:
            found[first] = found[second] = message
    kinds = replace(samples.COMMITMENT, eligible=Eligibility(call_types=("demo", "discovery")))
    for states in (
        (),
        (S.SEEN, S.UNCLEAR, S.UNHEARD),
        (S.UNCLEAR,) * 2,
        (S.UNCLEAR,) * 3,
        (S.NOT_APPLICABLE,),
        (S.NOT_APPLICABLE,) * 2,
    ):
        for made in (samples.COMMITMENT, kinds):
            for target in _targets():
                message = _message(replace(made, target=target), states, WEDNESDAY, made.rep)
                found[message] = message
    return sorted(set(found.values()))


def _message(made: Commitment, states: Iterable[CallState], day: date, name: str) -> str:
    return nudge.nudge(made, _calls(states), day).message.replace(name.split()[0], "Ann")


def _targets() -> list[Target]:
    kinds = ((TargetKind.COUNT, 10.0), (TargetKind.EVERY, 1.0), (TargetKind.SHARE, 0.5))
    return [Target(kind=kind, value=value) for kind, value in kinds]


def _calls(states: Iterable[CallState]) -> list[CallFinding]:
    return [replace(call, state=state) for call, state in zip(samples.week(), states, strict=False)]


def _standings() -> list[str]:
    found = [sentences.standing(replace(one, standing=each)) for one in _findings()[-2:] for each in Standing]
    return found + [sentences.standing(one) for one in _findings()] + [sentences.pending(one) for one in _findings()]


def _phases() -> list[str]:
    weeks = (phases.phase(START, START + timedelta(days=7 * week)).text for week in (0, 5, 9, 12))
    late = replace(samples.COMMITMENT, made_on=START + timedelta(days=70), rep_words="")
    return [*weeks, *phases.remarks(late, [samples.COMMITMENT]), *(line for one in _findings() for line in one.method)]


def _points(*outcomes: Outcome) -> list[WeekPoint]:
    counts = Counts(promised=1, eligible=1, seen=1, attempted=0, not_seen=0, unclear=0, not_applicable=0, unheard=0)
    return [
        WeekPoint(
            week_of=START + timedelta(days=7 * (number - len(outcomes))),
            behavior="recap",
            commitment_id=number,
            statement="Recap on every call.",
            counts=counts if outcome is Outcome.DONE else replace(counts, seen=0, not_seen=1),
            standing=Standing.ENOUGH if outcome is Outcome.DONE else Standing.NONE_SEEN,
            outcome=outcome,
            closed_on=START + timedelta(days=7 * (number - len(outcomes))),
            check_on=START + timedelta(days=7 * (number - len(outcomes))),
        )
        for number, outcome in enumerate(outcomes, 1)
    ]


def _sticking() -> list[str]:
    found: list[str] = []
    old = replace(
        samples.COMMITMENT, id=9, behavior="recap", status=CommitmentStatus.CLOSED, closed_on=START, made_on=START
    )
    names = {"recap": "Recap"}
    for run in ((), (Outcome.DONE,), (Outcome.DONE,) * 3, (Outcome.PARTLY,)):
        points = _points(*run)
        found.append(layers.progress("recap", "Recap", points, 3))
        for outcome in Outcome:
            ended = replace(old, outcome=outcome, next_step=NextStep.KEEP)
            found += layers.on_close(ended, points, needed=3, names=names)
            found += layers.on_new(replace(samples.COMMITMENT, id=10), [ended], points, needed=3, names=names)
            found += layers.on_new(
                replace(samples.COMMITMENT, id=10), [replace(ended, next_step=None)], points, needed=3, names=names
            )
    return found


def _checked(commitment: Commitment, calls: Iterable[ScoredCall], today: date, **more: Any) -> Finding:
    given = {"behavior_name": "Trigger-event opener", "reliability": samples.RELIABILITY, **more}
    return commitments.check(commitment, list(calls), today=today, **given)


@cache
def _findings() -> tuple[Finding, ...]:
    """The team's five weeks; then calls and e-mails of every state, on days before, of and after the check."""
    team = [one.finding for week in fixture_team.WEEKS for one in fixture_team.reports(week) if one.finding]
    cold = replace(samples.COMMITMENT, window=replace(samples.COMMITMENT.window, to_time=None))
    written = replace(cold, eligible=Eligibility(call_types=("email",)))
    closed = {"status": CommitmentStatus.CLOSED, "outcome": Outcome.PARTLY}
    states = (
        (),
        (V.SEEN, V.NOT_SEEN, V.NOT_SEEN),
        (V.NOT_SEEN, None, V.UNCLEAR),
        (V.SEEN,) * 4,
        (V.UNCLEAR, V.UNCLEAR, None),
        (None, None, None),
    )
    days = (-4, -1, 0, 1, 3)
    made = []
    for kind, mail in ((cold, False), (written, True)):
        for number, each in enumerate(states):
            calls = [_call(at, state, mail, near=number % 2 == 0) for at, state in enumerate(each)]
            for gap in days:
                made.append(_checked(kind, calls, kind.check_on + timedelta(days=gap), past=_short_weeks(kind)))
            ended = replace(kind, **closed, closed_on=kind.check_on + timedelta(days=number % 2), bucket=Bucket.SYSTEM)
            made.append(_checked(ended, [*calls, *calls], ended.check_on, reliability=FEW))
            every = replace(kind, target=Target(kind=TargetKind.EVERY, value=1, per_call=2))
            made.append(_checked(every, calls, kind.check_on + timedelta(days=2), reliability=None))
    bare = replace(_call(0, V.NOT_SEEN, False, near=False), error=" ", results=())
    made.append(_checked(cold, [bare], cold.check_on))
    first = [_call(0, V.NOT_SEEN, False, near=False), _call(1, V.NOT_SEEN, False, near=True)]
    made.append(_checked(cold, first, cold.check_on, place="opening"))
    return (*team, *made)


def _undated() -> tuple[Branch, ...]:
    """A miss without a time of day, which no check lets through today."""
    call = replace(samples.week()[0], state=S.NOT_SEEN, started_at=None)
    counts = Counts(promised=1, eligible=1, seen=0, attempted=0, not_seen=1, unclear=0, not_applicable=0, unheard=0)
    return branches.branches([call], counts, best=None, miss=None, listen=())


def _short_weeks(commitment: Commitment) -> list[WeekPoint]:
    points = _points(Outcome.PARTLY, Outcome.NOT_DONE, Outcome.PARTLY)
    return [replace(each, behavior=commitment.behavior) for each in points]


def _call(number: int, verdict: Verdict | None, mail: bool, *, near: bool) -> ScoredCall:
    said = Evidence(turn=0, speaker="Dana Ortiz", quote="I saw that you opened a second shop.", probability=0.6,
                    start_s=None if mail else 4.0, end_s=None if mail else 9.0)  # fmt: skip
    call = Call(
        path=f"week/{number}.{'eml' if mail else 'wav'}",
        sha256=f"{number + 50 * mail:064x}",
        source=Source.EMAIL if mail else Source.AUDIO,
        details=Details(
            rep="Dana Ortiz",
            account=f"Firm {number}",
            started_at=datetime(START.year, START.month, START.day + number, 8, 30),
            call_type="email" if mail else "cold",
        ),
        turns=(Turn(speaker="Dana Ortiz", text=said.quote, start_s=said.start_s, end_s=said.end_s),),
        speakers=(Speaker(name="Dana Ortiz", role=Role.REP),),
    )
    if verdict is None:
        return ScoredCall(call=call, error="The file is cut off.")
    result = Result(
        behavior=samples.COMMITMENT.behavior,
        verdict=verdict,
        probability=0.5,
        evidence=(said,) if verdict is V.SEEN else (),
        near_misses=(said,) if near and verdict is not V.SEEN else (),
    )
    return ScoredCall(call=call, results=(result,))


def _watched() -> list[str]:
    """A behavior that stuck three weeks ago, in weeks that show it, lack it, and cannot tell."""
    old = replace(
        samples.COMMITMENT, id=7, behavior="recap", status=CommitmentStatus.CLOSED, outcome=Outcome.DONE,
        made_on=START - timedelta(days=7), check_on=START, closed_on=START,
        target=Target(kind=TargetKind.EVERY, value=1),
        window=replace(samples.COMMITMENT.window, to_time=None),
    )  # fmt: skip
    current = replace(samples.COMMITMENT, id=8)
    points = _points(Outcome.DONE, Outcome.DONE, Outcome.DONE)
    said = []
    for states in ((), (V.SEEN, V.SEEN), (V.SEEN, V.NOT_SEEN), (V.UNCLEAR, V.SEEN)):
        calls = [_call(at, state, False, near=False) for at, state in enumerate(states)]
        calls = [replace(each, results=(replace(each.results[0], behavior="recap"),)) for each in calls]
        found = watch.watch(
            current, [old, current], points, calls, today=current.check_on, names={"recap": "Recap"}, needed=3
        )
        said += [each.text for each in found]
    return said


def _disputes() -> list[str]:
    one = samples.dispute(samples.week()[5])
    at = datetime(2026, 11, 20, 9)
    stands = replace(one, ruling=Ruling.STANDS, settled_by="Sam Reed", settled_at=at, settled_note="We listened.")
    return [sentences.disputed(each) for each in (one, stands, replace(stands, ruling=Ruling.WITHDRAWN))]


def test_the_book_as_a_person_has_read_it(golden: Callable[[str, str], None]) -> None:
    golden("wording.md", book())


def fragments(room: ModuleType) -> list[str]:
    """Return the constant parts of a module's sentences: three words and more, no docstrings, errors or patterns."""
    parsed = ast.parse(inspect.getsource(room))
    left: set[int] = set()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            left.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RequestError":
            left |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left.add(id(node.value))
    texts = [
        node.value
        for node in ast.walk(parsed)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left
    ]
    pieces = [piece.strip() for text in texts for piece in re.split(r"\{\w+\}", text)]
    return [piece for piece in pieces if "\\" not in piece and len(re.findall(r"[a-z]{2,}", piece)) >= 3]


@pytest.mark.parametrize("room", BOOK, ids=lambda room: room.__name__.rpartition(".")[2])
def test_no_sentence_is_written_that_the_book_does_not_hold(room: ModuleType) -> None:
    written = fragments(room)
    assert written
    missing = [each for each in written if each not in book()]
    assert missing == []


BLAMING = "failed|lazy|excuse|fault|should have|poor|bad|worse|worst|behind|underperform|why didn't|mood|tone"


def test_no_sentence_blames() -> None:
    found = re.findall(rf"^.*\b(?:{BLAMING})\b.*$", book(), re.M | re.I)
    assert found == []


def test_no_number_stands_beside_a_word_of_the_other_number() -> None:
    """``1 calls``, ``2 call``, ``1 of them are``: what a person would stumble over."""
    wrong = r"\b1 (?:calls|e-mails|days|weeks|recordings)\b|\b(?:[2-9]|\d\d+) (?:call|e-mail|day|week|recording)\b(?!-)"
    assert re.findall(rf"^.*(?:{wrong}).*$", book(), re.M) == []
