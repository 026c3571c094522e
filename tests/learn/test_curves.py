"""Learning curves: more examples of an easy label make it better, and the card keeps what was drawn."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ci_checker.assets import sha256_of, verify
from ci_checker.behaviors import catalogue
from ci_checker.errors import RequestError
from ci_checker.learn import curves
from ci_checker.learn.__main__ import main
from ci_checker.learn.cards import write_card
from ci_checker.learn.curves import Point
from ci_checker.learn.dialogues import Conversation, LabelledTurn, read_all
from ci_checker.model import Role

PRICES = ["It is {} dollars a month.", "that comes to {} dollars", "We charge {} dollars for it."]
OTHERS = ["How is the {} going?", "tell me about the {}", "I see, the {} then.", "We did the {} last week."]
THINGS = ["move", "garden", "rollout", "audit", "new depot", "season"]


def conversations(count: int = 24) -> tuple[Conversation, ...]:
    found = []
    for number in range(count):
        draw = np.random.default_rng(number)
        turns = []
        for at in range(8):
            price = bool(draw.integers(3) == 0)
            text = (
                str(draw.choice(PRICES)).format(10 + at)
                if price
                else str(draw.choice(OTHERS)).format(draw.choice(THINGS))
            )
            labels = frozenset({"price"} if price else ())
            turns.append(LabelledTurn(role=Role.REP, text=text, labels=labels, number=2 * at))
            turns.append(LabelledTurn(role=Role.PROSPECT, text="Yes, go on.", labels=frozenset(), number=2 * at + 1))
        found.append(Conversation(id=str(number), kind="", turns=tuple(turns)))
    return tuple(found)


def test_foreign_data_has_other_roles_and_fewer_marks() -> None:
    one = curves.foreign(conversations(10))
    assert {t.side for c in one for t in c.turns} == {"agent", "customer"}
    bare = [t.text == t.text.lower() and not t.text.endswith(".") for c in one for t in c.turns]
    assert 0.3 < sum(bare) / len(bare) < 0.8


@pytest.fixture(scope="module")
def points() -> list[Point]:
    return curves.measure(conversations(), ["price"], [5, 10, 500], draws=2)


def test_the_points(points: list[Point]) -> None:
    assert [(p.label, p.examples, p.draws) for p in points] == [("price", 5, 2), ("price", 10, 2)]  # 500 there are not
    for point in points:
        assert point.ap_range[0] <= point.ap <= point.ap_range[1]
        assert point.f1_range[0] <= point.f1 <= point.f1_range[1]
    assert points[-1].ap > 0.9
    assert points[-1].f1 > 0.6


def test_the_same_seed_draws_the_same_curve(points: list[Point]) -> None:
    assert curves.measure(conversations(), ["price"], [5], draws=2) == points[:1]


def test_a_label_with_too_few_examples_is_refused() -> None:
    with pytest.raises(RequestError, match="'cost' has fewer than 5 examples"):
        curves.measure(conversations(8), ["cost"], [5], draws=1)


def point(label: str, size: int, ap: float) -> Point:
    return Point(label=label, examples=size, draws=1, ap=ap, ap_range=(ap - 0.1, ap), f1=ap / 2, f1_range=(0.0, ap))


DRAWN = [point("a<b", 5, 0.4), point("a<b", 25, 0.8), point("c", 5, 0.5)]


def test_the_table() -> None:
    lines = curves.table_of(DRAWN).split("\n")
    assert lines[0] == "| label | | 5 | 25 |"
    assert lines[2] == "| a<b | AP | 0.40 (0.30-0.40) | 0.80 (0.70-0.80) |"
    assert lines[4] == "| c | AP | 0.50 (0.40-0.50) | - |"
    assert len({line.count("|") for line in lines}) == 1


def test_the_figure_is_an_image_with_a_name() -> None:
    image = ElementTree.fromstring(curves.figure(DRAWN))
    assert image.get("aria-label")
    texts = [each.text for each in image.iter() if each.tag.endswith("text")]
    assert {"a<b", "c", "5", "25", "0.0", "1.0"} <= set(texts)
    line = next(each for each in image.iter() if each.tag.endswith("polyline"))
    (x, y), (further, higher) = (map(float, pair.split(",")) for pair in line.get("points", "").split())
    assert further > x
    assert higher < y  # upward is smaller
    assert curves.figure(DRAWN[-1:])  # one size alone has no axis to span


def test_names_of_curves_that_end_together_can_be_read() -> None:
    image = ElementTree.fromstring(curves.figure([point(name, 5, 0.9) for name in "abc"] + [point("d", 5, 0.1)]))
    heights = [float(t.get("y", "0")) for t in image.iter() if t.tag.endswith("text") and t.text in set("abcd")]
    gaps = [b - a for a, b in zip(sorted(heights), sorted(heights)[1:], strict=False)]
    assert len(heights) == 4 and min(gaps) >= curves.LINE


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"x")
    write_card(folder, title="t", recipe="r", licence="l", data="d", quality="q", limits="n")
    return folder


def test_the_card_keeps_the_curves_and_their_sha256(model: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(curves, "measure", lambda *_, **__: DRAWN)
    (tmp_path / "a.txt").write_text("## a | x\nR[c]: hello\n", encoding="utf-8")
    for _ in range(2):  # writing again replaces
        assert main(["curves", "--data", str(tmp_path / "a.txt"), "--write", str(model)]) == 0
        card = (model / "MODEL_CARD.md").read_text()
        assert card.count("## Learning curves") == card.count("![Learning curves](learning-curves.svg)") == 1
        assert card.count("| `learning-curves.svg` |") == 1
        digest = sha256_of(model / "learning-curves.svg")
        assert digest in card
        assert json.loads((model / "card.json").read_text())["files"]["learning-curves.svg"] == digest
        verify(model)
    assert "| c | AP |" in capsys.readouterr().out


def test_a_folder_without_a_card(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(curves, "measure", lambda *_, **__: DRAWN)
    (tmp_path / "a.txt").write_text("## a | x\nR[c]: hello\n", encoding="utf-8")
    assert main(["curves", "--data", str(tmp_path / "a.txt"), "--write", str(tmp_path)]) == 2
    assert "there is no such card" in capsys.readouterr().err


def test_only_the_reps_turns_are_judged() -> None:
    (one,) = (curves._judged(c) for c in conversations(1))
    assert {t.role for t in one.turns if t.labels is not None} == {Role.REP}
    assert replace(one, turns=()) == replace(conversations(1)[0], turns=())


def test_the_shipped_data_has_enough_of_every_label() -> None:
    data = read_all([Path(__file__).parents[2] / "models" / "behaviors" / "data" / "support"])
    known = {b.id for b in catalogue.load().values()}
    for label in curves.LABELS:
        assert sum(label in (t.labels or ()) for c in data for t in c.turns) >= 60
        assert sum(label in t.near for c in data for t in c.turns) >= 30, "near misses"
        assert label not in known, "what is shipped was trained on it"
    assert {label for c in data for t in c.turns for label in (t.labels or ())} == set(curves.LABELS)
