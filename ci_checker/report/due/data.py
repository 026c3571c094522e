"""What is to be checked as JSON, described by ``schemas/due.schema.json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ci_checker.commitments.due import Check, Due, Without
from ci_checker.model import Commitment
from ci_checker.report.plain import SCHEMA, dumped, plain
from ci_checker.report.renderer import Options, Renderer


def _render(values: Sequence[Due], options: Options) -> str:
    (value,) = values
    found = {
        "schema": SCHEMA,
        "as_of": plain(value.as_of),
        "manager": value.manager,
        "checks": [_check(each, value) for each in value.checks],
        "without": [_without(each) for each in value.without],
    }
    return dumped(found)


def _check(check: Check, value: Due) -> dict[str, Any]:
    late = check.days_overdue > 0
    when = "overdue" if late else "today" if check.commitment.check_on == value.as_of else "later"
    return {**_short(check.commitment), "when": when, "said": check.said, "days_overdue": check.days_overdue}


def _without(each: Without) -> dict[str, Any]:
    last = None
    if each.last is not None:
        ended = {"outcome": plain(each.last.outcome), "closed_on": plain(each.last.closed_on)}
        last = {**_short(each.last), **ended}
    return {"rep": each.rep, "last": last}


def _short(commitment: Commitment) -> dict[str, Any]:
    return {
        "commitment": commitment.id,
        "rep": commitment.rep,
        "manager": commitment.manager,
        "behavior": commitment.behavior,
        "statement": commitment.statement,
        "made_on": plain(commitment.made_on),
        "check_on": plain(commitment.check_on),
    }


RENDERER = Renderer(name="json", render=_render)
