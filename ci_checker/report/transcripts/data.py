"""A transcript as JSON: the turns of the ``score`` contract, with words where there are some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ci_checker.model import Call, Source
from ci_checker.report.plain import SCHEMA, dumped, plain, seconds
from ci_checker.report.renderer import Options, Renderer


def _render(calls: Sequence[Call], options: Options) -> str:
    return dumped({"schema": SCHEMA, "calls": [_call(call) for call in calls]})


def _call(call: Call) -> dict[str, Any]:
    return {
        "call": call.path,
        "sha256": call.sha256,
        "duration": seconds(call.duration_s),
        "source": "audio" if call.source is Source.AUDIO else "transcript",
        "transcriber": call.transcriber,
        "speakers": plain(call.speakers),
        "turns": [
            {
                "start": seconds(turn.start_s),
                "end": seconds(turn.end_s),
                "speaker": turn.speaker,
                "role": call.role_of(turn.speaker).value,
                "text": turn.text,
                "confidence": plain(turn.confidence),
                "words": plain(turn.words),
            }
            for turn in call.turns
        ],
        "notes": list(call.notes),
    }


RENDERER = Renderer(name="json", render=_render)
