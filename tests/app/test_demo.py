from __future__ import annotations

import re
from pathlib import Path

import pytest

from ci_checker import assets, settings
from ci_checker.app import demo
from ci_checker.app.progress import Progress
from ci_checker.errors import MissingError, RequestError
from ci_checker.model import Standing

# what makes a browser fetch something; a link that a person may click is none
FETCHES = re.compile(
    r"""<(?:script|img|audio|source|iframe|link|video)\b[^>]*\b(?:src|href)\s*=\s*["'](?!data:|\#)([^"']+)""", re.I
)


class Told(Progress):
    def __init__(self) -> None:
        self.messages: list[str] = []
        self.total = 0

    def message(self, text: str) -> None:
        self.messages.append(text)

    def calls(self, total: int) -> None:
        self.total = total


@pytest.fixture
def perfect(engine, truth, helpers):
    """The engine hears the shipped recordings without a mistake."""
    recordings = [call["recording"] for call in truth.values() if "recording" in call]

    def heard(samples):
        length = samples.shape[1] / 16_000
        found = min(recordings, key=lambda each: abs(each["duration_s"] - length))
        assert abs(found["duration_s"] - length) < 0.2
        return helpers.true_turns(found)

    engine.heard = heard
    engine.key = "fake/synthetic/1"
    return engine


def requests_of(page: str) -> list[str]:
    inside = re.findall(r"url\(\s*['\"]?(?!data:|#)([^)'\"]+)", page) + re.findall(r"@import\s+([^;]+)", page)
    return FETCHES.findall(page) + inside + re.findall(r"\b(?:fetch|XMLHttpRequest|sendBeacon|WebSocket)\b", page)


def test_the_whole_job_from_recordings_to_a_page(tmp_path, perfect, monkeypatch) -> None:
    # what a demo of before made is made anew, what a person put there stays, the environment has no say
    folder, told = tmp_path / "demo", Told()
    folder.mkdir()
    (folder / ".ci-checker-demo").touch()
    for name in ("ci-checker.sqlite3", "report.html", settings.FILE):
        (folder / name).write_text("of before", encoding="utf-8")
    (folder / "my-notes.txt").write_text("keep me", encoding="utf-8")
    monkeypatch.setenv("CI_CHECKER_STORE", str(tmp_path / "elsewhere.sqlite3"))
    monkeypatch.setenv("CI_CHECKER_MODEL", "tiny.en")
    result = demo.run(folder, progress=told)
    assert told.total == 7 and len(perfect.calls) == 7, "every recording is heard; no transcript stands in"
    assert (result.summary.done, result.summary.failed) == (7, ())
    (report,) = result.reports
    finding = report.finding
    assert report.rep == demo.REP and finding.counts.unheard == 0
    assert finding.counts.eligible + finding.counts.not_applicable == 7 and finding.counts.seen >= 3
    assert finding.standing in (Standing.SHORT, Standing.OPEN), "the week is made to fall short"
    assert len(finding.trend) == 5 and finding.voice_notice
    page = result.page.read_text("utf-8")
    assert result.page == folder / "report.html"
    assert requests_of(page) == []
    assert page.count("data:audio/mpeg;base64,") >= 3
    assert finding.best.evidence.quote.split(".")[0].split("’")[0][:20] in page
    assert any(str(result.page) in line for line in result.lines)
    assert all(len(line.splitlines()) == 1 for line in result.lines)
    assert (folder / "my-notes.txt").read_text("utf-8") == "keep me"
    assert not (tmp_path / "elsewhere.sqlite3").exists()


def test_a_foreign_folder_is_refused_untouched(tmp_path, perfect) -> None:
    (tmp_path / "report.html").write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError, match=r"not empty and no demo of before.*-o"):
        demo.run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text("utf-8") == "mine" and perfect.calls == []


def test_a_file_is_no_folder(tmp_path, perfect) -> None:
    file = tmp_path / "demo"
    file.touch()
    with pytest.raises(RequestError, match="a file, not a folder"):
        demo.run(file)
    with pytest.raises(RequestError, match="cannot be used"):
        demo.run(file / "below")


def test_without_the_model_it_says_so(tmp_path, monkeypatch) -> None:
    from ci_checker.transcribe import models

    def gone(name: str, **more: object) -> None:
        raise MissingError(f"the model '{name}' is not installed", todo="Run 'ci-checker doctor'.")

    monkeypatch.setattr(models, "resolve", gone)
    with pytest.raises(MissingError, match=r"7 recordings not heard.*'synthetic' is not installed.*doctor"):
        demo.run(tmp_path / "new" / "demo")
    assert (tmp_path / "new" / "demo" / settings.FILE).is_file()


def test_no_browser_is_opened_where_the_environment_forbids_it(tmp_path, monkeypatch, capsys) -> None:
    import webbrowser

    from ci_checker.cli.browser import open_page

    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)) or True)
    page = tmp_path / "report.html"
    monkeypatch.setenv("CI_CHECKER_NO_BROWSER", "1")
    open_page(page)
    assert opened == [] and page.resolve().as_uri() in capsys.readouterr().err
    monkeypatch.delenv("CI_CHECKER_NO_BROWSER")
    open_page(page)
    assert opened == [page.resolve().as_uri()]


@pytest.mark.slow
def test_the_demo_for_real(tmp_path) -> None:
    """The shipped checkpoint hears the shipped recordings."""
    try:
        assets.find_model("whisper-synthetic")
    except MissingError as problem:
        pytest.skip(f"the shipped recognition model is not there yet: {problem.line}")
    result = demo.run(tmp_path / "demo")
    (report,) = result.reports
    counts = report.finding.counts
    assert result.summary.failed == () and counts.unheard == 0
    assert counts.eligible + counts.not_applicable == 7 and counts.seen >= 2
    assert requests_of(Path(result.page).read_text("utf-8")) == []
