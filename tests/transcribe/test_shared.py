"""Batches on several threads: nothing lost, nothing told from another thread, nothing left changed."""

from __future__ import annotations

import threading

import pytest
import torch

from ci_checker.transcribe.batches import batches
from ci_checker.transcribe.engine import load_engine
from ci_checker.transcribe.shared import MOST_WORKERS, share_out, workers_for


def run(parts, work, workers, tell=lambda _amount: None):
    taken = {}
    share_out(parts, work, workers=workers, tell=tell, take=lambda part, result: taken.update({part: result}))
    return taken


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_every_part_is_worked_on_once(workers, count):
    done: list[int] = []

    def work(_worker, part, _tell):
        done.append(part)
        return part * part

    assert run(range(count), work, workers) == {part: part * part for part in range(count)}
    assert sorted(done) == list(range(count))


def test_workers_work_at_the_same_time_each_with_its_own_number_and_cores():
    together = threading.Barrier(2, timeout=20)
    seen: dict[int, int] = {}

    def work(worker, _part, _tell):
        together.wait()
        seen[worker] = torch.get_num_threads()

    torch.set_num_threads(2)
    run(["a", "b"], work, 2)
    assert seen == {0: 1, 1: 1}
    assert torch.get_num_threads() == 2
    later: list[int] = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert later == [2]


def test_progress_and_results_come_to_the_thread_that_asked():
    here = threading.get_ident()
    threads: set[int] = set()
    told: list[float] = []

    def work(_worker, part, tell):
        assert threading.get_ident() != here
        tell(part / 4)

    def tell(amount):
        threads.add(threading.get_ident())
        told.append(amount)

    share_out([1, 2, 3], work, workers=2, tell=tell, take=lambda *_: threads.add(threading.get_ident()))
    assert threads == {here} and sorted(told) == [0.25, 0.5, 0.75]


@pytest.mark.parametrize("problem", [ValueError("bad window"), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["work", "tell", "take"])
def test_what_goes_wrong_anywhere_is_raised_and_no_thread_goes_on(problem, where):
    begun: list[int] = []

    def work(_worker, part, tell):
        begun.append(part)
        for _ in range(200_000 if where != "work" else 1):
            tell(0.0)
        if where == "work":
            raise problem

    def fails(*_args):
        raise problem

    quiet = lambda *_: None  # noqa: E731
    before, threads = torch.get_num_threads(), threading.active_count()
    if where == "take":
        work = lambda _worker, part, _tell: begun.append(part)  # noqa: E731
    with pytest.raises(type(problem)):
        share_out(
            range(100),
            work,
            workers=2,
            tell=fails if where == "tell" else quiet,
            take=fails if where == "take" else quiet,
        )
    assert threading.active_count() == threads and torch.get_num_threads() == before
    assert where == "take" or len(begun) < 100


def test_what_was_finished_while_the_workers_stop_is_kept():
    told, finished = threading.Event(), threading.Event()
    kept: list[str] = []

    def work(_worker, part, tell):
        if part == "asks":
            tell(0.5)
            finished.wait(20)
            return part
        told.wait(20)
        return part

    def tell(_amount):
        told.set()
        finished.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share_out(["asks", "other"], work, workers=2, tell=tell, take=lambda part, _result: kept.append(part))
    assert sorted(kept) == ["asks", "other"]


@pytest.mark.parametrize(
    ("threads", "device", "windows", "workers"),
    [(2, "cpu", 9, 2), (2, "cpu", 1, 1), (1, "cpu", 9, 1), (64, "cpu", 9, MOST_WORKERS), (8, "cuda:0", 9, 1)],
)
def test_a_worker_for_every_core_that_has_a_window(monkeypatch, threads, device, windows, workers):
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert workers_for(device, windows) == workers


@pytest.mark.parametrize(
    ("count", "rows", "workers", "sizes"),
    [(11, 8, 2, [6, 5]), (17, 8, 2, [5, 4, 4, 4]), (24, 8, 2, [6] * 4), (3, 8, 4, [1, 1, 1]), (1, 8, 2, [1])],
)
def test_no_worker_is_idle_while_another_has_windows_left(count, rows, workers, sizes):
    found = batches([float(count - index) for index in range(count)], rows, workers)
    assert sorted(map(len, found), reverse=True) == sizes
    assert [index for batch in found for index in batch] == list(range(count))


def test_a_call_is_heard_the_same_by_one_worker_and_by_two(model_file, monkeypatch):
    import numpy as np

    from ci_checker.transcribe import decode, listen
    from ci_checker.transcribe.spans import Span

    monkeypatch.setattr(decode, "_WARMER", ())
    monkeypatch.setattr(listen, "speech_spans", lambda *_a, **_k: [Span(at, at + 4.0) for at in (0.0, 6.0, 12.0)])
    monkeypatch.setattr(listen, "without_bleed", lambda samples, spans: (samples, [list(each) for each in spans]))
    samples = np.random.default_rng(3).normal(0, 0.1, (2, 17 * 16_000)).astype(np.float32)

    def heard():
        told: list[float] = []
        engine = load_engine("whisper_torch", model_file)
        turns = engine.transcribe(samples, channel_names=("a", "b"), progress=lambda done, _total: told.append(done))
        assert told == sorted(told) and told[-1] == 17.0
        return [(turn.speaker, turn.text, turn.start_s, turn.end_s) for turn in turns]

    alone = heard()
    torch.set_num_threads(2)
    assert heard() == alone
    assert torch.get_num_threads() == 2
