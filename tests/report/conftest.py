"""``pytest tests/report --update-golden`` writes the golden files anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Test folders are no packages (importmode=importlib), so samples.py is found by its folder.
sys.path.insert(0, str(HERE))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option; the variable UPDATE_GOLDEN does the same from any folder."""
    try:
        parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    except ValueError:
        # Another room has added it already.
        return


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare text with a file under ``golden/``, or write it."""
    update = request.config.getoption("--update-golden", default=False) or bool(os.environ.get("UPDATE_GOLDEN"))

    def check(name: str, text: str) -> None:
        path = HERE / "golden" / name
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        assert path.exists(), f"no golden file {name}: run pytest tests/report --update-golden"
        assert text == path.read_bytes().decode("utf-8")

    return check
