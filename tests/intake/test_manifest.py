"""Manifests: what each row says, and what is said of rows that do not fit."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ci_checker.errors import RequestError
from ci_checker.intake import manifest
from ci_checker.model import Details


def rows(tmp_path: Path, content: str | bytes, name: str = "week.csv") -> list[tuple[int, dict[str, str], str]]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(manifest.rows(path))


def test_a_row_is_its_line_and_its_values(tmp_path: Path) -> None:
    found = rows(tmp_path, "path,rep\na.wav,Ann\nb.wav,\n")
    assert found == [(2, {"path": "a.wav", "rep": "Ann"}, ""), (3, {"path": "b.wav", "rep": ""}, "")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_may_be_parted_by_comma_semicolon_or_tab(mark: str, tmp_path: Path) -> None:
    text = f"path{mark}rep{mark}account\na.wav{mark}Ann{mark}Acme\n"
    assert rows(tmp_path, text)[0][1] == {"path": "a.wav", "rep": "Ann", "account": "Acme"}


def test_names_of_columns_may_be_capitalized_and_spaced(tmp_path: Path) -> None:
    assert rows(tmp_path, " Path , REP\na.wav , Ann \n")[0][1] == {"path": "a.wav", "rep": "Ann"}


def test_a_quoted_cell_may_hold_the_mark_and_a_line_end(tmp_path: Path) -> None:
    found = rows(tmp_path, 'path,account\n"a,b.wav","Acme\nInc"\nc.wav,X\n')
    assert found[0][1] == {"path": "a,b.wav", "account": "Acme\nInc"}
    assert found[1][0] == 4, "the line of the file, not the number of the row"


def test_a_short_row_lacks_values_and_a_long_one_is_complained_of(tmp_path: Path) -> None:
    short, long, padded = rows(tmp_path, "path,rep\na.wav\nb.wav,Ann,extra\nc.wav,Bob,,\n")
    assert short[1] == {"path": "a.wav"} and short[2] == ""
    assert long[1] == {"path": "b.wav", "rep": "Ann"} and "more cells than the header" in long[2]
    assert padded[2] == "", "empty cells at the end are a spreadsheet's habit"


def test_empty_lines_are_no_rows(tmp_path: Path) -> None:
    assert [line for line, _, _ in rows(tmp_path, "path,rep\n\na.wav,Ann\n , \nb.wav,\n")] == [3, 5]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheet_may_save_in_its_own_encoding(encoding: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "path,rep\na.wav,Zoë\n".encode(encoding))[0][1]["rep"] == "Zoë"


def test_without_a_column_path_the_columns_that_are_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no column path; it has file, rep"):
        rows(tmp_path, "file,rep\na.wav,Ann\n")
    with pytest.raises(RequestError, match="it has nothing"):
        rows(tmp_path, "")


def test_a_manifest_that_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be opened"):
        list(manifest.rows(tmp_path / "none.csv"))
    with pytest.raises(RequestError, match="not readable text"):
        rows(tmp_path, b"path\x00\x01\x02")


def test_json_lines_are_rows_and_other_lines_are_named(tmp_path: Path) -> None:
    text = '{"path": "a.wav", "Rep": "Ann", "account": null}\n\n[1]\nnot json\n{"path": "b.wav", "rep_channel": 1}\n'
    found = rows(tmp_path, text, "week.jsonl")
    assert found[0] == (1, {"path": "a.wav", "rep": "Ann"}, "")
    assert [(line, bool(values)) for line, values, _ in found] == [(1, True), (3, False), (4, False), (5, True)]
    assert "not a JSON object" in found[1][2] and "not JSON" in found[2][2]
    assert found[3][1]["rep_channel"] == "1"


def test_a_deeply_nested_line_is_no_crash(tmp_path: Path) -> None:
    found = rows(tmp_path, "[" * 100_000 + "\n", "week.jsonl")
    assert "not JSON" in found[0][2]


def test_details_are_the_fields_that_have_a_value() -> None:
    values = {"path": "a.wav", "rep": "Ann", "account": "", "mood": "good", "call_type": "cold"}
    assert manifest.details(values, "week.csv line 2") == (Details(rep="Ann", call_type="cold"), [])


@pytest.mark.parametrize(
    ("stated", "hours"),
    [("2026-03-02T09:30:00-05:00", -5), ("2026-03-02 09:30+01:00", 1), ("2026-03-02T09:30Z", 0)],
)
def test_a_time_keeps_its_zone(stated: str, hours: int) -> None:
    found, notes = manifest.details({"started_at": stated}, "x")
    assert found.started_at is not None and notes == []
    assert found.started_at.utcoffset() == timedelta(hours=hours)
    assert found.started_at.replace(tzinfo=None) == datetime(2026, 3, 2, 9, 30)


@pytest.mark.parametrize("stated", ["02/03/2026", "yesterday", "2026-13-01"])
def test_a_date_that_is_none_is_named_with_its_place_and_the_rest_is_kept(stated: str) -> None:
    found, (note,) = manifest.details({"started_at": stated, "rep": "Ann"}, "week.csv line 7")
    assert found == Details(rep="Ann")
    assert note.startswith("week.csv line 7:") and repr(stated) in note and "2026-03-02T09:30" in note
