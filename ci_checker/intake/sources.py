"""Where the calls of a batch come from: a folder, a manifest, a file, or a URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ci_checker.errors import RequestError
from ci_checker.intake import maildir, manifest
from ci_checker.intake.pattern import FIELDS, Pattern, compiled
from ci_checker.intake.remote import fetch, is_url, listed
from ci_checker.intake.sniff import CALL_SUFFIXES, MAIL_SUFFIXES, SOUND_SUFFIXES
from ci_checker.intake.text import counted
from ci_checker.model import Details

__all__ = ["Item", "fetch", "find"]

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One file that holds a call: a local path or a URL, and what is known of it."""

    path: str
    details: Details = Details()


@dataclass(slots=True)
class _Passed:
    """Files passed over, by reason, so that a hundred of a kind make one note."""

    reasons: dict[str, list[str]]

    def add(self, reason: str, path: str) -> None:
        self.reasons.setdefault(reason, []).append(path)

    def notes(self) -> list[str]:
        notes = []
        for reason, paths in self.reasons.items():
            shown = ", ".join(paths[:SHOWN]) + (", …" if len(paths) > SHOWN else "")
            notes.append(f"{counted(len(paths), 'file')} {reason}: {shown}")
        return notes


def find(source: str, *, pattern: str | None = None) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Find the calls of a source.

    Parameters
    ----------
    source : str
        A folder (walked through), a manifest (.csv, .tsv, .jsonl), one file, or an fsspec URL.
    pattern : str, optional
        A path pattern; it is held against the end of each path, below the folder.

    Returns
    -------
    tuple of tuple of Item and tuple of str
        The calls in sorted order (a manifest: in its own), and a sentence for
        everything that was passed over or not understood.

    Raises
    ------
    RequestError
        There is no such source, or the pattern or manifest is wrong.
    MissingError
        The URL's file system is not installed.
    """
    shape = compiled(pattern) if pattern else None
    passed = _Passed({})
    if is_url(source):
        items = _below(listed(source), source, shape, passed)
        return tuple(items), (*passed.notes(), *_doubles(items))
    root = Path(source)
    if root.is_dir():
        items = _below(list(_walk(root, passed)), source, shape, passed)
        return tuple(items), (*passed.notes(), *_doubles(items))
    if not root.exists():
        raise RequestError("there is no such file or folder", where=source, todo="Check the path.")
    if root.suffix.lower() in manifest.SUFFIXES:
        return _listed(root, shape)
    details = _details(shape, root.as_posix(), source, passed)
    return (Item(source, details),), tuple(passed.notes())


def _walk(root: Path, passed: _Passed) -> Iterator[str]:
    seen_folders: set[str] = set()
    seen_files: dict[str, str] = {}

    def refused(error: OSError) -> None:
        passed.add("or folder that could not be opened", str(error.filename))

    for folder, folders, files in os.walk(root, followlinks=True, onerror=refused):
        real = os.path.realpath(folder)
        if real in seen_folders:
            folders.clear()
            passed.add("is a link to a folder that was walked through already", folder)
            continue
        seen_folders.add(real)
        if maildir.is_maildir(folders):
            folders[:] = maildir.walked(folder, folders)
        else:
            folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if name.startswith("."):
                passed.add("hidden", path)
            elif not os.path.isfile(path):
                passed.add("could not be reached (a broken link or no plain file)", path)
            elif (target := os.path.realpath(path)) in seen_files:
                passed.add(f"linked to a file that is taken already ({seen_files[target]})", path)
            else:
                seen_files[target] = path
                yield path


def _below(paths: list[str], root: str, shape: Pattern | None, passed: _Passed) -> list[Item]:
    items = []
    for path in sorted(paths):
        posix = PurePosixPath(path.replace(os.sep, "/"))
        below = path.replace(os.sep, "/").removeprefix(root.replace(os.sep, "/").rstrip("/")).lstrip("/")
        if is_url(root) and any(part.startswith(".") for part in PurePosixPath(below).parts):
            passed.add("hidden", path)
        elif not is_url(root) and maildir.is_message(path):
            if maildir.is_unsent(path):
                passed.add(maildir.NOT_SENT, path)
            else:
                items.append(Item(path))
        elif posix.suffix.lower() in manifest.SUFFIXES:
            passed.add("looks like a manifest; name it as the source to use it", path)
        elif posix.suffix.lower() not in CALL_SUFFIXES and posix.name != "mbox":
            ending = posix.suffix or "(none)"
            passed.add(f"with the ending {ending} passed over, no recording, transcript or mail", path)
        else:
            items.append(Item(path, _details(shape, below or posix.name, path, passed)))
    return items


def _details(shape: Pattern | None, path: str, shown: str, passed: _Passed) -> Details:
    if shape is None:
        return Details()
    found = shape.match(path)
    if found is not None and shape.ambiguous(path):
        passed.add(f"could be read two ways by {shape.source}; earlier fields were taken long", shown)
    if found is None:
        passed.add(f"kept without details, since the name does not fit {shape.source}", shown)
    return found or Details()


def _listed(path: Path, shape: Pattern | None) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    items: list[Item] = []
    notes: list[str] = []
    unknown: set[str] = set()
    taken: dict[str, int] = {}
    passed = _Passed({})
    for line, values, complaint in manifest.rows(path):
        place = f"{path} line {line}"
        if complaint:
            notes.append(f"{place}: {complaint}.")
        for column in sorted(values.keys() - {"path", *FIELDS, ""} - unknown):
            unknown.add(column)
            notes.append(f"{place}: the column {column} is unknown and was left out.")
        stated = values.get("path", "")
        if not stated:
            notes += [] if complaint and not values else [f"{place}: there is no path; the row was passed over."]
            continue
        target = stated if is_url(stated) else str(path.parent / stated)
        if target in taken:
            notes.append(f"{place}: {stated} stands on line {taken[target]} already; the row was passed over.")
            continue
        taken[target] = line
        if not is_url(target) and not Path(target).is_file():
            notes.append(f"{place}: there is no file {stated}; the row was passed over.")
            continue
        known, more = manifest.details(values, place)
        notes += more
        items.append(Item(target, known if known != Details() else _details(shape, stated, stated, passed)))
    if not items:
        notes.append(f"{path}: no call is listed that can be read.")
    return tuple(items), (*notes, *passed.notes())


def _doubles(items: list[Item]) -> list[str]:
    """Name recordings that lie beside a transcript of the same name: they would count as two calls."""
    stems: dict[str, list[str]] = {}
    for item in items:
        place, suffix = os.path.splitext(item.path)
        if suffix.lower() not in MAIL_SUFFIXES:
            stems.setdefault(place, []).append(suffix.lower())
    pairs = [
        place
        for place, kinds in stems.items()
        if any(kind in SOUND_SUFFIXES for kind in kinds) and any(kind not in SOUND_SUFFIXES for kind in kinds)
    ]
    if not pairs:
        return []
    shown = ", ".join(pairs[:SHOWN]) + (", …" if len(pairs) > SHOWN else "")
    return [
        f"{counted(len(pairs), 'recording')} beside a transcript of the same name, each taken as two calls: {shown}"
    ]
