"""Scoring a long call: what is told of it, what is refused, and one short run of the real thing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ci_checker.bench import alone, detect, scored, talk
from ci_checker.bench.detect import Measured, lines, measure
from ci_checker.errors import MissingError, RequestError

IMPORTED = """
import sys
from ci_checker.app import scoring
from ci_checker.bench import scored, talk
from ci_checker.bench.detect import TINY
from ci_checker.settings import Settings
scored.imported()
known = {name.partition('.')[0] for name in sys.modules}
import pathlib, tempfile
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "tiny.txt"
    path.write_text(TINY, encoding="utf-8")
    scoring.score([str(path)], scoring.ScoreOptions(rep=talk.REP), Settings())
late = {name.partition('.')[0] for name in sys.modules} - known - set(sys.stdlib_module_names)
print(*sorted(name for name in late if name[0] != '_'))
"""


def took(score_s: float = 4.0, peak_mb: float | None = 512.3) -> Measured:
    return Measured(
        import_s=0.5,
        load_s=0.876,
        score_s=score_s,
        peak_mb=peak_mb,
        turns=426,
        verdicts={"unclear": 1, "seen": 9, "not_seen": 6},
    )


def test_what_is_told_to_the_letter():
    assert lines(took(), 60) == [
        "importing the libraries                           0.50 s",
        "loading the models, first tiny call               0.88 s",
        "scoring the call, 426 turns                       4.00 s  (900 x faster than spoken)",
        "peak memory                                       512 MB",
        "verdicts                                              16  (6 not_seen, 9 seen, 1 unclear)",
    ]


@pytest.mark.parametrize(
    ("minutes", "score_s", "told"),
    [(1, 60.0, "(1 x faster"), (2, 0.5, "(240 x faster"), (240, 14.4, "(1000 x faster"), (60, 0.0, "")],
)
def test_the_ratio_is_the_calls_length_by_the_time_of_scoring(minutes, score_s, told):
    line = lines(took(score_s), minutes)[2]
    assert told in line and ("faster" in line) == bool(told)


def test_what_is_imported_is_all_that_scoring_imports_of_others():
    told = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, env={**os.environ}
    ).stdout
    assert set(told.split()) <= {"google"}  # spaCy looks whether it runs in a notebook of theirs


def test_memory_that_is_not_told_is_a_dash():
    assert lines(took(peak_mb=None), 60)[3].split() == ["peak", "memory", "-"]


@pytest.fixture
def child(monkeypatch):
    """``child(told)``: a stand-in for the process; a list of what it was given, and the texts it would read."""
    given: list[tuple[str, str, str, str]] = []

    def put(told: dict | Exception) -> list:
        def run(module: str, tiny: str, long: str, *, what: str) -> dict:
            given.append((module, Path(tiny).read_text(), Path(long).read_text(), what))
            if isinstance(told, Exception):
                raise told
            return told

        monkeypatch.setattr(alone, "run", run)
        return given

    return put


GOOD = {"import_s": 0.5, "load_s": 1.0, "score_s": 3.0, "peak_mb": 400.0, "turns": 20, "verdicts": {"seen": 16}}


def test_the_long_call_is_scored_after_a_tiny_one_of_other_words(child):
    given = child(GOOD)
    told: list[str] = []
    assert measure(5, told.append) == Measured(**GOOD)
    ((module, tiny, long, what),) = given
    assert (module, what) == ("ci_checker.bench.scored", "scoring the call") and long == talk.call(5)
    assert not {line.split(": ")[1] for line in tiny.splitlines()} & {line.split(": ")[1] for line in long.splitlines()}
    words = talk.words_of(long)
    assert told[0] == f"A text call of 5 min and two speakers, {words} words, on one core."
    assert told[1:] == lines(Measured(**GOOD), 5)


def test_a_length_is_told_as_it_was_given(child):
    child(GOOD)
    told: list[str] = []
    measure(2.5, told.append)
    assert told[0].startswith("A text call of 2.5 min ") and "(50 x faster" in told[3]


def test_scoring_that_fails_is_passed_on_and_its_folder_is_gone(child, monkeypatch, tmp_path):
    monkeypatch.setattr(detect.tempfile, "tempdir", str(tmp_path))
    child(MissingError("scoring the call failed (no model)"))
    with pytest.raises(MissingError, match=r"^scoring the call failed \(no model\)$"):
        measure(1, lambda _line: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("minutes", [0.99, 0.0, -1.0, 240.01, float("nan"), float("inf"), float("-inf")])
def test_a_length_of_no_use_is_refused_and_the_bounds_themselves_are_not(minutes, child):
    given = child(GOOD)
    with pytest.raises(RequestError) as problem:
        measure(minutes, lambda _line: None)
    assert problem.value.exit_status == 2 and "--minutes" in problem.value.todo and given == []
    measure(1.0, lambda _line: None)
    assert len(given) == 1


@pytest.fixture
def unpinned(monkeypatch) -> list[int]:
    """The cores that this test's own process would have been held to."""
    held: list[int] = []
    monkeypatch.setattr(alone, "hold", held.append)
    return held


def test_a_short_call_is_scored_by_the_shipped_detectors(unpinned, tmp_path, capsys):
    for name, text in (("tiny", detect.TINY), ("long", talk.call(1))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    assert scored.main(str(tmp_path / "tiny.txt"), str(tmp_path / "long.txt")) == 0
    told = json.loads(capsys.readouterr().out)
    found = Measured(**told)
    assert unpinned == [1] and found.turns == len(talk.call(1).splitlines())
    assert sum(found.verdicts.values()) >= 16 and set(found.verdicts) <= {
        "seen", "not_seen", "unclear", "not_applicable",
    }  # fmt: skip
    assert found.verdicts.get("unclear", 0) < sum(found.verdicts.values()), "a rep that is not known would cost no time"
    assert (
        found.score_s > 0 and found.load_s > 0 and found.import_s > 0 and (found.peak_mb is None or found.peak_mb > 50)
    )


def test_a_call_that_cannot_be_scored_is_one_line(unpinned, tmp_path, capsys):
    (tmp_path / "tiny.txt").write_text(detect.TINY, encoding="utf-8")
    assert scored.main(str(tmp_path / "tiny.txt"), str(tmp_path / "gone.txt")) == 1
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 1 and "gone.txt" in told.err
