"""Every end is one line and an exit status."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import typer

from ci_checker.cli.guard import status_of
from ci_checker.errors import CallError, MissingError, RequestError


def raising(problem: BaseException) -> Callable[[], object]:
    def run() -> object:
        raise problem

    return run


@pytest.mark.parametrize(
    ("problem", "status"),
    [(CallError("cut off", where="a.wav"), 1), (RequestError("vague"), 2), (MissingError("no model"), 3)],
)
def test_our_errors_have_their_status(problem: Exception, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(raising(problem)) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"ci-checker: {problem}\n"


def test_success_and_the_status_of_an_exit() -> None:
    assert status_of(lambda: None) == 0
    assert status_of(lambda: 1) == 1
    assert status_of(lambda: "text") == 0


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), typer.Abort()])
def test_an_interrupt_is_130(problem: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(raising(problem)) == 130
    assert "Stopped" in capsys.readouterr().err


def test_a_bug_is_one_line_that_says_how_to_see_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI_CHECKER_DEBUG", raising=False)
    assert status_of(raising(KeyError("turns"))) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "KeyError" in err
    assert "CI_CHECKER_DEBUG=1" in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CI_CHECKER_DEBUG", "1")
    assert status_of(raising(KeyError("turns"))) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_usage_error_names_the_command(cli: Callable[..., object]) -> None:
    found = cli("score")
    assert found.exit_code == 2  # type: ignore[attr-defined]
    assert found.stdout == ""  # type: ignore[attr-defined]
    assert "ci-checker score: Missing argument" in found.stderr  # type: ignore[attr-defined]
    assert "ci-checker score --help" in found.stderr  # type: ignore[attr-defined]


def test_an_unknown_command_names_the_near_one(cli: Callable[..., object]) -> None:
    found = cli("scrore")
    assert found.exit_code == 2  # type: ignore[attr-defined]
    assert "Did you mean 'score'?" in found.stderr  # type: ignore[attr-defined]


def test_nothing_at_all_shows_the_help(cli: Callable[..., object]) -> None:
    found = cli()
    assert found.exit_code == 2  # type: ignore[attr-defined]
    assert "Usage:" in found.stderr  # type: ignore[attr-defined]
    assert "Examples:" in found.stderr  # type: ignore[attr-defined]
