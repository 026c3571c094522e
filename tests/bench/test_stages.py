"""Where the time goes: threads add up, a stage inside another counts once, and a lost stage is an error."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ci_checker.bench import contenders, sizes, stages
from ci_checker.bench.stages import HELPERS, REST, STAGES, Stage, Watch, check, lines
from ci_checker.errors import MissingError
from ci_checker.transcribe.spans import Span

TODO = "Name the stage's function of today in ci_checker/bench/stages.py."
PLACES = [(stage, path) for stage in STAGES for path in stage.places]
SMALL = {
    "n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 32, "n_audio_head": 2, "n_audio_layer": 1,
    "n_vocab": 51864, "n_text_ctx": 448, "n_text_state": 32, "n_text_head": 2, "n_text_layer": 1,
}  # fmt: skip


def burn(seconds: float) -> None:
    """Keep this thread's core busy for so long, however busy the machine is."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.fixture
def room(monkeypatch) -> ModuleType:
    """A module with stages: ``whole`` calls ``inner`` and ``Box.part``; ``extra`` is not always called."""
    made = ModuleType("a_room_of_stages")

    class Box:
        def part(self, seconds: float) -> str:
            burn(seconds)
            return "part"

    class Lid(Box):
        pass

    def whole(seconds: float) -> str:
        burn(seconds)
        made.inner(seconds)
        return made.Box().part(seconds)

    made.Box, made.Lid, made.whole, made.inner, made.extra = Box, Lid, whole, burn, burn
    monkeypatch.setitem(sys.modules, made.__name__, made)
    wanted = (
        Stage(name="inner", places=("a_room_of_stages:inner",)),
        Stage(name="part", places=("a_room_of_stages:Box.part",)),
        Stage(name=REST, places=("a_room_of_stages:whole",)),
        Stage(name=REST, places=("a_room_of_stages:extra",), always=False),
    )
    monkeypatch.setattr(stages, "STAGES", wanted)
    return made


def test_a_stage_inside_another_is_taken_from_its_time(room):
    with Watch() as watch:
        assert room.whole(0.06) == "part"
    spent = watch.spent()
    assert list(spent) == ["inner", "part", REST, HELPERS]
    assert all(0.06 <= spent[name] < 0.1 for name in ("inner", "part", REST))


