"""Intake: a file becomes a ``Call``. Transcripts and mail come with turns, recordings with their sound."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker.errors import CallError
from ci_checker.model import Call, Details, Source, Speaker, Turn

if TYPE_CHECKING:
    from ci_checker.intake.mail import Mail

__all__ = ["fingerprint", "read", "read_all"]

NOTHING = Details()
LARGEST_TEXT = 64 * 1024 * 1024


def read(path: Path, *, details: Details = NOTHING, max_hours: float = 4.0, name: str | None = None) -> Call:
    """Read one call.

    Parameters
    ----------
    path : Path
        A recording, a video, a transcript or a mail; ``file.mbox#3`` is the third mail of a box.
    details : Details
        What is known of the call besides; it goes before what the file says of itself.
    max_hours : float
        Longest recording that is taken.
    name : str, optional
        How the caller names the call; the path as given otherwise.

    Returns
    -------
    Call
        A transcript or mail with turns and speakers (roles unknown), a recording with ``audio``.

    Raises
    ------
    CallError
        The file cannot be read, in one line: what, where, what to do.
    """
    box, number = _numbered(path)
    if number is not None:
        calls = read_all(box, details=details, max_hours=max_hours)
        if not 1 <= number <= len(calls):
            raise CallError(f"there is no mail {number}; the box holds {len(calls)}", where=str(box))
        return replace(calls[number - 1], path=name or str(path))
    calls = read_all(path, details=details, max_hours=max_hours, name=name)
    if len(calls) > 1:
        todo = f"Name one, as {path.name}#1, or read all of them."
        raise CallError(f"is a box of {len(calls)} mails", where=name or str(path), todo=todo)
    if calls[0].source is Source.EMAIL and not calls[0].turns:
        raise CallError("the mail has no text of its own", where=name or str(path))
    return replace(calls[0], path=name or str(path))


def read_all(
    path: Path, *, details: Details = NOTHING, max_hours: float = 4.0, name: str | None = None
) -> tuple[Call, ...]:
    """Read every call of a file: one for each mail of an mbox, named ``file.mbox#3``, else one.

    Raises
    ------
    CallError
        As ``read``. A mail without text in a box comes back without turns and with a note.
    """
    from ci_checker.intake.sniff import Kind, kind

    path = Path(path)
    shown = name or str(path)
    try:
        if kind(path) is Kind.TEXT:
            return _text(path, details, shown)
        return (_recording(path, details, max_hours, shown),)
    except CallError as error:
        raise CallError(error.what, where=shown, todo=error.todo) from None


def fingerprint(path: Path) -> str:
    """Return the sha256 of a file's bytes in hex, read in pieces."""
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise CallError(f"cannot be read: {(error.strerror or 'refused').lower()}", where=str(path)) from None
    return digest.hexdigest()


def _recording(path: Path, details: Details, max_hours: float, shown: str) -> Call:
    from ci_checker.intake.audio import examine

    audio, notes = examine(path, max_hours=max_hours)
    return Call(
        path=shown,
        sha256=fingerprint(path),
        source=Source.AUDIO,
        details=details,
        audio=audio,
        duration_s=audio.duration_s,
        notes=notes,
    )


def _text(path: Path, details: Details, shown: str) -> tuple[Call, ...]:
    from ci_checker.intake import mail, text, transcripts

    if path.stat().st_size > LARGEST_TEXT and path.suffix.lower() != ".mbox":
        raise CallError(f"is a text of more than {LARGEST_TEXT >> 20} MB; no call is that long")
    data = path.read_bytes()
    head = data[:65_536].decode("utf-8", "replace").replace("\r\n", "\n").lstrip("\ufeff")
    if mail.is_mail(head):
        parts = mail.split_box(data)
        named = shown if len(parts) == 1 else f"{shown}#"
        calls = tuple(
            _mail(mail.parse(part), details, f"{named}{index}" if len(parts) > 1 else shown)
            for index, part in enumerate(parts, 1)
        )
        # The only mail of a file is the file: its identity is the one that ``fingerprint`` gives.
        return calls if len(calls) > 1 else (replace(calls[0], sha256=hashlib.sha256(data).hexdigest()),)
    content, notes = text.decode(data)
    found, kind = transcripts.parse(content, path)
    started = details.started_at or found.started_at
    call = Call(
        path=shown,
        sha256=hashlib.sha256(data).hexdigest(),
        source=Source.TRANSCRIPT,
        details=replace(details, started_at=started),
        duration_s=found.duration_s,
        turns=found.turns,
        speakers=found.speakers,
        transcriber=kind,
        notes=(*notes, *found.notes),
    )
    return (call,)


def _mail(sent: Mail, details: Details, shown: str) -> Call:
    speaker = sent.sender or "unknown"
    known = replace(
        details,
        rep=details.rep or sent.sender,
        contact=details.contact or sent.recipients,
        started_at=details.started_at or sent.sent_at,
        call_type=details.call_type or "email",
    )
    return Call(
        path=shown,
        sha256=sent.sha256,
        source=Source.EMAIL,
        details=known,
        turns=(Turn(speaker=speaker, text=sent.text),) if sent.text else (),
        speakers=(Speaker(name=speaker),) if sent.text else (),
        notes=sent.notes,
        envelope=sent.envelope,
    )


def _numbered(path: Path) -> tuple[Path, int | None]:
    match = re.fullmatch(r"(.+)#(\d+)", str(path))
    if match is None or Path(path).exists():
        return Path(path), None
    return Path(match[1]), int(match[2])
