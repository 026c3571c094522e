"""What a path tells of a call: ``{rep}/{started_at:%Y-%m-%d_%H%M}_{account}.{ext}``."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, fields
from datetime import datetime

from ci_checker.errors import RequestError
from ci_checker.model import Details

FIELDS = tuple(field.name for field in fields(Details))
_OTHERS = ("ext", "any")
_DIRECTIVES = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{1,2}",
    "d": r"\d{1,2}",
    "H": r"\d{1,2}",
    "I": r"\d{1,2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "p": r"[AaPp][Mm]",
    "b": r"[A-Za-z]{3}",
    "B": r"[A-Za-z]+",
    "j": r"\d{3}",
    "z": r"(?:[+-]\d{2}:?\d{2}|Z)",
    "f": r"\d{1,6}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A path pattern made ready to match; build it with ``compiled``."""

    source: str
    regex: re.Pattern[str]
    short: re.Pattern[str]
    date_format: str | None

    def match(self, path: str) -> Details | None:
        """Return the details in a path with forward slashes, ``None`` where it does not fit.

        A time without a zone stays without one: it is the team's local time.
        """
        return self._details(self.regex.search(path))

    def ambiguous(self, path: str) -> bool:
        """Return whether a path fits in more than one way (``north_wind_cold`` as account and type)."""
        return self.match(path) != self._details(self.short.search(path))

    def _details(self, found: re.Match[str] | None) -> Details | None:
        if found is None:
            return None
        values = {key: value for key, value in found.groupdict().items() if key in FIELDS and value}
        started = None
        if "started_at" in values:
            try:
                started = datetime.strptime(values.pop("started_at"), self.date_format or "")
            except ValueError:
                return None
        return Details(started_at=started, **values)


def compiled(source: str) -> Pattern:
    """Make a pattern ready.

    Raises
    ------
    RequestError
        The braces do not close, a field is unknown or comes twice, or a date has no format.
    """
    regex: list[str] = []
    seen: set[str] = set()
    date_format = None
    try:
        parts = list(string.Formatter().parse(source.replace("\\", "/")))
    except ValueError as error:
        raise RequestError(f"the path pattern {source!r} is not well formed: {error}") from None
    for literal, name, spec, _ in parts:
        regex.append(re.escape(literal))
        if name is None:
            continue
        if name not in FIELDS + _OTHERS:
            known = ", ".join(FIELDS + _OTHERS)
            raise RequestError(f"the path pattern has an unknown field {{{name}}}", todo=f"Use one of: {known}.")
        if name in seen and name != "any":
            raise RequestError(f"the path pattern has the field {{{name}}} twice")
        seen.add(name)
        if name == "started_at":
            date_format = spec or "%Y-%m-%d"
            regex.append(f"(?P<started_at>{_date(date_format, source)})")
        elif name == "any":
            regex.append(r"[^/]*?")
        else:
            regex.append(rf"(?P<{name}>[^/]+)" if name != "ext" else r"(?P<ext>[^/.]+)")
    whole = "(?:^|/)" + "".join(regex) + "$"
    return Pattern(
        source=source,
        regex=re.compile(whole),
        short=re.compile(whole.replace(">[^/]+)", ">[^/]+?)")),
        date_format=date_format,
    )


def _date(spec: str, source: str) -> str:
    out: list[str] = []
    index = 0
    while index < len(spec):
        if spec[index] == "%" and index + 1 < len(spec):
            index += 1
            if spec[index] not in _DIRECTIVES:
                raise RequestError(f"the path pattern {source!r} has %{spec[index]}, which is not understood here")
            out.append(_DIRECTIVES[spec[index]])
        else:
            out.append(re.escape(spec[index]))
        index += 1
    return "".join(out)
