"""Half a minute after the 1:1, at a prompt and with flags."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ci_checker.report import schema

PROMISE = "10 trigger-event openers, every morning before 10, Monday to Thursday"
ADD = ("commitment", "add", PROMISE, "--rep", "Luke", "--made-on", "2026-11-16", "--yes", "--quiet")
ON = ("--on", "2026-11-23")

pytestmark = pytest.mark.usefixtures("workspace")


def commitments(cli: Any) -> list[dict[str, Any]]:
    return json.loads(cli("commitment", "list", "--json").stdout)["commitments"]


def test_the_same_again_with_flags(cli: Any) -> None:
    cli(*ADD)
    found = cli(
        "checkin", "Luke", "--outcome", "partly", "--words", "the list ran out", "--bucket", "system",
        "--blocker", "team call at 9", "--next", "reissue", "--check-on", "fri", *ON, "--yes", "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    value = json.loads(found.stdout)
    jsonschema.Draft202012Validator(schema("checkin")).validate(value)
    closed, fresh = value["closed"], value["next"]
    assert (closed["outcome"], closed["note"], closed["bucket"]) == ("partly", "the list ran out", "system")
    assert (closed["blocker"], closed["next_step"], closed["closed_on"]) == ("team call at 9", "reissue", "2026-11-23")
    assert (fresh["id"], fresh["reissue_of"], fresh["made_on"]) == (2, 1, "2026-11-23")
    assert fresh["check_on"] == "2026-11-27"
    assert "Commitment 1 is closed, 2 is open." in found.stderr
    assert [each["status"] for each in commitments(cli)] == ["closed", "active"]


def test_another_promise_with_flags(cli: Any) -> None:
    cli(*ADD)
    found = cli(
        "checkin", "1", "--outcome", "done", "--next", "keep", "--promise", "recap on every discovery call, Mon to Fri",
        "--rep-words", "I sum up", *ON, "--yes",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    closed, fresh = found.stdout.split("\n\n")
    assert closed == f"Closed:\n1 Luke Porter: {PROMISE} [done on Monday, November 23]"
    assert fresh.startswith("Commitment 2\n  Promise ")
    assert "4 recaps" not in found.stdout and "I sum up" in fresh
    fresh = commitments(cli)[1]
    assert (fresh["behavior"], fresh["rep_words"], fresh["rep"]) == ("recap", "I sum up", "Luke Porter")


def test_a_promise_spelled_out_in_parts(cli: Any) -> None:
    cli(*ADD)
    found = cli(
        "checkin", "Luke", "--outcome", "not_done", "--next", "replace", "--behavior", "recap", "--target", "3",
        "--call-type", "discovery", *ON, "--yes", "-f", "md",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    assert found.stdout.count("# Commitment") == 2
    assert commitments(cli)[1]["statement"].startswith("Recap on 3 discovery calls")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--outcome: it is not said how it went"),
        (("--outcome", "done"), "--next: it is not said what is next"),
        (("--outcome", "done", "--next", "keep"), "--promise: it is not said what the rep promises next"),
        (("--outcome", "done", "--next", "keep", "--promise", "prospect more"), "cannot be observed yet"),
        (("--outcome", "done", "--next", "reissue", "--promise", "recap on every call"), "contradict each other"),
        (("--outcome", "done", "--next", "reissue", "--target", "3"), "contradict each other"),
        (("--outcome", "done", "--next", "reissue", "--on", "2026-11-01"), "was made on Monday, November 16"),
        (("--outcome", "done", "--next", "reissue", "--check-on", "soon"), "'soon' is no date"),
        (("--outcome", "great"), "great"),
        (("--outcome", "done", "--bucket", "mood"), "mood"),
    ],
)
def test_what_does_not_fit_changes_nothing(cli: Any, options: tuple[str, ...], said: str) -> None:
    cli(*ADD)
    on = () if "--on" in options else ON
    found = cli("checkin", "Luke", *options, *on, "--yes")
    assert found.exit_code == 2
    assert said in found.stderr and "Traceback" not in found.stderr
    assert found.stdout == ""
    (only,) = commitments(cli)
    assert only["status"] == "active"


def test_strangers_and_reps_without_a_promise(cli: Any) -> None:
    assert "is not on the team" in cli("checkin", "Zoë", "--yes").stderr
    found = cli("checkin", "Dana", "--yes")
    assert found.exit_code == 2 and "Dana Whitfield has no active commitment" in found.stderr


def test_without_a_terminal_nobody_is_asked(cli: Any) -> None:
    cli(*ADD)
    assert cli("checkin", "Luke", input="done\n").exit_code == 2


@pytest.mark.usefixtures("person")
def test_a_person_in_a_few_answers(cli: Any) -> None:
    cli(*ADD)
    answers = "part\nthe list ran out\nsys\nteam call at 9\n\nagain, with a list\n"
    found = cli("checkin", "Luke", *ON, "--json", input=answers)
    assert found.exit_code == 0, found.stderr
    value = json.loads(found.stdout)
    assert (value["closed"]["outcome"], value["closed"]["bucket"]) == ("partly", "system")
    assert (value["closed"]["next_step"], value["next"]["rep_words"]) == ("reissue", "again, with a list")
    assert f"Luke Porter promised: {PROMISE}" in found.stderr


@pytest.mark.usefixtures("person")
def test_done_is_asked_for_no_cause_and_the_next_promise_until_it_is_observable(cli: Any) -> None:
    cli(*ADD)
    answers = "done\n\nkeep\nprospect more\nrecaps\nhalf of the discovery calls\n\nMy recap sentence\nI sum up\n"
    found = cli("checkin", "Luke", *ON, "--json", input=answers)
    assert found.exit_code == 0, found.stderr
    value = json.loads(found.stdout)
    assert (value["closed"]["bucket"], value["closed"]["blocker"], value["closed"]["note"]) == (None, "", "")
    assert (value["next"]["behavior"], value["next"]["statement"]) == ("recap", "My recap sentence")
    assert value["next"]["target"]["value"] == 0.5


@pytest.mark.usefixtures("person")
def test_a_layer_is_suggested_once_it_has_stuck(cli: Any) -> None:
    """Three weeks kept running, unless the team sets another number; before that, the same again."""
    cli(*ADD)
    found = cli("checkin", "Luke", *ON, input="done\n\n\n\n")
    assert "“Trigger-event opener” was kept 1 week running; it has stuck after 3." in found.stderr
    assert "[reissue]" in found.stderr
    cli("checkin", "Luke", "--outcome", "done", "--next", "reissue", "--on", "2026-11-30", "--yes")
    found = cli("checkin", "Luke", "--on", "2026-12-07", input="done\n\n\n3 recaps, Monday to Friday\n\n\n")
    assert "has stuck since the week of" in found.stderr and "[keep]" in found.stderr
    assert [each["behavior"] for each in commitments(cli)][-2:] == ["trigger-event-opener", "recap"]


def test_a_layer_on_top_of_what_has_not_stuck_is_said(cli: Any) -> None:
    cli(*ADD)
    layer = ("--next", "keep", "--promise", "3 recaps, Monday to Friday", *ON, "--yes")
    found = cli("checkin", "Luke", "--outcome", "done", *layer)
    assert found.exit_code == 0 and "The next layer waits until then." in found.stderr
    assert "--again" not in found.stderr, "the next one is open already"


def test_the_same_promise_in_other_words_is_kept_as_the_same_again(cli: Any) -> None:
    cli(*ADD)
    again = ("--promise", PROMISE.replace("every morning ", ""), *ON, "--yes", "--json")
    found = cli("checkin", "Luke", "--outcome", "done", "--next", "keep", *again)
    assert json.loads(found.stdout)["next"]["reissue_of"] == 1


def test_a_closed_one_is_not_checked_in_twice(cli: Any) -> None:
    cli(*ADD)
    cli("checkin", "1", "--outcome", "done", "--next", "reissue", *ON, "--yes")
    found = cli("checkin", "1", "--yes")
    assert found.exit_code == 2 and "closed" in found.stderr


@pytest.mark.usefixtures("person")
def test_only_what_no_flag_says_is_asked(cli: Any) -> None:
    cli(*ADD)
    found = cli(
        "checkin", "Luke", "--outcome", "partly", "--words", "x", "--bucket", "will", "--blocker", "y", "--next",
        "reissue", "--rep-words", "again", *ON, "--json", input="",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    assert "?" not in found.stderr.replace("in their own words", "")


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("answers", ["", "part\n", "part\nx\nsys\ny\nreplace\n", "part\nx\nsys\ny\nreplace\nrecap\n"])
def test_whoever_stops_in_the_middle_has_changed_nothing(cli: Any, answers: str) -> None:
    cli(*ADD)
    found = cli("checkin", "Luke", *ON, input=answers)
    assert found.exit_code == 130 and found.stdout == ""
    (only,) = commitments(cli)
    assert (only["status"], only["outcome"], only["note"]) == ("active", None, "")


NINA = """
[[rep]]
name = "Nina Vogt"
aliases = ["Nina"]
started = 2026-11-16
"""
RECAPS = ("commitment", "add", "4 recaps, Monday to Friday", "--rep", "Nina", "--made-on", "2026-11-16", "--yes")
LOOK_ON = ("--on", "2026-11-17")


@pytest.fixture
def nina(workspace: Path, cli: Any) -> Any:
    """A rep in the first week, with a weekly count; returns what adding it said."""
    file = workspace / "ci-checker.toml"
    file.write_text(file.read_text("utf-8") + NINA, encoding="utf-8")
    return cli(*RECAPS)


def test_the_note_on_a_new_rep_names_the_command_that_moves_the_check(cli: Any, nina: Any) -> None:
    assert 'After each look: ci-checker checkin "Nina Vogt" --look.' in nina.stderr
    found = cli("checkin", "Nina Vogt", "--look", *LOOK_ON, "--words", "two so far", "--json")
    assert found.exit_code == 0, found.stderr
    assert found.stderr == "The promise stays open; the next look is on Wednesday, November 18.\n"
    value = json.loads(found.stdout)
    jsonschema.Draft202012Validator(schema("checkin")).validate(value)
    assert value["closed"] is None
    assert (value["next"]["check_on"], value["next"]["status"]) == ("2026-11-18", "active")
    assert value["next"]["note"] == "Looked at on Tuesday, November 17: two so far."
    due = json.loads(cli("due", "--as-of", "2026-11-18", "--json").stdout)
    assert [(each["rep"], each["when"]) for each in due["checks"]] == [("Nina Vogt", "today")]


@pytest.mark.usefixtures("nina")
@pytest.mark.parametrize(
    "options", [("--outcome", "done"), ("--next", "keep"), ("--promise", "3 recaps"), ("--target", "3")]
)
def test_a_look_beside_a_check_is_refused(cli: Any, options: tuple[str, ...]) -> None:
    found = cli("checkin", "Nina", "--look", *options, *LOOK_ON)
    assert found.exit_code == 2
    assert "--look: a look leaves the promise as it is." in found.stderr
    assert commitments(cli)[0]["check_on"] == "2026-11-17"


def test_a_look_at_a_rep_who_is_not_new_is_refused(cli: Any) -> None:
    cli(*ADD)
    found = cli("checkin", "Luke", "--look", *LOOK_ON)
    assert found.exit_code == 2 and "the check is daily for a new rep only" in found.stderr


@pytest.mark.usefixtures("nina", "person")
def test_at_a_prompt_a_new_reps_look_is_the_first_question(cli: Any) -> None:
    found = cli("checkin", "Nina", *LOOK_ON, "--format", "md", input="\ntwo so far\n")
    assert found.exit_code == 0, found.stderr
    assert "Is this the daily look, or is the promise to be closed? (look / close)" in found.stderr
    assert "two so far" in found.stdout
    found = cli("checkin", "Nina", "--on", "2026-11-18", "--json", input="close\ndone\n\nreissue\n\n")
    assert found.exit_code == 0, found.stderr
    value = json.loads(found.stdout)
    assert value["closed"]["outcome"] == "done" and value["next"]["check_on"] == "2026-11-19"


@pytest.mark.usefixtures("nina", "person")
def test_on_the_last_day_of_a_new_reps_promise_nobody_asks_for_a_look(cli: Any) -> None:
    found = cli("checkin", "Nina", "--on", "2026-11-20", "--json", input="done\n\nreissue\n\n")
    assert found.exit_code == 0, found.stderr
    assert "daily look" not in found.stderr and json.loads(found.stdout)["closed"]["outcome"] == "done"
