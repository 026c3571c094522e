"""A process of its own: what it tells, how it fails, and that its memory is its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ci_checker.bench import alone
from ci_checker.errors import CallError, MissingError, RequestError

LINUX = Path("/proc/self/status").exists()
pinned = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be chosen here")
told_of = pytest.mark.skipif(not LINUX, reason="the system does not tell a process's memory")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """``module(code)``: the name of a module of this code that children can run."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))

    def put(code: str) -> str:
        (tmp_path / "a_child_of_mine.py").write_text(code)
        return "a_child_of_mine"

    return put


def test_the_last_line_is_what_was_told_and_arguments_arrive(module):
    name = module("import sys, json\nprint('a library that chatters')\nprint(json.dumps({'given': sys.argv[1:]}))\n")
    assert alone.run(name, "one", "two words", "") == {"given": ["one", "two words", ""]}


def test_a_failure_is_named_by_its_subject_and_its_last_line(module):
    name = module(
        "import sys\nsys.stderr.write('Traceback\\n  ...\\nValueError: no such thing\\n\\n')\nraise SystemExit(3)\n"
    )
    with pytest.raises(MissingError) as problem:
        alone.run(name, what="scoring the call")
    assert problem.value.line == "scoring the call failed (ValueError: no such thing)"


def test_a_failure_without_a_word_says_that(module):
    with pytest.raises(MissingError, match=r"^it failed \(it gave no reason\)$"):
        alone.run(module("raise SystemExit(1)\n"))


@pytest.mark.parametrize("problem", [CallError("is silent", where="a.wav"), RequestError("no", todo="Give one.")])
def test_a_problem_that_a_person_can_act_on_is_its_line_alone(problem, capsys):
    def work() -> dict[str, int]:
        raise problem

    assert alone.tell(work) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err == f"{problem.line}\n"


def test_a_bug_is_no_such_problem():
    with pytest.raises(ZeroDivisionError):
        alone.tell(lambda: {"ratio": 1 // 0})


def test_what_is_told_is_one_line_that_run_can_read(module):
    name = module("from ci_checker.bench import alone\nraise SystemExit(alone.tell(lambda: {'a': 1.5, 'b': None}))\n")
    assert alone.run(name) == {"a": 1.5, "b": None}


@pinned
@pytest.mark.parametrize("held", [0, 1])
def test_a_process_is_held_to_its_cores_and_to_so_many_threads(held):
    code = (
        "import os\nfrom ci_checker.bench import alone\n"
        f"before = len(os.sched_getaffinity(0))\nalone.hold({held})\n"
        "print(before, alone.cores(), os.environ.get('OMP_NUM_THREADS'), os.environ.get('MKL_NUM_THREADS'))\n"
    )
    clean = {key: value for key, value in os.environ.items() if key not in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    before, after, *threads = done.stdout.split()
    assert (after, threads) == ((before, ["None", "None"]) if held == 0 else ("1", ["1", "1"]))


def test_cores_are_those_that_the_process_may_use(monkeypatch):
    monkeypatch.setattr(alone.os, "sched_getaffinity", lambda _pid: {1, 5, 7}, raising=False)
    assert alone.cores() == 3
    monkeypatch.delattr(alone.os, "sched_getaffinity")
    monkeypatch.setattr(alone.os, "cpu_count", lambda: None)
    assert alone.cores() == 1


@told_of
def test_the_memory_of_who_started_a_process_is_not_counted_as_its_own(module):
    """``ru_maxrss`` begins with the starting process's: a big one would hide every small one's peak."""
    name = module(
        "from ci_checker.bench import alone\n"
        "raise SystemExit(alone.tell(lambda: {'now': alone.now_mb(), 'peak': alone.peak_mb()}))\n"
    )
    held = np.ones(50_000_000)
    told = alone.run(name)
    assert held.nbytes == 400e6 and 5 < told["now"] < told["peak"] + 1 < 200


@told_of
def test_memory_that_was_let_go_is_in_the_peak_and_not_in_the_memory_of_now():
    before = alone.now_mb()
    assert before is not None
    held = np.ones(25_000_000)
    during = alone.now_mb()
    assert during is not None and during - before > 150
    del held
    after, peak = alone.now_mb(), alone.peak_mb()
    assert after is not None and peak is not None
    assert after < during - 100 and peak >= during - 1


def test_where_the_system_does_not_tell_there_is_the_peak_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(alone, "_STATUS", tmp_path / "nothing")
    assert alone.now_mb() is None
    peak = alone.peak_mb()
    assert peak is None or 10 < peak < 100_000


def test_a_status_without_the_line_is_one_that_does_not_tell(monkeypatch, tmp_path):
    (tmp_path / "status").write_text("Name:\tpython\nVmRSSX:\t 9 kB\nVmRSS:\t  2000 kB\n")
    monkeypatch.setattr(alone, "_STATUS", tmp_path / "status")
    assert alone.now_mb() == 2.048
    monkeypatch.setitem(sys.modules, "resource", None)
    assert alone.peak_mb() is None


@pytest.mark.parametrize(("amount", "told"), [(None, "-"), (0.0, "0 MB"), (1234.5678, "1235 MB"), (-3.2, "-3 MB")])
def test_memory_is_written_in_whole_millions(amount, told):
    assert alone.mb(amount) == told
