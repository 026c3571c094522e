"""How values become rows: keys for looking up, and one way to insert or replace."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement, Select

from ci_checker.model import Details


def name_key(name: str) -> str:
    """Return a name for comparing: spaces and case do not make another person."""
    return _storable(" ".join(name.split()).casefold())[:200]


def text_key(text: str) -> str:
    """Return the sha256 of a text of any length."""
    return hashlib.sha256(_storable(text).encode()).hexdigest()


def path_key(path: str) -> str:
    """Return a path as a key; one that is too long for the column by its hash."""
    text = _storable(path)
    return text if len(text) <= 500 else f"sha256:{text_key(text)}"


def _storable(text: str) -> str:
    """File names may hold bytes that are no text, which databases refuse."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def lookup(details: Details) -> dict[str, Any]:
    """Return the columns by which calls and failures are found: rep and local date."""
    return {
        "rep_key": name_key(details.rep) if details.rep and details.rep.strip() else None,
        "local_date": details.started_at.date() if details.started_at else None,
    }


def within(
    query: Select[Any], table: sa.FromClause, rep: str | None, start: date | None, end: date | None
) -> Select[Any]:
    """Narrow a query to a rep and to dates, both included; rows without a date always stay."""
    day = table.c.local_date
    if rep is not None:
        query = query.where(table.c.rep_key == name_key(rep))
    if start is not None:
        query = query.where(sa.or_(day >= start, day.is_(None)))
    if end is not None:
        query = query.where(sa.or_(day <= end, day.is_(None)))
    return query


def put(
    connection: Connection,
    table: sa.Table,
    keys: Mapping[str, Any],
    values: Mapping[str, Any],
) -> None:
    """Insert a row, or replace the values of the one with these keys."""
    if _update(connection, table, keys, values):
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(table).values(**keys, **values))
    except IntegrityError:
        # Another writer was first; the later value wins, as it would have a moment later.
        if not _update(connection, table, keys, values):
            raise


def _update(connection: Connection, table: sa.Table, keys: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return connection.execute(sa.update(table).where(*matches(table, keys)).values(**values)).rowcount > 0


def matches(table: sa.Table, keys: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return the conditions that pick the row with these keys."""
    return [table.c[name] == value for name, value in keys.items()]
