"""The workspace file, environment variables and flags, in rising order of weight.

Every value remembers where it came from, so that ``doctor`` can say so.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ci_checker.errors import RequestError

FILE = "ci-checker.toml"
_PREFIX = "CI_CHECKER_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One rep of the roster; ``aliases`` are the other names that transcripts use.

    ``emails`` are the addresses that the rep writes from; ``timezone`` goes before
    the team's; ``started`` is the first day at work, after which checks are daily for two weeks.
    """

    name: str
    aliases: tuple[str, ...] = ()
    manager: str | None = None
    emails: tuple[str, ...] = ()
    timezone: str | None = None
    started: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run goes by. ``root`` is the workspace's folder, ``None`` outside of one.

    ``origins`` maps a setting's name to where its value came from. ``stuck_after``
    is how many weeks running a promise is kept until its behavior has stuck: one good
    week may be luck and two a coincidence, and three fit into the four weeks that a
    first behavior is given, with one to spare.
    """

    root: Path | None = None
    manager: str | None = None
    company: str | None = None
    reps: tuple[Rep, ...] = ()
    model: str = "small.en"
    engine: str = "whisper_torch"
    vocabulary: tuple[str, ...] = ()
    store: str = "ci-checker.sqlite3"
    pattern: str | None = None
    behaviors: tuple[Path, ...] = ()
    bounds: Mapping[str, float] = field(default_factory=dict)
    focus: str | None = None
    max_hours: float = 4.0
    timezone: str | None = None
    stuck_after: int = 3
    origins: Mapping[str, str] = field(default_factory=dict)

    def store_location(self) -> str:
        """Return the database's URL or path. Raises RequestError outside a workspace."""
        if "://" in self.store:
            return self.store
        if self.root is None:
            raise RequestError(
                f"there is no {FILE} here or in a folder above",
                where=str(Path.cwd()),
                todo="Run 'ci-checker init' in the folder where your team's calls are kept.",
            )
        return str(self.root / self.store)

    def rep_named(self, name: str) -> Rep | None:
        """Return the roster's rep of that name, alias or address, ``None`` for a stranger."""
        wanted = name.strip().casefold()
        for rep in self.reps:
            if wanted in (rep.name.casefold(), *(alias.casefold() for alias in rep.aliases), *rep.emails):
                return rep
        return None


# where in the file each setting stands, and how to read it
_FIELDS: dict[str, tuple[str, str, type]] = {
    "manager": ("team", "manager", str),
    "company": ("team", "company", str),
    "focus": ("team", "focus", str),
    "model": ("recognition", "model", str),
    "engine": ("recognition", "engine", str),
    "vocabulary": ("recognition", "vocabulary", list),
    "store": ("store", "url", str),
    "pattern": ("batch", "pattern", str),
    "max_hours": ("batch", "max_hours", float),
    "behaviors": ("behaviors", "folders", list),
    "bounds": ("bounds", "", dict),
    "timezone": ("team", "timezone", str),
    "stuck_after": ("coaching", "stuck_after", int),
}
_SECTIONS = {section for section, _, _ in _FIELDS.values()} | {"rep"}


