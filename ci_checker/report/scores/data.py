"""Scored calls as JSON: the public contract's object, to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ci_checker.model import Call, Evidence, Metrics, Result, ScoredCall, Source
from ci_checker.report.plain import SCHEMA, dumped, seconds
from ci_checker.report.renderer import Options, Renderer


def _render(scored: Sequence[ScoredCall], options: Options) -> str:
    return dumped({"schema": SCHEMA, "calls": [_call(one) for one in scored]})


def _call(scored: ScoredCall) -> dict[str, Any]:
    call = scored.call
    failed = scored.error is not None
    metrics = Metrics() if failed else scored.metrics
    duration = call.duration_s
    if duration is None and call.audio:
        duration = call.audio.duration_s
    return {
        "call": call.path,
        "sha256": call.sha256,
        "duration": seconds(duration),
        "source": "audio" if call.source is Source.AUDIO else "transcript",
        "speakers": [] if failed else _speakers(call, metrics),
        "turns": [] if failed else _turns(call),
        "metrics": {
            "rep_talk_ratio": _probability(metrics.rep_talk_ratio),
            "longest_rep_monologue": seconds(metrics.longest_rep_monologue_s),
            "rep_questions": metrics.rep_questions,
        },
        "results": [] if failed else [_result(one) for one in scored.results],
        "error": scored.error,
    }


def _speakers(call: Call, metrics: Metrics) -> list[dict[str, Any]]:
    talk = dict(metrics.talk_s)
    return [
        {
            "name": one.name,
            "role": one.role.value,
            "talk_seconds": seconds(talk.get(one.name)),
            "reason": one.reason,
        }
        for one in call.speakers
    ]


def _turns(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "start": seconds(turn.start_s),
            "end": seconds(turn.end_s),
            "speaker": turn.speaker,
            "role": call.role_of(turn.speaker).value,
            "text": turn.text,
        }
        for turn in call.turns
    ]


def _result(result: Result) -> dict[str, Any]:
    return {
        "behavior": result.behavior,
        "verdict": result.verdict.value,
        "probability": _probability(result.probability),
        "reason": result.reason,
        "evidence": [_evidence(one) for one in result.evidence],
        "near_misses": [_evidence(one) for one in result.near_misses],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "start": seconds(evidence.start_s),
        "end": seconds(evidence.end_s),
        "speaker": evidence.speaker,
        "quote": evidence.quote,
        "probability": _probability(evidence.probability),
        "why": [reason.text for reason in evidence.why],
    }


def _probability(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


RENDERER = Renderer(name="json", render=_render)
