"""``voices`` and ``--speakers`` on the command line: what is said, where it goes, how it ends."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ci_checker.app import voices

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture
def luke(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> voices.Voice:
    made = voices.Voice(
        name="Luke Porter",
        point=(0.5, 1.5),
        model="0" * 64,
        seconds=61.25,
        calls=("a" * 64, "b" * 64),
        made_on=date(2026, 11, 20),
        path=workspace / voices.FOLDER / "luke.json",
    )
    voices._write(made)
    monkeypatch.setattr(voices, "enroll", lambda *_args, **_options: made)
    return made


def test_enrolling_says_what_it_is_where_it_stays_and_how_it_goes(cli: Any, luke: voices.Voice) -> None:
    found = cli("voices", "enroll", "--rep", "Luke")
    assert found.exit_code == 0
    assert found.stdout == "Luke Porter: 61 s of speech from 2 calls, enrolled on 2026-11-20\n"
    told = " ".join(found.stderr.split())
    said = ("biometric data", "ask the rep first", "stays on this machine", str(luke.path), "synthetic voices only")
    for part in said:
        assert part in told
    assert 'ci-checker voices forget "Luke Porter"\' deletes it' in told
    assert cli("voices", "enroll", "--rep", "Luke", "--quiet").stderr == ""


def test_enrolling_needs_a_name(cli: Any) -> None:
    found = cli("voices", "enroll")
    assert found.exit_code == 2 and "--rep NAME" in found.stderr


def test_the_list_names_them_and_never_shows_the_numbers(cli: Any, luke: voices.Voice) -> None:
    text = cli("voices", "list")
    assert text.exit_code == 0 and text.stdout.startswith("Luke Porter: 61 s of speech from 2 calls")
    assert text.stdout.rstrip().endswith("of an older model, enroll again")
    (row,) = json.loads(cli("voices", "list", "--json").stdout)["voices"]
    assert set(row) == {"name", "seconds", "calls", "made_on", "path"} and row["calls"] == list(luke.calls)


def test_nobody_is_enrolled_at_first(cli: Any) -> None:
    assert cli("voices", "list").stdout == "No voice is enrolled.\n"
    assert json.loads(cli("voices", "list", "--json").stdout) == {"schema": 1, "voices": []}


def test_forgetting_deletes_the_file_and_says_so(cli: Any, luke: voices.Voice) -> None:
    found = cli("voices", "forget", "luke porter")
    assert found.exit_code == 0 and not luke.path.exists()
    assert "is deleted" in found.stderr and str(luke.path) in " ".join(found.stderr.split())
    again = cli("voices", "forget", "luke porter")
    assert again.exit_code == 2 and "no voice of 'luke porter' is enrolled" in again.stderr


def test_outside_of_a_workspace_it_says_what_to_do(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (tmp_path / "ci-checker.toml").unlink()
    monkeypatch.chdir(bare)
    found = cli("voices", "list")
    assert found.exit_code == 2 and "ci-checker init" in found.stderr


@pytest.mark.parametrize("command", ["score", "transcribe", "batch"])
def test_the_number_of_speakers_is_asked_for_and_bounded(cli: Any, command: str) -> None:
    assert "--speakers" in cli(command, "--help").stdout
    for wrong in ("0", "9", "two"):
        assert cli(command, "call.wav", "--speakers", wrong).exit_code == 2


def test_the_number_of_speakers_arrives(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ci_checker.app import batching, scoring

    seen: list[int] = []

    def score(_paths: Any, options: Any, *_rest: Any) -> tuple[()]:
        seen.append(options.speakers)
        return ()

    def batch(*_paths: Any, speakers: int, **_options: Any) -> batching.Summary:
        seen.append(speakers)
        return batching.Summary(done=0, skipped=0, failed=(), notes=(), heard_s=0.0)

    monkeypatch.setattr(scoring, "score", score)
    monkeypatch.setattr(batching, "batch", batch)
    cli("score", "call.wav", "--speakers", "3")
    cli("batch", "calls", "--speakers", "4")
    cli("score", "call.wav")
    assert seen == [3, 4, 2]
