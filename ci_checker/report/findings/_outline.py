"""A report as blocks: the order of the conversation, the loop-close question first."""

from __future__ import annotations

from collections.abc import Iterator

from ci_checker.model import CallFinding, Dispute, Finding, Line, Moment, Report, WeekPoint
from ci_checker.report import phrases, sentences, words
from ci_checker.report.outline import Block, Kind


def outline(report: Report, notice: str = "") -> Iterator[Block]:
    """Yield the blocks of one report; ``notice`` is said at its end."""
    yield Block(Kind.TITLE, phrases.heading(report))
    if report.finding is None:
        yield Block(Kind.PARA, report.nothing)
    else:
        yield from _finding(report.finding)
    yield Block(Kind.HEADING, "What this report is for")
    yield Block(Kind.PARA, report.purpose)
    yield Block(Kind.PARA, sentences.SHARED)
    yield from _section("What was masked", [Block(Kind.PARA, notice)] if notice else [])


def _finding(finding: Finding) -> Iterator[Block]:
    noun = sentences.noun(finding.commitment)
    yield Block(Kind.LEAD, finding.question)
    yield from _section("What was promised", _promise(finding))
    yield Block(Kind.HEADING, "What the evidence shows")
    yield Block(Kind.PARA, sentences.sentence(finding))
    yield Block(Kind.ITEM, f"{phrases.counts(finding.counts, noun)}.")
    yield Block(Kind.ITEM, f"Where that stands: {sentences.standing(finding)}.")
    if pending := sentences.pending(finding):
        yield Block(Kind.ITEM, pending)
    for title, moment in (("One to read together", finding.best), ("Where it could have been", finding.miss)):
        if moment:
            yield Block(Kind.HEADING, title)
            yield from _moment(finding, moment)
    if finding.miss:
        yield from _near(finding)
    if finding.listen:
        yield Block(Kind.HEADING, sentences.to_open(finding))
        for moment in finding.listen:
            yield from _moment(finding, moment)
    for branch in finding.branches[: sentences.BRANCHES]:
        yield from _section(branch.title, [Block(Kind.ITEM, line) for line in branch.lines])
    yield from _section("Finding the blocker", _tree(finding))
    yield from _section("Week by week", [_week(week, noun) for week in finding.trend])
    method = [*finding.method, *(each.text for each in finding.watch)]
    yield from _section("Where this stands", [Block(Kind.ITEM, line) for line in method])
    yield from _section("What the evidence cannot tell", [Block(Kind.ITEM, line) for line in finding.cannot_tell])
    yield Block(Kind.HEADING, "How reliable the detection is")
    yield Block(Kind.PARA, phrases.reliability(finding.reliability))
    yield from _section(f"Every {noun}", [block for call in finding.calls for block in _call(call)])
    yield from _section("About the voices", [Block(Kind.PARA, finding.voice_notice)] if finding.voice_notice else [])


def _section(title: str, blocks: list[Block]) -> list[Block]:
    return [Block(Kind.HEADING, title), *blocks] if blocks else []


def _promise(finding: Finding) -> list[Block]:
    commitment = finding.commitment
    check = sentences.check(commitment, finding.as_of)
    made = f"Made {words.day(commitment.made_on)}, to check {check}."
    said = [Block(Kind.PARA, commitment.statement)]
    said.append(Block(Kind.ITEM, f"{phrases.window(commitment.window)}. {made}"))
    if commitment.rep_words:
        said.append(Block(Kind.ITEM, f"“{commitment.rep_words}”", f"{commitment.rep}:"))
    return said + [Block(Kind.ITEM, line) for line in phrases.recorded(commitment)]


def _moment(finding: Finding, moment: Moment) -> Iterator[Block]:
    yield Block(Kind.SUBHEADING, phrases.place(moment))
    yield from (_line(line) for line in moment.before)
    if moment.evidence:
        yield Block(
            Kind.QUOTE,
            f"“{moment.evidence.quote}”",
            _who(moment.evidence.speaker, moment.evidence.start_s),
            moment.clip,
        )
    yield from (_line(line) for line in moment.after)
    if moment.response and moment.response not in moment.after:
        yield _line(moment.response)
    if moment.evidence:
        yield Block(Kind.NOTE, phrases.likely(moment.evidence))
    yield from _disputes(sentences.disputes(finding, moment))


def _disputes(found: tuple[Dispute, ...]) -> Iterator[Block]:
    for one in found:
        yield Block(Kind.SAID, f"“{one.note}”", f"{one.rep}:")
        yield Block(Kind.NOTE, sentences.disputed(one))


def _near(finding: Finding) -> list[Block]:
    tries = phrases.tries(finding)
    if not tries:
        return []
    said = [Block(Kind.SUBHEADING, "Close to it: an attempt counts")]
    for near in tries:
        if near.evidence:
            text = f"“{near.evidence.quote}” ({phrases.likely(near.evidence)})"
            label = f"{phrases.place(near)}{_when(near.evidence.start_s)}:"
            said.append(Block(Kind.ITEM, text, label, near.clip))
    return said


def _tree(finding: Finding) -> list[Block]:
    steps = []
    for step in finding.tree:
        basis = f" ({step.basis})" if step.basis else ""
        steps.append(Block(Kind.ITEM, f"{step.answer or 'for a person to answer'}{basis}", step.question))
    return steps


def _week(week: WeekPoint, noun: str) -> Block:
    text = f"{phrases.counts(week.counts, noun)}; {phrases.outcome(week)}. {week.statement}"
    return Block(Kind.ITEM, text, f"Week of {words.day(week.week_of)}:")


def _call(call: CallFinding) -> Iterator[Block]:
    lead = phrases.lead_moment(call)
    quote = lead.evidence if lead else None
    said = f"{words.mmss(quote.start_s)} “{quote.quote}”".strip() if quote else ""
    parts = [f"{phrases.STATES[call.state].capitalize()}.", sentences.reason(call), said]
    yield Block(Kind.ITEM, " ".join(part for part in parts if part), f"{phrases.place(call)}:")
    yield from _disputes(call.disputes)


def _line(line: Line) -> Block:
    return Block(Kind.SAID, line.text, _who(line.speaker, line.start_s))


def _who(speaker: str, start_s: float | None) -> str:
    return f"{words.mmss(start_s)} {speaker}:".strip()


def _when(start_s: float | None) -> str:
    return f", {words.mmss(start_s)}" if start_s is not None else ""
