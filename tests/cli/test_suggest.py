"""``behaviors new`` and ``behaviors suggest`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ci_checker.app import suggesting
from ci_checker.cli import suggest
from ci_checker.model import Call, Role, Source, Speaker, Turn

CALL = Call(
    path="one.txt", sha256="abc", source=Source.TRANSCRIPT,
    speakers=(Speaker(name="Luke", role=Role.REP), Speaker(name="Karen", role=Role.PROSPECT)),
    turns=(
        Turn(speaker="Karen", text="go on then"), Turn(speaker="Luke", text="it is forty a month"),
        Turn(speaker="Karen", text="hm"), Turn(speaker="Luke", text="how is the weather"),
    ),
)  # fmt: skip


@pytest.fixture
def own(workspace: Path, cli: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    found = cli("behaviors", "new", "price-named")
    assert found.exit_code == 0, found.stderr
    assert found.stdout == f"{workspace / 'behaviors' / 'price-named.yaml'}\n"
    assert "behaviors check" in found.stderr
    monkeypatch.setattr(suggesting, "stored", lambda _: (CALL,))
    monkeypatch.setattr(suggesting, "_detector", lambda _: None)
    monkeypatch.setattr(suggesting, "_probabilities", lambda *_: {1: 0.9, 3: 0.2})
    return "price-named"


def labels(path: Path) -> list[Any]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["labels"] for row in rows if row["conversation"] == "abc"]


def test_new_is_listed_at_once_and_refuses_to_overwrite(own: str, cli: Any) -> None:
    assert own in cli("behaviors", "list").stdout
    found = cli("behaviors", "new", own)
    assert found.exit_code == 2
    assert "already defined" in found.stderr


def test_suggestions_are_labelled_data_with_guesses(own: str, cli: Any) -> None:
    found = cli("behaviors", "suggest", own)
    assert found.exit_code == 0, found.stderr
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert [r["labels"] for r in rows if r["conversation"] == "abc"] == [None, [own], None, []]
    assert found.stdout == cli("behaviors", "suggest", own).stdout
    one = cli("behaviors", "suggest", own, "-n", "1", "-o", "l.jsonl")
    assert "1 turns to correct" in one.stderr
    assert labels(Path("l.jsonl")).count(None) == 3


def test_a_person_answers_and_every_answer_is_kept(own: str, cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "interactive", lambda: True)
    found = cli("behaviors", "suggest", own, "--ask", "-o", "l.jsonl", input="no\nback\nyes\nquit\n")
    assert found.exit_code == 0, found.stderr
    assert found.stdout == "1 answered, 1 of them yes; kept in l.jsonl.\n"
    assert labels(Path("l.jsonl")) == [None, [own], None, None]
    assert "it is forty a month" in found.stderr
    found = cli("behaviors", "suggest", own, "--ask", "-o", "l.jsonl", input="skip\n")
    assert "0 answered" in found.stdout
    found = cli("behaviors", "suggest", own, "--ask", "-o", "l.jsonl", input="n\n")
    assert labels(Path("l.jsonl")) == [None, [own], None, []]
    found = cli("behaviors", "suggest", own, "-o", "l.jsonl")
    assert "nothing to suggest" in found.stderr
    assert labels(Path("l.jsonl")) == [None, [own], None, []]


def test_what_does_not_fit(own: str, cli: Any) -> None:
    for line in (("--ask",), ("--ask", "-o", "l.jsonl"), ("-o", "none/l.jsonl")):
        found = cli("behaviors", "suggest", own, *line)
        assert found.exit_code == 2, line
        assert not found.stdout
    assert cli("behaviors", "suggest", "price").exit_code == 2
    Path("bad.jsonl").write_text('{"conversation": "x"}\n')
    assert cli("behaviors", "suggest", own, "-o", "bad.jsonl").exit_code == 2
    assert Path("bad.jsonl").read_text() == '{"conversation": "x"}\n'


def test_check_names_what_the_template_still_says(own: str, cli: Any) -> None:
    found = cli("behaviors", "check", "--quiet", "--json")
    value = next(b for b in json.loads(found.stdout)["behaviors"] if b["id"] == own)
    assert "template" in value["contradictions"][0]
    assert found.exit_code == 1
