from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ci_checker.errors import CheckerError, MissingError, RequestError
from ci_checker.store import migrate, open_store, tables

ROOT = Path(__file__).parents[2]


def python(code: str, *args: str, **parts) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *args], capture_output=True, text=True, cwd=ROOT, timeout=120, **parts  # noqa: E501
    )  # fmt: skip


def refusal(path: object, kind: type[CheckerError] = RequestError, **parts) -> str:
    with pytest.raises(kind) as error:
        open_store(path, **parts)  # type: ignore[arg-type]
    line = str(error.value)
    assert "\n" not in line and "Traceback" not in line and error.value.todo
    return line


def test_importing_the_room_is_light() -> None:
    found = python("import sys, ci_checker.store; print('sqlalchemy' in sys.modules, 'alembic' in sys.modules)")
    assert found.stdout.split() == ["False", "False"], found.stderr


def test_opening_says_nothing_and_an_up_to_date_one_needs_no_alembic(path) -> None:
    code = """
        import logging, sys
        logging.basicConfig(level=logging.WARNING)
        import warnings; warnings.simplefilter("default")
        from ci_checker.store import open_store
        with open_store(sys.argv[1]) as store:
            store.calls()
        import pathlib
        pathlib.Path(sys.argv[2]).write_text(str("alembic" in sys.modules))
    """
    for expected in ("True", "False"):
        found = python(code, str(path), str(path) + ".txt")
        assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
        assert Path(str(path) + ".txt").read_text() == expected


def test_migrations_end_at_the_tables(store) -> None:
    with store.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == tables.HEAD
        assert compare_metadata(context, tables.metadata) == []
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == tables.HEAD


def test_folders_are_made_and_odd_names_work(tmp_path: Path, make) -> None:
    path = tmp_path / "new" / "50% of ünï 'x'.sqlite"
    with open_store(path) as store:
        store.save_call(make.call("a"))
    assert path.exists()


def test_urls_work_as_well_as_paths(tmp_path: Path, make) -> None:
    with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        store.save_call(make.call("a"))
    with open_store(tmp_path / "a.db") as store:
        assert len(store.calls()) == 1


def test_an_empty_file_becomes_a_database(path) -> None:
    path.touch()
    with open_store(path) as store:
        assert store.calls() == ()


def test_a_file_that_is_no_database(path) -> None:
    path.write_bytes(b"this is a letter, not a database\n" * 100)
    line = refusal(path)
    assert "not a database" in line and str(path) in line
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_database_of_another_program(path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    assert "another program" in refusal(path)
    with sqlite3.connect(path) as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["recipes"]
    connection.close()


def test_a_newer_database(path) -> None:
    with open_store(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    line = refusal(path)
    assert "newer ci-checker" in line and "9999" in line and "Update" in line


def test_a_damaged_database(path, make) -> None:
    with open_store(path) as store:
        store.save_calls(make.call(f"{n:064d}") for n in range(200))
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(bytes(body))
    with pytest.raises(RequestError) as error, open_store(path) as store:
        store.calls()
    assert "damaged" in str(error.value)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "folder cannot be made" in refusal(tmp_path / "file" / "a" / "x.db")


def test_a_locked_database_is_waited_for_and_then_named(path) -> None:
    with open_store(path):
        pass
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with open_store(path, timeout_s=0.1) as store:
        assert store.calls() == ()  # reading goes on beside a writer
        with pytest.raises(RequestError, match="another program is writing"):
            store.save_failure("a", "intake", "x")
    holder.execute("ROLLBACK")
    holder.close()


def test_a_writer_waits_for_another_one(path) -> None:
    with open_store(path) as store:
        holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        threading.Timer(0.2, lambda: holder.execute("ROLLBACK")).start()
        store.save_failure("a", "intake", "x")
        assert len(store.failures()) == 1
        holder.close()


def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    with open_store(folder / "old.db"):
        pass
    for name in folder.iterdir():
        name.chmod(0o444)
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents):
        if parent == parent.parent or parent.stat().st_mode & 0o005 == 0o005:
            continue
        parent.chmod(parent.stat().st_mode | 0o055)
    code = """
        import os, sys
        import sqlalchemy, alembic, ci_checker.store.store, alembic.command
        if os.geteuid() == 0:
            os.setuid(65534)  # rights do not bind root
        from ci_checker.errors import RequestError
        from ci_checker.store import open_store
        for name in ("new.db", "sub/new.db", "old.db"):
            try:
                with open_store(os.path.join(sys.argv[1], name)) as store:
                    store.save_failure("a", "b", "c")
                print("opened", name)
            except RequestError as error:
                print(error)
    """
    try:
        found = python(code, str(folder))
    finally:
        folder.chmod(0o755)
    lines = found.stdout.splitlines()
    assert len(lines) == 3 and found.stderr == "", found.stdout + found.stderr
    assert "cannot be opened" in lines[0] or "cannot be written" in lines[0]
    assert "folder cannot be made" in lines[1]
    assert "cannot be" in lines[2] and "Check the rights" in lines[2]


def test_a_missing_driver_names_the_command(monkeypatch) -> None:
    def absent(*_args: object, **_parts: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr(sa, "create_engine", absent)
    line = refusal("postgresql+psycopg://ana:secret@db/coach", MissingError)
    assert "pip install psycopg" in line
    assert "secret" not in line


@pytest.mark.parametrize("url", ["nosuch://host/x", "://", "postgresql+nosuch://h/x"])
def test_urls_that_mean_nothing(url: str) -> None:
    refusal(url)


def test_many_processes_may_open_a_new_one_at_once(path) -> None:
    code = "import sys; from ci_checker.store import open_store; open_store(sys.argv[1]).save_failure(sys.argv[2], 'a', 'b')"  # noqa: E501
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(n)], cwd=ROOT, stderr=subprocess.PIPE)
        for n in range(3)
    ]
    assert [process.communicate(timeout=120)[1] for process in running] == [b""] * 3
    with open_store(path) as store:
        assert len(store.failures()) == 3


def test_a_killed_writer_leaves_a_readable_database(path, make) -> None:
    code = """
        import sys
        from ci_checker.model import Call, Source
        from ci_checker.store import open_store
        store = open_store(sys.argv[1])
        def many():
            for n in range(10**9):
                yield Call(path="b", sha256=f"half{n}", source=Source.AUDIO)
                if n == 200:
                    print("writing", flush=True)
        store.save_call(Call(path="a", sha256="whole", source=Source.AUDIO))
        store.save_calls(many())
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline() == b"writing\n"
    time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()
    with open_store(path, timeout_s=2) as store:
        assert [found.sha256 for found in store.calls()] == ["whole"]  # all of a write, or nothing of it
        store.save_call(make.call("a"))
        with store.engine.begin() as connection:
            assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"


def test_two_stores_write_in_turns(path, make) -> None:
    def write(name: str) -> None:
        with open_store(path) as store:
            for number in range(20):
                store.save_call(make.call(f"{name}{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(path) as store:
        assert len(store.calls()) == 40


def test_writers_use_the_write_ahead_log(store) -> None:
    with store.engine.begin() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