def test_threads_add_up_and_do_not_take_from_each_other(room):
    with Watch() as watch:
        threads = [threading.Thread(target=room.whole, args=(0.05,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    spent = watch.spent()
    assert all(0.15 <= spent[name] < 0.25 for name in ("inner", "part", REST))


def test_waiting_is_no_processor_time(room):
    room.inner = lambda _seconds: time.sleep(0.15)
    with Watch() as watch:
        room.whole(0.02)
    assert watch.spent()["inner"] < 0.05 < 0.15


def test_what_runs_in_threads_without_a_stage_is_told_apart(room):
    with Watch() as watch:
        alone = threading.Thread(target=burn, args=(0.1,))
        alone.start()
        room.whole(0.02)
        alone.join()
    spent = watch.spent()
    assert 0.08 <= spent[HELPERS] < 0.2 and spent[REST] < 0.08


def test_two_functions_of_one_stage_are_one_line(room):
    with Watch() as watch:
        room.whole(0.02)
        room.extra(0.08)
    assert 0.1 <= watch.spent()[REST] < 0.15


def test_a_function_that_raises_is_timed_and_its_problem_is_its_own(room):
    def broken(seconds: float) -> None:
        burn(seconds)
        raise KeyError("mine")

    room.inner = broken
    watch = Watch()
    with pytest.raises(KeyError, match="mine"), watch:
        room.whole(0.05)
    assert room.inner is broken
    with pytest.raises(MissingError, match="'part' was never entered"):
        watch.spent()
    with watch:
        room.Box().part(0.0)
    assert 0.05 <= watch.spent()["inner"] < 0.1


def test_everything_is_put_back(room):
    before = (room.whole, room.inner, vars(room.Box)["part"])
    with Watch():
        assert room.whole is not before[0] and room.whole.__name__ == "whole"
        assert vars(room.Box)["part"] is not before[2]
    assert (room.whole, room.inner, vars(room.Box)["part"]) == before


def test_a_stage_that_is_not_called_any_more_is_an_error_and_no_zero(room):
    room.whole = lambda seconds: (room.inner(seconds), "no part")[1]
    with Watch() as watch:
        room.whole(0.0)
    with pytest.raises(MissingError) as problem:
        watch.spent()
    wanted = "the stage 'part' was never entered: 'a_room_of_stages:Box.part' was not called"
    assert problem.value.line == f"{wanted}. {TODO}"


@pytest.mark.parametrize(
    "path",
    [
        "a_room_of_stages:outer",
        "a_room_of_stages:Crate.part",
        "a_room_of_stages:Box.parts",
        "a_room_of_stages:Lid.part",
        "a_room_that_is_gone:inner",
    ],
)
def test_a_stage_that_is_gone_is_named_before_anything_is_timed(room, monkeypatch, path):
    monkeypatch.setattr(stages, "STAGES", (*stages.STAGES, Stage(name="lost", places=(path,), always=False)))
    wanted = f"the stage 'lost' cannot be timed: there is no '{path}' any more. {TODO}"
    for ask in (check, Watch):
        with pytest.raises(MissingError) as problem:
            ask()
        assert problem.value.line == wanted


def test_the_stages_are_those_of_hearing_and_are_all_there():
    check()
    names = ["voice activity", "mel", "encoder", "cross-attention keys", "decoding", "word times"]
    assert list(dict.fromkeys(stage.name for stage in STAGES)) == [*names, REST]
    assert len({path for _, path in PLACES}) == len(PLACES)


@pytest.mark.parametrize("path", [path for _, path in PLACES])
def test_renaming_any_function_of_a_stage_is_noticed(path, monkeypatch):
    check()
    module, _, inside = path.partition(":")
    owner = sys.modules[module]
    *classes, name = inside.split(".")
    for each in classes:
        owner = getattr(owner, each)
    monkeypatch.setattr(owner, f"{name}_renamed", getattr(owner, name), raising=False)
    monkeypatch.delattr(owner, name)
    with pytest.raises(MissingError, match=f"there is no '{path}' any more"):
        check()


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    return sizes.write(SMALL, tmp_path_factory.mktemp("stages") / "random.pt")


@pytest.fixture
def heard(checkpoint, monkeypatch) -> Callable[[float], dict[str, float]]:
    """``heard(seconds)``: the stages of a stereo call of noise that counts as speech, as our contender tells them."""

    def speaks(samples: np.ndarray, **_: object) -> list[Span]:
        burn(0.01)
        seconds = len(samples) / 16_000
        return [Span(at + 0.1, min(at + 29.0, seconds)) for at in np.arange(0.0, seconds - 1.0, 30.0)]

    def run(seconds: float) -> dict[str, float]:
        monkeypatch.setattr("ci_checker.transcribe.listen.speech_spans", speaks)
        samples = np.random.default_rng(1).normal(0, 0.1, (2, round(seconds * 16_000))).astype(np.float32)
        given = contenders.Given(
            samples=samples,
            spans=[speaks(channel) for channel in samples],
            checkpoint=checkpoint,
            converted=None,
            tokens=9,
            ready=lambda: None,
        )
        return dict(contenders.CONTENDERS[0].run(given) or {})

    return run


def test_our_contender_tells_every_stage_and_nothing_twice(heard):
    began = time.process_time()
    spent = heard(25.0)
    total = time.process_time() - began
    assert list(spent) == [*dict.fromkeys(stage.name for stage in STAGES), HELPERS]
    assert all(spent[name] > 0 for name in spent if name != HELPERS)
    assert 0.02 <= spent["voice activity"] < total and sum(spent.values()) <= total + 0.01


def test_batches_on_threads_of_their_own_are_counted(heard, monkeypatch):
    from ci_checker.transcribe.engines import whisper_torch

    workers: set[str] = set()
    real = whisper_torch.align

    def align(*arguments: object) -> object:
        workers.add(threading.current_thread().name)
        burn(0.05)
        return real(*arguments)

    monkeypatch.setattr(whisper_torch, "align", align)
    monkeypatch.setattr(whisper_torch, "workers_for", lambda *_: 2)
    spent = heard(61.0)
    assert len(workers) == 2 and spent["word times"] >= 0.1


def test_our_contender_whose_word_times_are_made_elsewhere_is_an_error(heard, monkeypatch):
    from ci_checker.transcribe.engines.whisper_torch import WhisperTorch

    monkeypatch.setattr(WhisperTorch, "_aligned", lambda _self, jobs, *_: [[] for _ in jobs])
    with pytest.raises(MissingError, match="^the stage 'word times' was never entered: '.*:align' was not called"):
        heard(10.0)


def test_the_table_has_every_stage_its_share_and_the_whole():
    told = lines({"mel": 1.0, "encoder": 2.96, REST: 0.04, HELPERS: 0.0})
    assert told == [
        "  of which, in ci-checker                          CPU     share",
        "    mel                                          1.0 s     25.0%",
        "    encoder                                      3.0 s     74.0%",
        "    rest                                         0.0 s      1.0%",
        "    torch's own threads, any stage               0.0 s      0.0%",
        "    all                                          4.0 s    100.0%",
    ]


@pytest.mark.parametrize("spent", [{}, {"mel": 0.0, REST: 0.0}])
def test_where_nothing_was_timed_there_is_no_table(spent):
    assert lines(spent) == []
