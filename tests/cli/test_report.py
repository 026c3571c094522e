"""``report`` and ``demo``: whose, for which day, in which form, with which clips."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ci_checker.app import demo as whole
from ci_checker.app import reporting
from ci_checker.app.batching import Summary
from ci_checker.cli import browser
from ci_checker.cli import demo as demo_command
from ci_checker.cli import report as command
from ci_checker.model import Report

NOTHING = Report(rep="Luke Porter", manager="Maya", as_of=date(2026, 11, 23), finding=None, nothing="Nothing is open.")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> dict[str, Any]:
    """Replace the use cases and the browser; return what they were asked for."""
    seen: dict[str, Any] = {"opened": []}

    def reports(settings: object, **named: Any) -> tuple[Report, ...]:
        seen.update(named)
        return (NOTHING,)

    monkeypatch.setattr(reporting, "reports", reports)
    monkeypatch.setattr(reporting, "clips", lambda found: ({"clip-1-01.mp3": b"sound"}, ("a.wav: it is gone.",)))
    monkeypatch.setattr(command, "open_page", lambda page, quiet=False: seen["opened"].append(page))
    return seen


def test_text_for_one_rep_on_a_day(cli: Any, asked: dict[str, Any]) -> None:
    found = cli("report", "--rep", "Luke", "--as-of", "2026-11-23")
    assert found.exit_code == 0, found.stderr
    assert "Nothing is open." in found.stdout
    assert (asked["rep"], asked["manager"], asked["as_of"]) == ("Luke", None, date(2026, 11, 23))


def test_all_of_a_manager_today(cli: Any, asked: dict[str, Any]) -> None:
    assert cli("report", "--manager", "Maya Collins").exit_code == 0
    assert (asked["rep"], asked["manager"], asked["as_of"]) == (None, "Maya Collins", date.today())


def test_both_or_a_bad_day_are_refused(cli: Any, asked: dict[str, Any]) -> None:
    assert cli("report", "--rep", "Luke", "--manager", "Maya").exit_code == 2
    assert "--as-of" in cli("report", "--as-of", "someday").stderr


@pytest.mark.parametrize("format", ["text", "md", "html", "json", "crm"])
def test_every_format_is_there(cli: Any, asked: dict[str, Any], format: str) -> None:
    found = cli("report", "--format", format)
    assert found.exit_code == 0, found.stderr
    assert "Luke Porter" in found.stdout


def test_json_is_pure(cli: Any, asked: dict[str, Any]) -> None:
    assert json.loads(cli("report", "--json").stdout)["schema"] == 1


def test_a_page_gets_its_clips_beside_it(cli: Any, asked: dict[str, Any], workspace: Path) -> None:
    found = cli("report", "-o", "week.html")
    assert found.exit_code == 0, found.stderr
    assert found.stdout == ""
    assert (workspace / "week.html").read_text(encoding="utf-8").startswith("<!")
    assert (workspace / "week_clips" / "clip-1-01.mp3").read_bytes() == b"sound"
    assert "a.wav: it is gone." in found.stderr


def test_markdown_in_a_file_gets_them_too_and_text_does_not(cli: Any, asked: dict[str, Any], workspace: Path) -> None:
    cli("report", "-o", "week.md")
    assert (workspace / "week_clips").is_dir()
    cli("report", "-o", "other.txt")
    assert not (workspace / "other_clips").exists()


def test_a_clip_stays_in_its_folder(tmp_path: Path) -> None:
    folder = command.write_clips(tmp_path / "r.html", {"../../evil.mp3": b"x"})
    assert [each.name for each in folder.iterdir()] == ["evil.mp3"]
    assert not (tmp_path.parent / "evil.mp3").exists()


def test_open_keeps_a_page_in_the_workspace(cli: Any, asked: dict[str, Any], workspace: Path) -> None:
    found = cli("report", "--rep", "Luke", "--as-of", "2026-11-23", "--open")
    assert found.exit_code == 0, found.stderr
    assert asked["opened"] == [workspace / "reports" / "2026-11-23-luke-porter.html"]
    assert asked["opened"][0].is_file()


def test_open_takes_the_page_that_was_asked_for(cli: Any, asked: dict[str, Any], workspace: Path) -> None:
    assert cli("report", "--open", "-o", "mine.html").exit_code == 0
    assert asked["opened"] == [Path("mine.html")]
    assert not (workspace / "reports").exists()


def test_only_a_page_can_be_opened(cli: Any, asked: dict[str, Any]) -> None:
    assert cli("report", "--open", "--json").exit_code == 2
    assert asked["opened"] == []


def test_without_a_browser_the_address_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import webbrowser

    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    browser.open_page(tmp_path / "a b.html")
    assert "a%20b.html" in capsys.readouterr().err


def test_the_address_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import webbrowser

    seen: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: seen.append(address) or True)
    browser.open_page(tmp_path / "r.html")
    assert seen == [(tmp_path / "r.html").as_uri()]


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Replace the demo; return what it was asked for."""
    monkeypatch.chdir(tmp_path)
    seen: dict[str, Any] = {"opened": [], "failed": ()}

    def run(folder: Path, **_: Any) -> whole.DemoResult:
        seen["folder"] = folder
        summary = Summary(done=1, skipped=0, failed=seen["failed"], notes=(), heard_s=60)
        return whole.DemoResult(
            reports=(replace(NOTHING),), summary=summary, page=folder / "report.html", lines=("Next: init",), seconds=1
        )

    monkeypatch.setattr(whole, "run", run)
    monkeypatch.setattr(demo_command, "open_page", lambda page, quiet=False: seen["opened"].append(page))
    return seen


