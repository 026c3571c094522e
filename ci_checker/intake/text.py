"""Bytes to text: which encoding a file is in, and cleaning that never costs a word."""

from __future__ import annotations

import codecs
import html
import re

from ci_checker.errors import CallError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAG = re.compile(
    r"</?(?:i|b|u|s|em|strong|br|p|div|span|font|ruby|rt|lang|c|v)(?:[.\s][^<>]*)?/?>"
    r"|<\d{1,2}:\d{2}(?::\d{2})?[.,]\d{1,3}>",
    re.IGNORECASE,
)
_POSITION = re.compile(r"\{\\[a-z]+\d*[^}]*\}")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode the bytes of a text file.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    tuple of str and tuple of str
        The text with ``\\n`` line ends, and notes on a guessed encoding.

    Raises
    ------
    CallError
        The bytes are not text in an encoding that can be told.
    """
    text, notes = _decode(data)
    if _CONTROL.search(text):
        raise CallError("is not readable text", todo="Save the transcript as UTF-8 text and try again.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def is_text(data: bytes) -> bool:
    """Return whether the bytes can be read as text."""
    try:
        decode(data)
    except CallError:
        return False
    return True


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _wide(data)
    if encoding is None:
        try:
            return data.decode("utf-8"), ()
        except UnicodeDecodeError:
            encoding = "cp1252"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"byte {error.start} fits neither UTF-8 nor {encoding}"
        what = f"is text in an encoding that cannot be told ({place})"
        raise CallError(what, todo="Save it as UTF-8 and try again.") from None
    text = text.removeprefix("\ufeff")
    guessed = encoding == "cp1252" or not any(data.startswith(bom) for bom, _ in _BOMS)
    return text, ((f"The file is not UTF-8; it was read as {encoding}.",) if guessed else ())


def _wide(data: bytes) -> str | None:
    """Return the UTF-16 flavor of text that lost its byte order mark."""
    head = data[:2000]
    if len(head) < 8 or len(data) % 2:
        return None
    even, odd = head[::2].count(0) / (len(head) / 2), head[1::2].count(0) / (len(head) / 2)
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None


def unescape(text: str) -> str:
    """Replace entities that end in a semicolon; ``AT&T`` and ``a&copy=1`` stay as they are."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text)


def clean(text: str) -> str:
    """Return text without markup, entities, invisible marks and runs of white space.

    Only tags that captions know are taken out, so ``a < b`` keeps its words.
    """
    text = _POSITION.sub("", _TAG.sub(" " if "<br" in text.lower() else "", text))
    return " ".join(_INVISIBLE.sub("", unescape(text)).split())


def counted(number: int, noun: str) -> str:
    """Return ``1 line`` or ``3 lines``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def clock(seconds: float) -> str:
    """Return seconds as ``m:ss`` or ``h:mm:ss``, the way a player shows them."""
    whole = int(seconds)
    hours, minutes, left = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
