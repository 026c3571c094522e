"""``score``, ``transcribe`` and ``batch``: what they ask the use cases for, and what they print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ci_checker.app import batching, scoring
from ci_checker.app.batching import Summary
from ci_checker.errors import MissingError
from ci_checker.model import Call, Evidence, Result, Role, ScoredCall, Source, Speaker, Turn, Verdict

TURNS = (
    Turn(speaker="left", text="I saw you opened a depot.", start_s=0.5, end_s=3.0),
    Turn(speaker="right", text="We did.", start_s=3.2, end_s=4.0),
)
CALL = Call(
    path="a.wav",
    sha256="ab" * 32,
    source=Source.AUDIO,
    duration_s=4.0,
    turns=TURNS,
    speakers=(Speaker(name="left", role=Role.REP), Speaker(name="right", role=Role.PROSPECT)),
)
SEEN = Result(
    behavior="trigger-event-opener",
    verdict=Verdict.SEEN,
    probability=0.97,
    evidence=(Evidence(turn=0, speaker="left", quote="I saw you opened a depot.", probability=0.97, start_s=0.5),),
)
GOOD = ScoredCall(call=CALL, results=(SEEN,))
BAD = ScoredCall(
    call=Call(path="b.wav", sha256="", source=Source.AUDIO), error="b.wav: it is cut off. Export it again."
)


class Asked:
    """A use case that notes what it was asked for and returns what it is told to."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.args: tuple[Any, ...] = ()
        self.named: dict[str, Any] = {}

    def __call__(self, *args: Any, **named: Any) -> Any:
        self.args, self.named = args, named
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_score_prints_quotes_for_people(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "score", Asked((GOOD,)))
    found = cli("score", "a.wav")
    assert found.exit_code == 0, found.stderr
    assert "I saw you opened a depot." in found.stdout
    assert "\x1b" not in found.stdout
    assert found.stderr == ""


def test_score_asks_for_what_was_given(cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = Asked((GOOD,))
    monkeypatch.setattr(scoring, "score", asked)
    (tmp_path / "our").mkdir()
    found = cli(
        "score", "a.wav", "b.wav", "--rep", "left", "-b", "recap", "--behavior", "talk-ratio", "--behaviors", "our",
        "--model", "tiny.en", "--engine", "whisper_torch", "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    paths, options = asked.args[:2]
    assert paths == ["a.wav", "b.wav"]
    assert options == scoring.ScoreOptions(
        rep="left",
        behaviors=("recap", "talk-ratio"),
        folders=(Path("our"),),
        model="tiny.en",
        engine="whisper_torch",
    )


def test_an_unknown_behavior_stops_before_anything_is_heard(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked((GOOD,))
    monkeypatch.setattr(scoring, "score", asked)
    found = cli("score", "a.wav", "--behavior", "triger-event-opener")
    assert found.exit_code == 2
    assert "trigger-event-opener" in found.stderr
    assert asked.args == ()


def test_some_failed_is_valid_json_and_1(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "score", Asked((GOOD, BAD)))
    found = cli("score", "a.wav", "b.wav", "--json")
    assert found.exit_code == 1
    calls = json.loads(found.stdout)["calls"]
    assert [call["error"] for call in calls] == [None, BAD.error]
    assert found.stderr == f"ci-checker: {BAD.error}\n"


def test_all_failed_is_valid_json_and_1_even_when_quiet(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "score", Asked((BAD,)))
    found = cli("score", "b.wav", "--json", "--quiet")
    assert found.exit_code == 1
    assert len(json.loads(found.stdout)["calls"]) == 1
    assert "b.wav" in found.stderr


def test_a_missing_model_is_3(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "score", Asked(MissingError("the model is not here", todo="Give --model PATH.")))
    found = cli("score", "a.wav", "--json")
    assert found.exit_code == 3
    assert found.stdout == ""
    assert "--model PATH" in found.stderr


@pytest.mark.parametrize(("name", "begins"), [("s.html", "<!"), ("s.md", "#"), ("s.json", "{")])
def test_score_writes_what_the_ending_says(
    cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, begins: str
) -> None:
    monkeypatch.setattr(scoring, "score", Asked((GOOD,)))
    found = cli("score", "a.wav", "-o", name)
    assert found.exit_code == 0, found.stderr
    assert found.stdout == ""
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_bad_output_stops_before_anything_is_heard(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked((GOOD,))
    monkeypatch.setattr(scoring, "score", asked)
    assert cli("score", "a.wav", "-o", "none/s.json").exit_code == 2
    assert asked.args == ()


def test_transcribe_writes_lines_that_score_reads_again(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked((GOOD,))
    monkeypatch.setattr(scoring, "transcribe", asked)
    found = cli("transcribe", "a.wav", "--model", "base.en")
    assert found.stdout == "[00:00] left: I saw you opened a depot.\n[00:03] right: We did.\n"
    assert asked.args[1].model == "base.en"


def test_transcribe_to_vtt_and_json(cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scoring, "transcribe", Asked((GOOD,)))
    assert cli("transcribe", "a.wav", "-o", "a.vtt").exit_code == 0
    assert (tmp_path / "a.vtt").read_text().startswith("WEBVTT")
    assert json.loads(cli("transcribe", "a.wav", "--json").stdout)["calls"][0]["call"] == "a.wav"


def test_transcribe_of_nothing_good_prints_nothing(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "transcribe", Asked((BAD,)))
    found = cli("transcribe", "b.wav")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "cut off" in found.stderr
    assert json.loads(cli("transcribe", "b.wav", "--json").stdout)["calls"] == []


SUMMARY = Summary(
    done=3, skipped=2, failed=(("x.wav", "x.wav: it is empty."),), notes=("1 file kept without details",), heard_s=600
)


def test_batch_says_what_was_done_and_names_what_failed(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "batch", Asked(SUMMARY))
    found = cli("batch", "week")
    assert found.exit_code == 1
    assert found.stdout.splitlines()[0] == "3 calls done, 2 done before, 1 failed; 10 minutes of audio heard."
    assert "kept without details" in found.stdout
    assert found.stderr == "ci-checker: x.wav: it is empty.\n"


def test_batch_as_json(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "batch", Asked(SUMMARY))
    value = json.loads(cli("batch", "week", "--json").stdout)
    assert value["schema"] == 1
    assert (value["done"], value["skipped"]) == (3, 2)
    assert value["failed"] == [{"call": "x.wav", "error": "x.wav: it is empty."}]


def test_batch_asks_for_what_was_given(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(Summary(done=1, skipped=0, failed=(), notes=(), heard_s=0))
    monkeypatch.setattr(batching, "batch", asked)
    found = cli(
        "batch", "week", "--pattern", "{rep}.wav", "--rep", "Luke", "--model", "base.en", "--again", "--behaviors", "o"
    )
    assert found.exit_code == 0, found.stderr
    assert found.stdout == "1 call done.\n"
    assert asked.args[0] == "week"
    named = {name: value for name, value in asked.named.items() if name != "progress"}
    assert named == {
        "pattern": "{rep}.wav",
        "rep": "Luke",
        "model": "base.en",
        "speakers": 2,
        "engine": None,
        "behaviors_folders": (Path("o"),),
        "again": True,
    }
