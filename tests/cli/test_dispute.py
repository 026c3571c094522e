"""``dispute``: contest, list, settle; every wrong word is one clear line."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ci_checker import settings
from ci_checker.cli.dispute import seconds
from ci_checker.errors import RequestError
from ci_checker.model import (
    Call,
    Details,
    Evidence,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Turn,
    Verdict,
)
from ci_checker.store import open_store

NOTE = "I summed it up at the end"


@pytest.fixture(autouse=True)
def calls(workspace: Path) -> None:
    """Keep two scored calls of Luke's."""
    with open_store(settings.load(workspace).store_location()) as store:
        for name, verdict in (("granite", Verdict.SEEN), ("harbor", Verdict.NOT_SEEN)):
            quote = Evidence(turn=0, speaker="Luke", quote="To sum up", probability=0.9, start_s=72.0, end_s=80.0)
            call = Call(
                path=f"/calls/{name}.wav",
                sha256=(name * 64)[:64],
                source=Source.AUDIO,
                details=Details(rep="Luke Porter", account=name.title(), started_at=datetime(2026, 11, 17, 9, 30)),
                turns=(Turn(speaker="Luke", text="To sum up, two vans.", start_s=72.0, end_s=80.0),),
                speakers=(Speaker(name="Luke", role=Role.REP),),
            )
            found = (quote,) if verdict is Verdict.SEEN else ()
            result = Result(behavior="recap", verdict=verdict, probability=0.5, evidence=found)
            store.save_score(call.sha256, "t", "d", ScoredCall(call=call, results=(result,)))


def contest(cli: Any, *more: str) -> Any:
    return cli("dispute", "harbor", "recap", "--rep", "Luke", "--note", NOTE, *more)


def test_contest_list_settle(cli: Any) -> None:
    made = contest(cli)
    assert made.exit_code == 0, made.stderr
    assert made.stdout == (
        "1. Luke Porter: recap in the call with Harbor on Tuesday, November 17, at 9:30 am, shown as not seen\n"
        f"   “{NOTE}”\n"
        "   open: the call counts as unclear\n"
    )
    assert "dispute settle 1 --stands, or --withdrawn" in made.stderr
    assert cli("dispute", "list").stdout == made.stdout
    ended = cli("dispute", "settle", "1", "--withdrawn", "--note", "heard together")
    assert ended.exit_code == 0, ended.stderr
    assert "settled by Maya Collins: the evidence is withdrawn: “heard together”" in ended.stdout
    assert cli("dispute", "list").stdout == "Nothing is contested.\n"
    assert cli("dispute", "list", "--all", "--rep", "luke").stdout == ended.stdout


def test_the_short_and_the_long_form_are_the_same(cli: Any) -> None:
    short = contest(cli)
    long = cli("dispute", "add", "harbor", "recap", "--rep", "Luke", "--note", NOTE)
    first_option = cli("dispute", "--rep", "Luke", "harbor", "recap", "--note", NOTE)
    assert short.stdout == long.stdout == first_option.stdout


def test_a_place_is_said_in_minutes_and_seconds(cli: Any) -> None:
    made = cli("dispute", "granite", "recap", "--rep", "Luke", "--note", "no", "--at", "1:15", "--json", "-q")
    assert made.exit_code == 0 and made.stderr == ""
    (found,) = json.loads(made.stdout)["disputes"]
    assert (found["at"], found["quote"], found["shown_as"]) == (75.0, "To sum up", "seen")
    assert "at 01:15, shown as seen" in cli("dispute", "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("harbor", "recap", "--rep", "Luke"), "--note: it is not said what is contested"),
        (("harbor", "recap", "--note", "x"), "--rep: it is not said who contests it"),
        (("nowhere", "recap", "--rep", "Luke", "--note", "x"), "has no scored call 'nowhere'"),
        (("harbor", "recpa", "--rep", "Luke", "--note", "x"), "Did you mean recap?"),
        (("harbor", "recap", "--rep", "Luke", "--note", "x", "--at", "soon"), "'soon' is no place in a call"),
        (("settle", "1"), "--stands or --withdrawn"),
        (("settle", "1", "--stands", "--withdrawn"), "--stands or --withdrawn"),
        (("settle", "4", "--stands"), "there is no dispute 4"),
        (("settle", "first", "--stands"), "'first' is no dispute's number"),
        (("harbor",), "BEHAVIOR"),
    ],
)
def test_what_does_not_fit_is_one_line(cli: Any, words: tuple[str, ...], said: str) -> None:
    found = cli("dispute", *words)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert said in found.stderr and len(found.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "value"), [("4:12", 252), ("0:05", 5), ("01:04:12", 3852), ("75", 75), ("4:12.5", 252.5), (" 12 ", 12)]
)
def test_places(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "4:72", "4:", ":12", "a", "-3", "1:2:3:4"])
def test_no_places(text: str) -> None:
    with pytest.raises(RequestError, match="is no place"):
        seconds(text)


def test_the_report_shows_the_note_to_both(cli: Any) -> None:
    promise = "recap on every call, Monday to Friday"
    cli("commitment", "add", promise, "--rep", "Luke", "--made-on", "2026-11-16", "--yes")
    contest(cli)
    found = cli("report", "--rep", "Luke", "--as-of", str(date(2026, 11, 23)), "--json")
    (report,) = json.loads(found.stdout)["reports"]
    (call,) = [call for call in report["finding"]["calls"] if call["disputes"]]
    assert (call["state"], call["disputes"][0]["note"]) == ("unclear", NOTE)
    assert report["finding"]["counts"]["contested"] == 1
    text = cli("report", "--rep", "Luke", "--as-of", "2026-11-23").stdout
    assert NOTE in " ".join(text.split())
