"""Which formats there are, and the one that was asked for. Found by walking folders."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ci_checker.errors import RequestError
from ci_checker.model import Call, Report, ScoredCall
from ci_checker.report.renderer import Options, Renderer

FOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "report": "findings",
        "score": "scores",
        "transcript": "transcripts",
        "nudge": "nudges",
        "due": "due",
        "ledger": "ledger",
        "cadence": "cadence",
    }
)
NO_CLIPS: Mapping[str, bytes] = MappingProxyType({})


def renderers(kind: str) -> dict[str, Renderer]:
    """Return every renderer of a kind by name, ``text`` first.

    Parameters
    ----------
    kind : str
        A name of ``FOLDERS``: ``report``, ``score``, ``due`` ...

    Raises
    ------
    RequestError
        If there is no such kind.
    """
    if kind not in FOLDERS:
        raise RequestError(f"there is no kind of output called {kind!r}", todo=f"Use {_either(FOLDERS)}.")
    package = importlib.import_module(f"ci_checker.report.{FOLDERS[kind]}")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names if name[0] != "_"]
    found = [module.RENDERER for module in modules if hasattr(module, "RENDERER")]
    return {one.name: one for one in sorted(found, key=lambda one: (one.name != "text", one.name))}


def formats(kind: str) -> tuple[str, ...]:
    """Return the names of the formats of a kind: ``report``, ``score``, ``due`` ..."""
    return tuple(renderers(kind))


def render(
    value: Report | ScoredCall | Sequence[object],
    format: str,
    *,
    clips: Mapping[str, bytes] = NO_CLIPS,
    color: bool = False,
    kind: str | None = None,
    clip_folder: str = ".",
    notice: str = "",
    home: str = "",
) -> str:
    """Render reports or scored calls in a format.

    Parameters
    ----------
    value : Report, ScoredCall, or a sequence of one of them
    format : str
        One of ``formats("report")`` or ``formats("score")``.
    clips : mapping of str to bytes
        Audio for ``Moment.clip``; the HTML report embeds it, Markdown links to it.
    color : bool
        Allow ANSI styles in ``text``.
    kind : str, optional
        Needed for an empty sequence, and for kinds other than ``report`` and ``score``.
    clip_folder : str
        Where the clips stand, seen from a Markdown report.
    notice : str
        A sentence on the whole, said in every format.
    home : str
        Address of the index of several reports, linked from a page.

    Raises
    ------
    RequestError
        If the format is unknown, or the values are of no kind or of several.
    """
    values = [value] if isinstance(value, Report | ScoredCall) else list(value)
    options = Options(clips=clips, color=color, clip_folder=clip_folder, notice=notice, home=home)
    return _chosen(kind or _kind(values), format).render(values, options)


def render_transcript(calls: Call | Sequence[Call], format: str) -> str:
    """Render what was said in calls: one of ``formats("transcript")``."""
    return _chosen("transcript", format).render([calls] if isinstance(calls, Call) else list(calls), Options())


def _chosen(kind: str, format: str) -> Renderer:
    known = renderers(kind)
    if format not in known:
        raise RequestError(f"a {kind} cannot be written as {format!r}", todo=f"Use {_either(known)}.")
    return known[format]


def _kind(values: Sequence[object]) -> str:
    kinds = {Report: "report", ScoredCall: "score"}
    met = {type(one) for one in values}
    if len(met) != 1 or not met <= set(kinds):
        what = "there is nothing to show" if not values else "reports and scored calls cannot be shown together"
        raise RequestError(what, todo="Give reports, or scored calls.")
    return kinds[met.pop()]


def _either(names: Mapping[str, object]) -> str:
    first = list(names)
    return first[0] if len(first) == 1 else f"{', '.join(first[:-1])} or {first[-1]}"
