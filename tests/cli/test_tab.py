"""What each shell gets after <TAB>, and that it offers what the command would take."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.behaviors.catalogue import load
from ci_checker.cli import complete
from ci_checker.cli.complete import _offered
from ci_checker.cli.guard import ORDER

ROOT = Path(__file__).resolve().parents[2]


def tab(line: str, cwd: Path, shell: str = "bash") -> list[str]:
    """Return what is offered for the last word of a line, as the shell asks for it."""
    typed = line.split(" ")
    asked = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(typed) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    found = subprocess.run(
        [sys.executable, "-m", "ci_checker.cli"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "_CI_CHECKER_COMPLETE": f"complete_{shell}", **asked},
        cwd=cwd, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert found.stderr == ""
    return [line for line in found.stdout.splitlines() if line]


def test_a_group_offers_its_commands_and_an_option_its_names(workspace: Path) -> None:
    assert tab("ci-checker commitment ", workspace) == ["add", "list", "show", "edit", "close"]
    assert tab("ci-checker report --rep D", workspace) == ["Dana Whitfield"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_the_same_with_a_word_on_each(shell: str, workspace: Path) -> None:
    text = "\n".join(tab("ci-checker sc", workspace, shell))
    assert "score" in text and "schema" in text and "batch" not in text
    assert "Print the evidence in calls" in text


def test_a_broken_workspace_file_is_no_error_text_in_a_command_line(workspace: Path) -> None:
    (workspace / "ci-checker.toml").write_text("[[[", encoding="utf-8")
    assert tab("ci-checker report --rep D", workspace) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=8), st.text(max_size=4))
def test_what_is_offered_begins_with_what_was_typed_and_keeps_its_order(names: list[str], begun: str) -> None:
    found = _offered(lambda: names, begun)
    assert found == [name for name in names if name.casefold()[: len(begun.casefold())] == begun.casefold()]
    assert _offered(lambda: names, "") == names


def test_whatever_goes_wrong_nothing_is_offered() -> None:
    def broken() -> list[str]:
        raise MemoryError("full")

    assert _offered(broken, "a") == []


def test_behaviors_are_offered_whatever_the_case_and_none_is_left_out(workspace: Path) -> None:
    known = load()
    assert complete.behaviors("") == list(known)
    assert complete.behaviors("OBJ") == [name for name in known if name.startswith("obj")] != []


def test_the_shell_offers_the_commands_in_the_order_of_the_help(tmp_path: Path) -> None:
    assert tab("ci-checker ", tmp_path) == list(ORDER)
