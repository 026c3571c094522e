"""What <TAB> offers; it never fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ci_checker import settings
from ci_checker.cli import complete

ROOT = Path(__file__).resolve().parents[2]


def test_names_of_the_workspace(workspace: Path) -> None:
    assert complete.reps("lu") == ["Luke Porter"]
    assert complete.reps("") == ["Luke Porter", "Dana Whitfield"]
    assert complete.managers("M") == ["Maya Collins"]


def test_names_of_the_program(workspace: Path) -> None:
    assert complete.behaviors("trig") == ["trigger-event-opener"]
    assert "tiny.en" in complete.models("tiny")
    assert complete.models("syn") == ["synthetic"]
    assert "whisper_torch" in complete.engines("")
    assert complete.schemas("s") == ["score"]


@pytest.mark.parametrize("offer", [complete.reps, complete.managers, complete.behaviors])
def test_a_broken_workspace_offers_nothing(offer: object, workspace: Path) -> None:
    (workspace / "ci-checker.toml").write_text("[[[")
    assert offer("") == []  # type: ignore[operator]


def test_no_workspace_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.find_file(tmp_path) is None
    assert complete.reps("") == []


def test_bash_gets_the_commands(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_CI_CHECKER_COMPLETE": "complete_bash",
        "COMP_WORDS": "ci-checker sc",
        "COMP_CWORD": "1",
    }
    found = subprocess.run(
        [sys.executable, "-m", "ci_checker.cli"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.stdout.split() == ["score", "schema"]
    assert found.stderr == ""
