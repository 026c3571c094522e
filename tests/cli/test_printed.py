"""What commands print of results: plain sentences for people, whole objects for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from ci_checker.app.batching import Summary
from ci_checker.app.doctor import Health, Part, State
from ci_checker.cli import batch, browser, doctor, score
from ci_checker.cli.dispute import seconds
from ci_checker.cli.options import examples
from ci_checker.errors import RequestError


def summary(**parts: object) -> Summary:
    given = {"done": 0, "skipped": 0, "failed": (), "notes": (), "heard_s": 0.0, **parts}
    return Summary(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"done": 1}, "1 call done."),
        ({"done": 0, "skipped": 3}, "0 calls done, 3 done before."),
        ({"done": 2, "failed": (("a", "a: x"),)}, "2 calls done, 1 failed."),
        ({"done": 2, "heard_s": 95.0}, "2 calls done; 2 minutes of audio heard."),
    ],
)
def test_a_week_is_summed_up_in_a_line(parts: dict[str, object], line: str) -> None:
    assert batch.as_text(summary(**parts)) == line


def test_notes_follow_the_line_each_on_its_own() -> None:
    text = batch.as_text(summary(done=1, notes=("first thing", "second thing")))
    assert text.splitlines() == ["1 call done.", "first thing", "second thing"]


def test_the_summary_for_programs_says_the_same() -> None:
    value = json.loads(batch.as_json(summary(done=2, skipped=1, failed=(("a.wav", "Zoë: x"),), heard_s=61.26)))
    assert value == {
        "schema": 1,
        "done": 2,
        "skipped": 1,
        "failed": [{"call": "a.wav", "error": "Zoë: x"}],
        "notes": [],
        "heard_seconds": 61.3,
    }


OK = Part(name="numpy", state=State.OK, detail="2.0")
OURS = Part(name="recap", state=State.OK, detail="a detector", origin="our/")
GONE = Part(name="av", state=State.MISSING, detail="decodes", todo="python -m pip install av")


def health(*parts: Part) -> Health:
    return Health(sections=(("packages", parts), ("models", (OURS,))))


def test_the_doctor_lines_parts_up_and_says_what_to_do_below() -> None:
    lines = doctor.as_text(health(OK, GONE)).splitlines()
    assert lines[0] == "Packages" and "Models" in lines
    assert lines[1] == "  ok        numpy  2.0"
    assert lines[2] == "  MISSING   av     decodes"
    assert lines[3].strip() == "-> python -m pip install av"
    assert lines[-1] == "Missing: 1."


def test_where_a_part_comes_from_is_said_and_no_mark_is_needed() -> None:
    line = next(line for line in doctor.as_text(health(OK)).splitlines() if "recap" in line)
    assert line.endswith("a detector  (our/)") and "ok" not in line


def test_colors_change_no_word() -> None:
    plain, colored = (doctor.as_text(health(OK, GONE), color=color) for color in (False, True))
    assert "\x1b[1;31m" in colored and "\x1b" not in plain
    for mark in ("\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m", "\x1b[0m"):
        colored = colored.replace(mark, "")
    assert colored == plain


def test_the_doctor_for_programs_is_ok_only_where_nothing_is_missing() -> None:
    assert json.loads(doctor.as_json(health(OK)))["ok"] is True
    value = json.loads(doctor.as_json(health(OK, GONE)))
    assert value["ok"] is False
    assert [part["state"] for part in value["sections"]["packages"]] == ["ok", "missing"]


def test_a_failed_call_is_named_and_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    score.leave([None, None])
    with pytest.raises(typer.Exit) as ended:
        score.leave([None, "a.wav: is silent.", "b.wav: is empty."])
    assert ended.value.exit_code == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == ["ci-checker: a.wav: is silent.", "ci-checker: b.wav: is empty."]


def test_examples_stand_one_a_line() -> None:
    assert examples("ci-checker score a.wav", "ci-checker score b.wav").splitlines()[1:] == [
        "Examples:",
        "  ci-checker score a.wav",
        "  ci-checker score b.wav",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0:00", 0.0),
        ("12", 12.0),
        ("75", 75.0),
        ("4:12", 252.0),
        ("1:04:12", 3852.0),
        ("0:12.5", 12.5),
        (" 4:12 ", 252),
    ],
)
def test_a_place_in_a_call_is_minutes_and_seconds_or_seconds(text: str, found: float) -> None:
    assert seconds(text) == found


@pytest.mark.parametrize("text", ["", "4:60", "4m12", "-4:12", "1:2:3:4", "soon", "4:"])
def test_what_is_no_place_says_how_to_write_one(text: str) -> None:
    with pytest.raises(RequestError, match="no place in a call") as told:
        seconds(text)
    assert "4:12" in told.value.todo


# --- the browser --------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.delenv(browser.NO_BROWSER, raising=False)
    monkeypatch.setattr("webbrowser.open", lambda address: bool(addresses.append(address)) or True)
    return addresses


def test_a_page_is_opened_by_its_whole_address(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    browser.open_page(Path("my report.html"))
    assert opened == [f"{tmp_path.resolve().as_uri()}/my%20report.html"]
    assert capsys.readouterr() == ("", "")


def test_on_a_server_the_browser_stays_closed(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(browser.NO_BROWSER, "1")
    browser.open_page(Path("report.html"))
    assert opened == []
    assert capsys.readouterr().err.startswith("The page is file:///")
    browser.open_page(Path("report.html"), quiet=True)
    assert capsys.readouterr().err == ""


def test_without_a_browser_the_address_is_said(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(address: str) -> bool:
        raise OSError("no display")

    for broken in (none, lambda address: False):
        monkeypatch.setattr("webbrowser.open", broken)
        browser.open_page(Path("report.html"))
        assert "No browser could be opened. The page is file:///" in capsys.readouterr().err
