"""Turns written after the encoder was trained: scored once by the shipped one, the rest left as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from ci_checker import assets
from ci_checker.behaviors import turn_encoder
from ci_checker.errors import MissingError, RequestError
from ci_checker.learn import behaviors, turns
from ci_checker.learn.turn_encoder import out_of_fold
from ci_checker.learn.turn_encoder.data import key_of
from ci_checker.learn.turn_encoder.extend import LATER, extend

OLD = "## old-1 | mid | known\nP: it is by hand\nR[open-discovery-question]: how do you handle returns\n"
NEW = (
    "## new-1 | mid | new\nP: we have no money\nR[recap]: so it is two of them by may\n## new-2 | cold | b\nR: hello\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    try:
        shipped = assets.find_model(turn_encoder.MODEL)
    except MissingError as problem:
        pytest.skip(str(problem))
    made = tmp_path / "encoder"
    made.mkdir()
    for name in ("card.json", "MODEL_CARD.md"):
        shutil.copy(shipped / name, made / name)
    for name in ("train", "calls", "plain", "phrases"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / "train" / "a.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "data" / "calls" / "b.txt").write_text("## c | cold\nR: hi\n", encoding="utf-8")
    keys = [key_of(c, i) for c in behaviors.corpus(tmp_path / "data").conversations for i in range(len(c.turns))]
    width = len(out_of_fold.read(shipped).labels)
    np.savez(made / out_of_fold.FILE, keys=np.array(keys), scores=np.full((len(keys), width), 0.25, np.float16))
    was, now = assets.card(made)["files"][out_of_fold.FILE], assets.sha256_of(made / out_of_fold.FILE)
    for name in ("card.json", "MODEL_CARD.md"):
        told = (made / name).read_text(encoding="utf-8")
        (made / name).write_text(told.replace(was, now).replace(f" {LATER}", ""), encoding="utf-8")
    return made


def test_only_what_is_new_is_scored(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert extend(data, folder) == 0
    before = out_of_fold.read(folder).scores
    (data / "train" / "z.txt").write_text(NEW, encoding="utf-8")
    learned = behaviors.corpus(data).conversations
    fresh = [c for c in learned if c.id.startswith("new")]
    added = extend(data, folder)
    found = out_of_fold.read(folder)
    assert added == len(found.scores) - len(before) >= sum(len(c.turns) for c in fresh if c.id in ("new-1", "new-2"))
    assert all(np.array_equal(found.scores[key], before[key]) for key in before)
    talk = next(c for c in fresh if c.id == "new-1")
    wanted = turn_encoder.scores(turns.as_said(talk, None), offset=turns.EXCERPT_OFFSETS["mid"])
    assert np.allclose(found.scores[key_of(talk, 1)], wanted[1], atol=0.01)
    assert found(talk, turns.as_said(talk, None), 16).keys() == {0, 1}
    assert extend(data, folder) == 0


def test_both_cards_name_the_new_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "train" / "z.txt").write_text(NEW, encoding="utf-8")
    extend(tmp_path / "data", folder)
    now = assets.sha256_of(folder / out_of_fold.FILE)
    assert json.loads((folder / "card.json").read_text(encoding="utf-8"))["files"][out_of_fold.FILE] == now
    told = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert now in told
    assert told.index("## Data") < told.index(LATER) < told.index("## Recipe") and told.count(LATER) == 1


def test_a_conversation_that_was_changed_since_is_refused(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "data" / "train" / "a.txt"
    path.write_text(OLD + "".join(f"P: no {n}\nR: and so on {n}\n" for n in range(4)), encoding="utf-8")
    keys = [key_of(c, i) for c in behaviors.corpus(tmp_path / "data").conversations for i in range(len(c.turns))]
    width = len(out_of_fold.read(folder).labels)
    np.savez(folder / out_of_fold.FILE, keys=np.array(keys), scores=np.zeros((len(keys), width), np.float16))
    path.write_text(path.read_text().replace("it is by hand", "by hand"), encoding="utf-8")
    with pytest.raises(RequestError, match="'old-1' was changed") as caught:
        extend(tmp_path / "data", folder)
    assert "a.txt" in caught.value.line