def test_demo_prints_the_report_and_what_is_next(cli: Any, demo: dict[str, Any]) -> None:
    found = cli("demo")
    assert found.exit_code == 0, found.stderr
    assert "Nothing is open." in found.stdout
    assert "Next: init" in found.stderr
    assert demo["folder"] == Path("ci-checker-demo")
    assert demo["opened"] == []


def test_demo_opens_when_told_or_when_somebody_sees_it(cli: Any, demo: dict[str, Any], person: None) -> None:
    assert cli("demo", "-o", "look", "--json").exit_code == 0
    assert demo["opened"] == [Path("look/report.html")]
    cli("demo", "--no-open")
    assert len(demo["opened"]) == 1


def test_demo_with_a_failed_call_is_1(cli: Any, demo: dict[str, Any]) -> None:
    demo["failed"] = (("a.wav", "a.wav: cut off"),)
    assert cli("demo", "--open").exit_code == 1
    assert len(demo["opened"]) == 1


@pytest.fixture
def team(asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Two reps with nothing open."""
    two = (NOTHING, replace(NOTHING, rep="Dana Whitfield"))
    monkeypatch.setattr(reporting, "reports", lambda settings, **named: two)
    return asked


def test_a_manager_gets_a_folder_with_an_index(cli: Any, team: dict[str, Any], workspace: Path) -> None:
    found = cli("report", "--manager", "Maya Collins", "-o", "monday")
    assert found.exit_code == 0, found.stderr
    names = sorted(each.name for each in (workspace / "monday").iterdir())
    assert names == ["dana-whitfield.html", "index.html", "luke-porter.html"]
    assert "2 reports and their index" in found.stderr
    assert cli("report", "-o", "monday", "--open").exit_code == 0, "a folder of before is written anew"
    assert team["opened"] == [Path("monday") / "index.html"]


def test_or_one_zip_that_can_be_mailed(cli: Any, team: dict[str, Any], workspace: Path) -> None:
    assert cli("report", "--manager", "Maya Collins", "-o", "monday.zip").exit_code == 0
    with zipfile.ZipFile(workspace / "monday.zip") as archive:
        assert archive.namelist() == ["monday/index.html", "monday/dana-whitfield.html", "monday/luke-porter.html"]
    first = (workspace / "monday.zip").read_bytes()
    cli("report", "--manager", "Maya Collins", "-o", "monday.zip")
    assert (workspace / "monday.zip").read_bytes() == first


def test_or_one_page(cli: Any, team: dict[str, Any], workspace: Path) -> None:
    assert cli("report", "--manager", "Maya Collins", "-o", "monday.html").exit_code == 0
    assert (workspace / "monday.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rep", "Luke", "-o", "x.zip"), "one report is one file"),
        (("--manager", "Maya", "-o", "x.zip", "--json"), "a folder holds pages, not json"),
        (("--manager", "Maya", "-o", "no/where"), "there is no such folder"),
    ],
)
def test_what_a_folder_cannot_be(cli: Any, team: dict[str, Any], arguments: tuple[str, ...], said: str) -> None:
    found = cli("report", *arguments)
    assert found.exit_code == 2
    assert said in found.stderr


def test_redact_says_what_it_may_miss(cli: Any, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from ci_checker.app import redact

    def fake(settings: object, found: tuple[Report, ...], *, clips: bool) -> redact.Redacted:
        asked["clips"] = clips
        masked = replace(NOTHING, nothing="[name 1] is masked.")
        return redact.Redacted(reports=(masked,), clips={}, problems=("clip-1 of [call 1] stays out.",))

    monkeypatch.setattr(redact, "redact", fake)
    found = cli("report", "--redact", "--format", "html")
    assert found.exit_code == 0, found.stderr
    assert "[name 1] is masked." in found.stdout and redact.NOTICE in found.stdout
    assert "clip-1 of [call 1] stays out." in found.stderr and asked["clips"] is True
    assert "Redacted." in found.stderr
    assert cli("report", "--redact").exit_code == 0 and asked["clips"] is False
