"""``python -m ci_checker.learn.voices``: what is built, measured, written and refused; and the shipped recordings."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ci_checker.errors import MissingError
from ci_checker.learn.voices import __main__ as command
from ci_checker.learn.voices import fixture, measure
from ci_checker.learn.voices.measure import Recognition, Told

TWO = [
    Told(name="a and b", line="clean", voices=2, seconds=30.0, wrong_s=3.0, nobody_s=1.5, mixed=False),
    Told(name="c and d", line="telephone", voices=2, seconds=10.0, wrong_s=1.0, nobody_s=0.5, mixed=False),
]
ALONE = [
    Told(name="a", line="clean", voices=1, seconds=9.0, wrong_s=0.0, nobody_s=9.0, mixed=True),
    Told(name="b", line="clean", voices=1, seconds=9.0, wrong_s=4.0, nobody_s=0.0, mixed=False),
]
SHIPPED = Told(name="call.ogg", line="true words", voices=2, seconds=50.0, wrong_s=1.0, nobody_s=4.0, mixed=False)
TEXT = "## a-1 | cold\nR: so you want the vans off the road\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """As if everything were installed and had been measured; keep what was asked for."""
    seen: dict[str, object] = {}

    def load(folder: Path | None) -> str:
        seen["model"] = folder
        return "model"

    def two_voices(people, texts, model, count):
        seen["texts"], seen["calls"] = texts, count
        return TWO

    def told(model, *, heard):
        seen["heard"] = heard
        return iter([SHIPPED])

    monkeypatch.setattr(command, "available", lambda engine: True)
    monkeypatch.setattr(command, "load_model", load)
    monkeypatch.setattr(command, "takes", lambda people, texts: iter(people))
    monkeypatch.setattr(measure, "two_voices", two_voices)
    monkeypatch.setattr(measure, "one_voice", lambda people, texts, model, count: ALONE)
    found = Recognition(present=8, found=6, wrong=1, absent=4, false=1)
    monkeypatch.setattr(measure, "recognition", lambda takes, model: found)
    monkeypatch.setattr(fixture, "told", told)
    return seen


@pytest.fixture
def texts(tmp_path: Path) -> str:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT, encoding="utf-8")
    return str(tmp_path / "texts")


def test_evaluate_prints_what_was_measured_and_writes_nothing(
    asked: dict, texts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert command.main(["evaluate", "--texts", texts, "--calls", "7", "--heard"]) == 0
    out = capsys.readouterr().out
    assert "| all | 2 | 15.0% | 10.0% | 5.0% | 0 |" in out
    assert "call.ogg (true words): diarization error 10.0%, of that wrong voice 2.0%, given to nobody 8.0%." in out
    assert out.splitlines()[-1].startswith("Synthetic voices only.")
    assert asked == {"model": None, "texts": ["so you want the vans off the road"], "calls": 7, "heard": True}
    assert sorted(tmp_path.rglob("*")) == before


def test_another_model_can_be_measured(asked: dict, texts: str, tmp_path: Path) -> None:
    assert command.main(["evaluate", "--texts", texts, "--model", str(tmp_path / "mine")]) == 0
    assert asked["model"] == tmp_path / "mine" and asked["heard"] is False and asked["calls"] == 30


def test_the_facts_are_the_numbers_of_the_text(asked: dict) -> None:
    options = command._parser().parse_args(["evaluate"])
    _, facts = command.evaluate(None, ["a text"], options)
    assert facts == {
        "diarization_error": 0.15,
        "wrong_voice": 0.1,
        "one_voice_taken_for_two": [1, 2],
        "recognized": [6, 8],
        "wrongly_named": [2, 12],
        "fixture, true words": 0.1,
    }


def test_build_fits_writes_measures_what_it_wrote_and_leaves_cards(
    asked: dict, texts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    monkeypatch.setattr(command.fit, "fit", lambda takes: {"center": np.zeros(3), "between": np.ones(2)})
    assert command.main(["build", "--out", str(out), "--texts", texts]) == 0
    assert asked["model"] == out
    with np.load(out / "voices.npz", allow_pickle=False) as stored:
        assert {name: stored[name].dtype for name in stored.files} == {"between": np.float32, "center": np.float32}
    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    assert card["synthetic_only"] is True and card["measured"]["diarization_error"] == 0.15
    assert list(card["files"]) == ["voices.npz"]
    page = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() in page
    assert "No recording of a person." in page and command.LIMITS in page


def test_without_a_synthesizer_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "available", lambda engine: False)
    assert command.main(["evaluate"]) == 3
    assert capsys.readouterr().err == (
        "speech synthesizer not installed: espeak, flite; "
        "apt-get install espeak-ng flite (or your system's packages of that name)\n"
    )


def test_without_dialogues_there_is_nothing_to_speak(
    asked: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["evaluate", "--texts", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: there are no labelled dialogues to speak\n"


def test_a_model_that_is_missing_ends_with_its_status(
    asked: dict, texts: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(folder: Path | None) -> None:
        raise MissingError("there is no model", where=str(folder))

    monkeypatch.setattr(command, "load_model", missing)
    assert command.main(["evaluate", "--texts", texts, "--model", "nowhere"]) == 3
    assert capsys.readouterr().err == "nowhere: there is no model\n"


@pytest.mark.parametrize("given", [[], ["listen"], ["evaluate", "--calls", "0"], ["evaluate", "--calls", "few"]])
def test_a_request_that_makes_no_sense_is_a_usage_error(given: list[str], asked: dict) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(given)
    assert ended.value.code == 2


# --- the shipped recordings -----------------------------------------------------------------------

RECORDING = {
    "channels": 1,
    "turns": [
        {"speaker": "prospect", "start_s": 1.0, "end_s": 2.0, "words": [["Hello?", 1.0, 1.4], ["Karen.", 1.5, 2.0]]},
        {"speaker": "rep", "start_s": 2.5, "end_s": 3.0, "words": [["Hi.", 2.5, 3.0]]},
    ],
}


def test_the_truth_of_a_recording_becomes_turns_of_one_channel() -> None:
    first, second = fixture.true_turns(RECORDING)
    assert (first.text, first.start_s, first.end_s, first.speaker) == ("Hello? Karen.", 1.0, 2.0, "mixed")
    assert [(word.text, word.start_s, word.end_s) for word in second.words] == [("Hi.", 2.5, 3.0)]


@pytest.mark.parametrize(
    ("start", "end", "owner"),
    [(1.1, 1.3, "prospect"), (2.6, 2.9, "rep"), (2.0, 2.2, "prospect"), (2.2, 2.5, "rep"), (9.0, 9.5, "rep")],
)
def test_a_heard_word_belongs_to_whoever_speaks_at_its_middle_or_nearest(start: float, end: float, owner: str) -> None:
    heard = (SimpleNamespace(words=(SimpleNamespace(start_s=start, end_s=end),)),)
    assert fixture._owners(heard, RECORDING) == [owner]  # type: ignore[arg-type]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A team with a mono and a stereo recording and a transcript; voices are told apart as in truth."""
    calls = [
        {"path": "recordings/mono.ogg", "recording": RECORDING},
        {"path": "recordings/stereo.ogg", "recording": {**RECORDING, "channels": 2}},
        {"path": "transcripts/a.txt"},
    ]
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "truth.json").write_text(json.dumps({"calls": calls}), encoding="utf-8")
    monkeypatch.setattr(fixture, "fixtures_root", lambda: tmp_path)
    monkeypatch.setattr(fixture.audio, "load", lambda path: np.zeros(10, np.float32))
    monkeypatch.setattr(fixture, "tell_apart", lambda call, samples, model: call)


def test_only_recordings_of_one_channel_are_told_apart(team: None) -> None:
    (found,) = fixture.told(None)  # type: ignore[arg-type]
    assert (found.name, found.line, found.voices, found.mixed) == ("mono.ogg", "true words", 2, True)
    assert found.seconds == pytest.approx(1.4) and found.error == 1.0


def test_with_words_as_heard_each_recording_counts_a_second_time(team: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixture, "_heard", lambda samples: fixture.true_turns(RECORDING)[:1])
    lines = [(each.line, each.voices) for each in fixture.told(None, heard=True)]  # type: ignore[arg-type]
    assert lines == [("true words", 2), ("words as heard", 1)]
