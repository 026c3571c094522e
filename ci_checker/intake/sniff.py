"""What a file is, by its bytes. Its name is only a hint."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from ci_checker.errors import CallError
from ci_checker.intake.text import is_text

SOUND_SUFFIXES = frozenset(
    ".wav .wave .mp3 .m4a .m4b .mp4 .m4v .mov .ogg .oga .opus .flac .webm .mkv .amr .awb .aiff .aif .aifc"
    " .caf .au .wma .wmv .avi .3gp .3g2 .aac .gsm .ts .mpg .mpeg .mp2".split()
)
TEXT_SUFFIXES = frozenset({".txt", ".text", ".vtt", ".srt", ".json"})
MAIL_SUFFIXES = frozenset({".eml", ".mbox"})
CALL_SUFFIXES = SOUND_SUFFIXES | TEXT_SUFFIXES | MAIL_SUFFIXES

_SOUND = (
    *(b"RIFF", b"RF64", b"RIFX", b"FORM", b"ID3", b"OggS", b"fLaC", b"#!AMR", b"caff", b".snd", b"FLV"),
    *(b"\x1aE\xdf\xa3", b"0&\xb2u"),
)
_OTHER = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document or an Outlook message"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a rar archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_MAIL = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|From|To|Date|Subject|Message-ID|MIME-Version|X-[\w-]+): ", re.IGNORECASE
)
_ADVICE = {
    "a zip archive or an Office document": "Export the transcript as .vtt or .txt, or unpack the archive.",
    "a gzip archive": "Unpack it first.",
}


class Kind(StrEnum):
    """How a file is to be read."""

    SOUND = "sound"
    TEXT = "text"


def kind(path: Path) -> Kind:
    """Return how a file is to be read.

    Raises
    ------
    CallError
        It is missing, a folder, empty, or plainly something else.
    """
    where = str(path)
    head = _head(path)
    if not head:
        raise CallError("is empty (0 bytes)", where=where, todo="Copy or export it again.")
    for magic, what in _OTHER:
        if head.startswith(magic):
            todo = _ADVICE.get(what, "")
            raise CallError(f"is {what}, not a recording, a transcript or a mail", where=where, todo=todo)
    if head.startswith(_SOUND) or head[4:8] == b"ftyp" or _mpeg(head):
        return Kind.SOUND
    if is_text(_whole_characters(head)):
        if path.suffix.lower() in SOUND_SUFFIXES:
            what = f"is text although its name ends in {path.suffix}"
            raise CallError(what, where=where, todo="Give it its own ending, or find the recording.")
        return Kind.TEXT
    if (path.suffix.lower() in TEXT_SUFFIXES | MAIL_SUFFIXES or _MAIL.match(head)) and b"\0" not in head:
        return Kind.TEXT
    return Kind.SOUND


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(65_536)
    except FileNotFoundError:
        raise CallError("there is no such file", where=str(path), todo="Check the path.") from None
    except IsADirectoryError:
        raise CallError("is a folder", where=str(path), todo="Use batch for a folder of calls.") from None
    except PermissionError:
        raise CallError("may not be read", where=str(path), todo="Check its permissions.") from None
    except OSError as error:
        reason = error.strerror or "the system refuses"
        raise CallError(f"cannot be read: {reason.lower()}", where=str(path)) from None


def _mpeg(head: bytes) -> bool:
    """Return whether two MPEG sync bytes open the file (a bare mp3 or AAC); UTF-16's mark is not one."""
    return len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] != 0xFE and head[1] != 0xFF


def _whole_characters(head: bytes) -> bytes:
    """Return the head up to its last line end, so that no character is cut in two."""
    if len(head) < 65_536:
        return head
    if b"\0" in head:
        return head
    whole = head[: head.rfind(b"\n") + 1] or head
    while whole and whole[-1] >= 0x80:
        whole = whole[:-1]
    return whole or head
