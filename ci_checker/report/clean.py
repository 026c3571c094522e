"""What strangers said, made harmless for the place where it is shown."""

from __future__ import annotations

import re

# Escape sequences whole (CSI, then OSC and its kin up to their end), so that no "[31m" stays behind.
_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\x9c|$)|\x1b[ -/]*[0-~]", re.S)
_SPACE = re.compile(r"[\s\u2028\u2029]+")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LONE = re.compile(r"[\ud800-\udfff]")
_UNSAFE_JSON = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]|~#$])")
_MARKDOWN_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")
_FORMULA = re.compile(r"^[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def whole(text: str) -> str:
    """Replace halves of characters (undecodable file names) so that any encoder takes the text."""
    return _LONE.sub("\ufffd", text)


def visible(text: str) -> str:
    """Return text without line ends, terminal controls, direction overrides or hidden characters."""
    return _HIDDEN.sub("", _SPACE.sub(" ", _SEQUENCE.sub("", whole(text))))


def plain(text: str) -> str:
    """Return ``visible`` text without space at its ends."""
    return visible(text).strip()


def markdown(text: str) -> str:
    """Return one line that Markdown shows as it stands: no markup, HTML, links or mentions."""
    safe = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _MARKDOWN.sub(r"\\\1", safe)
    safe = safe.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")
    return _MARKDOWN_START.sub(lambda hit: f"{hit[1]}{_start(hit[2])}", safe)


def cell(text: str) -> str:
    """Return a field of a CRM line: one line, no separator, and no formula for a spreadsheet."""
    safe = plain(text).replace("|", "/")
    return f"'{safe}" if _FORMULA.match(safe) else safe


def json_text(text: str) -> str:
    """Escape in finished JSON what a terminal or an editor might obey; the value stays the same."""
    return _UNSAFE_JSON.sub(lambda hit: f"\\u{ord(hit[0]):04x}", whole(text))


def _start(mark: str) -> str:
    return f"{mark[:-1]}&#{ord(mark[-1])};" if mark[-1].isdigit() else f"\\{mark}"
