"""Model cards: every file by its hash, for programs and for people."""

from __future__ import annotations

import json
from pathlib import Path

from ci_checker import assets
from ci_checker.learn.cards import write_card


def test_both_cards(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "skipped").mkdir()
    (tmp_path / "a.bin").write_bytes(b"abc")
    (tmp_path / "sub" / "b.bin").write_bytes(b"b")
    (tmp_path / "skipped" / "c.bin").write_bytes(b"c")
    for _ in range(2):  # a second run must not count the first one's cards
        write_card(
            tmp_path,
            title="T",
            recipe="make it",
            licence="MIT",
            data="D",
            quality="Q",
            limits="L",
            facts={"n": 3},
            skip=("skipped",),
        )
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["n"] == 3
    assert card["files"] == {
        "a.bin": assets.sha256_of(tmp_path / "a.bin"),
        "sub/b.bin": assets.sha256_of(tmp_path / "sub" / "b.bin"),
    }
    assets.verify(tmp_path)
    text = (tmp_path / "MODEL_CARD.md").read_text()
    for part in ("# T", "make it", "MIT", "## What it is not for\nL", "sub/b.bin", card["files"]["a.bin"]):
        assert part in text
