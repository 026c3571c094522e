"""A commitment in words, as JSON and as Markdown; rep and manager see the same."""

from __future__ import annotations

import json as jsons
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from ci_checker.commitments.bounds import bound_text
from ci_checker.commitments.words import calls_noun, day, window_text
from ci_checker.model import Commitment, CommitmentStatus, TargetKind

_BREAK = "\n"


def line(commitment: Commitment, today: date) -> str:
    """Return the one line a week: who, what, by when, and how it ended."""
    return f"{commitment.id:>4}  {commitment.rep}: {commitment.statement}  [{ending(commitment, today)}]"


def ending(commitment: Commitment, today: date) -> str:
    """Return how a commitment stands: its outcome, or when it is checked."""
    if commitment.status is CommitmentStatus.CLOSED and commitment.outcome is not None:
        on = f" on {day(commitment.closed_on)}" if commitment.closed_on else ""
        return f"{commitment.outcome.value.replace('_', ' ')}{on}"
    late = (today - commitment.check_on).days
    if late > 0:
        return f"check was due on {day(commitment.check_on)}"
    return "check is today" if late == 0 else f"check on {day(commitment.check_on)}"


def facts(commitment: Commitment) -> list[tuple[str, str]]:
    """Return the parts of a commitment as pairs of a label and words."""
    eligible = commitment.eligible
    only = [*eligible.call_types, *eligible.directions, *(f"with {name}" for name in eligible.accounts)]
    rows = [
        ("Promise", commitment.statement),
        ("In the rep's words", commitment.rep_words),
        ("Rep", commitment.rep),
        ("Manager", commitment.manager or ""),
        ("Behavior", commitment.behavior),
        ("Target", target_text(commitment)),
        ("Bound", bound_text(commitment.bound) if commitment.bound else ""),
        ("When", window_text(commitment.window)),
        ("Which calls", ", ".join(only) or "all"),
        ("Made on", day(commitment.made_on)),
        ("Check on", day(commitment.check_on)),
        ("Status", commitment.status.value),
        ("Outcome", commitment.outcome.value.replace("_", " ") if commitment.outcome else ""),
        ("Closed on", day(commitment.closed_on) if commitment.closed_on else ""),
        ("Note", commitment.note),
        ("Cause", commitment.bucket.value if commitment.bucket else ""),
        ("Blocker", commitment.blocker),
        ("Next", commitment.next_step.value if commitment.next_step else ""),
        ("Again after", f"commitment {commitment.reissue_of}" if commitment.reissue_of else ""),
    ]
    return [(label, text) for label, text in rows if text]


def target_text(commitment: Commitment) -> str:
    """Return the target in words."""
    target, eligible = commitment.target, commitment.eligible
    much = {
        TargetKind.COUNT: f"{int(target.value)} {calls_noun(eligible, int(target.value))}",
        TargetKind.SHARE: f"{target.value:.0%} of the eligible {calls_noun(eligible, 2)}",
        TargetKind.EVERY: f"every eligible {calls_noun(eligible, 1)}",
    }[target.kind]
    return much if target.per_call == 1 else f"{much}, {target.per_call} times in each"


def as_text(commitment: Commitment) -> str:
    """Return all parts, a line each."""
    rows = facts(commitment)
    width = max(len(label) for label, _ in rows)
    body = (f"  {label:<{width}}  {_one_line(text)}" for label, text in rows)
    return _BREAK.join([f"Commitment {commitment.id}", *body])


def as_markdown(commitment: Commitment) -> str:
    """Return all parts as a Markdown list."""
    from ci_checker.report.clean import markdown

    body = (f"- **{label}:** {markdown(text)}" for label, text in facts(commitment))
    return _BREAK.join([f"# Commitment {commitment.id}", "", *body])


def plain(commitment: Commitment) -> dict[str, Any]:
    """Return a commitment as JSON values; dates and times are ISO, weekdays count from Monday, 0."""
    value: dict[str, Any] = jsons.loads(jsons.dumps(asdict(commitment), default=_iso))
    return value


def as_json(found: Commitment | Sequence[Commitment]) -> str:
    """Return one commitment or several as one JSON object."""
    if isinstance(found, Commitment):
        value: dict[str, Any] = {"schema": 1, "commitment": plain(found)}
    else:
        value = {"schema": 1, "commitments": [plain(each) for each in found]}
    return jsons.dumps(value, ensure_ascii=False, indent=2)


def table(found: Sequence[Commitment], today: date, format: str) -> str:
    """Return several commitments: a line each, a Markdown table, or JSON."""
    if format == "json":
        return as_json(found)
    if format == "md":
        from ci_checker.report.clean import markdown

        rows = [
            f"| {each.id} | {markdown(each.rep)} | {markdown(each.statement)} | {markdown(ending(each, today))} |"
            for each in found
        ]
        return _BREAK.join(["| # | rep | promise | check |", "| --- | --- | --- | --- |", *rows])
    return _BREAK.join(_one_line(line(each, today)) for each in found) if found else "No commitments yet."


def _one_line(text: str) -> str:
    from ci_checker.report.clean import plain

    return plain(text)


def _iso(value: Any) -> str:
    return str(value.isoformat())
