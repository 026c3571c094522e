"""A scored call as blocks: who is who, what was measured, then the behaviors by verdict."""

from __future__ import annotations

from collections.abc import Iterator

from ci_checker.model import Call, Evidence, Result, ScoredCall, Verdict
from ci_checker.report import phrases, words
from ci_checker.report.outline import Block, Kind


def outline(scored: ScoredCall) -> Iterator[Block]:
    """Yield the blocks of one call."""
    call = scored.call
    yield Block(Kind.TITLE, call.path)
    if scored.error is not None:
        yield Block(Kind.PARA, f"Not scored: {scored.error}")
        return
    yield Block(Kind.NOTE, about(call))
    yield Block(Kind.HEADING, "Who is who")
    yield from (Block(Kind.ITEM, text, f"{label}:") for label, text in who(scored))
    yield from (Block(Kind.ITEM, note) for note in call.notes)
    said = measured(scored)
    if said:
        yield Block(Kind.HEADING, "Measured")
        yield from (Block(Kind.ITEM, text, f"{label}:") for label, text in said)
    for verdict, results in grouped(scored):
        yield Block(Kind.HEADING, f"{phrases.VERDICTS[verdict]} ({len(results)})")
        for result in results:
            yield from _result(result)


def about(call: Call) -> str:
    """How the call came and how long it is: ``read from a recording, 4 min 7 s``."""
    came = {
        "audio": "heard from a recording",
        "transcript": "read from a transcript",
        "email": "read from an e-mail",
    }
    parts = [came[call.source.value], words.lasting(call.duration_s), call.transcriber or ""]
    if call.details.started_at:
        parts.append(words.at(call.details.started_at))
    return ", ".join(part for part in parts if part)


def who(scored: ScoredCall) -> list[tuple[str, str]]:
    """Each speaker with role, talk time and the reason for the role."""
    talk = dict(scored.metrics.talk_s)
    said = []
    for one in scored.call.speakers:
        spoke = f", spoke {words.lasting(talk[one.name])}" if one.name in talk else ""
        role = "role unknown" if one.role.value == "unknown" else one.role.value
        said.append((one.name, f"{role}{spoke}{': ' if one.reason else ''}{one.reason}"))
    return said


def measured(scored: ScoredCall) -> list[tuple[str, str]]:
    """The metrics that the source could carry."""
    metrics = scored.metrics
    said = []
    if metrics.rep_talk_ratio is not None:
        said.append(("Rep's share of the words", words.percent(metrics.rep_talk_ratio)))
    if metrics.longest_rep_monologue_s is not None:
        said.append(("Rep's longest monologue", words.lasting(metrics.longest_rep_monologue_s)))
    if metrics.rep_questions is not None:
        said.append(("Questions the rep asked", str(metrics.rep_questions)))
    return said


def grouped(scored: ScoredCall) -> list[tuple[Verdict, list[Result]]]:
    """Results by verdict: seen, unclear, not seen, not applicable; quotes first, then the surest."""
    groups = []
    for verdict in phrases.VERDICTS:
        results = [one for one in scored.results if one.verdict is verdict]
        if results:
            groups.append((verdict, sorted(results, key=_order)))
    return groups


def _order(result: Result) -> tuple[bool, float, str]:
    return (not result.evidence and not result.near_misses, -(result.probability or 0.0), result.behavior)


def why(evidence: Evidence) -> str:
    """``97%: funding event, in the opening``."""
    reasons = ", ".join(reason.text for reason in evidence.why)
    return f"{words.percent(evidence.probability)}{': ' if reasons else ''}{reasons}"


def _result(result: Result) -> Iterator[Block]:
    sure = f" {words.percent(result.probability)}" if result.probability is not None else ""
    quiet = not result.evidence and not result.near_misses
    if quiet:
        yield Block(Kind.ITEM, result.reason, f"{result.behavior}{sure}{':' if result.reason else ''}")
        return
    yield Block(Kind.SUBHEADING, f"{result.behavior}{sure}")
    if result.reason:
        yield Block(Kind.NOTE, result.reason)
    for one in result.evidence:
        yield from _quote(one, Kind.QUOTE, "")
    for one in result.near_misses:
        yield from _quote(one, Kind.SAID, "near miss, ")


def _quote(evidence: Evidence, kind: Kind, before: str) -> Iterator[Block]:
    yield Block(kind, f"“{evidence.quote}”", f"{words.mmss(evidence.start_s)} {evidence.speaker}:".strip())
    yield Block(Kind.SAID, f"({before}{why(evidence)})")
