"""A transcript as lines that ``score`` reads again: ``[mm:ss] Name: text``."""

from __future__ import annotations

from collections.abc import Sequence

from ci_checker.model import Call, Turn
from ci_checker.report import clean, words
from ci_checker.report.renderer import Options, Renderer


def _render(calls: Sequence[Call], options: Options) -> str:
    parts = []
    for call in calls:
        title = f"# {clean.plain(call.path)}\n" if len(calls) > 1 else ""
        parts.append(title + "".join(f"{_line(turn)}\n" for turn in call.turns))
    return "\n".join(parts)


def _line(turn: Turn) -> str:
    when = f"[{words.mmss(turn.start_s)}] " if turn.start_s is not None else ""
    return f"{when}{clean.plain(turn.speaker)}: {clean.plain(turn.text)}"


RENDERER = Renderer(name="text", render=_render)
