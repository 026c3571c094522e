"""What importing costs: nothing heavy comes in before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "sklearn", "scipy", "onnxruntime", "tokenizers", "torch", "whisper", "av", "numpy")
PROGRAM = """
import importlib, pkgutil, sys
for name in {names}:
    room = importlib.import_module(name)
    for found in pkgutil.iter_modules(getattr(room, "__path__", [])):
        if {deep}:
            importlib.import_module(f"{{name}}.{{found.name}}")
print([h for h in {heavy} if h in sys.modules])
"""


@pytest.mark.parametrize(
    ("names", "deep"),
    [(["ci_checker.behaviors.detect"], False), (["ci_checker.app"], True), (["ci_checker.pipeline"], False)],
)
def test_importing_is_light(names: list[str], deep: bool) -> None:
    program = PROGRAM.format(names=names, deep=deep, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout
