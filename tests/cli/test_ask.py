"""Questions on standard error, answers that are understood."""

from __future__ import annotations

import io
from datetime import date

import pytest
import typer

from ci_checker.cli import ask
from ci_checker.cli.dates import parse_date


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> object:
    def lines(*answers: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{each}\n" for each in answers)))

    return lines


def test_a_question_never_touches_standard_output(typed: object, capsys: pytest.CaptureFixture[str]) -> None:
    typed("  an answer ")  # type: ignore[operator]
    assert ask.text("What?", "nothing") == "an answer"
    assert capsys.readouterr() == ("", "What? [nothing]\n> ")


def test_enter_takes_the_default(typed: object) -> None:
    typed("")  # type: ignore[operator]
    assert ask.text("What?", "nothing") == "nothing"


def test_the_end_of_input_stops(typed: object) -> None:
    typed()  # type: ignore[operator]
    with pytest.raises(typer.Abort):
        ask.text("What?")


def test_a_long_question_breaks_between_words(
    typed: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    typed("x")  # type: ignore[operator]
    ask.text("How often: on how many calls, on what share of them, or on every one?")
    rows = capsys.readouterr().err.splitlines()
    assert all(len(row) < 30 for row in rows)
    assert " ".join(rows[:-1]).endswith("every one?")


def test_it_asks_until_it_understands(typed: object, capsys: pytest.CaptureFixture[str]) -> None:
    typed("soon", "2026-11-23")  # type: ignore[operator]
    assert ask.parsed("When?", lambda text: parse_date(text, date(2026, 11, 16))) == date(2026, 11, 23)
    assert "no date" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "meant"), [("d", "done"), ("NOT DONE", "not_done"), ("not-done", "not_done"), ("partly", "partly")]
)
def test_the_first_letters_are_enough(typed: object, said: str, meant: str) -> None:
    typed(said)  # type: ignore[operator]
    assert ask.choice("How?", ["done", "partly", "not_done"]) == meant


def test_letters_that_fit_two_are_asked_again(typed: object, capsys: pytest.CaptureFixture[str]) -> None:
    typed("re", "rep")  # type: ignore[operator]
    assert ask.choice("Next?", ["keep", "reissue", "replace"]) == "replace"
    assert "Please answer keep, reissue or replace" in capsys.readouterr().err
