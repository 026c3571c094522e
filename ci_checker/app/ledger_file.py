"""Load a team's ledger from a TOML file: reps, commitments, and how past checks ended."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_checker.errors import RequestError
from ci_checker.model import (
    Bucket,
    Commitment,
    CommitmentStatus,
    Counts,
    Eligibility,
    NextStep,
    Outcome,
    Standing,
    Target,
    TargetKind,
    WeekPoint,
    Window,
)

if TYPE_CHECKING:
    from ci_checker.store.store import Store

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def load_into(path: Path, store: Store, reps: tuple[str, ...] = ()) -> int:
    """Put a ledger's commitments and past weeks into an empty store; return how many there were.

    ``reps`` limits it to those names. Raises RequestError naming the entry that does not fit.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        names = {row["id"]: row["name"] for row in content.get("rep", ())}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise RequestError(f"the ledger cannot be read ({problem})", where=str(path)) from problem
    except (KeyError, TypeError) as problem:
        raise RequestError("a rep of the ledger needs an id and a name", where=str(path)) from problem
    loaded = 0
    before: dict[str, int] = {}
    for row in content.get("commitment", ()):
        try:
            rep = names[row["rep"]]
            if reps and rep not in reps:
                continue
            again = before.get(rep) if row.get("reissued", True) else None
            stored = store.add_commitment(_commitment(row, rep, content.get("manager"), again))
            if row["status"] == "closed":
                store.save_week(rep, _week(row, stored))
        except (KeyError, ValueError, TypeError, AttributeError) as problem:
            name = row.get("id", "?") if isinstance(row, dict) else row
            lacks = f"{problem} is missing or unknown" if isinstance(problem, KeyError) else problem
            raise RequestError(f"the commitment '{name}' does not fit ({lacks})", where=str(path)) from problem
        before[rep] = stored.id
        loaded += 1
    return loaded


def _commitment(row: dict[str, Any], rep: str, manager: str | None, before: int | None) -> Commitment:
    target = row["target"]
    made_on: date = row["made_on"]
    check_on: date = row["check_on"]
    outcome = row.get("outcome")
    return Commitment(
        id=0,
        rep=rep,
        manager=manager,
        behavior=row["behavior"],
        statement=row["statement"],
        target=Target(
            kind=TargetKind(target["kind"]),
            value=float(target["value"]),
            per_call=int(target.get("per_call", 1)),
        ),
        window=Window(
            start=row.get("start", made_on),
            end=row.get("end", check_on - timedelta(days=1)),
            weekdays=tuple(_weekday(day) for day in row["weekdays"]),
        ),
        eligible=Eligibility(call_types=tuple(row.get("call_types", ()))),
        made_on=made_on,
        check_on=check_on,
        rep_words=row.get("rep_words", ""),
        status=CommitmentStatus(row["status"]),
        outcome=Outcome(outcome) if outcome else None,
        closed_on=row.get("checked_on"),
        note=row.get("note", ""),
        bucket=Bucket(row["bucket"]) if row.get("bucket") else None,
        blocker=row.get("blocker", ""),
        next_step=NextStep(row["next"]) if row.get("next") else None,
        reissue_of=before,
    )


def _weekday(day: str) -> int:
    if day not in _DAYS:
        raise ValueError(f"'{day}' is no weekday; they are {', '.join(_DAYS)}")
    return _DAYS.index(day)


def _week(row: dict[str, Any], stored: Commitment) -> WeekPoint:
    counts = Counts(**row["counts"])
    if not counts.eligible:
        standing = Standing.NO_CALLS
    elif counts.seen >= counts.promised:
        standing = Standing.ENOUGH
    elif counts.seen + counts.unclear + counts.unheard >= counts.promised:
        standing = Standing.OPEN
    else:
        standing = Standing.SHORT if counts.seen else Standing.NONE_SEEN
    return WeekPoint(
        week_of=stored.window.start - timedelta(days=stored.window.start.weekday()),
        behavior=stored.behavior,
        commitment_id=stored.id,
        statement=stored.statement,
        counts=counts,
        standing=standing,
        outcome=stored.outcome,
        closed_on=stored.closed_on,
        check_on=stored.check_on,
    )
