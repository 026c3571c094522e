"""Opens a database and turns what drivers say into one line that a person can act on."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, Engine

from ci_checker.errors import CheckerError, MissingError, RequestError

WRITES = "ci_checker_writes"


def make_engine(url_or_path: str | Path, timeout_s: float) -> tuple[Engine, str]:
    """Return an engine and the name of the database for messages, without any password.

    Raises
    ------
    RequestError
        A folder that cannot be made, or a malformed URL.
    MissingError
        A driver that is not installed.
    """
    text = os.fspath(url_or_path)
    if "://" not in text:
        path = Path(text).expanduser()
        _make_folder(path)
        return _sqlite(URL.create("sqlite", database=str(path)), timeout_s), str(path)
    where = text.split("://")[0] + "://…"
    try:
        url = sa.make_url(text)
        where = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, timeout_s), where
        return sa.create_engine(url, pool_pre_ping=True), where
    except ModuleNotFoundError as error:
        raise MissingError(
            f"the database needs the Python package {error.name}",
            where=where,
            todo=f"Install it: python -m pip install {error.name}",
        ) from error
    except exc.ArgumentError as error:
        raise RequestError(
            "this is no database URL that is known",
            where=where,
            todo="Give a file path, or a URL such as postgresql+psycopg://user@host/name.",
        ) from error


def _make_folder(path: Path) -> None:
    if path.is_dir():
        raise RequestError("a folder, not a database", where=str(path), todo="Name a file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(
            f"its folder cannot be made ({os.strerror(error.errno or errno.EIO).lower()})",
            where=str(path),
            todo="Choose a folder that you may write to.",
        ) from error


def _sqlite(url: URL, timeout_s: float) -> Engine:
    engine = sa.create_engine(url, connect_args={"timeout": timeout_s})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions on its own: a writer takes the lock at once
        # (below), so that two of them wait for each other instead of failing half-way.
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(cursor, timeout_s)
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_wal(cursor: sqlite3.Cursor, timeout_s: float) -> None:
    """Turn on the write-ahead log; SQLite does not wait by itself for this one switch."""
    until = time.monotonic() + timeout_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error).lower() or time.monotonic() >= until:
                raise
            time.sleep(0.02)


@contextmanager
def reading(engine: Engine, where: str) -> Iterator[Connection]:
    """Give a connection for one consistent read."""
    with told(where), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, where: str) -> Iterator[Connection]:
    """Give a connection for one write: all of it is kept, or nothing."""
    with told(where), engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn a driver's error into one line."""
    try:
        yield
    except exc.IntegrityError:
        raise
    except exc.DBAPIError as error:
        raise explain(error.orig, where) from error
    except sqlite3.Error as error:
        # Raised while a connection is made ready, before SQLAlchemy wraps anything.
        raise explain(error, where) from error
    except exc.SQLAlchemyError as error:
        raise RequestError(f"the database failed ({error})", where=where) from error


def explain(error: BaseException | None, where: str) -> CheckerError:
    """Return the line for a driver's error."""
    text = str(error).lower()
    for part, what, todo in (
        ("not a database", "this file is not a database", "Choose another file, or move this one away."),
        ("malformed", "the database is damaged", "Restore it from a copy, or move it away and start anew."),
        ("locked", "another program is writing to the database", "Wait for it to end, and try again."),
        ("busy", "another program is writing to the database", "Wait for it to end, and try again."),
        ("readonly", "the database cannot be written to", "Check the rights of the file and its folder."),
        ("read-only", "the database cannot be written to", "Check the rights of the file and its folder."),
        ("unable to open", "the database cannot be opened", "Check the rights of the file and its folder."),
        ("disk i/o", "the disk cannot be read or written", "Check the disk, then try again."),
        ("full", "the disk is full", "Make room, then try again."),
    ):
        if part in text:
            return RequestError(what, where=where, todo=todo)
    return RequestError(f"the database failed ({error})", where=where, todo="Check that it runs and lets you in.")
