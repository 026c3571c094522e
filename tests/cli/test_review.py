"""``review``: one quote after the other, kept as it is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ci_checker.app import reviewing
from ci_checker.app.reviewing import Candidate
from ci_checker.cli import review
from ci_checker.model import Evidence, Reason, Verdict
from ci_checker.store import Decision


def candidate(number: int) -> Candidate:
    evidence = Evidence(
        turn=number,
        speaker="Luke",
        quote=f"quote {number}",
        probability=0.46,
        start_s=65.0,
        why=(Reason(text="a funding event"),),
    )
    return Candidate(
        path="a.wav",
        sha256="a",
        account="Acme",
        started_at=datetime(2026, 11, 16, 9, 5),
        behavior="recap",
        shown_as=Verdict.UNCLEAR,
        evidence=evidence,
    )


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, workspace: object) -> list[tuple[int, Decision, str, str]]:
    """Three quotes to judge; return what was kept."""
    answers: list[tuple[int, Decision, str, str]] = []

    def decide(_: object, one: Candidate, decision: Decision, *, reviewer: str, note: str = "") -> None:
        answers.append((one.evidence.turn, decision, reviewer, note))

    monkeypatch.setattr(reviewing, "candidates", lambda *_, **__: tuple(candidate(n) for n in range(3)))
    monkeypatch.setattr(reviewing, "decide", decide)
    return answers


@pytest.mark.usefixtures("person")
def test_answers_are_kept_as_they_are_given(cli: Any, kept: list[Any]) -> None:
    found = cli("review", input="y\nn\na pitch\nskip\n")
    assert found.exit_code == 0, found.stderr
    assert kept == [
        (0, Decision.YES, "Maya Collins", ""),
        (1, Decision.NO, "Maya Collins", "a pitch"),
        (2, Decision.SKIP, "Maya Collins", ""),
    ]
    assert found.stdout == "3 answered: 1 of 2 confirmed.\n"


@pytest.mark.usefixtures("person")
def test_back_asks_again(cli: Any, kept: list[Any]) -> None:
    found = cli("review", "--reviewer", "Sam", input="yes\nback\nno\n\nquit\n")
    assert [(turn, decision) for turn, decision, *_ in kept] == [(0, Decision.YES), (0, Decision.NO)]
    assert kept[0][2] == "Sam"
    assert found.stdout == "1 answered: 0 of 1 confirmed.\n"


@pytest.mark.usefixtures("person")
def test_what_is_no_answer_is_asked_again(cli: Any, kept: list[Any]) -> None:
    found = cli("review", input="perhaps\n\nq\n")
    assert "Please answer yes, no, skip, back or quit" in found.stderr
    assert kept == []


@pytest.mark.usefixtures("person")
def test_an_end_of_input_keeps_what_was_answered(cli: Any, kept: list[Any]) -> None:
    assert cli("review", input="y\n").exit_code == 130
    assert [each[0] for each in kept] == [0]


def test_a_review_needs_a_person(cli: Any, kept: list[Any]) -> None:
    found = cli("review", input="y\n")
    assert found.exit_code == 2
    assert "terminal" in found.stderr
    assert kept == []


def test_nothing_to_review_is_no_error(cli: Any, kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "candidates", lambda *_, **__: ())
    found = cli("review")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "nothing to review" in found.stderr


def test_unknown_names_are_refused(cli: Any, kept: list[Any]) -> None:
    assert cli("review", "--behavior", "recpa").exit_code == 2
    assert cli("review", "--rep", "Nobody").exit_code == 2


def test_a_card_says_what_a_person_needs() -> None:
    text = review.card(candidate(1), 1, 3)
    for part in ("2 of 3: recap", "Acme", "Monday, November 16, 09:05", "01:05", "quote 1", "46%", "a funding event"):
        assert part in text
    assert "unclear" in text
