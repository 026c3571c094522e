"""What drivers say becomes one line: what, where, what to do, and never a password."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from ci_checker.errors import CheckerError, MissingError, RequestError
from ci_checker.store import engine, open_store

WHERE = "team/ci-checker.sqlite"


@pytest.mark.parametrize(
    ("said", "what", "todo"),
    [
        ("file is not a database", "not a database", "another file"),
        ("database disk image is malformed", "damaged", "from a copy"),
        ("database is locked", "another program is writing", "Wait"),
        ("database table is busy", "another program is writing", "Wait"),
        ("attempt to write a readonly database", "cannot be written to", "rights"),
        ("Read-only file system", "cannot be written to", "rights"),
        ("unable to open database file", "cannot be opened", "rights"),
        ("disk I/O error", "cannot be read or written", "disk"),
        ("database or disk is full", "disk is full", "Make room"),
        ("connection refused", "connection refused", "lets you in"),
    ],
)
def test_every_trouble_has_its_line(said: str, what: str, todo: str) -> None:
    found = engine.explain(sqlite3.OperationalError(said), WHERE)
    assert isinstance(found, RequestError)
    assert what in found.what and todo in found.todo and found.where == WHERE
    assert "\n" not in found.line


def raised(error: BaseException) -> CheckerError:
    with pytest.raises(CheckerError) as told, engine.told(WHERE):
        raise error
    return told.value


def test_a_driver_s_error_is_told_by_what_the_driver_said() -> None:
    wrapped = exc.OperationalError("SELECT secret FROM calls", {}, sqlite3.OperationalError("database is locked"))
    found = raised(wrapped)
    assert "another program is writing" in found.line and "SELECT" not in found.line
    assert found.__cause__ is wrapped


def test_an_error_before_there_is_a_connection_is_told_too() -> None:
    assert "damaged" in raised(sqlite3.DatabaseError("database disk image is malformed")).line


def test_an_error_of_sqlalchemy_itself_is_told_too() -> None:
    assert "the database failed" in raised(exc.TimeoutError("pool is empty")).line


def test_a_conflict_is_left_to_those_who_know_what_it_means() -> None:
    with pytest.raises(exc.IntegrityError), engine.told(WHERE):
        raise exc.IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))


def test_an_error_of_ours_passes_as_it_is() -> None:
    ours = RequestError("there is no commitment 3")
    assert raised(ours) is ours


def test_a_password_in_a_url_is_never_told() -> None:
    made, where = engine.make_engine("sqlite:///team.sqlite", 1.0)
    assert where == "sqlite:///team.sqlite" and made.dialect.name == "sqlite"
    with pytest.raises(CheckerError) as told:
        engine.make_engine("nonesuch://ann:s3cret@host/team", 1.0)
    assert "s3cret" not in told.value.line


@pytest.mark.parametrize("url", ["nonesuch://host/team", "postgresql+://", "://x"])
def test_a_url_that_is_none_is_a_wrong_request_or_a_missing_driver(url: str) -> None:
    with pytest.raises((RequestError, MissingError)) as told:
        engine.make_engine(url, 1.0)
    assert told.value.todo and "\n" not in told.value.line


def test_a_home_folder_may_be_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    _, where = engine.make_engine("~/deep/er/team.sqlite", 1.0)
    assert where == str(tmp_path / "deep" / "er" / "team.sqlite")
    assert (tmp_path / "deep" / "er").is_dir()


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RequestError, match="its folder cannot be made") as told:
        open_store(tmp_path / "file" / "team.sqlite")
    assert "folder that you may write to" in told.value.todo


# --- connections --------------------------------------------------------------------------------


def pragma(store, name: str) -> object:
    with engine.reading(store.engine, WHERE) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_connection_keeps_to_foreign_keys_and_to_the_log(store) -> None:
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 1


def test_a_write_is_kept_whole_or_not_at_all(store) -> None:
    with pytest.raises(ZeroDivisionError), engine.writing(store.engine, WHERE) as connection:
        connection.execute(sa.text("CREATE TABLE half (x INTEGER)"))
        raise ZeroDivisionError
    with engine.writing(store.engine, WHERE) as connection:
        assert not sa.inspect(connection).has_table("half")
        connection.execute(sa.text("CREATE TABLE whole (x INTEGER)"))
    with engine.reading(store.engine, WHERE) as connection:
        assert sa.inspect(connection).has_table("whole")


def test_a_writer_takes_the_lock_at_once_and_a_reader_does_not(store) -> None:
    said: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda c, cur, statement, *rest: said.append(statement))
    with engine.reading(store.engine, WHERE):
        pass
    with engine.writing(store.engine, WHERE):
        pass
    assert said == ["BEGIN", "BEGIN IMMEDIATE"]


def test_the_switch_to_the_log_is_waited_for_while_another_holds_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    class Cursor:
        def execute(self, statement: str) -> None:
            tried.append(statement)
            if len(tried) < 3:
                raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(engine.time, "sleep", lambda seconds: None)
    engine._use_wal(Cursor(), 5.0)
    assert len(tried) == 3
    tried.clear()
    with pytest.raises(sqlite3.OperationalError):
        engine._use_wal(Cursor(), 0.0)
    assert len(tried) == 1
