"""The database of a workspace; nothing else reads or writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker.store.records import Decision, Failure, Review

if TYPE_CHECKING:
    from ci_checker.store.store import Store

__all__ = ["Decision", "Failure", "Review", "open_store"]


def open_store(url_or_path: str | Path, *, timeout_s: float = 10.0) -> Store:
    """Open a database, creating or updating its tables; use it as a context manager.

    Parameters
    ----------
    url_or_path
        A file for SQLite, or an SQLAlchemy URL (``postgresql+psycopg://…``).
    timeout_s
        How long to wait for another writer before giving up.

    Raises
    ------
    RequestError
        Not a database, one of a newer program or of another one, locked, or not writable.
    MissingError
        The URL needs a driver that is not installed.
    """
    # SQLAlchemy takes a third of a second to import, and most commands' help needs none of it.
    from ci_checker.store.store import Store

    return Store.open(url_or_path, timeout_s=timeout_s)
