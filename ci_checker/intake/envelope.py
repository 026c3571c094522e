"""The header of a mail: whom it reached, and which thread it belongs to."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import getaddresses

from ci_checker.model import Envelope

_ANSWERS = r"\s*(?:re|aw|sv|vs|fw|fwd|wg|tr|rv)\s*(?:\[\d+\])?\s*:"
_PREFIX = re.compile(rf"(?:{_ANSWERS}|\s*\[(?:ext|external)\])\s*", re.IGNORECASE)
_ID = re.compile(r"<[^<>\s]+>")
_MOST_IDS = 100


def envelope(message: EmailMessage) -> Envelope:
    """Return what the header says of a mail's thread and its people."""
    to, cc, bcc = (addresses(message, name) for name in ("To", "Cc", "Bcc"))
    subject, answers = plain_subject(header(message, "Subject"))
    refers = (*_ids(message, "References"), *_ids(message, "In-Reply-To"))
    own = _ids(message, "Message-ID")
    return Envelope(
        sender=next(iter(addresses(message, "From")), None),
        addressed=to or cc or bcc,
        reached=tuple(dict.fromkeys((*to, *cc, *bcc))),
        message_id=own[0] if own else None,
        refers_to=tuple(dict.fromkeys(refers))[-_MOST_IDS:],
        subject=subject,
        answers=answers,
    )


def header(message: EmailMessage, name: str) -> str:
    """Return a header's text, also of one so malformed that the parser gives up."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:
        # The parser of the standard library fails in many ways on what spammers and old programs write.
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return " ".join(str(raw).split())


def people(message: EmailMessage, name: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of name and address of a header, empty texts where one is missing."""
    try:
        values = [str(value) for value in message.get_all(name, [])]
    except Exception:
        values = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    return tuple((who.strip(), where.strip()) for who, where in getaddresses(values) if who or where)


def addresses(message: EmailMessage, name: str) -> tuple[str, ...]:
    """Return the addresses of a header, lower case, each once."""
    return tuple(dict.fromkeys(where.casefold() for _, where in people(message, name) if "@" in where))


def plain_subject(text: str) -> tuple[str, bool]:
    """Return a subject without its Re: and Fwd:, lower case, and whether it had any."""
    rest, had = text, False
    while match := _PREFIX.match(rest):
        had = had or ":" in match[0]
        rest = rest[match.end() :]
    return " ".join(rest.casefold().split()), had


def _ids(message: EmailMessage, name: str) -> tuple[str, ...]:
    # As it was written: a parser that mends an odd id makes another one of it.
    found = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    return tuple(each.casefold() for value in found[:1] for each in _ID.findall(value))
