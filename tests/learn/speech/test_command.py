"""``python -m ci_checker.learn.speech``: what each command does with which options."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import __main__ as command  # noqa: E402
from ci_checker.learn.speech import card, evaluate, export  # noqa: E402
from ci_checker.learn.speech.network import Network, dimensions  # noqa: E402
from ci_checker.learn.speech.train import Plan  # noqa: E402


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if both synthesizers were there."""
    monkeypatch.setattr(command, "available", lambda engine: True)


def test_without_a_synthesizer_one_line_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "available", lambda engine: engine == "espeak")
    assert command.main(["evaluate"]) == 3
    told = capsys.readouterr()
    assert told.out == "" and "flite" in told.err and "apt-get install" in told.err
    assert len(told.err.strip().splitlines()) == 1 and "not installed: flite;" in told.err


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Hear everything right but the first sentence; keep what was asked for."""
    asked: dict[str, Any] = {}

    def listen(model: Any, texts: list[str]) -> list[evaluate.Heard]:
        asked["model"], asked["texts"] = model, texts
        return [
            evaluate.Heard(voice="dan", condition="clean", reference=text, hypothesis=text if place else "wrong")
            for place, text in enumerate(texts)
        ]

    monkeypatch.setattr(evaluate, "load", lambda path: path)
    monkeypatch.setattr(evaluate, "listen", listen)
    return asked


def test_evaluate_prints_the_table_of_all_held_out_sentences(
    listened: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["evaluate", "--model", "a.pt", "--threads", "1"]) == 0
    assert listened == {"model": Path("a.pt"), "texts": evaluate.held_out()}
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| voice | clean | telephone |" and lines[2].startswith("| dan | ") and len(lines) == 4


def test_evaluate_can_take_every_nth_sentence_and_show_what_was_heard(
    listened: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["evaluate", "--every", "40", "--show"]) == 0
    assert listened["texts"] == evaluate.held_out()[::40]
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"dan clean\t{evaluate.held_out()[0]}\twrong"


def test_build_speaks_trains_and_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: dict[str, Any] = {}
    team = Path(__file__).resolve().parents[3] / "fixtures" / "team"
    (tmp_path / "dialogues").mkdir()
    for name in ("b.txt", "a.txt", "notes.md"):
        (tmp_path / "dialogues" / name).write_text("R: Hello.\n", encoding="utf-8")

    def speak_all(shards: Path, dialogues: list[Path], others: list[str]) -> None:
        calls["shards"], calls["dialogues"], calls["others"] = shards, dialogues, others

    def train(shards: Path, work: Path, plan: Plan, *, settings: Path | None) -> str:
        calls["train"] = (shards, work, plan.total, settings)
        return "trainer"

    def publish(trainer: str, out: Path, shards: Path) -> str:
        calls["publish"] = (trainer, out, shards)
        return "the table"

    monkeypatch.setattr(command.corpus, "speak_all", speak_all)
    monkeypatch.setattr(command, "train", train)
    monkeypatch.setattr(command, "publish", publish)
    work, out = tmp_path / "work", tmp_path / "out"
    given = ["--work", work, "--out", out, "--dialogues", tmp_path / "dialogues", "--team", team, "--minutes", "2"]
    assert command.main(["build", *map(str, given)]) == 0
    assert calls["shards"] == work / "shards"
    assert [path.name for path in calls["dialogues"]] == ["a.txt", "b.txt"]
    assert calls["train"] == (work / "shards", work, 120.0, None)
    assert calls["publish"] == ("trainer", out, work / "shards")
    assert "Silver Creek Plumbing, this is Karen." in calls["others"], "recorded calls are kept out of training"
    assert capsys.readouterr().out == "the table\n"


def test_a_command_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main([])
    assert ended.value.code == 2 and "evaluate" in capsys.readouterr().err


def test_without_options_the_plan_sets_the_time() -> None:
    options: argparse.Namespace = command._parser().parse_args(["build"])
    assert options.minutes == pytest.approx(Plan().total / 60)
    assert options.out == Path("models/whisper-synthetic")


def test_publish_exports_the_average_and_describes_that_very_file(tmp_path: Path, listened: dict[str, Any]) -> None:
    torch.manual_seed(1)
    fast, slow = (Network(dimensions(width=64, encoder=1, decoder=1, heads=4)) for _ in range(2))
    trainer: Any = SimpleNamespace(network=fast, average=slow, step_number=7, heard=7200.0, elapsed=600.0)
    (tmp_path / "shards").mkdir()
    told = command.publish(trainer, tmp_path / "out", tmp_path / "shards", every=50)
    assert told.endswith("| all | " + told.rpartition("| all | ")[2]) and "| dan |" in told
    path = tmp_path / "out" / card.FILE
    state = torch.load(path, weights_only=True)["model_state_dict"]
    bias = slow.whisper.encoder.conv1.bias
    assert torch.equal(state["encoder.conv1.bias"], bias.detach().to(torch.float16))
    found = json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8"))
    assert found["sha256"] == export.sha256(path)
    assert (found["steps"], found["hours_heard_in_training"], found["minutes_of_training"]) == (7, 2.0, 10)
    assert listened["model"] == path and listened["texts"] == evaluate.held_out()[::50]
