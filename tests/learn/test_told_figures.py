"""The README and the card tell of the detectors that ship, and not of an earlier or a later build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ci_checker.assets import find_model
from ci_checker.learn.evaluate import CLOSING, OPENING

ROOT = Path(__file__).resolve().parents[2]


def measured() -> dict[str, str]:
    kept = find_model("behaviors") / "evaluation.json"
    return json.loads(kept.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["README.md", "models/behaviors/MODEL_CARD.md"])
def test_the_figures_are_those_that_were_kept_beside_the_model(name: str) -> None:
    path = ROOT / name
    if not path.exists():
        pytest.skip("only the repository holds it")
    text = path.read_text(encoding="utf-8")
    if name == "README.md":
        text = text.split(OPENING)[1].split(CLOSING)[0]
    told = measured()
    assert told["title"] in text
    rows = [row for row in told["table"].splitlines() if row.startswith("| **")]
    assert len(rows) > 1 and all(row in text for row in rows)
