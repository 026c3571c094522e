"""Labelled conversations: both formats, and every refusal with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ci_checker.behaviors import catalogue
from ci_checker.errors import RequestError
from ci_checker.learn import dialogues
from ci_checker.learn.dialogues import label_names, read_all
from ci_checker.model import Role

SHORT = """\
# a remark
## c-1 | cold | a note | with a bar
P: hello
R[recap, ~dated-next-step,?upfront-agenda]: so: you need two
G: one moment

## c-2
R: bye
"""
DATA = Path(catalogue.__file__).parents[2] / "models" / "behaviors" / "data"


def write(folder: Path, text: str, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(*rows: dict) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def row(**change: object) -> dict:
    return {"conversation": "a", "turn": 0, "role": "rep", "text": "hi", "labels": [], **change}


def test_shorthand(tmp_path: Path) -> None:
    first, second = read_all([write(tmp_path, SHORT)])
    assert (first.id, first.kind, second.id, second.kind) == ("c-1", "cold", "c-2", "")
    hello, turn, gate = first.turns
    assert (hello.role, turn.role, gate.role) == (Role.PROSPECT, Role.REP, Role.GATEKEEPER)
    assert turn.text == "so: you need two"
    assert (turn.labels, turn.near, turn.open) == ({"recap"}, {"dated-next-step"}, {"upfront-agenda"})
    assert hello.labels == frozenset()
    assert [t.number for t in first.turns] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("P: hello\n", 1, "this line is no turn"),
        ("## a\nX: hello\n", 2, "this line is no turn: 'X: hello'"),
        ("## a\nR[recap: hello\n", 2, "this line is no turn"),
        ("##\nR: hello\n", 1, "needs an id"),
        ("## | cold\nR: hello\n", 1, "needs an id"),
        ("## a\nR[recap,~recap]: hello\n", 2, "stands twice on one turn"),
        ("## a\nR[~]: hello\n", 2, "says nothing"),
    ],
)
def test_shorthand_refusals(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(RequestError) as caught:
        read_all([path])
    assert caught.value.line.startswith(f"{path}:{line}: ")
    assert said in caught.value.line


def test_jsonl_of_the_contract(tmp_path: Path) -> None:
    text = rows(
        row(turn=3, role="therapist", labels=["open"], start=12.0, end=15.5, text="a\u2028b\x85c"),
        row(turn=7, role=None, labels=None),
        {"conversation": 12, "text": "x", "labels": []},
        {"conversation": 12, "text": "y", "labels": None},
    )
    first, second = read_all([write(tmp_path, "\ufeff" + text + "\n", "a.jsonl")])
    turn, context = first.turns
    assert (turn.role, turn.side, turn.text) == (Role.REP, "therapist", "a\u2028b\x85c")
    assert (turn.number, turn.start_s, turn.end_s, turn.labels) == (3, 12.0, 15.5, {"open"})
    assert (context.labels, context.role, context.side, context.number) == (None, Role.PROSPECT, "", 7)
    assert second.id == "12"
    assert [t.number for t in second.turns] == [0, 1]
    assert label_names([first, second]) == ("open",)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "needs conversation"),
        (json.dumps({"conversation": "a", "text": "x"}), "needs conversation"),
        (json.dumps(row(mood="good")), "'mood' is no field"),
        (json.dumps(row(labels="recap")), "labels must be a list"),
        (json.dumps(row(labels=[1])), "labels must be a list"),
        (json.dumps(row(text=None)), "text must be a text"),
        (json.dumps(row(conversation=None)), "conversation must be"),
        (json.dumps(row(role=3)), "role must be a text"),
        (json.dumps(row(turn="three")), "turn must be a whole number"),
        (json.dumps(row(turn=1.5)), "turn must be a whole number"),
        (json.dumps(row(start="soon")), "start must be seconds"),
        (json.dumps(row(end=[1])), "end must be seconds"),
        (json.dumps(row(conversation="b")) + "\n" + json.dumps(row()), "do not stand together"),
    ],
)
def test_jsonl_refusals(tmp_path: Path, bad: str, said: str) -> None:
    path = write(tmp_path, rows(row()) + bad + "\n", "a.jsonl")
    with pytest.raises(RequestError) as caught:
        read_all([path])
    line = 3 if "together" in said else 2
    assert caught.value.line.startswith(f"{path}:{line}: ")
    assert said in caught.value.line


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no such file"):
        read_all([tmp_path / "nowhere.jsonl"])
    for name in ("a.txt", "a.jsonl"):
        (tmp_path / name).write_bytes(b"## a\nR: Zo\xeb\n")
        with pytest.raises(RequestError, match="UTF-8"):
            read_all([tmp_path / name])


def test_a_conversation_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, "## a\nR: x\n", "1.txt")
    write(tmp_path, "## a\nR: y\n", "2.txt")
    with pytest.raises(RequestError, match="'a' stands twice"):
        read_all([tmp_path])
    write(tmp_path, "## b\nR: y\n", "2.txt")
    write(tmp_path, "not data", "notes.md")
    assert [(c.id, c.file) for c in read_all([tmp_path])] == [("a", "1.txt"), ("b", "2.txt")]


@pytest.mark.skipif(not DATA.is_dir(), reason="the training data is not here")
def test_the_shipped_data_is_labelled_with_known_names() -> None:
    known = {b.id for b in catalogue.load().values() if b.measure is None} | {"objection"}
    parts = {name: read_all([DATA / name]) for name in ("train", "calls", "plain", "phrases", "later", "eval")}
    for conversation in (c for part in parts.values() for c in part):
        for turn in conversation.turns:
            assert turn.text, conversation.id
            assert (turn.labels or frozenset()) | turn.near | turn.open <= known, conversation.id
            if turn.role is not Role.REP:
                assert (turn.labels or frozenset()) <= {"objection"}, conversation.id
    spoken = {n: {t.text.lower() for c in p for t in c.turns if len(t.text.split()) > 6} for n, p in parts.items()}
    held = spoken.pop("eval")
    assert not set().union(*spoken.values()) & held
    hands = {n: {c.file for c in p} for n, p in parts.items()}
    tested = hands.pop("eval")
    assert not set().union(*hands.values()) & tested


def test_an_unlabelled_role_of_ours_is_kept() -> None:
    assert dialogues._role("gatekeeper", judged=True) is Role.GATEKEEPER
    assert dialogues._role("client", judged=False) is Role.PROSPECT
