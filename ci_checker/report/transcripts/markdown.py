"""A transcript as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ci_checker.model import Call
from ci_checker.report import words
from ci_checker.report.outline import Block, Kind, as_markdown
from ci_checker.report.renderer import Options, Renderer


def _render(calls: Sequence[Call], options: Options) -> str:
    return "\n".join(as_markdown(list(_blocks(call))) for call in calls)


def _blocks(call: Call) -> Iterator[Block]:
    yield Block(Kind.TITLE, call.path)
    yield from (Block(Kind.NOTE, note) for note in call.notes)
    for turn in call.turns:
        yield Block(Kind.PARA, turn.text, f"{words.mmss(turn.start_s)} {turn.speaker}:".strip())


RENDERER = Renderer(name="md", render=_render)
