"""Calendar entries for the check dates (RFC 5545): one all-day event a check.

An entry keeps its UID while the commitment lives, so that importing again moves an entry
instead of adding one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from ci_checker.commitments import loop_close
from ci_checker.commitments.due import Due
from ci_checker.errors import RequestError
from ci_checker.model import Commitment
from ci_checker.report import clean
from ci_checker.report.renderer import Options, Renderer

FOLD_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def _render(values: Sequence[Due], options: Options) -> str:
    events = [line for value in values for check in value.checks for line in _event(check.commitment, value.as_of)]
    if not events:
        # A calendar without a component is not valid, and an empty file says nothing.
        raise RequestError(
            "no commitment is active, so there is no check to put into a calendar",
            todo="Add one with 'ci-checker commitment add'.",
        )
    start = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ci-checker//check dates//EN", "CALSCALE:GREGORIAN")
    return "".join(f"{fold(line)}\r\n" for line in (*start, *events, "END:VCALENDAR"))


def uid(commitment: Commitment) -> str:
    """Return what stays the same however often a commitment's check date is moved."""
    name = f"ci-checker/commitment/{commitment.id}/{commitment.rep.casefold()}/{commitment.made_on.isoformat()}"
    return str(uuid5(NAMESPACE_URL, name))


def escape(text: str) -> str:
    """Return a TEXT value: backslash, semicolon, comma and line end escaped, controls taken out."""
    return "\n".join(clean.plain(line) for line in text.split("\n")).translate(_ESCAPES)


def fold(line: str) -> str:
    """Return a content line in pieces of at most 75 octets, never cut within a character."""
    pieces: list[str] = []
    piece, size, room = "", 0, FOLD_OCTETS
    for char in line:
        octets = len(char.encode("utf-8"))
        if size + octets > room:
            pieces.append(piece)
            # The space that begins a continuation line counts among its octets.
            piece, size, room = "", 0, FOLD_OCTETS - 1
        piece += char
        size += octets
    return "\r\n ".join([*pieces, piece])


def _event(commitment: Commitment, as_of: date) -> Iterator[str]:
    said = [loop_close(commitment)]
    if commitment.rep_words:
        said.append(f"In {commitment.rep}'s words: {commitment.rep_words}")
    said.append(f'The evidence: ci-checker report --rep "{commitment.rep}"')
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(commitment)}"
    yield f"DTSTAMP:{as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{commitment.check_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{commitment.check_on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(f'1:1 with {commitment.rep}: check the commitment')}"
    yield f"DESCRIPTION:{escape(chr(10).join(said))}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


RENDERER = Renderer(name="ics", render=_render)
