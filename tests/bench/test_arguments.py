"""What may be asked of the benchmark, and the one line for everything that may not."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ci_checker.bench import __main__ as bench
from ci_checker.bench import alone, audio, child, contenders, detect, long, sizes, stages, transcribe
from ci_checker.bench.contenders import CONTENDERS, Contender, Given
from ci_checker.errors import MissingError, RequestError
from ci_checker.transcribe.spans import Span


@pytest.fixture
def asked(monkeypatch) -> list[transcribe.Plan]:
    """Plans that would have been measured; nothing is."""
    plans: list[transcribe.Plan] = []
    monkeypatch.setattr(transcribe, "measure", lambda plan, say: plans.append(plan) or say("a line"))
    return plans


def test_without_a_bench_nothing_is_measured_and_the_list_is_told(asked, capsys):
    assert bench.main([]) == 0 and asked == []
    told = capsys.readouterr().out
    assert told.startswith("transcribe ") and "python -m ci_checker.bench transcribe" in told


def test_the_list_and_the_help_know_every_bench_and_every_option(capsys):
    bench.main([])
    told = capsys.readouterr().out
    wanted = {
        "transcribe": ("--dims", "--seconds", "--tokens"),
        "detect": ("--minutes",),
        "long": ("--hours", "--model"),
    }
    for name, options in wanted.items():
        assert any(line.startswith(f"{name} ") for line in told.splitlines())
        (run,) = [line for line in told.splitlines() if f"python -m ci_checker.bench {name} " in line]
        assert all(f"[{option} " in run for option in options)
        with pytest.raises(SystemExit) as end:
            bench.main([name, "--help"])
        told_of_one = capsys.readouterr().out
        assert end.value.code == 0 and all(option in told_of_one for option in options)


def test_the_other_benches_are_asked_for_what_the_help_promises_and_for_what_is_said(monkeypatch, capsys):
    seen: list[tuple] = []
    monkeypatch.setattr(detect, "measure", lambda minutes, say: seen.append((minutes,)) or say("scored"))
    monkeypatch.setattr(long, "measure", lambda hours, model, say: seen.append((hours, model)) or say("heard"))
    for words in ("detect", "detect --minutes 2.5", "long", "long --hours 0.02 --model tiny.en"):
        assert bench.main(words.split()) == 0
    assert seen == [(60.0,), (2.5,), (3.0, "synthetic"), (0.02, "tiny.en")]
    assert capsys.readouterr().out == "scored\nscored\nheard\nheard\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("detect --minutes 0.9", "the call is too short to measure on. Give --minutes 1 or more."),
        ("detect --minutes -60", "the call is too short to measure on. Give --minutes 1 or more."),
        ("detect --minutes nan", "the call is too short to measure on. Give --minutes 1 or more."),
        ("detect --minutes 240.1", "the call is longer than 4 hours. Give fewer --minutes."),
        ("detect --minutes inf", "the call is longer than 4 hours. Give fewer --minutes."),
        ("long --hours 0", "the call is too short to measure on. Give --hours 0.01 or more."),
        ("long --hours nan", "the call is too short to measure on. Give --hours 0.01 or more."),
        ("long --hours 4.01", "the call is longer than 4 hours. Give fewer --hours."),
        ("long --hours inf", "the call is longer than 4 hours. Give fewer --hours."),
    ],
)
def test_lengths_that_nothing_can_be_measured_on_are_refused_before_anything_is_made(words, line, monkeypatch, capsys):
    monkeypatch.setattr(alone, "run", lambda *_a, **_k: pytest.fail("a process was started for nothing"))
    monkeypatch.setattr(audio, "call", lambda *_: pytest.fail("a call was made for nothing"))
    monkeypatch.setattr(detect.talk, "call", lambda *_: pytest.fail("a call was written for nothing"))
    assert bench.main(words.split()) == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"{line}\n")


def test_a_stage_that_is_gone_is_one_line_before_the_call_is_made(monkeypatch, capsys):
    monkeypatch.setattr(audio, "call", lambda *_: pytest.fail("a call was made for nothing"))
    gone = stages.Stage(name="mel", places=("ci_checker.bench.sizes:mel",))
    monkeypatch.setattr(stages, "STAGES", (gone,))
    assert bench.main(["transcribe", "--dims", "tiny.en"]) == 2
    wanted = (
        "the stage 'mel' cannot be timed: there is no 'ci_checker.bench.sizes:mel' any more. "
        "Name the stage's function of today in ci_checker/bench/stages.py.\n"
    )
    assert capsys.readouterr().err == wanted


def test_without_ours_no_stage_is_asked_for(monkeypatch):
    class Reached(Exception):
        pass

    def lay_out(*_: object) -> None:
        raise Reached

    monkeypatch.setattr(stages, "check", lambda: pytest.fail("stages were asked for"))
    monkeypatch.setattr(transcribe, "_lay_out", lay_out)
    with pytest.raises(Reached):
        transcribe.measure(transcribe.Plan(without=("ours",)), lambda _line: None)


def test_what_is_not_said_is_as_the_help_promises(asked, capsys):
    assert bench.main(["transcribe"]) == 0
    assert asked == [transcribe.Plan()] and capsys.readouterr().out == "a line\n"
    assert (asked[0].dims, asked[0].seconds, asked[0].tokens) == (sizes.names(), 600.0, 100)


def test_what_is_said_arrives(asked):
    words = "transcribe --dims base.en tiny.en --seconds 12.5 --tokens 40 --without whisper faster".split()
    assert bench.main(words) == 0
    assert asked == [
        transcribe.Plan(dims=("base.en", "tiny.en"), seconds=12.5, tokens=40, without=("whisper", "faster"))
    ]


@pytest.mark.parametrize(
    "words",
    [
        "hear",
        "transcribe --dims",
        "transcribe --tokens many",
        "transcribe --seconds long",
        "transcribe --fast",
        "--seconds 9",
        "detect --minutes hour",
        "detect --hours 1",
        "long --hours three",
        "long --model",
    ],
)
def test_what_cannot_be_read_ends_with_2_and_the_usage(words, asked, capsys):
    with pytest.raises(SystemExit) as end:
        bench.main(words.split())
    told = capsys.readouterr()
    assert end.value.code == 2 and asked == []
    assert told.out == "" and told.err.startswith("usage: python -m ci_checker.bench")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("--dims turbo", "there are no dimensions 'turbo'. Choose among: tiny.en, base.en, small.en."),
        ("--dims tiny.en Tiny.en", "there are no dimensions 'Tiny.en'. Choose among: tiny.en, base.en, small.en."),
        ("--seconds 4.9", "the call is too short to measure on. Give --seconds 5 or more."),
        ("--seconds -600", "the call is too short to measure on. Give --seconds 5 or more."),
        ("--seconds nan", "the call is too short to measure on. Give --seconds 5 or more."),
        ("--seconds inf", "the call is longer than 4 hours. Give fewer --seconds."),
        ("--seconds 14401", "the call is longer than 4 hours. Give fewer --seconds."),
        ("--tokens 0", "tokens must lie between 1 and 200"),
        ("--tokens 201", "tokens must lie between 1 and 200"),
        ("--tokens -5", "tokens must lie between 1 and 200"),
    ],
)
def test_what_cannot_be_measured_is_said_to_the_letter(words, line, capsys):
    assert bench.main(["transcribe", *words.split()]) == 2
    told = capsys.readouterr()
    assert told.err == f"{line}\n" and "Traceback" not in told.out


def test_a_contender_that_is_not_there_is_answered_with_all_that_are(capsys):
    assert bench.main("transcribe --without whisper zero another".split()) == 2
    keys = ", ".join(sorted(each.key for each in CONTENDERS))
    assert capsys.readouterr().err == f"there is no contender 'another'. They are: {keys}.\n"


def test_a_bad_request_is_refused_before_anything_is_heard_or_written(monkeypatch):
    for name in ("call", "speech"):
        monkeypatch.setattr(audio, name, lambda *_: pytest.fail("the call was made for nothing"))
    for plan in (
        transcribe.Plan(dims=("tiny.en", "huge")),
        transcribe.Plan(tokens=1000),
        transcribe.Plan(without=("nobody",)),
    ):
        with pytest.raises(RequestError):
            transcribe.measure(plan, lambda _line: pytest.fail("a line was told for nothing"))


def test_contenders_have_keys_of_their_own_and_one_of_them_is_ours():
    keys = [each.key for each in CONTENDERS]
    assert len(set(keys)) == len(keys) and keys[0] == "ours"
    assert len({each.title for each in CONTENDERS}) == len(keys)
    assert all(len(each.title) <= 46 for each in CONTENDERS), "a longer title would push its line out of the table"


def test_what_needs_nothing_is_installed_and_what_needs_a_package_may_not_be():
    def contender(needs: str) -> Contender:
        return Contender(key="x", title="x", run=lambda _given: None, needs=needs)

    assert contender("").installed and contender("json").installed
    assert not contender("no_such_package_anywhere").installed


RATE = 16_000


@pytest.fixture
def laid_out(tmp_path) -> Path:
    """A call as ``measure`` lays it out for its children."""
    np.save(tmp_path / "call.npy", np.full((2, RATE), 0.25, np.float32))
    (tmp_path / "speech.json").write_text(json.dumps([[Span(0.1, 0.4)], []]))
    (tmp_path / "random.pt").write_bytes(b"weights")
    return tmp_path


@pytest.fixture
def contender(monkeypatch) -> Callable[..., list[Given]]:
    """``contender(work)``: one contender called ``stand-in`` that does ``work``; returns what it was given."""

    def put(work: Callable[[Given], None], **more: object) -> list[Given]:
        seen: list[Given] = []

        def run(given: Given) -> None:
            seen.append(given)
            work(given)

        stand_in = Contender(key="stand-in", title="a stand-in", run=run, **more)
        monkeypatch.setattr(contenders, "CONTENDERS", (stand_in,))
        monkeypatch.setattr(transcribe, "CONTENDERS", (stand_in,))
        return seen

    return put


def test_a_child_hears_the_call_of_its_folder_and_tells_how_long_it_took(laid_out, contender, capsys):
    def work(given: Given) -> None:
        time.sleep(0.05)
        given.ready()
        time.sleep(0.1)

    seen = contender(work)
    assert child.main("stand-in", str(laid_out), "33", "0", str(time.time() - 1.0)) == 0
    told = json.loads(capsys.readouterr().out)
    assert 1.05 <= told["start_s"] < 6 and 0.1 <= told["heard_s"] < 5
    assert told["peak_mb"] is None or told["peak_mb"] > 10
    (given,) = seen
    assert given.samples.shape == (2, RATE) and given.spans == [[Span(0.1, 0.4)], []] and given.tokens == 33
    assert given.checkpoint == laid_out / "random.pt" and given.converted is None
    assert transcribe.Measured(**told).heard_s == told["heard_s"]


def test_a_converted_model_is_given_where_there_is_one(laid_out, contender, capsys):
    seen = contender(lambda given: given.ready())
    (laid_out / "converted").mkdir()
    child.main("stand-in", str(laid_out), "1", "0", str(time.time()))
    assert seen[0].converted == laid_out / "converted" and capsys.readouterr().out.count("\n") == 1


def test_a_child_on_one_core_stays_on_it(laid_out):
    """In a process of its own, since what it sets is set for good."""
    code = (
        "import os, sys, time\n"
        "from ci_checker.bench import child, contenders\n"
        "def run(given):\n"
        "    given.ready()\n"
        "    known = getattr(os, 'sched_getaffinity', None)\n"
        "    print(os.environ['OMP_NUM_THREADS'], len(known(0)) if known else 1)\n"
        "contenders.CONTENDERS = (contenders.Contender(key='x', title='x', run=run),)\n"
        "raise SystemExit(child.main('x', sys.argv[1], '9', '1', str(time.time())))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(laid_out)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "1 1"


def test_what_stages_a_contender_tells_of_arrive_in_the_table(laid_out, contender, capsys):
    def work(given: Given) -> None:
        given.ready()

    contender(work)
    child.main("stand-in", str(laid_out), "9", "0", str(time.time()))
    assert json.loads(capsys.readouterr().out)["stages"] == {}
    told = Contender(key="told", title="t", run=lambda given: given.ready() or {"mel": 1.5})
    contenders.CONTENDERS = (told,)
    child.main("told", str(laid_out), "9", "0", str(time.time()))
    assert transcribe.Measured(**json.loads(capsys.readouterr().out)).stages == {"mel": 1.5}


def test_a_child_that_meets_a_stage_gone_says_so_in_one_line(laid_out, contender, capsys):
    def work(_given: Given) -> None:
        raise MissingError("the stage 'mel' is gone", todo="Name it.")

    contender(work)
    assert child.main("stand-in", str(laid_out), "9", "0", str(time.time())) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "the stage 'mel' is gone. Name it.\n")


@pytest.mark.parametrize(
    ("stderr", "line"),
    [
        ("Traceback (most recent call last):\n  ...\nMemoryError: 3 GB\n", "it failed (MemoryError: 3 GB)"),
        ("", "it failed (it gave no reason)"),
        ("\n \n", "it failed (it gave no reason)"),
    ],
)
def test_a_child_that_fails_is_told_of_by_its_last_line(monkeypatch, tmp_path, stderr, line):
    done = subprocess.CompletedProcess([], 1, stdout="", stderr=stderr)
    monkeypatch.setattr(alone.subprocess, "run", lambda *_a, **_k: done)
    with pytest.raises(MissingError) as problem:
        transcribe.run(CONTENDERS[0], tmp_path, 10)
    assert problem.value.what == line


def test_a_real_child_that_cannot_hear_its_call_is_one_line(tmp_path):
    with pytest.raises(MissingError, match=r"^it failed \(FileNotFoundError: .*call\.npy'\)$"):
        transcribe.run(CONTENDERS[0], tmp_path, 10)
