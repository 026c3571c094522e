"""What is wrong with a request is said on one line, to the letter, and the exit status is the contract's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ci_checker.cli.guard import ORDER

DATE = "Write 2026-11-23, today, tomorrow, mon or 'next monday'."
NOT_ON_TEAM = "'Zed' is not on the team. The team is: Luke Porter, Dana Whitfield. The team stands in ci-checker.toml."
NO_MANAGER = "there are no reps of a manager 'Zed'. Known are: Maya Collins."
NO_COMMITMENT = "there is no commitment 9. See `ci-checker commitment list`."
NO_BEHAVIOR = "there is no behavior 'recpa'. Did you mean recap? See 'ci-checker behaviors list'."
BOTH = "--rep and --manager are both given. Give one of them."
SEE = "See 'ci-checker behaviors list'."
PROMISE = ("commitment", "add", "10 recaps, Monday to Thursday", "--rep", "Luke", "--yes")


def said(found: Any) -> str:
    """Return the only line on standard error of a request that was refused before anything was done."""
    assert found.exit_code == 2, (found.stdout, found.stderr)
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1, found.stderr
    assert "Traceback" not in found.stderr and "unexpected" not in found.stderr
    return str(found.stderr.rstrip("\n"))


# --- names, dates, formats and files, command by command ---------------------------------------------


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("commitment", "list", "--rep", "Zed"), NOT_ON_TEAM),
        (("commitment", "show", "9"), NO_COMMITMENT),
        (("commitment", "show", "#9"), NO_COMMITMENT),
        (("commitment", "show", "Zed"), NOT_ON_TEAM),
        (
            ("commitment", "show", "Dana"),
            "Dana Whitfield has no active commitment. See 'ci-checker commitment list --rep \"Dana Whitfield\"'.",
        ),
        (("commitment", "edit", "9", "--note", "x"), NO_COMMITMENT),
        (
            ("commitment", "edit", "9"),
            "nothing is changed. Say what: 'ci-checker commitment edit --help' lists the parts.",
        ),
        (("commitment", "close", "9", "--outcome", "done"), NO_COMMITMENT),
        (
            ("commitment", "close", "9", "--outcome", "great"),
            "--outcome: 'great' is no outcome. Use done, partly or not_done.",
        ),
        (
            ("commitment", "add", "--again", "--rep", "Luke"),
            "--again: Luke Porter has no promise yet that could be taken again. "
            'Make one: ci-checker commitment add "…" --rep "Luke Porter".',
        ),
        (("commitment", "add", "4 recaps", "--yes"), "--rep: it is not said whose promise it is. Give --rep NAME."),
        (
            ("commitment", "add", "4 recaps", "--rep", " ", "--yes"),
            "--rep: no rep is named. Say who it is about: --rep NAME.",
        ),
        (
            (*PROMISE, "--weekdays", "someday"),
            "--weekdays: 'someday' is no weekday. Write mon-thu, mon,wed,fri, workdays or daily.",
        ),
        ((*PROMISE, "--from", "late"), "--from: 'late' is no time of day. Write 09:00, 9, 5pm or 17:30."),
        ((*PROMISE, "--to", "25"), "--to: '25' is no time of day. Write 09:00, 9, 5pm or 17:30."),
        ((*PROMISE, "--from", "11", "--to", "9"), "the time of day ends before it starts. Between which two hours?"),
        ((*PROMISE, "--to", "12am"), "the time of day ends before it starts. Between which two hours?"),
        ((*PROMISE, "--check-on", "soon"), f"--check-on: 'soon' is no date. {DATE}"),
        ((*PROMISE, "--made-on", "never"), f"--made-on: 'never' is no date. {DATE}"),
        ((*PROMISE, "--direction", "up"), "--direction: 'up' is no direction. Use inbound or outbound."),
        ((*PROMISE, "--behavior", "recpa"), NO_BEHAVIOR),
        (
            (*PROMISE, "--target", "often"),
            "--target: 'often' is no target. Write a number of calls (10), a share of them (50%), or every.",
        ),
        ((*PROMISE, "--target", "0%"), "a share of 0% cannot be met. Choose more than 0% and at most 100%."),
        ((*PROMISE, "--target", "150%"), "a share of 150% cannot be met. Choose more than 0% and at most 100%."),
        (
            (*PROMISE, "--bound", "50%"),
            "--bound: 'recap' is heard or not, and has no bound. Leave it away, or say how often with --target.",
        ),
        (
            (*PROMISE, "--bound", "lots"),
            "--bound: 'lots' is no bound. Write a share of the words (50%), or the length of a stretch (60s).",
        ),
        (
            (*PROMISE, "--made-on", "2026-11-16", "--check-on", "2026-11-10"),
            "the check on Tuesday, November 10 is before the day of the promise, Monday, November 16. "
            "Choose a later check date.",
        ),
        (
            (*PROMISE, "--made-on", "2026-11-16", "--start", "2026-11-09"),
            "the window starts on Monday, November 9, before the promise was made on Monday, November 16. "
            "Calls from before a promise do not count for it; start on that day or later.",
        ),
        (
            (*PROMISE, "--made-on", "2026-11-16", "--end", "2026-11-10"),
            "the window ends on Tuesday, November 10, before it starts on Monday, November 16. Choose a later end.",
        ),
        (
            (*PROMISE, "--made-on", "2026-11-16", "--end", "2026-11-16", "--weekdays", "sat"),
            "no Saturday lies between Monday, November 16 and Monday, November 16. Choose other days or other dates.",
        ),
        (("due", "--as-of", "soon"), f"--as-of: 'soon' is no date. {DATE}"),
        (("due", "--manager", "Zed"), NO_MANAGER),
        (("due", "--format", "pdf"), "--format: 'pdf' is no format of this command. Use text, ics, json or md."),
        (
            ("due", "-o", "x.pdf"),
            "x.pdf: nothing here is written as .pdf. Use an ending of .json, .md, .txt or .ics, "
            "or name the format with --format.",
        ),
        (("report", "--rep", "Luke", "--manager", "Maya"), BOTH),
        (("report", "--rep", "Luke", "--as-of", "2026-13-01"), f"--as-of: '2026-13-01' is no date. {DATE}"),
        (
            ("report", "--open", "--format", "json"),
            "--open: only a page can be opened. Use --format html, or leave --open away.",
        ),
        (("report", "--rep", "Luke", "-o", "x.zip"), "x.zip: one report is one file. Name a .html file after -o."),
        (("checkin", "Zed", "--outcome", "done"), NOT_ON_TEAM),
        (("checkin", "9", "--outcome", "done"), NO_COMMITMENT),
        (("nudge", "--rep", "Luke", "--manager", "Maya"), BOTH),
        (("nudge", "--rep", "Zed"), NOT_ON_TEAM),
        (("nudge", "--format", "html"), "--format: 'html' is no format of this command. Use text or json."),
        (("cadence", "--manager", "Zed"), NO_MANAGER),
        (("cadence", "--as-of", "2026-02-30"), f"--as-of: '2026-02-30' is no date. {DATE}"),
        (("review", "--rep", "Zed"), NOT_ON_TEAM),
        (("review", "--behavior", "recpa"), NO_BEHAVIOR),
        (("dispute", "acme", "recap"), "--rep: it is not said who contests it. Give --rep NAME."),
        (("dispute", "list", "--rep", "Zed"), NOT_ON_TEAM),
        (
            ("dispute", "settle", "9"),
            "it is not said how it was settled. Give --stands or --withdrawn: of the evidence.",
        ),
        (("dispute", "settle", "9", "--withdrawn"), "there is no dispute 9. See 'ci-checker dispute list'."),
        (("batch", "nowhere"), "nowhere: there is no such file or folder. Check the path."),
        (
            ("batch", "one.txt", "--pattern", "{nope}"),
            "the path pattern has an unknown field {nope}. Use one of: rep, rep_channel, account, contact, started_at, "
            "direction, call_type, ext, any.",
        ),
        (("batch", "one.txt", "--rep", "Zed"), NOT_ON_TEAM),
        (("score", "one.txt", "--behavior", "recpa"), "there is no behavior 'recpa'. Did you mean recap? " + SEE),
        (
            ("score", "one.txt", "--behaviors", "none"),
            "none: there is no such folder of behaviors. Name a folder with .yaml files.",
        ),
        (("score", "one.txt", "-o", "none/x.json"), "none: there is no such folder. Make it, or name another."),
        (
            ("score", "one.txt", "--json", "--format", "md"),
            "--json and --format md contradict each other. Give one of them.",
        ),
        (
            ("transcribe", "one.txt", "--format", "html"),
            "--format: 'html' is no format of this command. Use text, json, md or vtt.",
        ),
        (("init",), "ci-checker.toml: there is a workspace here already. Edit that file."),
        (("init", "new", "--rep", "A", "--rep", "a"), "--rep: the rep 'a' is named twice"),
        (
            ("schema", "zzz"),
            "there is no schema called 'zzz'. Use one of: cadence, checkin, due, nudge, report, score.",
        ),
        (("schema", "-o", "."), ".: this is a folder. Name a file after -o."),
        (("behaviors", "show", "zzz"), f"there is no behavior 'zzz'. {SEE}"),
        (("behaviors", "suggest", "zzz"), f"there is no behavior 'zzz'. {SEE}"),
        (("behaviors", "check", "none"), "none: there is no such folder of behaviors. Name a folder with .yaml files."),
        (
            ("behaviors", "eval", "--data", "one.txt"),
            "one of --model and --cv is needed. Give --model DIR, or --cv 10.",
        ),
        (
            ("behaviors", "train", "--data", "one.txt", "--out", "one.txt"),
            "one.txt: this is a file. Name a folder after --out.",
        ),
        (("voices", "forget", "Luke"), "no voice of 'Luke' is enrolled. See 'ci-checker voices list'."),
        (("doctor", "--format", "md"), "--format: 'md' is no format of this command. Use text or json."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_the_line(cli: Any, workspace: Path, args: tuple[str, ...], line: str) -> None:
    (workspace / "one.txt").write_text("Luke: hello there\nKaren: hello\n", encoding="utf-8")
    assert said(cli(*args)) == f"ci-checker: {line}"
    assert not list(workspace.glob("x.*")), "nothing is written by a request that was refused"


# --- flags -------------------------------------------------------------------------------------------

ALONE = ("demo", "init", "score", "transcribe", "batch", "due", "report", "checkin", "nudge", "cadence", "review",
         "doctor", "schema")  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_an_option_that_no_command_has_is_named_with_the_way_to_the_help(cli: Any, workspace: Path, name: str) -> None:
    line = said(cli(name, "--nonsense"))
    assert line.startswith(f"ci-checker {name}: No such option: --nonsense")
    assert line.endswith(f"Try 'ci-checker {name} --help'.")


@pytest.mark.parametrize(
    ("args", "command", "asked"),
    [
        (("score",), "score", "CALL"),
        (("transcribe",), "transcribe", "CALL"),
        (("batch",), "batch", "SOURCE"),
        (("checkin",), "checkin", "REP"),
        (("commitment", "show"), "commitment show", "ID|REP"),
        (("commitment", "edit"), "commitment edit", "ID|REP"),
        (("commitment", "close"), "commitment close", "ID|REP"),
        (("behaviors", "show"), "behaviors show", "ID"),
        (("behaviors", "new"), "behaviors new", "NAME"),
    ],
)
def test_what_is_missing_is_named_as_the_help_names_it(cli: Any, workspace: Path, args, command, asked) -> None:
    line = said(cli(*args))
    assert line.startswith(f"ci-checker {command}: Missing argument '{asked}")
    assert line.endswith(f". Try 'ci-checker {command} --help'.")


@pytest.mark.parametrize(
    ("args", "option"),
    [
        (("cadence", "--weeks", "0"), "--weeks"),
        (("cadence", "--weeks", "105"), "--weeks"),
        (("cadence", "--weeks", "many"), "--weeks"),
        (("score", "a.wav", "--speakers", "0"), "--speakers"),
        (("batch", ".", "--speakers", "9"), "--speakers"),
        (("review", "--limit", "0"), "--limit"),
        ((*PROMISE, "--per-call", "0"), "--per-call"),
        (("commitment", "list", "--status", "open"), "--status"),
        (("behaviors", "eval", "--data", "none.jsonl", "--cv", "3"), "--data"),
    ],
)
def test_a_value_out_of_range_names_its_option(cli: Any, workspace: Path, args: tuple[str, ...], option: str) -> None:
    line = said(cli(*args))
    assert f"Invalid value for '{option}'" in line
    assert ".." not in line and "Value error" not in line


@pytest.mark.parametrize("name", ["commitment", "behaviors", "voices", "dispute"])
def test_a_group_alone_shows_its_commands_and_is_a_wrong_request(cli: Any, workspace: Path, name: str) -> None:
    found = cli(name)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith(f"Usage: ci-checker {name}") and "Commands:" in found.stderr


# --- without a workspace -------------------------------------------------------------------------------

NEEDS_ONE = [
    ("commitment", "list"),
    ("commitment", "show", "1"),
    ("commitment", "edit", "1", "--note", "x"),
    ("commitment", "close", "1", "--outcome", "done"),
    ("commitment", "add", "4 recaps", "--rep", "Luke", "--yes"),
    ("due",),
    ("report", "--rep", "Luke"),
    ("checkin", "Luke", "--outcome", "done", "--next", "keep", "--yes"),
    ("nudge",),
    ("cadence",),
    ("review",),
    ("dispute", "list"),
    ("dispute", "acme", "recap", "--rep", "Luke", "--note", "x"),
    ("batch", "one.txt"),
    ("behaviors", "suggest", "recap"),
]


@pytest.mark.parametrize("args", NEEDS_ONE, ids=" ".join)
def test_without_a_workspace_the_way_to_one_is_named(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.txt").write_text("Luke: hello there\nKaren: hello\n", encoding="utf-8")
    assert said(cli(*args)) == (
        f"ci-checker: {tmp_path}: there is no ci-checker.toml here or in a folder above. "
        "Run 'ci-checker init' in the folder where your team's calls are kept."
    )
    assert [each.name for each in tmp_path.iterdir()] == ["one.txt"], "nothing is left behind"


def test_what_needs_no_workspace_works_without_one(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for args in (("schema",), ("behaviors", "list"), ("behaviors", "show", "recap"), ("--version",)):
        found = cli(*args)
        assert (found.exit_code, found.stderr) == (0, ""), args
        assert found.stdout


# --- a workspace file that cannot be used --------------------------------------------------------------

READS_IT = [name for name in ORDER if name not in ("demo", "init", "schema", "dispute", "behaviors", "voices")]
ASKED = {
    "score": ("one.txt",),
    "transcribe": ("one.txt",),
    "batch": ("one.txt",),
    "commitment": ("list",),
    "checkin": ("Luke",),
    "report": ("--rep", "Luke"),
}


@pytest.mark.parametrize("name", READS_IT)
def test_a_bad_workspace_file_is_named_by_every_command_before_any_work(cli: Any, workspace: Path, name: str) -> None:
    (workspace / "one.txt").write_text("Luke: hello there\nKaren: hello\n", encoding="utf-8")
    (workspace / "ci-checker.toml").write_text("[team]\nmanager = 3\n", encoding="utf-8")
    assert said(cli(name, *ASKED.get(name, ()))) == (
        f'ci-checker: {workspace}/ci-checker.toml [team] manager: 3 is no text. Write manager = "", filled in.'
    )
    assert not list(workspace.glob("*.sqlite3"))


# --- what was passed over --------------------------------------------------------------------------------


def test_a_folder_without_calls_says_what_it_held_in_sentences(cli: Any, workspace: Path) -> None:
    (workspace / "week").mkdir()
    for name in ("a.pdf", "b.pdf", "c.xlsx"):
        (workspace / "week" / name).write_text("x", encoding="utf-8")
    assert said(cli("batch", "week")) == (
        "ci-checker: week: there are no calls in it. "
        "2 files with the ending .pdf passed over, no recording, transcript or mail: week/a.pdf, week/b.pdf. "
        "1 file with the ending .xlsx passed over, no recording, transcript or mail: week/c.xlsx"
    )
