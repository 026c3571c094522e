"""Calls behind a URL: listed in order, fetched once, and every failure one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.intake import remote


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty file system in memory, emptied again."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("s3://bucket/calls", True),
        ("memory://calls/a.wav", True),
        ("git+ssh://host/x", True),
        ("calls/a.wav", False),
        (r"C:\calls\a.wav", False),
        ("/calls/a:b.wav", False),
        ("://calls", False),
    ],
)
def test_a_url_is_told_from_a_path(source: str, url: bool) -> None:
    assert remote.is_url(source) is url


def test_all_files_below_a_url_are_listed_in_order(memory: Any) -> None:
    for name in ("b.wav", "a.wav", "deep/er/c.vtt"):
        memory.pipe(f"/week/{name}", b"x")
    memory.pipe("/other/d.wav", b"x")
    found = remote.listed("memory://week")
    assert found == ["memory:///week/a.wav", "memory:///week/b.wav", "memory:///week/deep/er/c.vtt"]
    assert remote.listed("memory://week/a.wav") == ["memory:///week/a.wav"]


def test_a_place_that_is_not_there_is_told(memory: Any) -> None:
    with pytest.raises(RequestError, match="nothing at this URL") as told:
        remote.listed("memory://none")
    assert told.value.where == "memory://none"


def test_a_file_is_fetched_once_and_lies_under_its_own_name(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe("/week/a.wav", b"sound")
    first = remote.fetch("memory:///week/a.wav", tmp_path / "cache")
    assert first.read_bytes() == b"sound" and first.name.endswith("-a.wav")
    monkeypatch.setattr(type(memory), "get_file", lambda *given, **options: pytest.fail("fetched again"))
    assert remote.fetch("memory:///week/a.wav", tmp_path / "cache") == first
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [first.name]


def test_files_of_one_name_from_two_places_are_kept_apart(memory: Any, tmp_path: Path) -> None:
    memory.pipe("/mon/a.wav", b"one")
    memory.pipe("/tue/a.wav", b"two")
    first, second = (remote.fetch(f"memory:///{day}/a.wav", tmp_path) for day in ("mon", "tue"))
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")


def test_a_fetch_that_breaks_off_leaves_nothing_behind(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe("/week/a.wav", b"sound")

    def broken(self: Any, path: str, target: str, **options: object) -> None:
        Path(target).write_bytes(b"so")
        raise ConnectionError("the line\nbroke")

    monkeypatch.setattr(type(memory), "get_file", broken)
    with pytest.raises(CallError) as told:
        remote.fetch("memory:///week/a.wav", tmp_path / "cache")
    assert told.value.what == "cannot be fetched: the line" and told.value.where == "memory:///week/a.wav"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_file_that_went_away_is_one_line(memory: Any, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="cannot be fetched"):
        remote.fetch("memory:///week/none.wav", tmp_path)


def test_a_path_is_its_own_file_and_makes_no_cache(tmp_path: Path) -> None:
    assert remote.fetch("calls/a.wav", tmp_path / "cache") == Path("calls/a.wav")
    assert not (tmp_path / "cache").exists()


def test_an_unknown_protocol_is_named() -> None:
    with pytest.raises(RequestError, match="carrier-pigeon:// is no protocol that is known"):
        remote.filesystem("carrier-pigeon://roof/calls")


def opening_fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(url: str) -> None:
        raise error

    monkeypatch.setattr(fsspec.core, "url_to_fs", broken)


def test_a_protocol_whose_package_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    opening_fails(monkeypatch, ImportError("Install s3fs"))
    with pytest.raises(MissingError) as told:
        remote.filesystem("s3://bucket/calls")
    assert told.value.what == "s3:// needs a package that is not installed"
    assert "s3fs" in told.value.todo and told.value.exit_status == 3


def test_whatever_a_file_system_raises_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    opening_fails(monkeypatch, RuntimeError("no credentials\nTraceback…"))
    with pytest.raises(RequestError) as told:
        remote.filesystem("s3://bucket/calls")
    assert told.value.line == "s3://bucket/calls: cannot be opened: no credentials"


def test_an_error_without_words_is_named_by_its_kind(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Any, path: str, **options: object) -> bool:
        raise PermissionError

    monkeypatch.setattr(type(memory), "exists", broken)
    with pytest.raises(RequestError, match="cannot be listed: PermissionError"):
        remote.listed("memory://week")
