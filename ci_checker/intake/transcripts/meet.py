"""Google Meet text: a header with attendees, ``Name: text`` lines, a time every few minutes."""

from __future__ import annotations

import re
from pathlib import Path

from ci_checker.intake.transcripts.base import Transcript, build, stamp
from ci_checker.intake.transcripts.lines import parse_lines

_ATTENDEES = re.compile(r"^\s*Attendees\s*:?[ \t]*\n+(?P<names>[^\n]+)", re.MULTILINE)
_TITLE = re.compile(r"^.*\bTranscript\s*$", re.MULTILINE)
_END = re.compile(r"^\s*(?:Meeting|Transcription) ended after (?P<length>[\d:]+).*\Z", re.MULTILINE | re.DOTALL)
_LEGAL = re.compile(r"^\s*This editable transcript was computer generated.*\Z", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^\s*\d{1,2}:\d{2}:\d{2}\s*$", re.MULTILINE)


class Meet:
    """Reader of the document that Google Meet saves, exported as text."""

    name = "Google Meet text"
    order = 50

    def sniff(self, head: str, path: Path) -> bool:
        """Return whether the attendees stand above the speech."""
        return _ATTENDEES.search(head) is not None

    def read(self, text: str) -> Transcript:
        """Return the turns; those below a time heading start about there."""
        header = _ATTENDEES.search(text)
        names = [name.strip() for name in header["names"].split(",")] if header else []
        body = text[header.end() :] if header else text
        title = _TITLE.search(body)
        body = body[title.end() :] if title else body
        end = _END.search(body)
        length = stamp(end["length"]) if end else None
        body = _LEGAL.sub("", _END.sub("", body))
        cues, notes = parse_lines(body, known=names)
        if _HEADING.search(body):
            notes.append("Times come from headings every few minutes; a turn below one starts about there.")
        return build(cues, notes=notes, length_s=length)


READER = Meet()
