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


def run(program: str) -> str:
    """Return what a new Python prints, which has imported nothing yet."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("names", "deep"),
    [(["ci_checker.behaviors.detect"], False), (["ci_checker.app"], True), (["ci_checker.pipeline"], False)],
)
def test_importing_is_light(names: list[str], deep: bool) -> None:
    program = PROGRAM.format(names=names, deep=deep, heavy=HEAVY)
    assert run(program) == "[]"


def test_reading_a_text_needs_no_torch_and_leaves_it_importable() -> None:
    told = run(
        "import sys; from ci_checker.behaviors import nlp; found = nlp.analyze('on Thursday at ten');"
        "before = 'torch' in sys.modules; import torch; print(found.entities, before, torch.tensor([1]).item())"
    )
    assert told == "('WEEKDAY', 'TIME') False 1"


def test_a_torch_that_is_there_already_stays() -> None:
    told = run(
        "import sys, torch; from ci_checker.behaviors import nlp; nlp.analyze('hello there');"
        "print(sys.modules['torch'] is torch)"
    )
    assert told == "True"
