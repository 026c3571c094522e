"""``nudge``, ``due``, ``cadence`` and the CSV of ``commitment list`` at the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ci_checker.report import schema

PROMISE = "10 trigger-event openers, every morning before 10, Monday to Thursday"
ADD = ("commitment", "add", PROMISE, "--rep", "Luke", "--made-on", "2026-11-16", "--yes", "--quiet")

pytestmark = pytest.mark.usefixtures("workspace")


def test_a_nudge_is_two_sentences_and_nothing_else(cli: Any) -> None:
    cli(*ADD)
    found = cli("nudge", "--rep", "luke", "--as-of", "2026-11-18")
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.count("\n") == 1 and found.stdout.endswith(".\n")
    assert "Luke" in found.stdout and f"“{PROMISE}”" in found.stdout
    assert found.stdout == cli("nudge", "--rep", "luke", "--as-of", "2026-11-18").stdout


def test_nudges_of_a_team(cli: Any) -> None:
    cli(*ADD)
    found = cli("nudge", "--as-of", "2026-11-18")
    assert found.exit_code == 0 and "Dana Whitfield has no active commitment" in found.stderr
    value = json.loads(cli("nudge", "--as-of", "2026-11-18", "--json").stdout)
    jsonschema.Draft202012Validator(schema("nudge")).validate(value)
    assert ([each["rep"] for each in value["nudges"]], value["without"]) == (["Luke Porter"], ["Dana Whitfield"])


def test_a_nudge_that_cannot_be_written(cli: Any) -> None:
    assert cli("nudge", "--rep", "Dana").exit_code == 2
    assert cli("nudge", "--rep", "Zoë").exit_code == 2
    assert cli("nudge", "--rep", "Luke", "--manager", "Maya Collins").exit_code == 2
    assert cli("nudge", "--format", "html").exit_code == 2
    empty = cli("nudge")
    assert (empty.exit_code, empty.stdout) == (0, "")


def test_one_broken_promise_does_not_stop_the_others(cli: Any, workspace: Path) -> None:
    from dataclasses import replace

    from ci_checker import settings
    from ci_checker.store import open_store

    cli(*ADD)
    with open_store(settings.load(workspace).store_location()) as store:
        store.add_commitment(replace(store.commitment(1), id=0, rep="Dana Whitfield", behavior="our-own"))
    found = cli("nudge", "--as-of", "2026-11-18")
    assert found.exit_code == 1
    assert found.stdout.startswith(("Luke", "Hi Luke", "Hello Luke", "Mid-week"))
    assert "Dana Whitfield" in found.stderr and "not in the catalogue" in found.stderr


def test_due(cli: Any) -> None:
    cli(*ADD)
    text = cli("due", "--as-of", "2026-11-25").stdout
    assert text.startswith("Checks, Wednesday, November 25, 2026\n")
    assert "Overdue\n  - Luke Porter, due Monday, November 23 (2 days ago): 10 trigger" in text
    assert "No active commitment\n  - Dana Whitfield: there was none so far." in text
    assert "Today\n  - Luke Porter: 10" in cli("due", "--as-of", "2026-11-23", "--manager", "maya collins").stdout
    value = json.loads(cli("due", "--as-of", "2026-11-22", "--json").stdout)
    jsonschema.Draft202012Validator(schema("due")).validate(value)
    assert (value["checks"][0]["when"], value["checks"][0]["said"]) == ("later", "tomorrow")
    assert cli("due", "--format", "md").stdout.startswith("# Checks, ")
    assert cli("due", "--manager", "Zoë").exit_code == 2
    assert cli("due", "--as-of", "whenever").exit_code == 2


def test_a_calendar_file_keeps_its_line_ends(cli: Any, workspace: Path) -> None:
    refused = cli("due", "-o", "checks.ics")
    assert refused.exit_code == 2 and "no check to put into a calendar" in refused.stderr
    cli(*ADD)
    assert cli("due", "--as-of", "2026-11-20", "-o", "checks.ics").exit_code == 0
    data = (workspace / "checks.ics").read_bytes()
    assert data.count(b"BEGIN:VEVENT") == 1 and data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_csv_file_for_a_crm(cli: Any, workspace: Path) -> None:
    file = workspace / "ci-checker.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('aliases = ["Luke"]', 'aliases = ["Luke", "luke@harbor.example"]'), encoding="utf-8")
    cli(*ADD, "--rep-words", "=SUM(A1)")
    assert cli("commitment", "list", "-o", "crm.csv").exit_code == 0
    (row,) = csv.DictReader(io.StringIO((workspace / "crm.csv").read_bytes().decode("utf-8"), newline=""))
    assert (row["Rep"], row["Rep Email"], row["Due Date"]) == ("Luke Porter", "luke@harbor.example", "2026-11-23")
    assert row["Subject"] == "Check: trigger-event-opener, Luke Porter"
    assert cli("commitment", "list", "--status", "closed", "-f", "csv").stdout.count("\n") == 1
    for column in row:
        assert column in " ".join(cli("commitment", "list", "--help").stdout.split())
    assert cli("commitment", "show", "1", "-f", "csv").exit_code == 2


def test_cadence(cli: Any, workspace: Path) -> None:
    cli(*ADD)
    found = cli("cadence", "--as-of", "2026-11-25", "--weeks", "2")
    assert found.exit_code == 0
    assert "ranks nobody" in found.stdout and "Luke" not in found.stdout
    assert "2 reps, 1 with an active commitment today; 1 check is overdue." in found.stdout
    value = json.loads(cli("cadence", "--json", "--as-of", "2026-11-25").stdout)
    jsonschema.Draft202012Validator(schema("cadence")).validate(value)
    assert (len(value["managers"][0]["weeks"]), value["focus"]) == (2, None)
    assert cli("cadence", "-o", "cadence.html").exit_code == 0
    assert (workspace / "cadence.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cli("cadence", "--weeks", "0").exit_code == 2
    assert cli("cadence", "--manager", "Zoë").exit_code == 2


def test_the_focus_behavior_stands_in_the_workspace_file(cli: Any, workspace: Path) -> None:
    cli(*ADD)
    file = workspace / "ci-checker.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("# focus = ", "focus = "), encoding="utf-8")
    assert (
        "On the focus behavior (Trigger-event opener): 1 of 1 (100%)" in cli("cadence", "--as-of", "2026-11-18").stdout
    )
    file.write_text(text.replace("[team]\n", '[team]\nfocus = "recpa"\n'), encoding="utf-8")
    found = cli("cadence")
    assert found.exit_code == 2 and "Did you mean recap?" in found.stderr
