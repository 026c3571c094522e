"""Every command explains itself: a line in its group, a help with an example, a place in the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from ci_checker.cli.guard import ORDER
from ci_checker.cli.main import app

README = Path(__file__).resolve().parents[2] / "README.md"
CONTRACT = ("demo", "score", "transcribe", "batch", "commitment", "report", "behaviors", "review", "doctor", "schema")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, each in getattr(command, "commands", {}).items():
        yield (*path, name)
        yield from commands(each, (*path, name))


ALL = sorted(commands(typer.main.get_command(app)))


def test_the_contract_is_there() -> None:
    ours = ("init", "checkin", "nudge", "due", "cadence", "dispute", "voices")
    assert {name for name, *rest in ALL if not rest} == {*CONTRACT, *ours}
    assert {rest[0] for name, *rest in ALL if name == "commitment" and rest} == {"add", "list", "show", "edit", "close"}
    assert {rest[0] for name, *rest in ALL if name == "behaviors" and rest} == {
        "list",
        "show",
        "check",
        "train",
        "eval",
        "new",
        "suggest",
    }


def test_every_command_has_a_place_in_the_order() -> None:
    assert set(ORDER) == {name for name, *rest in ALL if not rest}


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_has_an_example_of_that_command(path: tuple[str, ...], cli: Any) -> None:
    found = cli(*path, "--help")
    assert found.exit_code == 0
    assert found.stdout.startswith(f"Usage: ci-checker {' '.join(path)}")
    examples = found.stdout.split("Examples:\n")[1]
    assert examples.strip().startswith(f"ci-checker {' '.join(path)}")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_first_line_fits_the_list_of_commands(path: tuple[str, ...], cli: Any) -> None:
    listed = cli(*path[:-1], "--help").stdout
    line = next(row for row in listed.splitlines() if row.split()[:1] == [path[-1]])
    assert not line.endswith("..."), line


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_has_a_help(path: tuple[str, ...]) -> None:
    command = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    for parameter in command.params:
        assert parameter.help, (path, parameter.name)


@pytest.mark.parametrize("name", [name for name in ("score", "transcribe", "report", "batch", "doctor")])
def test_the_shared_options_are_everywhere(name: str, cli: Any) -> None:
    found = cli(name, "--help").stdout
    for option in ("--format", "--json", "--output", "--quiet"):
        assert option in found


def test_the_readme_names_every_command() -> None:
    if not README.exists():
        pytest.skip("README.md is not written yet")
    text = README.read_text(encoding="utf-8")
    missing = [" ".join(path) for path in ALL if f"ci-checker {' '.join(path)}" not in text and len(path) == 1]
    assert not missing


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_is_offered(shell: str, cli: Any) -> None:
    found = cli("--help").stdout
    assert "--install-completion" in found
    assert "--show-completion" in found
