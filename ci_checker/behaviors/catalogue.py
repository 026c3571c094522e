"""The catalogue: one YAML file a behavior, found by walking a folder.

Every scalar is read as a string (YAML would turn ``12:30`` into 750 and ``no``
into False), then checked against the fields below, with file, line and column for
what does not fit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ci_checker.errors import RequestError

CATALOG = Path(__file__).resolve().parent / "catalog"


class Place(StrEnum):
    """Where in a call a behavior counts."""

    OPENING = "opening"
    EARLY = "early"
    ANYWHERE = "anywhere"
    AFTER_OBJECTION = "after-objection"
    WITH_GATEKEEPER = "with-gatekeeper"


class Occasion(StrEnum):
    """What a call must hold for the behavior to be possible at all."""

    CONVERSATION = "conversation"
    OBJECTION = "objection"
    GATEKEEPER = "gatekeeper"


class Measure(StrEnum):
    """A behavior that is measured rather than classified."""

    MONOLOGUE = "longest_rep_monologue"
    TALK_RATIO = "rep_talk_ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior:
    """One observable thing that a rep does on a call.

    ``bound`` is seconds for a monologue, a fraction for a talk ratio. A cue is a phrase, or a regular
    expression between slashes that is searched for in the lower-case text.
    """

    id: str
    name: str
    definition: str
    place: Place = Place.ANYWHERE
    occasion: Occasion = Occasion.CONVERSATION
    counted: bool = False
    aliases: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    does_not_count: tuple[str, ...] = ()
    measure: Measure | None = None
    bound: float | None = None
    source: str = ""


_LISTS = ("aliases", "cues", "counts", "does_not_count")
_TEXTS = ("name", "definition", "place", "occasion", "counted", "measure", "bound")


def load(folders: Iterable[Path] = ()) -> dict[str, Behavior]:
    """Return the built-in behaviors and those of a team's folders, by id, sorted.

    Raises RequestError naming file and line for a definition that does not fit,
    and for an id that stands twice.
    """
    found: dict[str, Behavior] = {}
    for folder in (CATALOG, *folders):
        if not folder.is_dir():
            raise RequestError(
                "there is no such folder of behaviors",
                where=str(folder),
                todo="Name a folder with .yaml files.",
            )
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            behavior = read(path)
            if behavior.id in found:
                raise RequestError(
                    f"the behavior '{behavior.id}' is already defined in {found[behavior.id].source}",
                    where=str(path),
                    todo="Rename one of the two files.",
                )
            found[behavior.id] = behavior
    return dict(sorted(found.items()))


def read(path: Path) -> Behavior:
    """Return the behavior of one file; its id is the file's name. Raises RequestError."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        # libyaml is ten times as fast, but a text that is nested deeply enough ends the process: not for a team's
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader) if path.parent == CATALOG else yaml.BaseLoader
        node = yaml.compose(text, Loader=loader)
        fields = yaml.load(text, Loader=loader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise RequestError(f"this is not valid YAML ({getattr(problem, 'problem', problem)})", where=where) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise RequestError(f"the definition cannot be read ({problem})", where=str(path)) from problem
    except RecursionError as problem:
        raise RequestError("the definition is nested too deeply", where=str(path)) from problem
    if not isinstance(fields, dict) or not isinstance(node, yaml.MappingNode):
        raise RequestError("a behavior is a list of 'field: value' lines", where=str(path))
    places = _Places(path=path, fields={key.value: value for key, value in node.value}, keys={})
    for key, _ in node.value:
        if key.value in places.keys:
            raise RequestError(f"the field '{key.value}' stands twice", where=places.at(key))
        places.keys[key.value] = key
    return _checked(path, places, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where the fields of a file stand: YAML nodes of their names and values, by name."""

    path: Path
    fields: Mapping[str, Any]
    keys: dict[str, Any]

    def at(self, node: Any, further: int = 0) -> str:
        """Return ``file:line:column`` of a node, both counted from one."""
        return f"{self.path}:{node.start_mark.line + 1}:{node.start_mark.column + 1 + further}"

    def field(self, name: str) -> str:
        """Return where a field stands, the file alone where it does not."""
        return self.at(self.keys[name]) if name in self.keys else str(self.path)

    def item(self, name: str, number: int, further: int = 0) -> str:
        """Return where an item of a list stands, ``further`` characters into what is written there."""
        node = self.fields[name].value[number]
        return self.at(node, further + (node.style in ("'", '"')))


def pattern(cue: str) -> re.Pattern[str] | None:
    """Return the regular expression of a cue between slashes, ``None`` for a phrase. Raises re.error."""
    if len(cue) > 2 and cue.startswith("/") and cue.endswith("/"):
        return re.compile(cue[1:-1])
    return None


def _check_cues(cues: Iterable[str], places: _Places) -> None:
    for number, cue in enumerate(cues):
        try:
            pattern(cue)
        except re.error as problem:
            raise RequestError(
                f"this is no regular expression ({problem.msg})",
                where=places.item("cues", number, 1 + (problem.pos or 0)),
                todo="Mend it, or take the slashes away to look for these very words.",
            ) from problem


def _choice(kind: type[StrEnum], value: str, places: _Places, field: str) -> Any:
    try:
        return kind(value)
    except ValueError as problem:
        raise RequestError(
            f"'{value}' is no {field}",
            where=places.field(field),
            todo=f"Choose one of: {', '.join(kind)}.",
        ) from problem


def _bound(places: _Places, value: str | None, measure: str | None) -> float | None:
    """Return the bound of a measured behavior; without one every call would be out of bounds."""
    if value is None:
        if measure is None:
            return None
        raise RequestError(
            "a measured behavior needs a bound",
            where=places.field("measure"),
            todo="Write 'bound:' with seconds for a monologue, a fraction for a talk ratio.",
        )
    where = places.field("bound")
    if measure is None:
        raise RequestError("a bound without a measure bounds nothing", where=where)
    try:
        bound = float(value)
    except ValueError as problem:
        raise RequestError(f"'{value}' is no number", where=where) from problem
    most = 1.0 if measure == Measure.TALK_RATIO else math.inf
    if not 0 < bound <= most or bound == math.inf:
        span = "between 0 and 1" if most == 1.0 else "above 0"
        raise RequestError(f"'{value}' is no bound {span}", where=where)
    return bound


def _checked(path: Path, places: _Places, fields: Mapping[str, Any]) -> Behavior:
    for field in fields:
        if field not in (*_LISTS, *_TEXTS):
            raise RequestError(
                f"'{field}' is no field of a behavior",
                where=places.field(str(field)),
                todo=f"The fields are: {', '.join((*_TEXTS, *_LISTS))}.",
            )
    for field in _TEXTS:
        if not isinstance(fields.get(field, ""), str):
            raise RequestError(f"'{field}' must be one text", where=places.field(field))
    for field in ("name", "definition"):
        if not str(fields.get(field, "")).strip():
            raise RequestError(f"the field '{field}' is missing", where=str(path))
    lists: dict[str, tuple[str, ...]] = {}
    for field in _LISTS:
        value = fields.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise RequestError(f"'{field}' must be a list of texts", where=places.field(field))
        if not all(item.strip() for item in value):
            raise RequestError(f"'{field}' holds an empty text", where=places.field(field))
        lists[field] = tuple(" ".join(item.split()) for item in value)
    _check_cues(lists["cues"], places)
    measure = fields.get("measure")
    if measure is None and not lists["counts"]:
        raise RequestError(
            "no example that counts",
            where=str(path),
            todo="Give at least one under 'counts:', better five to ten.",
        )
    both = {c.lower() for c in lists["counts"]}
    for number, text in enumerate(lists["does_not_count"]):
        if text.lower() in both:
            raise RequestError(
                f"an example stands under both counts and does_not_count: '{text}'",
                where=places.item("does_not_count", number),
                todo="Decide whether it counts, and take it out of the other list.",
            )
    bound = _bound(places, fields.get("bound"), measure)
    counted = str(fields.get("counted", "false")).lower()
    if counted not in ("true", "false"):
        raise RequestError("'counted' is true or false", where=places.field("counted"))
    return Behavior(
        id=path.stem,
        name=str(fields["name"]).strip(),
        definition=" ".join(str(fields["definition"]).split()),
        place=_choice(Place, fields.get("place", "anywhere"), places, "place"),
        occasion=_choice(Occasion, fields.get("occasion", "conversation"), places, "occasion"),
        counted=counted == "true",
        measure=None if measure is None else _choice(Measure, measure, places, "measure"),
        bound=bound,
        source=str(path),
        **lists,
    )
