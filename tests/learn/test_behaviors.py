"""What the builder of the shipped detectors does besides fitting, and the held-out evaluation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ci_checker import assets
from ci_checker.behaviors import catalogue
from ci_checker.errors import MissingError
from ci_checker.learn import behaviors, evaluate, nlp, turns
from ci_checker.learn.dialogues import read_all
from ci_checker.model import Role, Source

TEXT = """\
## a | gatekeeper
G: hale and company how may I direct your call
R[gatekeeper-reason]: this is dana with fieldstone about the depot, could you put me through to ms. osei please
G: you have reached the voicemail of grace osei, leave a message after the tone
P[objection]: we have no money for that
R[recap,?qualify-out]: so you need two of them and it has to be by may
## b | voicemail
G: you have reached the voicemail of grace osei, leave a message after the tone
R[customer-story]: hi grace, a bakery we work with cut its waste by a third
"""


@pytest.fixture
def conversations(tmp_path: Path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return read_all([tmp_path])


def test_live_gatekeepers_are_labelled_and_machines_are_not(conversations) -> None:
    marked = [
        [t.number for t in c.turns if "gatekeeper" in (t.labels or ())]
        for c in behaviors.with_gatekeepers(conversations)
    ]
    assert marked == [[0], []]


def test_the_labels_are_the_catalogues() -> None:
    labels = behaviors.rep_labels()
    assert len(labels) == 14
    assert set(labels) == {b.id for b in catalogue.load().values() if b.measure is None}


def test_blind_sides_hide_who_spoke(conversations) -> None:
    table = turns.tabulate(conversations, ("objection",), behaviors.OTHER_SIDE)
    assert any("gatekeeper" in tag for item in table.items for tag in item.tags)
    blind = behaviors.blind_sides(table)
    assert not any("gatekeeper" in tag or tag.startswith("last=") for item in blind.items for tag in item.tags)
    assert [i.text for i in blind.items] == [i.text for i in table.items]


def test_calibration_orders_its_thresholds() -> None:
    draw = np.random.default_rng(3)
    n = 400
    truth = (draw.random(n) < 0.3).astype(np.int8)
    table = turns.Table(
        labels=("x",),
        items=(),
        dense=(np.zeros((n, 1)), np.zeros((n, 1))),
        group=np.arange(n) // 4,
        turn=np.arange(n) % 4,
        truth=truth[:, None],
        near=np.zeros((n, 1), bool),
        whole=np.ones(n, bool),
    )
    scores = (truth * 3.0 + draw.normal(size=n) - 1.5)[:, None]
    found, probabilities, rows = behaviors.calibrated(table, scores)
    assert 0 < found["x"].not_seen < found["x"].evidence <= found["x"].seen < 1
    assert np.array_equal(np.argsort(probabilities[:, 0], kind="stable"), np.argsort(scores[:, 0], kind="stable"))
    assert rows[0].present + rows[0].absent == 100
    assert rows[0].false_not_seen < 0.1 and rows[0].false_seen < 0.1


def test_a_labelled_conversation_becomes_a_call(conversations) -> None:
    call = evaluate.as_call(conversations[0])
    assert call.source is Source.TRANSCRIPT
    assert [call.role_of(t.speaker) for t in call.turns] == [t.role for t in conversations[0].turns]
    assert call.has_known_rep


def test_the_evaluation_leaves_out_what_nobody_answered_or_judged(conversations) -> None:
    try:
        assets.find_model("behaviors")
    except MissingError as problem:
        pytest.skip(str(problem))
    rows, right = evaluate.evaluate(conversations)
    found = {row.label: (row.present, row.absent) for row in rows}
    assert set(found) == set(right) == set(behaviors.rep_labels())
    assert found["recap"] == (1, 0)
    assert found["customer-story"] == (0, 1)  # said to a machine: not judged
    assert found["qualify-out"] == (0, 0)


def test_the_shipped_pipeline_is_what_the_recipe_makes() -> None:
    shipped = assets.find_model("nlp-en") / "entity_ruler" / "patterns.jsonl"
    kept = [json.loads(line) for line in shipped.read_text(encoding="utf-8").splitlines()]
    assert kept == json.loads(json.dumps(nlp.patterns()))


def test_roles_of_both_sides_are_disjoint() -> None:
    assert Role.REP not in behaviors.OTHER_SIDE
