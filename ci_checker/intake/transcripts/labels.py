"""Telling ``Name: text`` from a URL, a clock time and a sentence with a colon in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_LABEL = re.compile(r"(?P<name>[^\s:][^:\n]{0,59}?)\s*:(?=\s|$)\s*(?P<text>.*)", re.DOTALL)
_FORBIDDEN = re.compile(r"[?!;\"“”<>{}=]|https?$|\.\s|\w\.$")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_PARTICLES = frozenset("al bin da das de del della den der di do dos du el ibn la le of ter van von y and".split())
_ROLES = frozenset(
    "ae agent assistant bdr buyer caller channel client customer executive gatekeeper guest host"
    " interviewee interviewer left manager me operator participant person prospect receptionist rep"
    " representative right sales sdr seller speaker them unknown user voice".split()
)
_HEADINGS = frozenset(
    "account agenda attendees call company contact date direction duration file invited language link"
    " location meeting notes organizer participants recorded recording source started subject summary"
    " time title topic transcript type url".split()
)
_NOT_NAMES = frozenset(
    "a about also an and answer anyway are as at basically because but by can could do example exactly"
    " first for from great he her here hey his how however https http i idea if in is it its just last"
    " let like listen look my next no not note now oh ok okay on one only or our perfect point price ps"
    " question re really remember right second she so something sorry sure thanks that the then there"
    " these they thing third this those three to two update warning we well what when where which who"
    " why with wow yeah yes yep you your monday tuesday wednesday thursday friday saturday sunday budget"
    " option options plan pricing step today tomorrow timeline".split()
)


def split(line: str) -> tuple[str, str] | None:
    """Return what stands before and after the first colon that could end a name."""
    match = _LABEL.match(line.strip())
    return (match["name"].strip(), match["text"].strip()) if match else None


def is_heading(label: str) -> bool:
    """Return whether a label is the name of a field (``Attendees``) and not a person."""
    words = label.casefold().split()
    if not words or _ROLES & set(words):
        return False
    return words[0] in _HEADINGS or words[-1] in _HEADINGS


def looks_like_name(label: str) -> bool:
    """Return whether a label is written like a person's name, a role or a phone number."""
    words = label.replace("(", " ").replace(")", " ").replace("/", " ").split()
    if not 1 <= len(words) <= 6 or len(label) > 50 or is_heading(label):
        return False
    if _FORBIDDEN.search(label) and not re.search(r"\b(?:Dr|Mr|Mrs|Ms|Jr|Sr|St|[A-Z])\.(?:\s|$)", label):
        return False
    plain = [word.strip("()[],.'’#&-").casefold() for word in words]
    if any(_ORDINAL.fullmatch(word) for word in plain):
        return False
    if plain[0] in _ROLES:
        return all(_named(word) or low in _ROLES or len(low) == 1 for word, low in zip(words, plain, strict=True))
    if plain[0] in _NOT_NAMES or (not _named(words[0]) and plain[0] not in _PARTICLES):
        return False
    return all(_named(word) or low in _PARTICLES | _ROLES for word, low in zip(words, plain, strict=True))


def accepted(lines: Iterable[str], known: Iterable[str] = ()) -> frozenset[str]:
    """Return the labels of a file that are speakers.

    A label written like a name is one; a single lower-case word is one when it
    comes back, as in ``ann: … bob: … ann: …``. ``known`` names always are.
    """
    counts = Counter(parts[0] for line in lines if (parts := split(line)))
    names = {label for label in counts if looks_like_name(label)}
    again = {
        label
        for label, count in counts.items()
        if count > 1
        and " " not in label
        and label[0].isalpha()
        and not is_heading(label)
        and label.casefold() not in _NOT_NAMES
        and not _FORBIDDEN.search(label)
    }
    return frozenset(names | again | (set(known) & set(counts)))


def _named(word: str) -> bool:
    letter = word.lstrip("([#'’&-")[:1]
    return bool(letter) and (letter.isdigit() or letter == "+" or (letter.isalpha() and not letter.islower()))
