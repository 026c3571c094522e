"""A command line to type into, in a workspace of its own; nothing here hears or detects anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ci_checker.cli.main import app
from ci_checker.settings import template

Cli = Callable[..., Any]


@pytest.fixture
def cli() -> Cli:
    """Return a function that runs a command line; its result has exit_code, stdout and stderr."""

    def run(*args: str, input: str | None = None) -> Any:
        return CliRunner().invoke(app, list(args), input=input, prog_name="ci-checker")

    return run


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of a team of two."""
    text = template("Maya Collins", "Bright Harbor", ("Luke Porter", "Dana Whitfield"))
    (tmp_path / "ci-checker.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command believe that somebody can answer."""
    from ci_checker.cli import checkin, demo, init, review
    from ci_checker.cli.commitment import add, close

    for module in (add, checkin, close, demo, init, review):
        monkeypatch.setattr(module, "interactive", lambda: True)
