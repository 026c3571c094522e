"""Progress: nothing, plain lines, or bars, by where standard error goes."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TextColumn

from ci_checker.app.progress import Progress
from ci_checker.cli import progress
from ci_checker.cli.progress import Drawn, Lines, shown


def work(shown: Progress) -> None:
    """Go through two calls, one of which fails."""
    shown.message("Fetching the model")
    shown.calls(2)
    shown.call_started("week/a.wav", 0)
    shown.download(5_000_000, 10_000_000)
    shown.download(10_000_000, 10_000_000)
    shown.audio(30.0, 90.0)
    shown.call_done("week/a.wav", "done")
    shown.call_started("week/b.wav", 1)
    shown.call_done("week/b.wav", "week/b.wav: it is cut off")


def test_quiet_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(quiet=True) as found:
        work(found)
    assert capsys.readouterr() == ("", "")


def test_lines_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with shown() as found:
        assert isinstance(found, Lines)
        work(found)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Fetching the model",
        "[1/2] week/a.wav: done",
        "[2/2] week/b.wav: failed, see below",
    ]


def test_one_call_needs_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.calls(1)
    lines.call_done("a.wav", "done")
    assert capsys.readouterr().err == ""


def test_what_was_done_before_needs_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.calls(2)
    lines.call_done("a.wav", "already done")
    lines.call_done("b.wav", "done")
    assert capsys.readouterr().err == "[2/2] b.wav: done\n"


def test_bars_on_a_terminal() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    columns = (TextColumn("{task.description}", markup=False), TextColumn("{task.fields[detail]}", markup=False))
    with Bars(*columns, console=console) as bars:
        drawn = Drawn(bars)
        work(drawn)
        assert [task.description for task in bars.tasks] == ["calls"]
        assert bars.tasks[0].completed == 2
        drawn.call_started("x/[bold]odd\x1b[31m.wav", 2)
        drawn.audio(61.0, 600.0)
        assert bars.tasks[-1].description == "[bold]odd.wav"
        assert bars.tasks[-1].fields["detail"] == "1:01 of 10:00 heard"
    text = screen.getvalue()
    assert "Fetching the model" in text
    assert "b.wav: failed, see below" in text
    assert "a.wav: done" not in text


def test_a_terminal_gets_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(progress.sys, "stderr", Terminal())
    with shown() as found:
        assert isinstance(found, Drawn)


def test_a_long_name_is_cut() -> None:
    assert progress._short("a/" + "x" * 80) == "x" * 39 + "…"
    assert progress._short("a\\b.wav") == "b.wav"
