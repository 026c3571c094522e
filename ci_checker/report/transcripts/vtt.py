"""A transcript as WebVTT, a voice a cue."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.errors import CallError, RequestError
from ci_checker.model import Call, Turn
from ci_checker.report import clean
from ci_checker.report.renderer import Options, Renderer


def _render(calls: Sequence[Call], options: Options) -> str:
    if len(calls) != 1:
        raise RequestError(
            f"a WebVTT file holds one call, not {len(calls)}",
            todo="Run it once a call, or use --format json.",
        )
    return "\n".join(["WEBVTT\n", *(_cue(calls[0], number) for number in range(len(calls[0].turns)))])


def _cue(call: Call, number: int) -> str:
    turn = call.turns[number]
    if turn.start_s is None:
        raise CallError(
            "this transcript has no times, and WebVTT cannot do without",
            where=call.path,
            todo="Use --format text, md or json.",
        )
    voice = clean.plain(turn.speaker)
    name = _escaped(voice).replace("&gt;", "").replace("&lt;", "")
    span = f"{_stamp(turn.start_s)} --> {_stamp(_end(call, number, turn.start_s))}"
    return f"{span}\n<v {name}>{_said(turn)}</v>\n"


def _end(call: Call, number: int, start_s: float) -> float:
    """Where a turn's end is not known, the next turn's start or the end of the call bounds it."""
    later = [turn.start_s for turn in call.turns[number + 1 :] if turn.start_s is not None]
    known = [call.turns[number].end_s, *later[:1], call.duration_s]
    bounds = [one for one in known if one is not None and one > start_s]
    return bounds[0] if bounds else start_s + 0.001


def _said(turn: Turn) -> str:
    return _escaped(clean.plain(turn.text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


RENDERER = Renderer(name="vtt", render=_render)
