"""The house's promises on imports and on the network, held against the code as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "whisper", "spacy", "sklearn", "sqlalchemy", "onnxruntime", "tokenizers", "av", "jinja2", "fsspec")


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


def test_imports_run_one_way() -> None:
    program = shutil.which("lint-imports", path=sysconfig.get_path("scripts")) or shutil.which("lint-imports")
    if program is None:
        pytest.skip("import-linter is not installed: pip install -e .[dev]")
    done = subprocess.run([program, "--no-cache"], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


LOADED = f"""
import sys
heavy = [name for name in {HEAVY!r} if name in sys.modules]
assert not heavy, heavy
"""


def test_the_command_lines_help_imports_nothing_heavy() -> None:
    code = f"""
import sys
from ci_checker.cli import main
sys.argv = ["ci-checker", "--help"]
try:
    main.run()
except SystemExit as end:
    assert not end.code, end.code
{LOADED}
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert "Nothing leaves this machine" in done.stdout


def app_modules() -> list[str]:
    folder = ROOT / "ci_checker" / "app"
    return [f"ci_checker.app.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


def test_the_use_cases_import_nothing_heavy() -> None:
    """A notebook that imports the program, or a shell that completes a word, must not wait for torch."""
    assert len(app_modules()) >= 10
    code = f"""
import importlib, sys
for name in {["ci_checker.pipeline", *app_modules()]!r}:
    importlib.import_module(name)
    heavy = [each for each in {HEAVY!r} if each in sys.modules]
    assert not heavy, (name, heavy)
"""
    done = python(code)
    assert done.returncode == 0, done.stderr


def test_scoring_a_transcript_opens_no_connection(tmp_path: Path) -> None:
    text = tmp_path / "call.txt"
    text.write_text("Luke: Hi, this is Luke. I saw that you opened a shop.\nKaren: Yes, we did.\n", encoding="utf-8")
    code = """
import socket, sys
def refuse(*arguments, **more):
    raise SystemExit(f"a connection was tried: {arguments[1:]}")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
from ci_checker.app import scoring
from ci_checker.settings import Settings
(scored,) = scoring.score([sys.argv[1]], scoring.ScoreOptions(rep="Luke"), Settings())
assert scored.error is None and scored.results
from ci_checker import report
assert "Luke" in report.render([scored], "html", kind="score")
assert "whisper" not in sys.modules, "a text needs no recognizer"
"""
    done = python(code, str(text))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("word", ["/work/", "/home/", "/Users/", "/tmp/"])
def test_no_path_of_a_machine_stands_in_the_code(word: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "ci_checker").rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if word in line and "EXAMPLES" not in line and "examples(" not in line and "ci-checker " not in line
    ]
    assert found == []


def test_only_the_faces_print() -> None:
    import ast

    found = []
    for path in (ROOT / "ci_checker").rglob("*.py"):
        if path.relative_to(ROOT / "ci_checker").parts[0] in ("cli", "learn"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
