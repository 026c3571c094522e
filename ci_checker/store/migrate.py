"""Brings a database to the newest tables, quietly, and refuses one it does not know."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from ci_checker.errors import RequestError
from ci_checker.store import tables
from ci_checker.store.engine import reading, writing

_FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, where: str) -> None:
    """Create or update the tables.

    Raises
    ------
    RequestError
        The database belongs to a newer program, or to another one.
    """
    with reading(engine, where) as connection:
        if _revision(connection) == tables.HEAD:
            return
    # Asked again under the write lock: another process may have done it by now.
    with writing(engine, where) as connection:
        found = _revision(connection)
        if found == tables.HEAD:
            return
        if found is None and sa.inspect(connection).get_table_names():
            raise RequestError("this database belongs to another program", where=where, todo="Choose another file.")
        _upgrade(connection, found, where)


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection, found: str | None, where: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise RequestError(
            f"this database was written by a newer ci-checker (tables {found}, known up to {tables.HEAD})",
            where=where,
            todo="Update ci-checker, or choose another file.",
        )
    command.upgrade(config, "head")
