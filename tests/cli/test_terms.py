"""The parts of a promise as they are typed, and the terms that they become."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from ci_checker.cli import learn, review
from ci_checker.cli.commitment.parts import _offer, _one_of, terms
from ci_checker.errors import RequestError
from ci_checker.model import Bucket, NextStep, Outcome, TargetKind

WEDNESDAY = date(2026, 11, 18)


def read(**parts: Any) -> Any:
    return terms(WEDNESDAY, **parts)


def test_what_nobody_spelled_out_is_left_to_the_statement() -> None:
    found = read(statement="open with a trigger event")
    assert found.statement == "open with a trigger event"
    for name in ("behavior", "target", "weekdays", "from_time", "to_time", "call_types", "directions", "accounts"):
        assert getattr(found, name) is None, name
    assert (found.start, found.end, found.check_on, found.bound) == (None, None, None, None)


def test_every_part_is_read_in_its_own_way() -> None:
    found = read(
        behavior="recap",
        target="50%",
        per_call=2,
        weekdays="mon-thu",
        from_time="9",
        to_time="5 pm",
        call_type=["cold", "discovery"],
        direction=["inbound", "outbound"],
        account=["Acme"],
        rep_words="I sum it up",
    )
    assert (found.behavior, found.target.kind, found.target.value) == ("recap", TargetKind.SHARE, 0.5)
    assert (found.per_call, found.weekdays) == (2, (0, 1, 2, 3))
    assert (found.from_time, found.to_time) == (time(9), time(17))
    assert found.call_types == ("cold", "discovery") and found.accounts == ("Acme",)
    assert found.directions == ("inbound", "outbound") and found.rep_words == "I sum it up"


def test_an_empty_list_is_no_limit() -> None:
    found = read(call_type=[], direction=[], account=[])
    assert (found.call_types, found.directions, found.accounts) == (None, None, None)


def test_today_may_be_the_first_day_but_a_check_on_its_weekday_is_a_week_later() -> None:
    found = read(start="wed", end="fri", check_on="wed")
    assert (found.start, found.end, found.check_on) == (WEDNESDAY, date(2026, 11, 20), date(2026, 11, 25))


@pytest.mark.parametrize(
    ("parts", "option"),
    [
        ({"direction": ["sideways"]}, "--direction"),
        ({"target": "often"}, "--target"),
        ({"weekdays": "someday"}, "--weekdays"),
        ({"from_time": "dawn"}, "--from"),
        ({"to_time": "25"}, "--to"),
        ({"start": "soon"}, "--start"),
        ({"end": "later"}, "--end"),
        ({"check_on": "never"}, "--check-on"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_option_and_how_to_write_it(parts: dict[str, Any], option: str) -> None:
    with pytest.raises(RequestError) as told:
        read(**parts)
    assert told.value.where == option and told.value.todo and told.value.exit_status == 2


# --- words of a few -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["not_done", "not done", "Not-Done", "NOTDONE", "  not   done ", Outcome.NOT_DONE])
def test_an_outcome_may_be_spelled_as_people_do(text: str) -> None:
    assert _one_of(Outcome, "outcome", "--outcome")(text) is Outcome.NOT_DONE


@pytest.mark.parametrize("text", ["", "no", "nearly", "done!", "part"])
def test_a_word_of_no_outcome_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(RequestError, match="no outcome") as told:
        _one_of(Outcome, "outcome", "--outcome")(text)
    assert told.value.todo == "Use done, partly or not_done."


def test_the_shell_offers_words_by_their_beginning() -> None:
    assert _offer(NextStep)("re") == ["reissue", "replace"]
    assert _offer(Bucket)("S") == ["skill", "system"]
    assert _offer(Outcome)("x") == []


# --- measured tables ----------------------------------------------------------------------------

MEASURED = {
    "schema": 1,
    "labels": {
        "open-question": {"precision": 0.9125, "recall": None, "turns": 12},
        "recap": {"precision": 1.0, "recall": 0.5, "turns": 3},
    },
    "left_out": {"rare": 2},
    "macro_f1": 0.8,
    "folds": 10,
}


def test_labels_are_a_table_and_what_stands_for_all_follows() -> None:
    lines = learn.as_text(MEASURED).splitlines()
    assert lines[0].split() == ["label", "precision", "recall", "turns"]
    assert lines[1].split() == ["open-question", "0.912", "-", "12"]
    assert lines[2].split() == ["recap", "1.000", "0.500", "3"]
    assert lines[3:] == ["macro_f1: 0.800", "folds: 10"]
    assert len({len(line) for line in lines[:3]}) == 1, "columns stand one below the other"


def test_nothing_learned_is_no_table() -> None:
    assert learn.as_text({"labels": {}, "macro_f1": None}) == "macro_f1: -"


def test_labels_that_were_left_out_are_said_even_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    learn._warn({"left_out": {"rare": 2, "always": 40}}, "turns.jsonl")  # type: ignore[arg-type]
    told = capsys.readouterr().err
    assert told.startswith("turns.jsonl: left out") and "'always' (40), 'rare' (2)." in told
    learn._warn({}, "turns.jsonl")  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (["yes", "no", "yes"], "2 of 3 confirmed"),
        (["no", "skip"], "0 of 1 confirmed"),
        (["skip"], "none confirmed or rejected"),
        ([], "none confirmed or rejected"),
    ],
)
def test_a_skipped_quote_counts_neither_way(answers: list[str], line: str) -> None:
    assert review.precision(dict(enumerate(answers))) == line
