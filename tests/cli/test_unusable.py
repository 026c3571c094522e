"""A database, a disk or a file that cannot be used: one line, no traceback, and nothing that was there is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ci_checker.cli import console
from ci_checker.cli.console import check_writable, sink
from ci_checker.errors import RequestError

READERS = [
    ("commitment", "list"),
    ("commitment", "edit", "1", "--note", "x"),
    ("due",),
    ("report", "--rep", "Luke"),
    ("checkin", "Luke", "--outcome", "done", "--next", "keep", "--yes"),
    ("nudge",),
    ("cadence",),
    ("review",),
    ("dispute", "list"),
    ("batch", "one.txt"),
]
GARBAGE = "this is a letter to a friend and no database at all. " * 40


@pytest.fixture
def store(workspace: Path) -> Path:
    (workspace / "one.txt").write_text("Luke: hello there\nKaren: hello\n", encoding="utf-8")
    return workspace / "ci-checker.sqlite3"


def line(found: Any, status: int = 2) -> str:
    assert (found.exit_code, found.stdout) == (status, ""), found.stderr
    assert found.stderr.count("\n") == 1 and "unexpected" not in found.stderr
    return str(found.stderr.rstrip("\n"))


@pytest.mark.parametrize("args", READERS, ids=" ".join)
def test_a_file_that_is_no_database_is_said_by_every_command_and_left_as_it_is(
    cli: Any, store: Path, args: tuple[str, ...]
) -> None:
    store.write_text(GARBAGE, encoding="utf-8")
    assert line(cli(*args)) == (
        f"ci-checker: {store}: this file is not a database. Choose another file, or move this one away."
    )
    assert store.read_text(encoding="utf-8") == GARBAGE


def test_a_folder_in_the_place_of_the_database(cli: Any, store: Path) -> None:
    store.mkdir()
    assert line(cli("commitment", "list")) == f"ci-checker: {store}: a folder, not a database. Name a file."


def test_half_a_database_is_said_to_be_damaged(cli: Any, store: Path) -> None:
    assert cli("commitment", "list").exit_code == 0
    whole = store.read_bytes()
    store.write_bytes(whole[:5000])
    assert line(cli("due")) == (
        f"ci-checker: {store}: the database is damaged. Restore it from a copy, or move it away and start anew."
    )


def test_an_empty_file_becomes_a_database(cli: Any, store: Path) -> None:
    store.write_bytes(b"")
    assert cli("commitment", "list").stdout == "No commitments yet.\n"
    with sqlite3.connect(store) as connection:
        assert connection.execute("select count(*) from commitments").fetchone() == (0,)


@pytest.mark.parametrize(
    ("place", "status", "said"),
    [
        ("one.txt/x.sqlite3", 2, "its folder cannot be made (not a directory)"),
        ("nosuch://u:secret@host/db", 2, "nosuch://u:***@host/db: this is no database URL that is known."),
        ("oracle+oracledb://u:secret@host/db", 3, "the database needs the Python package oracledb. Install it: "),
        ("/dev/full", 2, "/dev/full: the disk is full. Make room, then try again."),
    ],
)
def test_a_place_that_holds_no_database(
    cli: Any, store: Path, monkeypatch: pytest.MonkeyPatch, place: str, status: int, said: str
) -> None:
    monkeypatch.setenv("CI_CHECKER_STORE", place)
    told = line(cli("commitment", "list"), status)
    assert said.replace("(not a directory)", "") in told
    assert "secret" not in told, "a password is never printed"


# --- results that cannot be written --------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [("commitment", "list", "-o", "/dev/full"), ("schema", "-o", "/dev/full"), ("cadence", "-o", "/dev/full")],
    ids=" ".join,
)
def test_a_full_disk_is_one_line(cli: Any, store: Path, args: tuple[str, ...]) -> None:
    assert line(cli(*args)) == (
        "ci-checker: /dev/full: this cannot be written (no space left on device). Name another file after -o."
    )


def test_without_the_right_to_write_nothing_is_begun(
    cli: Any, store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(console.os, "access", lambda path, mode: False)
    assert line(cli("commitment", "list", "-o", "list.json")) == (
        "ci-checker: list.json: this cannot be written (permission denied). Name another file after -o."
    )
    assert not store.exists(), "the database was not even opened"
    with pytest.raises(RequestError, match="permission denied"):
        check_writable(tmp_path / "new.json")


@pytest.mark.parametrize(
    ("named", "json", "ending", "chosen"),
    [
        (None, False, None, "text"),
        (None, True, None, "json"),
        ("json", True, None, "json"),
        ("md", False, ".json", "md"),
        (None, True, ".md", "json"),
        (None, False, ".md", "md"),
        (None, False, ".MD", "md"),
        (None, False, "", "text"),
    ],
)
def test_the_format_is_the_one_named_then_json_then_the_ending_then_the_first(
    tmp_path: Path, named: str | None, json: bool, ending: str | None, chosen: str
) -> None:
    output = None if ending is None else tmp_path / f"out{ending}"
    assert sink(("text", "json", "md"), format=named, json=json, output=output).format == chosen


def test_a_lone_dash_is_standard_output(cli: Any, store: Path) -> None:
    assert sink(("text",), output=Path("-")).path is None
    found = cli("commitment", "list", "-o", "-")
    assert (found.exit_code, found.stdout, found.stderr) == (0, "No commitments yet.\n", "")
    assert not (store.parent / "-").exists()
