from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from ci_checker.model import (
    Call,
    Commitment,
    Details,
    Eligibility,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Target,
    TargetKind,
    Turn,
    Verdict,
    Window,
)
from ci_checker.store import open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator:
    with open_store(path) as opened:
        yield opened


def call(name: str = "a", *, rep: str | None = "Dana", at: datetime | None = datetime(2026, 1, 13, 9), **parts) -> Call:
    given = {
        "path": f"{name}.wav",
        "sha256": name * 64 if len(name) == 1 else name,
        "source": Source.AUDIO,
        "details": Details(rep=rep, started_at=at, account="Acme"),
        **parts,
    }
    return Call(**given)


def heard(base: Call, text: str = "Hello, this is Dana.") -> Call:
    from dataclasses import replace

    return replace(
        base,
        turns=(Turn(speaker="left", text=text, start_s=0.5, end_s=2.0),),
        speakers=(Speaker(name="left", role=Role.REP, reason="said so"),),
        transcriber="whisper tiny.en",
    )


def scored(base: Call, verdict: Verdict = Verdict.SEEN) -> ScoredCall:
    return ScoredCall(call=base, results=(Result(behavior="recap", verdict=verdict, probability=0.5),))


def commitment(rep: str = "Dana", **parts) -> Commitment:
    given = {
        "id": 0,
        "rep": rep,
        "manager": "Lee",
        "behavior": "recap",
        "statement": "Recap on every call",
        "target": Target(kind=TargetKind.EVERY),
        "window": Window(start=date(2026, 1, 12), end=date(2026, 1, 18)),
        "eligible": Eligibility(),
        "made_on": date(2026, 1, 12),
        "check_on": date(2026, 1, 19),
        **parts,
    }
    return Commitment(**given)


@pytest.fixture
def make():
    from types import SimpleNamespace

    return SimpleNamespace(call=call, heard=heard, scored=scored, commitment=commitment)
