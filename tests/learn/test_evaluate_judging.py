"""What counts as truth when detectors are judged, what is measured through noise, and what the command refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ci_checker.errors import RequestError
from ci_checker.learn import evaluate
from ci_checker.learn.__main__ import COMMANDS, main
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.learn.evaluate import CLOSING, OPENING
from ci_checker.model import Call, Evidence, Result, Role, Verdict

LONG = "yes we could talk about that"


def turn(role: Role, text: str, *labels: str, near: Sequence[str] = (), unsure: Sequence[str] = ()) -> LabelledTurn:
    return LabelledTurn(role=role, text=text, labels=frozenset(labels), near=frozenset(near), open=frozenset(unsure))


def rep(text: str, *labels: str, **marks: Sequence[str]) -> LabelledTurn:
    return turn(Role.REP, text, *labels, **marks)


def talk(*turns: LabelledTurn, name: str = "a", answered: bool = True) -> Conversation:
    said = (turn(Role.PROSPECT, LONG),) if answered else ()
    return Conversation(id=name, kind="", turns=(*said, *turns))


def evidence(at: int, probability: float) -> Evidence:
    return Evidence(turn=at, speaker="Rep", quote="x", probability=probability)


Detect = Callable[[Call], list[Result]]


@pytest.fixture
def detecting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Detect], list[Call]]:
    """``detecting(detect)``: a catalogue of one classified and one measured behavior, and this for a detector."""

    def use(detect: Detect) -> list[Call]:
        calls: list[Call] = []
        measures = {"recap": None, "ratio": "rep_talk_ratio"}
        behaviors = {name: SimpleNamespace(id=name, measure=measure) for name, measure in measures.items()}

        def run(call: Call, scored: dict) -> tuple[list[Result], None]:
            assert list(scored) == ["recap"]  # what is measured is not judged
            calls.append(call)
            return detect(call), None

        monkeypatch.setattr(evaluate.catalogue, "load", lambda: behaviors)
        monkeypatch.setattr(evaluate.detect, "detect", run)
        return calls

    return use


def saying(verdict: Verdict, *found: Evidence, probability: float | None = 0.9) -> Detect:
    return lambda call: [Result(behavior="recap", verdict=verdict, probability=probability, evidence=found)]


# --- truth ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conversation", "truth", "near"),
    [
        (talk(rep("so two", "recap")), 1, False),
        (talk(rep("so two", "objection")), 0, False),
        (talk(rep("so two")), 0, False),
        (talk(rep("so two", near=["recap"])), 0, True),
        (talk(rep("so two", unsure=["recap"])), -1, False),
        (talk(rep("so two", "recap"), rep("so three", unsure=["recap"], near=[])), 1, False),
        (talk(rep("so two", "recap", near=[]), rep("so", near=["recap"])), 1, True),
        (talk(rep("so two", "recap"), answered=False), -1, False),
        (talk(turn(Role.PROSPECT, "yes okay"), rep("so two", "recap"), answered=False), -1, False),
        (talk(turn(Role.GATEKEEPER, LONG), rep("so two", "recap"), answered=False), -1, False),
        (talk(turn(Role.PROSPECT, "yes okay then"), rep("so two", "recap"), answered=False), 1, False),
        (talk(rep("so two", unsure=["objection"])), 0, False),
    ],
)
def test_a_call_has_it_or_lacks_it_or_is_left_out(
    conversation: Conversation, truth: int, near: bool, detecting: Callable
) -> None:
    detecting(saying(Verdict.NOT_SEEN))
    (found,) = evaluate.judge([conversation])
    assert (found.truth.tolist(), found.near.tolist()) == ([truth], [near])


@pytest.mark.parametrize(
    ("found", "labels", "quote"),
    [
        ([], ["recap"], -1),
        ([evidence(1, 0.9)], ["recap"], 1),
        ([evidence(0, 0.9)], ["recap"], 0),
        ([evidence(0, 0.6), evidence(1, 0.9)], ["recap"], 1),  # the surest counts, wherever it stands
        ([evidence(1, 0.6), evidence(0, 0.9)], ["recap"], 0),
        ([evidence(1, 0.9)], [], -1),  # nothing to find: a quote cannot be right
    ],
)
def test_the_surest_quote_is_right_where_it_stands_in_a_labelled_turn(
    found: list[Evidence], labels: list[str], quote: int, detecting: Callable
) -> None:
    detecting(saying(Verdict.SEEN, *found))
    (judged,) = evaluate.judge([talk(rep("so two", *labels))])
    assert judged.quote.tolist() == [quote]


def test_calls_stand_in_the_order_of_the_conversations(detecting: Callable) -> None:
    chances = {"a": 0.1, "b": None, "c": 0.8}
    calls = detecting(lambda call: saying(Verdict.UNCLEAR, probability=chances[call.path])(call))
    (found,) = evaluate.judge([talk(rep("x"), name=name) for name in chances])
    assert found.label == "recap" and found.verdicts == ("unclear",) * 3
    assert found.probability.tolist() == [0.1, 0.0, 0.8]  # what has no probability is not there
    assert [call.sha256 for call in calls] == ["a", "b", "c"]


def test_without_conversations_every_behavior_is_judged_on_nothing(detecting: Callable) -> None:
    detecting(saying(Verdict.SEEN))
    (found,) = evaluate.judge([])
    assert found.verdicts == () and all(len(each) == 0 for each in (found.truth, found.near, found.quote))


def test_quality_and_right_quotes_are_of_the_same_calls(detecting: Callable) -> None:
    detecting(saying(Verdict.SEEN, evidence(1, 0.9)))
    (quality,), right = evaluate.evaluate([talk(rep("x", "recap"), name="a"), talk(rep("x"), name="b")])
    assert (quality.present, quality.absent, quality.precision, quality.recall) == (1, 1, 0.5, 1.0)
    assert right == {"recap": 1.0}


# --- calls ----------------------------------------------------------------------------------------


def test_roles_are_told_once_each_in_the_order_in_which_they_speak() -> None:
    gate = turn(Role.GATEKEEPER, "front desk")
    call = evaluate.as_call(talk(gate, rep("hi"), gate, rep("bye"), answered=False))
    assert [(s.name, s.role) for s in call.speakers] == [("Gatekeeper", Role.GATEKEEPER), ("Rep", Role.REP)]
    assert [(t.speaker, t.text, t.start_s) for t in call.turns] == [
        ("Gatekeeper", "front desk", None),
        ("Rep", "hi", None),
        ("Gatekeeper", "front desk", None),
        ("Rep", "bye", None),
    ]


# --- noise ----------------------------------------------------------------------------------------


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, bool, int]]:
    """Keep (share, unpunctuated, seed) of every hearing instead of judging."""
    asked: list[tuple[float, bool, int]] = []

    def noise(conversations, share, *, unpunctuated, seed):
        asked.append((share, unpunctuated, seed))
        return ("heard", share)

    monkeypatch.setattr(evaluate.noise, "heard", noise)
    monkeypatch.setattr(evaluate, "judge", lambda conversations: [conversations])
    return asked


def test_each_share_is_heard_and_named(heard: list) -> None:
    found = evaluate.through_noise([], [0.1, 0.25], unpunctuated=False, seed=7)
    assert found == {"10% of words wrong": [("heard", 0.1)], "25% of words wrong": [("heard", 0.25)]}
    assert heard == [(0.1, False, 7), (0.25, False, 7)]


def test_without_marks_there_is_a_condition_of_its_own_before_the_shares(heard: list) -> None:
    found = evaluate.through_noise([], [0.1], unpunctuated=True)
    assert list(found) == [
        "no case and marks on half the turns",
        "10% of words wrong, no case and marks on half the turns",
    ]
    assert heard == [(0.0, True, 0), (0.1, True, 0)]


def test_without_a_condition_nothing_is_heard_again(heard: list) -> None:
    assert evaluate.through_noise([], [], unpunctuated=False) == {} and heard == []


# --- the file that shows it -----------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", "one\n", "# T\n\n"])
@pytest.mark.parametrize("after", ["", "\n", "\ntwo\n"])
def test_only_what_stands_between_the_markers_changes(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(f"{before}{OPENING}\nold\n{CLOSING}{after}", encoding="utf-8")
    for text in ("| new |", "newer"):
        evaluate.put_into(path, text)
        assert path.read_text(encoding="utf-8") == f"{before}{OPENING}\n{text}\n{CLOSING}{after}"
        assert evaluate._between(path) == text


@pytest.mark.parametrize(
    "content",
    [
        "",
        OPENING,
        CLOSING,
        f"{CLOSING} {OPENING}",
        f"{OPENING}{OPENING}{CLOSING}",
        f"{OPENING}{CLOSING}{CLOSING}",
        None,
    ],
)
def test_a_file_without_one_pair_of_markers_stays_as_it_is(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(RequestError) as refused:
        evaluate.put_into(path, "text")
    assert refused.value.line == f"{path}: the table cannot be put there. It needs one {OPENING} … {CLOSING}."
    assert not path.exists() if content is None else path.read_text(encoding="utf-8") == content


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    def never(conversations: object) -> None:
        raise AssertionError("the work began before the request was looked at")

    monkeypatch.setattr(evaluate, "judge", never)
    (tmp_path / "a.txt").write_text("## a | cold\nR: hello\n", encoding="utf-8")
    return str(tmp_path / "a.txt")


def test_a_model_that_is_not_there_is_told_before_the_work_begins(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", data, "--write", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'nowhere'}: there is no such model to put the tables into\n"


def test_a_readme_without_markers_is_told_before_the_work_begins(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", data, "--readme", str(tmp_path / "none.md")]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'none.md'}: the table cannot be put there.")


def test_data_without_a_conversation_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("# only a remark\n", encoding="utf-8")
    assert main(["evaluate", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: there are no conversations to evaluate on\n"


@pytest.mark.parametrize("share", ["0", "1", "1.5", "-0.1", "nan", "some"])
def test_a_share_lies_between_none_and_all(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", f"--noise={share}"])
    assert ended.value.code == 2 and "--noise" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_its_options(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0 and "--data" in out and "--seed" in out and "--write" in out


def test_a_command_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    for given in ([], ["measure"]):
        with pytest.raises(SystemExit) as ended:
            main(given)
        assert ended.value.code == 2
    assert "evaluate" in capsys.readouterr().err


def test_the_arrays_of_a_judgment_have_a_row_a_call(detecting: Callable) -> None:
    detecting(saying(Verdict.SEEN, evidence(1, 0.9)))
    (found,) = evaluate.judge([talk(rep("x", "recap"), name=str(n)) for n in range(5)])
    for each in (found.probability, found.truth, found.near, found.quote):
        assert isinstance(each, np.ndarray) and each.shape == (5,)
    assert (found.truth.dtype.kind, found.near.dtype.kind, found.quote.dtype.kind) == ("i", "b", "i")
