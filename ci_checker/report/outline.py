"""A document as a list of blocks, so that text and Markdown say the same in the same order."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from ci_checker.report import clean

WIDTH = 92


class Kind(StrEnum):
    """What a block is; each format has one look for each."""

    TITLE = "title"
    LEAD = "lead"
    HEADING = "heading"
    SUBHEADING = "subheading"
    PARA = "para"
    ITEM = "item"
    SAID = "said"
    QUOTE = "quote"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Block:
    """One block; ``label`` stands before the text (a time, a speaker, a term).

    ``clip`` names the sound of a quote.
    """

    kind: Kind
    text: str
    label: str = ""
    clip: str | None = None


LISTS = (Kind.ITEM, Kind.SAID, Kind.QUOTE, Kind.NOTE)
HEADS = (Kind.HEADING, Kind.SUBHEADING)
_STYLES = {
    Kind.TITLE: "1",
    Kind.LEAD: "1",
    Kind.HEADING: "1;4",
    Kind.SUBHEADING: "1",
    Kind.NOTE: "2",
    Kind.QUOTE: "1",
}
_INDENTS = {Kind.SUBHEADING: "  ", Kind.SAID: "      ", Kind.QUOTE: "    > ", Kind.NOTE: "      "}


def as_text(blocks: Iterable[Block], *, color: bool = False) -> str:
    """Lay blocks out for a terminal: wrapped lines, ANSI styles only if ``color``."""
    lines: list[str] = []
    before: Kind | None = None
    for block in blocks:
        if before and before not in HEADS and not (block.kind in LISTS and before in LISTS):
            lines.append("")
        lines += [_styled(line, block.kind, color) for line in _wrapped(block)]
        if block.kind is Kind.TITLE:
            lines.append(_styled("=" * min(WIDTH, len(clean.plain(block.text))), Kind.NOTE, color))
        before = block.kind
    return "\n".join(lines) + "\n"


def as_markdown(blocks: Sequence[Block], *, clips: Collection[str] = (), clip_folder: str = "") -> str:
    """Lay blocks out as Markdown with everything that a person said escaped.

    A quote links to its clip in ``clip_folder`` if that is among ``clips``.
    """
    lines: list[str] = []
    before: Kind | None = None
    for block in blocks:
        # A quotation and a list need a blank line between them, two items do not.
        if before and not (block.kind is before is Kind.ITEM):
            joined = block.kind in (Kind.SAID, Kind.QUOTE) and before in (Kind.SAID, Kind.QUOTE)
            lines.append(">" if joined else "")
        link = f" [play]({quote(clip_folder)}/{quote(block.clip)})" if block.clip in clips and block.clip else ""
        lines.append(_marked(block) + link)
        before = block.kind
    return "\n".join(lines) + "\n"


def _wrapped(block: Block) -> list[str]:
    label = f"{clean.plain(block.label)} " if block.label else ""
    first = "  - " if block.kind is Kind.ITEM else _INDENTS.get(block.kind, "")
    rest = " " * len(first)
    body = clean.plain(f"{label}{block.text}")
    return textwrap.wrap(body, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False) or [""]


def _styled(line: str, kind: Kind, color: bool) -> str:
    return f"\x1b[{_STYLES[kind]}m{line}\x1b[0m" if color and kind in _STYLES and line else line


def _marked(block: Block) -> str:
    text = clean.markdown(block.text)
    label = f"**{clean.markdown(block.label)}** " if block.label else ""
    looks = {
        Kind.TITLE: f"# {label}{text}",
        Kind.HEADING: f"## {label}{text}",
        Kind.SUBHEADING: f"### {label}{text}",
        Kind.LEAD: f"> **{text}**",
        Kind.ITEM: f"- {label}{text}",
        Kind.SAID: f"> {label}{text}",
        Kind.QUOTE: f"> {label}**{text}**",
        Kind.NOTE: f"*{label}{text}*" if text else "",
    }
    return looks.get(block.kind, f"{label}{text}").rstrip()