def find_file(start: Path) -> Path | None:
    """Return the workspace file in a folder or the nearest one above."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
    return None


def load(start: Path | None = None, environment: Mapping[str, str] | None = None, **flags: Any) -> Settings:
    """Return the settings that hold in a folder; a flag of ``None`` was not given.

    Raises RequestError with file and field for a value that does not fit.
    """
    settings = Settings(origins={name: "default" for name in _FIELDS})
    file = find_file((start or Path.cwd()).resolve())
    if file is not None:
        settings = _from_file(settings, file)
    environment = os.environ if environment is None else environment
    for name, (_, _, kind) in _FIELDS.items():
        text = environment.get(_PREFIX + name.upper())
        if text and kind in (str, float):
            settings = _put(settings, name, _number(text, name) if kind is float else text, f"{_PREFIX}{name.upper()}")
    for name, value in flags.items():
        if value is not None:
            settings = _put(settings, name, value, f"--{name.replace('_', '-')}")
    return settings


def _number(text: str, name: str) -> float:
    where = f"{_PREFIX}{name.upper()}"
    try:
        value = float(text)
    except ValueError as problem:
        raise RequestError(f"'{text}' is no number", where=where) from problem
    return _positive(value, where)


def _put(settings: Settings, name: str, value: Any, origin: str) -> Settings:
    return replace(settings, **{name: value}, origins={**settings.origins, name: origin})


def _from_file(settings: Settings, file: Path) -> Settings:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise RequestError(f"the workspace file cannot be read ({problem})", where=str(file)) from problem
    for section, value in content.items():
        known = {key for s, key, _ in _FIELDS.values() if s == section}
        if section not in _SECTIONS:
            raise RequestError(
                f"[{section}] is no section",
                where=str(file),
                todo=f"The sections are: {', '.join(sorted(_SECTIONS))}.",
            )
        if section != "rep" and not isinstance(value, dict):
            raise RequestError(
                f"'{section}' is a section, not a value",
                where=str(file),
                todo=f"Write [{section}] on a line of its own, and the fields below it.",
            )
        if section != "rep" and "" not in known and (strange := sorted(value.keys() - known)):
            raise RequestError(
                f"[{section}] has no field '{strange[0]}'",
                where=str(file),
                todo=f"It knows: {', '.join(sorted(known))}.",
            )
    settings = replace(settings, root=file.parent, reps=_reps(content.get("rep", []), file))
    for name, (section, key, kind) in _FIELDS.items():
        table = content.get(section, {})
        value = table if key == "" and section in content else table.get(key) if isinstance(table, dict) else None
        if value is None:
            continue
        settings = _put(settings, name, _fit(name, kind, value, file, section, key), str(file))
    return settings


def _fit(name: str, kind: type, value: Any, file: Path, section: str, key: str) -> Any:
    where = f"{file} [{section}] {key}".rstrip()
    if kind is float:
        return _positive(value, where)
    if kind is int:
        return _weeks(value, where)
    if name == "timezone":
        return _zone(value, where)
    if not isinstance(value, kind):
        raise RequestError(
            f"{value!r} is no {'text' if kind is str else 'list of texts'}",
            where=where,
            todo=f"Write {key} = {chr(34) * 2 if kind is str else '[]'}, filled in.",
        )
    if kind is list:
        if not all(isinstance(item, str) for item in value):
            raise RequestError("must be a list of texts", where=where)
        return tuple(file.parent / item for item in value) if name == "behaviors" else tuple(value)
    if kind is dict:
        return {k: _positive(v, f"{where} {k}") for k, v in value.items()}
    return value


def _positive(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RequestError(f"{value!r} is no number", where=where)
    if not 0 < value < math.inf:
        raise RequestError(f"{value!r} is no number above 0", where=where)
    return float(value)


def _weeks(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 52:
        raise RequestError(f"{value!r} is no number of weeks", where=where, todo="Write a whole number from 1 to 52.")
    return value


def _zone(value: Any, where: str) -> str:
    """Return a time zone's name that this machine knows."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, TypeError, OSError) as problem:
        raise RequestError(
            f"{value!r} is no time zone", where=where, todo='Write it as region and city: "America/Chicago".'
        ) from problem


