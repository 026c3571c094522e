"""The command line as a process: import weight, exit statuses, no traceback, clean standard output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "whisper", "spacy", "sklearn", "sqlalchemy", "numpy", "jinja2", "av", "onnxruntime", "rich", "yaml")


def run(*args: str, cwd: Path, code: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "ci_checker.cli", *args]
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from ci_checker.cli.main import app\n"
        "try:\n"
        "    app(['--help'], prog_name='ci-checker')\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0, end.code\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    found = run(cwd=tmp_path, code=code)
    assert found.stdout.strip().endswith("HEAVY []"), found.stdout + found.stderr


def test_doctor_does_not_import_torch(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from ci_checker import settings\n"
        "from ci_checker.app import doctor\n"
        "doctor.examine(settings.load())\n"
        "print([name for name in ('torch', 'whisper', 'spacy', 'sklearn', 'av') if name in sys.modules])\n"
    )
    assert run(cwd=tmp_path, code=code).stdout.strip() == "[]"


def test_version(tmp_path: Path) -> None:
    found = run("--version", cwd=tmp_path)
    assert found.returncode == 0
    assert found.stdout.startswith("ci-checker ")


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("nonsense",), 2),
        (("score",), 2),
        (("score", "nope.wav", "--behavior", "nonsense"), 2),
        (("score", "nope.wav", "--format", "pdf"), 2),
        (("score", "nope.txt"), 1),
        (("transcribe", "nope.wav"), 1),
        (("report",), 2),
        (("commitment", "list"), 2),
        (("batch", "nowhere"), 2),
        (("schema", "nonsense"), 2),
        (("behaviors", "show", "nonsense"), 2),
        (("behaviors", "eval", "--data", "nope.jsonl", "--cv", "3"), 2),
    ],
)
def test_bad_input_is_a_line_and_a_status(tmp_path: Path, args: tuple[str, ...], status: int) -> None:
    found = run(*args, cwd=tmp_path)
    assert found.returncode == status, found.stderr
    assert found.stderr.strip()
    assert "Traceback" not in found.stderr
    assert "unexpected" not in found.stderr


def test_a_failed_call_still_gives_json(tmp_path: Path) -> None:
    found = run("score", "nope.txt", "--json", cwd=tmp_path)
    assert found.returncode == 1
    value = json.loads(found.stdout)
    assert value["schema"] == 1
    assert value["calls"][0]["call"] == "nope.txt"
    assert value["calls"][0]["error"]
    assert "nope.txt" in found.stderr


def test_a_schema_is_all_that_standard_output_holds(tmp_path: Path) -> None:
    found = run("schema", cwd=tmp_path)
    assert found.returncode == 0
    assert json.loads(found.stdout)["$schema"]
    assert found.stderr == ""


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m ci_checker.cli schema report | head -c 1'
    found = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.stdout == "{"
    assert found.stderr == ""


def test_results_are_utf8_under_a_narrow_locale(tmp_path: Path) -> None:
    (tmp_path / "ci-checker.toml").write_text('[[rep]]\nname = "Zoë Åberg"\n', encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "ci_checker.cli", "report", "--rep", "Zoë", "--format", "crm"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
    )
    assert b"Traceback" not in found.stderr
    assert "Zoë".encode() in found.stdout + found.stderr


def test_an_interrupt_is_130_and_no_traceback(tmp_path: Path) -> None:
    code = (
        "import os, signal, time\n"
        # a shell starts what runs in its background with interrupts ignored, the tests too
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from ci_checker.app import scoring\n"
        # the interrupt comes a moment after the call that asks for it
        "def score(*_): os.kill(os.getpid(), signal.SIGINT), time.sleep(20)\n"
        "scoring.score = score\n"
        "from ci_checker.cli.main import app\n"
        "app(['score', 'a.wav'], prog_name='ci-checker')\n"
    )
    found = run(cwd=tmp_path, code=code)
    assert found.returncode in (130, -signal.SIGINT), found.stderr
    assert "Traceback" not in found.stderr
