"""The ledger at the command line: scripts and people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PROMISE = "10 trigger-event openers, every morning before 10, Monday to Thursday"
ADD = ("commitment", "add", PROMISE, "--rep", "Luke", "--made-on", "2026-11-16", "--yes")

pytestmark = pytest.mark.usefixtures("workspace")


def test_the_sentence_of_the_contract(cli: Any) -> None:
    found = cli(*ADD)
    assert found.exit_code == 0
    assert "Commitment 1" in found.stdout
    assert "trigger-event-opener" in found.stdout
    assert "Monday to Thursday, before 10 am" in found.stdout
    assert "Monday, November 23" in found.stdout
    assert "Note: Read as 10 in all" in found.stderr
    assert "said it back" in found.stderr


def test_json_holds_every_part_and_nothing_else(cli: Any) -> None:
    found = cli(*ADD, "--json", "--rep-words", "ten before ten")
    value = json.loads(found.stdout)
    assert value["schema"] == 1
    kept = value["commitment"]
    assert kept["rep"] == "Luke Porter"
    assert kept["manager"] == "Maya Collins"
    assert kept["target"] == {"kind": "count", "value": 10, "per_call": 1}
    assert kept["window"]["weekdays"] == [0, 1, 2, 3]
    assert kept["window"]["to_time"] == "10:00:00"
    assert kept["check_on"] == "2026-11-23"
    assert kept["rep_words"] == "ten before ten"


def test_every_option_reaches_the_commitment(cli: Any) -> None:
    found = cli(
        "commitment", "add", "--rep", "Dana", "--behavior", "recap", "--target", "50%", "--per-call", "2",
        "--weekdays", "tue,thu", "--from", "9", "--to", "5pm", "--call-type", "discovery", "--call-type", "demo",
        "--direction", "outbound", "--account", "Acme", "--made-on", "2026-11-16", "--start", "2026-11-17",
        "--end", "2026-11-26", "--check-on", "2026-11-27", "--rep-words", "sum up", "--yes", "--json", "-q",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    assert found.stderr == ""
    kept = json.loads(found.stdout)["commitment"]
    assert kept["target"] == {"kind": "share", "value": 0.5, "per_call": 2}
    assert kept["window"] == {
        "start": "2026-11-17",
        "end": "2026-11-26",
        "weekdays": [1, 3],
        "from_time": "09:00:00",
        "to_time": "17:00:00",
    }
    assert kept["eligible"] == {
        "call_types": ["discovery", "demo"],
        "directions": ["outbound"],
        "accounts": ["Acme"],
    }
    assert kept["statement"].startswith("Recap at least 2 times on at least 50% of outbound discovery and demo calls")


def test_a_vague_promise_is_refused_with_the_questions(cli: Any) -> None:
    found = cli("commitment", "add", "Prospect more", "--rep", "Luke", "--yes")
    assert found.exit_code == 2
    assert found.stdout == ""
    assert "cannot be observed yet" in found.stderr
    assert "Which one behavior" in found.stderr
    assert "How often" in found.stderr
    assert cli("commitment", "list").stdout == "No commitments yet.\n"


def test_without_a_terminal_nobody_is_asked(cli: Any) -> None:
    assert cli("commitment", "add", "Prospect more", "--rep", "Luke", input="recap\n").exit_code == 2


def test_a_second_one_and_a_stranger_are_refused(cli: Any) -> None:
    cli(*ADD)
    found = cli(*ADD)
    assert found.exit_code == 2
    assert "already has commitment 1" in found.stderr
    found = cli("commitment", "add", PROMISE, "--rep", "Lucas", "--yes")
    assert found.exit_code == 2
    assert "'Lucas' is not on the team" in found.stderr and "--rep:" not in found.stderr
    assert cli("commitment", "add", PROMISE, "--yes").exit_code == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--target", "often"),
        ("--weekdays", "someday"),
        ("--from", "late"),
        ("--check-on", "soon"),
        ("--direction", "sideways"),
        ("--behavior", "recpa"),
        ("--per-call", "0"),
        ("--made-on", "never"),
    ],
)
def test_what_cannot_be_read_names_its_option(cli: Any, option: str, value: str) -> None:
    found = cli("commitment", "add", PROMISE, "--rep", "Luke", "--yes", option, value)
    assert found.exit_code == 2
    assert value in found.stderr or option in found.stderr
    assert cli("commitment", "list", "--json").stdout.count('"id"') == 0


def test_a_far_check_is_warned_of(cli: Any) -> None:
    found = cli(*ADD, "--check-on", "2026-12-14")
    assert found.exit_code == 0
    assert "28 days away" in found.stderr


def test_outside_a_workspace_the_way_to_one_is_named(
    cli: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    found = cli("commitment", "list")
    assert found.exit_code == 2
    assert "ci-checker init" in found.stderr


@pytest.mark.usefixtures("person")
def test_a_person_is_asked_for_what_is_missing(cli: Any) -> None:
    answers = "recaps\nlots\nhalf of the discovery calls\n\nMy own sentence\nI will sum up\n"
    found = cli("commitment", "add", "Prospect more", "--rep", "Dana", "--json", input=answers)
    assert found.exit_code == 0, found.stderr
    kept = json.loads(found.stdout)["commitment"]
    assert kept["behavior"] == "recap"
    assert kept["target"]["value"] == 0.5
    assert kept["statement"] == "My own sentence"
    assert kept["rep_words"] == "I will sum up"
    assert "not understood" in found.stderr


@pytest.mark.usefixtures("person")
def test_a_person_with_a_complete_sentence_is_asked_little(cli: Any) -> None:
    found = cli("commitment", "add", "--rep", "Luke", "--json", input=f"{PROMISE}\n\n")
    assert found.exit_code == 0, found.stderr
    assert json.loads(found.stdout)["commitment"]["statement"] == PROMISE


@pytest.mark.usefixtures("person")
def test_an_end_of_input_is_no_traceback(cli: Any) -> None:
    found = cli("commitment", "add", "Prospect more", "--rep", "Luke", input="")
    assert found.exit_code == 130
    assert found.stdout == ""


def test_list_and_show(cli: Any) -> None:
    cli(*ADD)
    listed = cli("commitment", "list")
    assert listed.stdout.startswith("1  Luke Porter: 10 trigger-event openers") or "Luke Porter: 10" in listed.stdout
    assert "[check" in listed.stdout
    markdown = cli("commitment", "list", "--format", "md").stdout
    assert markdown.startswith("| # | rep | promise | check |")
    assert json.loads(cli("commitment", "list", "--json").stdout)["commitments"][0]["id"] == 1
    assert json.loads(cli("commitment", "list", "--status", "closed", "--json").stdout)["commitments"] == []
    assert json.loads(cli("commitment", "list", "--rep", "Dana", "--json").stdout)["commitments"] == []
    for which in ("1", "luke"):
        assert cli("commitment", "show", which).stdout.startswith("Commitment 1\n")
    assert cli("commitment", "show", "1", "--format", "md").stdout.startswith("# Commitment 1")
    assert cli("commitment", "show", "9").exit_code == 2
    assert cli("commitment", "show", "Dana").exit_code == 2


def test_edit(cli: Any) -> None:
    cli(*ADD)
    found = cli("commitment", "edit", "Luke", "--target", "8", "--statement", "Eight of them", "--json")
    kept = json.loads(found.stdout)["commitment"]
    assert (kept["target"]["value"], kept["statement"]) == (8, "Eight of them")
    found = cli("commitment", "edit", "Luke")
    assert found.exit_code == 2
    assert "nothing is changed" in found.stderr
    assert cli("commitment", "edit", "Luke", "--note", "moved", "--json").exit_code == 0
    assert json.loads(cli("commitment", "show", "1", "--json").stdout)["commitment"]["note"] == "moved"


def test_close_and_reissue(cli: Any) -> None:
    cli(*ADD)
    assert cli("commitment", "close", "Luke", "--yes").exit_code == 2
    found = cli(
        "commitment", "close", "Luke", "--outcome", "partly", "--bucket", "system", "--blocker", "team call",
        "--note", "six of ten", "--next", "reissue", "--on", "2026-11-23", "--check-on", "2026-11-27", "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    fresh = json.loads(found.stdout)["commitment"]
    assert (fresh["id"], fresh["reissue_of"], fresh["check_on"]) == (2, 1, "2026-11-27")
    assert "open again as 2" in found.stderr
    closed = json.loads(cli("commitment", "show", "1", "--json").stdout)["commitment"]
    assert (closed["status"], closed["outcome"], closed["bucket"]) == ("closed", "partly", "system")
    assert (closed["blocker"], closed["note"], closed["closed_on"]) == ("team call", "six of ten", "2026-11-23")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--outcome", "great"),
        ("--outcome", "done", "--bucket", "mood"),
        ("--outcome", "done", "--on", "2026-11-01"),
        ("--outcome", "done", "--next", "keep", "--check-on", "2026-12-01"),
    ],
)
def test_a_close_that_does_not_fit_is_refused(cli: Any, wrong: tuple[str, ...]) -> None:
    cli(*ADD)
    assert cli("commitment", "close", "1", *wrong).exit_code == 2
    assert json.loads(cli("commitment", "show", "1", "--json").stdout)["commitment"]["status"] == "active"


@pytest.mark.usefixtures("person")
def test_a_person_closes_in_a_few_answers(cli: Any) -> None:
    cli(*ADD)
    answers = "part\nI forgot\nsys\nteam call\nreplace\n"
    found = cli("commitment", "close", "Luke", "--on", "2026-11-23", "--json", input=answers)
    assert found.exit_code == 0, found.stderr
    kept = json.loads(found.stdout)["commitment"]
    assert (kept["outcome"], kept["bucket"], kept["next_step"]) == ("partly", "system", "replace")
    assert (kept["note"], kept["blocker"]) == ("I forgot", "team call")


@pytest.mark.usefixtures("person")
def test_done_asks_for_no_cause(cli: Any) -> None:
    cli(*ADD)
    found = cli("commitment", "close", "Luke", "--on", "2026-11-23", "--json", input="done\n\n\n")
    kept = json.loads(found.stdout)["commitment"]
    assert (kept["outcome"], kept["bucket"], kept["next_step"]) == ("done", None, "keep")


def test_output_goes_to_a_file(cli: Any, workspace: Path) -> None:
    found = cli(*ADD, "-o", "kept.json")
    assert found.stdout == ""
    assert json.loads((workspace / "kept.json").read_text())["commitment"]["id"] == 1


def test_defaults_are_noted_only_when_the_promise_is_kept(cli: Any) -> None:
    refused = cli("commitment", "add", "recap", "--rep", "Luke", "--target", "0", "--yes")
    assert refused.exit_code == 2 and "Note:" not in refused.stderr
    kept = cli("commitment", "add", "recap", "--rep", "Luke", "--target", "3", "--yes")
    assert kept.exit_code == 0 and kept.stderr.startswith("Note: Any time on workdays from ")


def test_the_outcomes_are_said_in_our_words(cli: Any) -> None:
    cli(*ADD)
    found = cli("commitment", "close", "Luke", "--outcome", "maybe")
    assert found.exit_code == 2
    assert found.stderr == "ci-checker: --outcome: 'maybe' is no outcome. Use done, partly or not_done.\n"
    for option, value, said in (
        ("--bucket", "mood", "Use skill, will, knowledge or system."),
        ("--next", "again", "Use keep, reissue or replace."),
    ):
        assert said in cli("commitment", "close", "Luke", "--outcome", "done", option, value).stderr


@pytest.mark.parametrize("said", ["not_done", "not done", "Not-Done", "NOTDONE"])
def test_an_outcome_may_be_spelled_as_people_do(cli: Any, said: str) -> None:
    cli(*ADD)
    found = cli("commitment", "close", "1", "--outcome", said, "--on", "2026-11-23", "--json")
    assert json.loads(found.stdout)["commitment"]["outcome"] == "not_done"


def test_a_closed_one_says_that_it_is_closed_and_when(cli: Any) -> None:
    cli(*ADD)
    cli("commitment", "close", "1", "--outcome", "partly", "--on", "2026-11-23")
    for more in ((), ("--outcome", "done")):
        found = cli("commitment", "close", "1", *more)
        assert found.exit_code == 2
        assert "commitment 1 is closed already, since Monday, November 23 (partly done)" in found.stderr
        assert "--outcome" not in found.stderr
    found = cli("commitment", "close", "Luke", "--outcome", "done")
    assert "no active commitment; the last one, 1, was closed on Monday, November 23 (partly done)" in found.stderr


def test_the_same_again_and_not_a_new_one_on_top(cli: Any) -> None:
    cli(*ADD)
    closed = cli("commitment", "close", "1", "--outcome", "partly", "--on", "2026-11-23")
    assert 'commitment add --again --rep "Luke Porter"' in closed.stderr
    other = ("commitment", "add", "recap on every call", "--rep", "Luke", "--made-on", "2026-11-23", "--yes")
    refused = cli(*other)
    assert refused.exit_code == 2 and "--again" in refused.stderr and "--replace" in refused.stderr
    again = cli("commitment", "add", "--again", "--rep", "Luke", "--made-on", "2026-11-23", "--json")
    kept = json.loads(again.stdout)["commitment"]
    assert (kept["reissue_of"], kept["statement"], kept["check_on"]) == (1, PROMISE, "2026-11-30")


def test_what_was_not_kept_may_be_let_go(cli: Any) -> None:
    cli(*ADD)
    cli("commitment", "close", "1", "--outcome", "not_done", "--on", "2026-11-23")
    other = ("commitment", "add", "recap on every call", "--rep", "Luke", "--made-on", "2026-11-23", "--yes")
    found = cli(*other, "--replace")
    assert found.exit_code == 0, found.stderr
    assert json.loads(cli("commitment", "show", "1", "--json").stdout)["commitment"]["next_step"] == "replace"


def test_again_takes_nothing_else_and_needs_a_last_one(cli: Any) -> None:
    assert "no promise yet" in cli("commitment", "add", "--again", "--rep", "Luke").stderr
    cli(*ADD)
    cli("commitment", "close", "1", "--outcome", "partly", "--on", "2026-11-23")
    assert "takes only a check date" in cli("commitment", "add", "recap", "--again", "--rep", "Luke").stderr
    assert "takes only a check date" in cli("commitment", "add", "--again", "--rep", "Luke", "--target", "3").stderr


def test_a_layer_before_it_stuck_is_said(cli: Any, workspace: Path) -> None:
    cli(*ADD)
    closed = cli("commitment", "close", "1", "--outcome", "done", "--next", "keep", "--on", "2026-11-23")
    assert "kept 1 week running; here a behavior has stuck after 3 weeks" in closed.stderr
    more = ("commitment", "add", "recap on every call", "--rep", "Luke", "--made-on", "2026-11-23", "--yes")
    assert "The next layer waits until then." in cli(*more).stderr
    cli("commitment", "close", "Luke", "--outcome", "done", "--on", "2026-11-30")
    text = (workspace / "ci-checker.toml").read_text().replace("stuck_after = 3", "stuck_after = 1")
    (workspace / "ci-checker.toml").write_text(text)
    again = cli("commitment", "add", PROMISE, "--rep", "Luke", "--made-on", "2026-11-30", "--yes")
    assert again.exit_code == 0 and "next layer" not in again.stderr


def test_a_new_reps_check_is_the_next_working_day(cli: Any, workspace: Path) -> None:
    text = (workspace / "ci-checker.toml").read_text()
    text = text.replace('name = "Luke Porter"', 'name = "Luke Porter"\nstarted = 2026-11-09')
    (workspace / "ci-checker.toml").write_text(text)
    found = cli("commitment", "add", "3 recaps", "--rep", "Luke", "--made-on", "2026-11-16", "--yes", "--json")
    kept = json.loads(found.stdout)["commitment"]
    assert (kept["check_on"], kept["window"]["end"]) == ("2026-11-17", "2026-11-16")
    assert "the check is daily for the first two weeks" in found.stderr
    closed = cli("commitment", "close", "1", "--outcome", "partly", "--next", "reissue", "--on", "2026-11-17", "--json")
    assert json.loads(closed.stdout)["commitment"]["check_on"] == "2026-11-18"
    later = cli("commitment", "close", "2", "--outcome", "partly", "--next", "reissue", "--on", "2026-11-24", "--json")
    assert json.loads(later.stdout)["commitment"]["check_on"] == "2026-12-01"


def test_a_bound_is_read_kept_shown_and_changed(cli: Any) -> None:
    said = "Talk ratio under 50% in every discovery, follow-up and demo call"
    found = cli("commitment", "add", said, "--rep", "Luke", "--made-on", "2026-11-16", "--yes")
    assert found.exit_code == 0, found.stderr
    assert "Bound        at most 50% of the words" in found.stdout
    assert "discovery, demo, follow-up" in found.stdout
    kept = json.loads(cli("commitment", "edit", "Luke", "--bound", "45%", "--json").stdout)["commitment"]
    assert kept["bound"] == 0.45 and "(at most 45% of the words)" in kept["statement"]
    assert "no share of the words" in cli("commitment", "edit", "Luke", "--bound", "60s").stderr
    other = cli("commitment", "add", "--behavior", "recap", "--target", "3", "--bound", "50%", "--rep", "Dana", "--yes")
    assert other.exit_code == 2 and "has no bound" in other.stderr
    minute = ("commitment", "add", "--behavior", "no-feature-dump", "--bound", "1:00", "--rep", "Dana", "--yes")
    measured = cli(*minute, "--json")
    kept = json.loads(measured.stdout)["commitment"]
    assert (kept["bound"], kept["target"]["kind"]) == (60, "every")
    changed = json.loads(cli("commitment", "edit", "Dana", "--behavior", "recap", "--json").stdout)["commitment"]
    assert changed["bound"] is None
