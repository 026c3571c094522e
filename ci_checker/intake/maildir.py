"""Maildir folders: every file in ``cur`` and ``new`` is a mail, whatever its name; drafts and deleted ones are none."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

_PLACES = frozenset({"cur", "new"})
_UNSENT = frozenset({"drafts", "draft", "trash", "deleted", "deleted messages", "junk", "spam", "templates", "outbox"})
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
NOT_SENT = "passed over as drafts, deleted or junk of a mailbox"


def is_maildir(folders: Collection[str]) -> bool:
    """Return whether a folder with these folders in it is a Maildir."""
    return set(folders) >= _PLACES


def walked(folder: str, folders: Collection[str]) -> list[str]:
    """Return which folders of a Maildir to walk into: ``cur``, ``new``, and its mail folders, whose names hide.

    ``tmp`` holds mails that are still being delivered.
    """
    return sorted(
        name
        for name in folders
        if name != "tmp" and (not name.startswith(".") or os.path.isdir(os.path.join(folder, name, "cur")))
    )


def is_message(path: str) -> bool:
    """Return whether a path is that of a mail in a Maildir."""
    folder = os.path.dirname(path)
    return os.path.basename(folder) in _PLACES and _has_both(os.path.dirname(folder))


@lru_cache(maxsize=1024)
def _has_both(folder: str) -> bool:
    return all(os.path.isdir(os.path.join(folder, name)) for name in _PLACES)


def is_unsent(path: str) -> bool:
    """Return whether a Maildir's mail is a draft, deleted or junk, by its flags or its folder."""
    flags = _FLAGS.search(os.path.basename(path))
    if flags and {"D", "T"} & set(flags[1]):
        return True
    name = Path(path).parent.parent.name.casefold().lstrip(".").rpartition(".")[2]
    return name in _UNSENT
