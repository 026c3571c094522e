"""What a card lists: every file of the model as it is now, and nothing that is no part of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from ci_checker import assets
from ci_checker.errors import MissingError
from ci_checker.learn.cards import write_card


def written(folder: Path, **changed: Any) -> tuple[dict[str, Any], str]:
    """Write the cards; return the one for programs and the one for people."""
    fields = {"title": "T", "recipe": "make it", "licence": "MIT", "data": "D", "quality": "Q", "limits": "L"}
    write_card(folder, **{**fields, **changed})
    return json.loads((folder / "card.json").read_text("utf-8")), (folder / "MODEL_CARD.md").read_text("utf-8")


def put(folder: Path, name: str, content: bytes = b"x") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_files_of_all_folders_are_listed_in_order_with_forward_slashes(tmp_path: Path) -> None:
    names = ("z.bin", "a.bin", "sub/deep/b.bin", "sub/a.bin", ".hidden")
    digests = {name: put(tmp_path, name, name.encode()) for name in names}
    card, page = written(tmp_path)
    assert card["files"] == digests
    rows = [line.split("`")[1::2] for line in page.split("\n") if line.startswith("| `")]
    assert rows == [[name, digests[name]] for name in sorted(names, key=lambda name: Path(name).parts)]


def test_a_folder_that_is_skipped_is_skipped_whole_and_only_at_the_top(tmp_path: Path) -> None:
    for name in ("data/a.txt", "data/deep/b.txt", "rep/data/c.bin", "data.bin"):
        put(tmp_path, name)
    card, page = written(tmp_path, skip=("data",))
    assert sorted(card["files"]) == ["data.bin", "rep/data/c.bin"]
    assert "a.txt" not in page


def test_a_card_of_another_model_below_is_no_file_of_this_one(tmp_path: Path) -> None:
    put(tmp_path, "rep/card.json")
    put(tmp_path, "rep/weights.bin")
    assert list(written(tmp_path)[0]["files"]) == ["rep/weights.bin"]


def test_a_file_that_is_gone_or_has_changed_is_so_in_the_next_card(tmp_path: Path) -> None:
    put(tmp_path, "a.bin")
    put(tmp_path, "b.bin")
    before = written(tmp_path)[0]["files"]
    (tmp_path / "a.bin").unlink()
    put(tmp_path, "b.bin", b"other")
    after = written(tmp_path)[0]["files"]
    assert list(after) == ["b.bin"] and after["b.bin"] != before["b.bin"]


def test_what_was_changed_after_the_card_is_found_damaged(tmp_path: Path) -> None:
    put(tmp_path, "a.bin")
    written(tmp_path)
    assets.verify(tmp_path)
    put(tmp_path, "a.bin", b"changed")
    with pytest.raises(MissingError, match=r"a\.bin: the model file is damaged"):
        assets.verify(tmp_path)


def test_facts_stand_beside_the_words_and_may_not_hide_the_files(tmp_path: Path) -> None:
    digest = put(tmp_path, "a.bin")
    card, _ = written(tmp_path, facts={"n": 3, "licence": "other", "files": {}})
    assert (card["n"], card["files"]) == (3, {"a.bin": digest})


def test_a_model_without_files_has_an_empty_table(tmp_path: Path) -> None:
    card, page = written(tmp_path)
    assert card["files"] == {} and page.endswith("| file | sha256 |\n| --- | --- |\n\n")


@pytest.mark.parametrize("text", ["two\nlines", "| a | table |", "caf\u00e9 \u2014 \u201cquoted\u201d"])
def test_words_reach_the_page_as_they_are(text: str, tmp_path: Path) -> None:
    for name, heading in (("data", "Data"), ("quality", "Measured quality"), ("limits", "What it is not for")):
        assert f"## {heading}\n{text}\n" in written(tmp_path, **{name: text})[1]


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    put(tmp_path, "a.bin")
    written(tmp_path, facts={"b": 1, "a": 2})
    first = [(tmp_path / name).read_bytes() for name in ("card.json", "MODEL_CARD.md")]
    written(tmp_path, facts={"a": 2, "b": 1})
    assert [(tmp_path / name).read_bytes() for name in ("card.json", "MODEL_CARD.md")] == first
