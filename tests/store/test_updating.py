"""An older database is brought to today's tables with all that stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from ci_checker.errors import RequestError
from ci_checker.store import migrate, open_store, tables
from ci_checker.store.engine import make_engine, writing


def alembic(path: Path, step: str, to: str) -> None:
    """Take a database to another revision by hand."""
    engine, where = make_engine(path, 1.0)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with writing(engine, where) as connection:
        config.attributes["connection"] = connection
        getattr(command, step)(config, to)
    engine.dispose()


def names(path: Path) -> set[str]:
    engine, _ = make_engine(path, 1.0)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_database_of_the_first_tables_gets_the_later_ones_and_keeps_its_rows(path, make) -> None:
    alembic(path, "upgrade", "0001")
    assert "disputes" not in names(path)
    old = sa.create_engine(f"sqlite:///{path}")
    with old.begin() as connection:
        body = '{"version": 1, "type": "Call", "value": {"path": "a.wav", "sha256": "x", "source": "audio"}}'
        connection.execute(sa.text("INSERT INTO calls (sha256, body) VALUES ('x', :body)"), {"body": body})
    old.dispose()
    with open_store(path) as store:
        assert [call.path for call in store.calls()] == ["a.wav"]
        assert store.disputes() == ()
    assert names(path) == {*tables.metadata.tables, "alembic_version"}


def test_every_step_can_be_taken_back_and_forth(path) -> None:
    with open_store(path):
        pass
    alembic(path, "downgrade", "0001")
    assert names(path) == {*tables.metadata.tables, "alembic_version"} - {"disputes"}
    with open_store(path) as store:
        assert store.disputes() == ()
    alembic(path, "downgrade", "base")
    assert names(path) == {"alembic_version"}


def test_the_newest_revision_is_the_one_that_the_tables_name(path) -> None:
    with open_store(path) as store, store._read() as connection:
        assert migrate._revision(connection) == tables.HEAD


def test_an_up_to_date_database_is_only_read(path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path):
        pass
    monkeypatch.setattr(migrate, "writing", lambda *given: pytest.fail("took the write lock"))
    with open_store(path) as store:
        assert store.calls() == ()


def test_where_another_process_was_faster_nothing_is_done_twice(path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path):
        pass
    found = iter([None, tables.HEAD])
    monkeypatch.setattr(migrate, "_revision", lambda connection: next(found))
    monkeypatch.setattr(migrate, "_upgrade", lambda *given: pytest.fail("upgraded again"))
    engine, where = make_engine(path, 1.0)
    migrate.migrate(engine, where)
    engine.dispose()


def test_an_update_that_breaks_off_leaves_the_database_as_it_was(path, monkeypatch: pytest.MonkeyPatch) -> None:
    alembic(path, "upgrade", "0001")
    before = names(path)
    real = migrate._upgrade

    def broken(connection: sa.Connection, found: str | None, where: str) -> None:
        real(connection, found, where)
        raise RequestError("the power went")

    monkeypatch.setattr(migrate, "_upgrade", broken)
    with pytest.raises(RequestError, match="power"):
        open_store(path)
    assert names(path) == before
