"""A week of made-up calls, built by one short function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from ci_checker.commitments import draft
from ci_checker.model import (
    Call,
    Commitment,
    Details,
    Eligibility,
    Evidence,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Target,
    TargetKind,
    Turn,
    Verdict,
)

BEHAVIOR = "trigger-event-opener"
MONDAY = date(2026, 1, 12)
CHECK_DAY = date(2026, 1, 19)
TURNS = (
    "Hello, this is Dana from Northwind.",
    "Hi.",
    "I saw that you opened a plant in Leeds last month.",
    "Mm-hm.",
    "That is why I am calling today.",
    "Right, we did, and it has been hectic.",
)


@pytest.fixture
def make_call() -> Callable[..., ScoredCall]:
    def build(
        name: str,
        verdict: Verdict | None = Verdict.SEEN,
        *,
        at: datetime | None = datetime(2026, 1, 13, 9, 5),
        hits: int = 1,
        near: int = 0,
        probability: float = 0.9,
        near_probability: float = 0.4,
        call_type: str | None = "cold",
        direction: str | None = None,
        account: str | None = "Acme",
        source: Source = Source.AUDIO,
        error: str | None = None,
        reason: str = "",
        turn: int = 2,
    ) -> ScoredCall:
        def evidence(count: int, how_sure: float) -> tuple[Evidence, ...]:
            return tuple(
                Evidence(
                    turn=turn,
                    speaker="Dana",
                    quote="I saw that you opened a plant",
                    probability=how_sure,
                    start_s=61.0 + index,
                )
                for index in range(count)
            )

        call = Call(
            path=f"{name}.wav",
            sha256=name,
            source=source,
            details=Details(rep="Dana", started_at=at, call_type=call_type, direction=direction, account=account),
            turns=tuple(
                Turn(speaker="Dana" if index % 2 == 0 else "Pat", text=text, start_s=30.0 * index)
                for index, text in enumerate(TURNS)
            ),
            speakers=(Speaker(name="Dana", role=Role.REP), Speaker(name="Pat", role=Role.PROSPECT)),
        )
        if error is not None:
            return ScoredCall(call=call, error=error)
        if verdict is None:
            return ScoredCall(call=call)
        found = evidence(hits, probability) if verdict in (Verdict.SEEN, Verdict.UNCLEAR) else ()
        result = Result(
            behavior=BEHAVIOR,
            verdict=verdict,
            probability=probability if found else 0.1,
            evidence=found,
            near_misses=evidence(near, near_probability),
            reason=reason,
        )
        return ScoredCall(call=call, results=(result,))

    return build


@pytest.fixture
def make_commitment() -> Callable[..., Commitment]:
    def build(kind: TargetKind = TargetKind.COUNT, value: float = 10, per_call: int = 1, **parts: object) -> Commitment:
        given: dict[str, object] = {
            "rep": "Dana",
            "behavior": BEHAVIOR,
            "target": Target(kind=kind, value=value, per_call=per_call),
            "made_on": MONDAY,
            "statement": "10 trigger-event openers, every morning before 10, Monday to Thursday",
            "eligible": Eligibility(call_types=("cold",)),
            **parts,
        }
        return draft(**given)  # type: ignore[arg-type]

    return build
