"""The interface of a format: a name, and a function from values to one string."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a caller may give besides the values.

    ``clips`` maps ``Moment.clip`` to the bytes of an audio file; ``color``
    allows ANSI styles in text meant for a terminal; ``clip_folder`` is where the
    clips stand beside a Markdown report. ``notice`` is a sentence on the report as a
    whole that every format says (that it was redacted, and what that may miss).
    ``home`` is where the index of several reports stands, seen from a page.
    """

    clips: Mapping[str, bytes] = field(default_factory=dict)
    color: bool = False
    clip_folder: str = "."
    notice: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """One format of one kind. ``render`` gets a sequence of values and the options."""

    name: str
    render: Callable[[Sequence[Any], Options], str]
