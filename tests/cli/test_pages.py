"""Several pages in a folder or in one .zip: where they go, and what is refused before the work."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ci_checker.cli.pages import target, write
from ci_checker.errors import RequestError

PAGES = {"index.html": "<p>Zoë</p>", "luke.html": "<p>Luke</p>"}


@pytest.mark.parametrize("output", [None, Path("-")])
def test_standard_output_is_no_folder(output: Path | None) -> None:
    assert target(output, several=True, format=None) is None


def test_a_name_without_an_ending_is_a_folder_to_be_made(tmp_path: Path) -> None:
    assert target(tmp_path / "reports", several=True, format=None) == tmp_path / "reports"
    assert target(tmp_path / "reports", several=True, format="html") == tmp_path / "reports"
    assert not (tmp_path / "reports").exists(), "nothing is made before the work is done"


def test_a_folder_that_is_there_is_a_folder_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "week.47").mkdir()
    assert target(tmp_path / "week.47", several=True, format=None) == tmp_path / "week.47"


@pytest.mark.parametrize("name", ["reports.zip", "REPORTS.ZIP"])
def test_a_zip_is_one_file_of_all_pages(name: str, tmp_path: Path) -> None:
    assert target(tmp_path / name, several=True, format=None) == tmp_path / name


@pytest.mark.parametrize("name", ["all.html", "all.json", "all.md"])
def test_a_file_of_its_own_kind_is_no_folder(name: str, tmp_path: Path) -> None:
    assert target(tmp_path / name, several=True, format=None) is None


def test_a_name_without_an_ending_is_a_file_where_the_format_is_no_page(tmp_path: Path) -> None:
    assert target(tmp_path / "reports", several=True, format="json") is None


def test_a_home_folder_may_be_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert target(Path("~/reports"), several=True, format=None) == tmp_path / "reports"


def test_one_report_goes_into_one_file(tmp_path: Path) -> None:
    assert target(tmp_path / "reports", several=False, format=None) is None
    with pytest.raises(RequestError, match="one report is one file"):
        target(tmp_path / "reports.zip", several=False, format=None)


@pytest.mark.parametrize("name", ["reports.zip", "made"])
@pytest.mark.parametrize("format", ["json", "text", "md"])
def test_only_pages_go_into_a_folder(name: str, format: str, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    with pytest.raises(RequestError, match=f"a folder holds pages, not {format}"):
        target(tmp_path / name, several=True, format=format)


@pytest.mark.parametrize("name", ["none/reports.zip", "none/reports"])
def test_a_place_that_is_not_there_is_told_before_the_work(name: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no such folder") as told:
        target(tmp_path / name, several=True, format=None)
    assert told.value.where == str(tmp_path / "none")


def test_pages_are_written_by_name_and_the_first_is_the_one_to_open(tmp_path: Path) -> None:
    first = write(tmp_path / "reports", PAGES)
    assert first == tmp_path / "reports" / "index.html"
    assert first.read_text(encoding="utf-8") == "<p>Zoë</p>"
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["index.html", "luke.html"]


def test_a_folder_keeps_what_else_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write(tmp_path, PAGES)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_zip_unpacks_into_one_folder_of_its_name(tmp_path: Path) -> None:
    place = write(tmp_path / "week-47.zip", PAGES)
    assert place == tmp_path / "week-47.zip"
    with zipfile.ZipFile(place) as archive:
        assert archive.namelist() == ["week-47/index.html", "week-47/luke.html"]
        assert archive.read("week-47/index.html").decode("utf-8") == "<p>Zoë</p>"


def test_the_same_pages_give_the_same_zip_whenever_it_is_made(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "week.zip", PAGES)
    assert (tmp_path / "a" / "week.zip").read_bytes() == (tmp_path / "b" / "week.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a" / "week.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(RequestError, match="the pages cannot be written") as told:
        write(tmp_path / "file", PAGES)
    assert told.value.where == str(tmp_path / "file") and "\n" not in told.value.line
