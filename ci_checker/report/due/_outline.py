"""What is to be checked as blocks, so that text and Markdown say the same in the same order."""

from __future__ import annotations

from collections.abc import Iterator

from ci_checker.commitments.due import Check, Due, Without
from ci_checker.commitments.words import day
from ci_checker.report import phrases
from ci_checker.report.outline import Block, Kind


def outline(value: Due) -> Iterator[Block]:
    """Yield the blocks: overdue, today, the days to come, and who has no active commitment."""
    whose = f" with {value.manager}" if value.manager else ""
    yield Block(Kind.TITLE, f"Checks{whose}, {day(value.as_of)}, {value.as_of.year}")
    if not value.checks:
        yield Block(Kind.PARA, "No commitment waits for its check.")
    for title, checks in (("Overdue", value.overdue), ("Today", value.today), ("Next", value.later)):
        if checks:
            yield Block(Kind.HEADING, title)
            yield from map(_check, checks)
    if value.without:
        yield Block(Kind.HEADING, "No active commitment")
        yield from map(_without, value.without)


def _check(check: Check) -> Block:
    was = "due " if check.days_overdue else ""
    when = "" if check.said == "today" else f", {was}{check.said}"
    return Block(Kind.ITEM, check.commitment.statement, f"{check.rep}{when}:")


def _without(each: Without) -> Block:
    if each.last is None or each.last.closed_on is None:
        return Block(Kind.ITEM, f"{each.rep}: there was none so far.")
    ended = f" ({phrases.OUTCOMES[each.last.outcome]})" if each.last.outcome else ""
    return Block(Kind.ITEM, f"{each.rep}: the last one was closed on {day(each.last.closed_on)}{ended}.")
