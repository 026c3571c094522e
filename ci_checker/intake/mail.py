"""Sent e-mail as evidence: the words that were written, without quotes and signature."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from ci_checker.intake import envelope as envelopes
from ci_checker.intake.text import clean
from ci_checker.model import Envelope

_FROM_LINE = re.compile(rb"^From \S+.*\d{4}\s*$|^From -.*$", re.MULTILINE)
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]?.*(?:\n[ \t]+.*)*\n?", re.MULTILINE)
_TELLING = frozenset({"date", "to", "message-id", "received", "mime-version", "subject", "delivered-to"})
_INTRO = re.compile(
    r"^(?:On|Am|Le|El|Il|Op) .{4,120}(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef):?\s*$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(r"^\s*(?:-{2,}\s*(?:Original|Forwarded) [Mm]essage\s*-{2,}|_{10,}|Begin forwarded message:)\s*$")
_SENT_FROM = re.compile(r"^\s*(?:Sent from my \w.*|Get Outlook for .*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail: who to whom, when (with its zone), and the text of its own."""

    sender: str | None
    recipients: str | None
    sent_at: datetime | None
    text: str
    sha256: str
    notes: tuple[str, ...] = ()
    envelope: Envelope = Envelope()


def is_mail(text: str) -> bool:
    """Return whether a text opens with the header lines of a mail."""
    if text.startswith("From "):
        text = text.partition("\n")[2]
    block = text.lstrip("\n").partition("\n\n")[0]
    names = set()
    place = 0
    while match := _HEADER.match(block, place):
        names.add(match[1].lower())
        place = match.end()
    return place >= len(block) and "from" in names and len(names & _TELLING) >= 2


def split_box(data: bytes) -> tuple[bytes, ...]:
    """Return the mails of an mbox; a single mail comes back as it is."""
    if not data.startswith(b"From "):
        return (data,)
    data = data.replace(b"\r\n", b"\n")
    starts = [
        match.start()
        for match in _FROM_LINE.finditer(data)
        if match.start() == 0 or data[match.start() - 2 : match.start()] == b"\n\n"
    ]
    ends = [*starts[1:], len(data)]
    return tuple(
        re.sub(rb"^>(>*From )", rb"\1", data[start:end].partition(b"\n")[2], flags=re.MULTILINE)
        for start, end in zip(starts, ends, strict=True)
    )


def parse(data: bytes) -> Mail:
    """Return one mail. A missing date or text is said in ``notes``, never guessed."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    notes: list[str] = []
    sent_at = _date(envelopes.header(message, "Date"))
    if sent_at is None:
        notes.append("The mail has no readable Date header, so its time is not known.")
    text = next((own for body in _bodies(message) if (own := own_text(body))), "")
    if not text:
        notes.append("The mail has no text of its own.")
    return Mail(
        sender=_people(message, "From"),
        recipients=_people(message, "To"),
        sent_at=sent_at,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=tuple(notes),
        envelope=envelopes.envelope(message),
    )


def own_text(body: str) -> str:
    """Return what the sender wrote: paragraphs kept, quoted mail and signature left out."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    kept: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.rstrip() == "--" or line == "-- " or _DIVIDER.match(line) or _outlook(lines, index):
            break
        if taken := _intro(lines, index):
            rest = [text for text in lines[index + taken :] if text.strip()]
            if not rest or not rest[0].lstrip().startswith(">"):
                break
            index += taken
            continue
        if not line.lstrip().startswith(">") and not _SENT_FROM.match(line):
            kept.append(clean(line))
        index += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _intro(lines: list[str], index: int) -> int:
    """Return how many lines announce a quoted mail; mail programs wrap that line."""
    if _INTRO.match(lines[index].strip()):
        return 1
    wrapped = " ".join(line.strip() for line in lines[index : index + 2])
    return 2 if lines[index].startswith(("On ", "Am ", "Le ")) and _INTRO.match(wrapped) else 0


def _outlook(lines: list[str], index: int) -> bool:
    window = "\n".join(line.replace("*", "").strip() for line in lines[index : index + 6])
    return re.match(r"From: .+\n(?:.*\n)?(?:Sent|Date): ", window) is not None


def _bodies(message: EmailMessage) -> Iterator[str]:
    """Yield the text of a mail: the plain part, then the HTML one, where the plain one may say nothing."""
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        if part is None:
            continue
        try:
            content = str(part.get_content())
        except (LookupError, UnicodeError):
            payload = part.get_payload(decode=True)
            content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        yield _stripped(content) if kind == "html" else content


def _people(message: EmailMessage, header: str) -> str | None:
    return ", ".join(name or address for name, address in envelopes.people(message, header)) or None


def _date(value: str) -> datetime | None:
    try:
        sent = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    # "-0000" means UTC whose writer's zone is not known.
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


class _Text(HTMLParser):
    _BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"})
    _HIDDEN = frozenset({"style", "script", "head", "title", "blockquote"})
    # How mail programs mark the part that somebody else wrote, and the signature.
    _QUOTES = re.compile(
        r"\b(?:(?:x_)?gmail_quote|gmail_signature|yahoo_quoted|moz-signature|protonmail_quote|OLK_SRC_BODY_SECTION)\b"
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div" and (self.quoted or any(self._QUOTES.search(text or "") for _, text in attrs)):
            self.quoted += 1
        if tag in self._HIDDEN:
            self.hidden += 1
        elif tag in self._BREAKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self.quoted:
            self.quoted -= 1
        if tag in self._HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden and not self.quoted:
            self.parts.append(re.sub(r"\s+", " ", data))


def _stripped(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
