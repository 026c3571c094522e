"""The evaluation's tables, on verdicts made up by hand, and the command that prints them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ci_checker.errors import RequestError
from ci_checker.learn import behaviors, evaluate, evaluation_tables
from ci_checker.learn.__main__ import main
from ci_checker.learn.evaluate import Judged

SEEN, NOT, DOUBT, NONE = "seen", "not_seen", "unclear", "not_applicable"


def judged(label: str = "recap") -> Judged:
    """Five calls with it (two found, one in doubt, one missed, one told impossible), four without, one left out."""
    return Judged(
        label=label,
        verdicts=(SEEN, SEEN, DOUBT, NOT, NONE, SEEN, NOT, NOT, DOUBT, SEEN),
        probability=np.array([0.9, 0.8, 0.5, 0.1, 0.0, 0.7, 0.1, 0.0, 0.4, 0.9]),
        truth=np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, -1]),
        near=np.array([0, 0, 0, 0, 0, 1, 1, 0, 0, 1], dtype=bool),
        quote=np.array([1, 0, -1, -1, -1, -1, -1, -1, -1, 1]),
    )


@pytest.fixture
def told() -> evaluation_tables.Told:
    rows = [judged(), judged("qualify-out")]
    return evaluation_tables.told(rows, {"20% of words wrong": rows}, 10, "some/where")


def test_the_numbers_by_hand(told) -> None:
    row = told.facts["values"]["recap"]
    assert (row["present"], row["absent"], row["quotes"]) == (5, 4, 2)
    assert row["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert row["recall"] == pytest.approx(0.4)
    assert row["f1"] == pytest.approx(0.5)
    assert row["unclear"] == pytest.approx(2 / 9, abs=1e-4)
    assert row["false_not_seen"] == pytest.approx(0.4)  # told impossible is told that it is not there
    assert row["false_seen"] == pytest.approx(0.25)
    (quality, _) = evaluation_tables.qualities([judged(), judged("qualify-out")])
    for name in ("precision", "recall", "f1", "average_precision", "unclear", "false_not_seen", "false_seen"):
        assert row[name] == pytest.approx(getattr(quality, name), abs=1e-4), name


def test_hard_negatives_stand_apart(told) -> None:
    assert told.facts["hard_negatives"]["recap"] == {
        "near": 2, "near_false_seen": 0.5, "near_unclear": 0.0, "far": 2, "far_false_seen": 0.0, "far_unclear": 0.5,
    }  # fmt: skip
    assert "| recap | 2 | 50.0% | 0% | 2 | 0.0% | 50% |" in told.whole


def test_over_all_counts_every_call_and_mean_every_behavior(told) -> None:
    assert told.facts["values"][evaluation_tables.ALL]["present"] == 10
    assert "| **over all** | 10 / 8 | 0.67 | 0.40 | 0.50 |" in told.tables
    assert "| **mean** |  | 0.67 | 0.40 | 0.50 |" in told.tables


def test_every_number_has_an_interval_that_holds_it(told) -> None:
    for name, values in told.facts["values"].items():
        for measure, (low, high) in told.facts["intervals"][name].items():
            assert low <= values[measure] + 1e-6, (name, measure)
            assert values[measure] <= high + 1e-6, (name, measure)
    alone, both = (told.facts["intervals"][n]["recall"] for n in ("recap", evaluation_tables.ALL))
    assert both[1] - both[0] < alone[1] - alone[0]


def test_noise_says_what_it_costs() -> None:
    worse = evaluation_tables.told([judged()], {"noisy": [_deaf(judged())]}, 10, "x").facts["noise"]
    assert worse["as written"]["lost"] == 0.0
    assert worse["noisy"]["lost"] == pytest.approx(0.5)
    assert worse["noisy"]["f1"] == 0.0


def _deaf(one: Judged) -> Judged:
    return Judged(
        label=one.label, verdicts=("unclear",) * 10, probability=np.full(10, 0.5), truth=one.truth, near=one.near,
        quote=np.full(10, -1),
    )  # fmt: skip


def test_the_same_input_gives_the_same_bytes(told) -> None:
    rows = [judged(), judged("qualify-out")]
    again = evaluation_tables.told(rows, {"20% of words wrong": rows}, 10, "some/where")
    assert json.dumps(again.facts) == json.dumps(told.facts)
    assert again.whole == told.whole
    json.dumps(told.facts, allow_nan=False)


def test_a_behavior_that_never_occurs_has_no_numbers() -> None:
    none = Judged(
        label="recap", verdicts=(NOT, NOT), probability=np.zeros(2), truth=np.zeros(2, int),
        near=np.zeros(2, bool), quote=np.full(2, -1),
    )  # fmt: skip
    told = evaluation_tables.told([none], {}, 2, "x")
    assert told.facts["values"]["recap"]["f1"] is None
    assert "| recap | 0 / 2 | - | - | - | - |" in told.tables


def test_a_behavior_that_was_never_judged_has_no_numbers_either() -> None:
    none = Judged(
        label="recap", verdicts=(NOT,), probability=np.zeros(1), truth=np.full(1, -1),
        near=np.zeros(1, bool), quote=np.full(1, -1),
    )  # fmt: skip
    told = evaluation_tables.told([none], {"noisy": [none]}, 1, "x")
    assert "| recap | 0 / 0 | - |" in told.tables
    json.dumps(told.facts, allow_nan=False)


TEXT = """\
## a | discovery
P: hello who is this please tell me
R[recap]: so you need two of them and it has to be by may
## b | discovery
P: hello who is this please tell me
R[~recap]: fine
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(evaluate, "judge", lambda _: [judged()])
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "a.txt"


def test_the_command_prints_and_writes(data: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    model, readme = tmp_path / "model", tmp_path / "README.md"
    model.mkdir()
    readme.write_text("one\n<!-- evaluation -->\nold\n<!-- /evaluation -->\ntwo\n")
    cards: list[Path] = []
    monkeypatch.setattr(behaviors, "write_cards", cards.append)
    options = ["--noise", "0.1", "0.2", "--unpunctuated", "--write", str(model), "--readme", str(readme)]
    assert main(["evaluate", "--data", str(data), *options]) == 0
    shown = capsys.readouterr().out
    kept = json.loads((model / behaviors.EVALUATION).read_text())
    assert cards == [model]
    assert kept["table"] in shown
    assert kept["rows"][0]["label"] == "recap"
    assert {"present", "absent", "precision", "recall"} <= kept["rows"][0].keys()  # what the reports read
    text = readme.read_text()
    assert text.startswith("one\n<!-- evaluation -->\nHeld out")
    assert text.endswith("<!-- /evaluation -->\ntwo\n")
    assert "old" not in text
    for name in ("as written", "10% of words wrong", "20% of words wrong"):
        assert name in text


def test_json(data: Path, capsys) -> None:
    assert main(["evaluate", "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["values"]["recap"]["present"] == 5


def test_what_does_not_fit_is_one_line(data: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "bare.md").write_text("no marks")
    assert main(["evaluate", "--data", str(data), "--readme", str(tmp_path / "bare.md")]) == 2
    assert "It needs one <!-- evaluation -->" in capsys.readouterr().err
    assert main(["evaluate", "--data", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit):
        main(["evaluate", "--noise", "20"])
    with pytest.raises(RequestError):
        evaluate.put_into(tmp_path / "bare.md", "x")


def test_the_old_name_still_works(data: Path, capsys) -> None:
    assert evaluate.main(["--data", str(data)]) == 0
    assert "**over all**" in capsys.readouterr().out
