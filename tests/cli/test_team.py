"""``init``, ``doctor``, ``behaviors`` and ``schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ci_checker import settings
from ci_checker.app import catalogue
from ci_checker.app import doctor as examiner
from ci_checker.app.catalogue import Checked, Example
from ci_checker.app.doctor import Health, Part, State
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.learn import generic
from ci_checker.model import Verdict


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_init_for_scripts(cli: Any, tmp_path: Path) -> None:
    found = cli(
        "init", "team", "--manager", "Maya", "--company", "Harbor", "--rep", "Luke Porter", "--rep", "Dana Ortiz"
    )
    assert found.exit_code == 0, found.stderr
    assert found.stdout == "team/ci-checker.toml\n"
    assert "ci-checker batch" in found.stderr
    loaded = settings.load(tmp_path / "team", environment={})
    assert [rep.name for rep in loaded.reps] == ["Luke Porter", "Dana Ortiz"]
    found = cli("init", "team")
    assert (found.exit_code, found.stdout) == (2, "")


@pytest.mark.usefixtures("person")
def test_init_asks_a_person(cli: Any, tmp_path: Path) -> None:
    found = cli("init", input="Maya\nHarbor\nLuke Porter, Dana Ortiz\n")
    assert found.exit_code == 0, found.stderr
    loaded = settings.load(tmp_path, environment={})
    assert (loaded.manager, loaded.company) == ("Maya", "Harbor")
    assert [rep.name for rep in loaded.reps] == ["Luke Porter", "Dana Ortiz"]


def test_init_inside_a_workspace_says_so(cli: Any, tmp_path: Path) -> None:
    cli("init")
    found = cli("init", "sub")
    assert found.exit_code == 0
    assert "a workspace above" in found.stderr


def health(*parts: Part) -> Health:
    return Health(sections=(("packages", parts),))


FINE = Part(name="numpy", state=State.OK, detail="2.0")
GONE = Part(name="av", state=State.MISSING, detail="decodes", todo="python -m pip install av")


def test_doctor_of_a_healthy_machine(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "examine", lambda _: health(FINE))
    found = cli("doctor")
    assert (found.exit_code, found.stderr) == (0, "")
    assert "Nothing needed is missing." in found.stdout
    assert "\x1b" not in found.stdout


def test_doctor_says_what_is_wrong_with_a_store_that_is_there(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = Part(name="store", state=State.MISSING, detail="a.sqlite3: this is no database.", todo="Move it away.")
    monkeypatch.setattr(examiner, "examine", lambda _: health(FINE, damaged))
    assert cli("doctor").stderr.splitlines() == ["ci-checker: a.sqlite3: this is no database. Move it away."]


def test_doctor_names_what_is_missing_and_its_command(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "examine", lambda _: health(FINE, GONE))
    found = cli("doctor")
    assert found.exit_code == 3
    assert "-> python -m pip install av" in found.stdout
    assert "av is missing. python -m pip install av" in found.stderr
    value = json.loads(cli("doctor", "--json").stdout)
    assert value["ok"] is False
    assert value["sections"]["packages"][1]["state"] == "missing"


def test_doctor_really_looks(cli: Any) -> None:
    found = cli("doctor", "--json")
    assert found.exit_code in (0, 3)
    names = [part["name"] for part in json.loads(found.stdout)["sections"]["packages"]]
    assert "torch" in names


def test_behaviors_list_and_show(cli: Any) -> None:
    listed = cli("behaviors", "list").stdout.splitlines()
    assert len(listed) == 16
    assert any(line.startswith("trigger-event-opener") for line in listed)
    values = json.loads(cli("behaviors", "list", "--json").stdout)["behaviors"]
    assert [each["id"] for each in values] == sorted(each["id"] for each in values)
    shown = cli("behaviors", "show", "trigger-event-opener").stdout
    for part in ("Trigger-event opener", "Counts:", "Does not count:", "In the opening"):
        assert part in shown
    value = json.loads(cli("behaviors", "show", "talk-ratio", "--json").stdout)["behavior"]
    assert value["measure"] == "rep_talk_ratio"
    found = cli("behaviors", "show", "trigger")
    assert found.exit_code == 2
    assert "trigger-event-opener" in found.stderr


def test_a_teams_own_behavior_is_listed(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "our").mkdir()
    (tmp_path / "our" / "price-named.yaml").write_text(
        "name: Price named\ndefinition: A price.\ncounts: [it is forty]\n"
    )
    assert "price-named" in cli("behaviors", "list", "--behaviors", "our").stdout
    assert cli("behaviors", "list", "--behaviors", "none").exit_code == 2
    (tmp_path / "our" / "bad.yaml").write_text("name: [")
    found = cli("behaviors", "list", "--behaviors", "our")
    assert found.exit_code == 2
    assert "bad.yaml" in found.stderr


def test_behaviors_check(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    behavior = Behavior(id="ours", name="Ours", definition="x")
    right = Example(text="yes", counts=True, verdict=Verdict.SEEN, probability=0.9)
    doubt = Example(text="hm", counts=True, verdict=Verdict.UNCLEAR, probability=0.5)
    wrong = Example(text="no", counts=False, verdict=Verdict.SEEN, probability=0.9)
    monkeypatch.setattr(catalogue, "check", lambda _: (Checked(behavior=behavior, examples=(right, doubt)),))
    found = cli("behaviors", "check")
    assert (found.exit_code, found.stdout) == (0, "ours: valid; of 2 examples 1 right, 1 in doubt, 0 wrong\n")
    monkeypatch.setattr(catalogue, "check", lambda _: (Checked(behavior=behavior, examples=(right, wrong)),))
    found = cli("behaviors", "check", "--json")
    assert found.exit_code == 1
    assert '"no" does not count, but is found' in found.stderr
    assert json.loads(found.stdout)["behaviors"][0]["examples"][1]["wrong"] is True
    note = Checked(behavior=behavior, note="structure only: no detector knows this behavior yet")
    monkeypatch.setattr(catalogue, "check", lambda _: (note,))
    assert "structure only" in cli("behaviors", "check").stdout


MEASURED = {"schema": 1, "labels": {"question": {"precision": 0.91, "turns": 12}}, "macro_f1": 0.8}


def test_train_and_eval_pass_everything_on(cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []

    def note(*args: Any, **named: Any) -> dict[str, Any]:
        seen.append((args, named))
        return MEASURED

    monkeypatch.setattr(generic, "train", note)
    monkeypatch.setattr(generic, "evaluate", note)
    (tmp_path / "d.jsonl").write_text("")
    (tmp_path / "m").mkdir()
    found = cli("behaviors", "train", "--data", "d.jsonl", "--out", "m", "--seed", "3", "--jobs", "2")
    assert found.exit_code == 0, found.stderr
    assert "0.910" in found.stdout
    assert "macro_f1: 0.800" in found.stdout
    assert seen[-1] == ((Path("d.jsonl"), Path("m")), {"seed": 3, "jobs": 2})
    found = cli(
        "behaviors", "eval", "--data", "d.jsonl", "--cv", "10", "--json", "--predictions", "p.jsonl", "--groups",
        "conversation",
    )  # fmt: skip
    assert json.loads(found.stdout) == MEASURED
    assert seen[-1][1] == {"model": None, "cv": 10, "predictions": Path("p.jsonl"), "jobs": None, "seed": 0}
    cli("behaviors", "eval", "--data", "d.jsonl", "--model", "m")
    assert seen[-1][1]["model"] == Path("m")


def test_a_label_that_was_left_out_is_said(cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(generic, "evaluate", lambda *_, **__: {**MEASURED, "left_out": {"rare": 3}})
    (tmp_path / "d.jsonl").write_text("")
    found = cli("behaviors", "eval", "--data", "d.jsonl", "--cv", "3", "--quiet")
    assert found.exit_code == 0
    assert found.stderr.count("\n") == 1
    assert "d.jsonl: left out" in found.stderr
    assert "'rare' (3)" in found.stderr
    assert "rare" not in found.stdout


@pytest.mark.parametrize(
    "wrong", [(), ("--model", ".", "--cv", "3"), ("--cv", "1"), ("--model", "none"), ("--cv", "3", "--groups", "turn")]
)
def test_eval_refuses_what_does_not_fit(cli: Any, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    (tmp_path / "d.jsonl").write_text("")
    assert cli("behaviors", "eval", "--data", "d.jsonl", *wrong).exit_code == 2


@pytest.mark.parametrize("name", ["score", "report"])
def test_schemas_are_schemas(cli: Any, name: str) -> None:
    found = cli("schema", name)
    jsonschema.Draft202012Validator.check_schema(json.loads(found.stdout))


def test_score_json_of_a_failed_call_keeps_to_the_schema(cli: Any) -> None:
    schema = json.loads(cli("schema").stdout)
    found = cli("score", "nope.txt", "--json")
    assert found.exit_code == 1
    jsonschema.Draft202012Validator(schema).validate(json.loads(found.stdout))