def _reps(rows: Any, file: Path) -> tuple[Rep, ...]:
    found: dict[str, Rep] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        where = f"{file} [[rep]] {number}"
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
            raise RequestError("a rep needs a name", where=where, todo='Write name = "Their Name".')
        if strange := sorted(row.keys() - {"name", "aliases", "manager", "emails", "timezone", "started"}):
            raise RequestError(f"a rep has no field '{strange[0]}'", where=where)
        aliases, manager = row.get("aliases", []), row.get("manager")
        if not isinstance(aliases, list) or not all(isinstance(a, str) and a.strip() for a in aliases):
            raise RequestError("aliases must be a list of texts", where=where, todo='Write aliases = ["Other Name"].')
        if manager is not None and not isinstance(manager, str):
            raise RequestError(f"{manager!r} is no manager's name", where=where)
        rep = Rep(
            name=row["name"].strip(),
            aliases=tuple(a.strip() for a in aliases),
            manager=manager,
            emails=_emails(row.get("emails", []), where),
            timezone=None if row.get("timezone") is None else _zone(row["timezone"], f"{where} timezone"),
            started=_started(row.get("started"), where),
        )
        if rep.name.casefold() in found:
            raise RequestError(f"the rep '{rep.name}' stands twice", where=where)
        found[rep.name.casefold()] = rep
    _told_apart(found.values(), file)
    return tuple(found.values())


def _emails(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(e, str) and "@" in e.strip("@ ") for e in value):
        raise RequestError(
            "emails must be a list of addresses", where=where, todo='Write emails = ["first.last@example.com"].'
        )
    return tuple(e.strip().casefold() for e in value)


def _started(value: Any, where: str) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as problem:
        raise RequestError(
            f"{value!r} is no day on which a rep started", where=where, todo="Write started = 2026-11-16."
        ) from problem


def _told_apart(reps: Iterable[Rep], file: Path) -> None:
    """Raise RequestError where one name would mean two reps: a call would go to the wrong one."""
    owners: dict[str, str] = {}
    for rep in reps:
        for name in (rep.name, *rep.aliases, *rep.emails):
            owner = owners.setdefault(name.casefold(), rep.name)
            if owner != rep.name:
                raise RequestError(
                    f"'{name}' could be {owner} or {rep.name}",
                    where=f"{file} [[rep]]",
                    todo="Take that alias out, or use the full names.",
                )


TEMPLATE = """\
# The workspace of ci-checker: who is on the team, and how calls are heard.
# Everything stays on this machine.

[team]
manager = "{manager}"
company = "{company}"        # how your reps name it on the phone; it tells who the rep is
# timezone = "America/Chicago"   # where your reps work, so that "before 10" means their morning
# focus = "trigger-event-opener"   # the one behavior that matters most now, for 'ci-checker cadence'

# one block a rep; aliases are the other names that recordings and transcripts use;
# emails = ["first.last@example.com"] are the addresses they write from,
# started = 2026-11-16 is their first day at work (checks are daily for two weeks), timezone is their own
{reps}
[recognition]
model = "small.en"       # tiny.en, base.en, small.en, medium.en, turbo ... or a path to a .pt file
# vocabulary = ["Acme Flow"]     # products and names that are said on your calls, to be spelled right

[batch]
# how the paths of recordings tell rep, time, account and type, for example:
# pattern = "{{rep}}/{{started_at:%Y-%m-%d_%H%M}}_{{account}}_{{call_type}}.{{ext}}"

[behaviors]
folders = []             # folders with your team's own behaviors (.yaml)

[coaching]
stuck_after = 3          # a behavior has stuck once its promise was kept so many weeks running

[bounds]
no-feature-dump = 90     # seconds
talk-ratio = 0.60        # the rep's share of the words, at most
"""


def template(manager: str, company: str, reps: tuple[str, ...]) -> str:
    """Return a new workspace file's text."""

    def quoted(text: str) -> str:
        plain = "".join(char if char.isprintable() else " " for char in text)
        return plain.replace("\\", "\\\\").replace('"', '\\"')

    names = [name for name in reps if name.strip()]
    taken = Counter(part.casefold() for name in names for part in {name, name.split()[0]})

    def alias(name: str) -> str:
        first = name.split()[0]
        return f'"{quoted(first)}"' if first != name and taken[first.casefold()] == 1 else ""

    blocks = (
        "".join(f'[[rep]]\nname = "{quoted(name)}"\naliases = [{alias(name)}]\n\n' for name in names)
        or '# [[rep]]\n# name = "First Last"\n# aliases = ["First"]\n\n'
    )
    return TEMPLATE.format(manager=quoted(manager), company=quoted(company), reps=blocks)
