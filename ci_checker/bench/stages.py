"""Where this project's hearing spends its processor time, by wrapping its stages from outside.

Time is a thread's own processor time, summed over threads, so that batches on threads of their
own add up. A stage inside another is taken from the other's time. The stages are named here and
nowhere in ``transcribe``; one that is gone, or that is never entered, is an error and no zero.
"""

from __future__ import annotations

import functools
import importlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ci_checker.errors import MissingError

REST: Final = "rest"
HELPERS: Final = "torch's own threads, any stage"
"""Threads that torch starts where one batch has several cores: their time is known, their stage is not."""
_TODO: Final = "Name the stage's function of today in ci_checker/bench/stages.py."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A line of the table and its functions, each ``module:name`` or ``module:Class.name``.

    ``always``: a hearing that enters none of these has been measured wrong.
    """

    name: str
    places: tuple[str, ...]
    always: bool = True


_ROOM: Final = "ci_checker.transcribe"
STAGES: tuple[Stage, ...] = (
    # Removing cross-talk is part of finding who speaks.
    Stage(name="voice activity", places=(f"{_ROOM}.engines.whisper_torch:find_speech", f"{_ROOM}.listen:speech_spans")),
    Stage(name="mel", places=("whisper.audio:log_mel_spectrogram",)),
    Stage(name="encoder", places=(f"{_ROOM}.network:Network.encode",)),
    Stage(name="cross-attention keys", places=(f"{_ROOM}.network:Network.keep",)),
    Stage(name="decoding", places=("ci_checker.bench.timed:TimedEngine._decode",)),
    Stage(name="word times", places=(f"{_ROOM}.engines.whisper_torch:align",)),
    Stage(name=REST, places=(f"{_ROOM}.engines.whisper_torch:WhisperTorch.transcribe",)),
    # What a worker does around its stages; one batch alone is heard without workers.
    Stage(name=REST, places=(f"{_ROOM}.shared:_run",), always=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    stage: Stage
    path: str
    owner: Any
    name: str
    real: Callable[..., Any]


class Watch:
    """Times the stages while it is entered; ``spent`` tells afterwards. Raises MissingError for a missing one."""

    def __init__(self) -> None:
        self._places = [_found(stage, path) for stage in STAGES for path in stage.places]
        self._spent = dict.fromkeys((stage.name for stage in STAGES), 0.0)
        self._entered: set[str] = set()
        self._lock = threading.Lock()
        self._inside = threading.local()
        self._began = self._total = 0.0

    def __enter__(self) -> Watch:
        for place in self._places:
            setattr(place.owner, place.name, self._timed(place))
        self._began = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self._total = time.process_time() - self._began
        for place in self._places:
            setattr(place.owner, place.name, place.real)

    def spent(self) -> dict[str, float]:
        """Return processor seconds by stage, the rest and the helper threads last.

        Raises MissingError for a stage that was never entered: its function is no longer what is called.
        """
        for place in self._places:
            if place.stage.always and place.path not in self._entered:
                raise MissingError(
                    f"the stage '{place.stage.name}' was never entered: '{place.path}' was not called", todo=_TODO
                )
        return {**self._spent, HELPERS: max(0.0, self._total - sum(self._spent.values()))}

    def _timed(self, place: _Place) -> Callable[..., Any]:
        @functools.wraps(place.real)
        def timed(*arguments: Any, **named: Any) -> Any:
            inner: list[float] = self._inside.__dict__.setdefault("inner", [])
            inner.append(0.0)
            began = time.thread_time()
            try:
                return place.real(*arguments, **named)
            finally:
                took = time.thread_time() - began
                own = took - inner.pop()
                if inner:
                    inner[-1] += took
                with self._lock:
                    self._spent[place.stage.name] += own
                    self._entered.add(place.path)

        return timed


def check() -> None:
    """Raise MissingError where a stage's function is gone, before anything is measured."""
    for stage in STAGES:
        for path in stage.places:
            _found(stage, path)


def lines(spent: Mapping[str, float]) -> list[str]:
    """Return the stages' table, none where nothing was timed."""
    total = sum(spent.values())
    if total <= 0:
        return []
    head = f"{'  of which, in ci-checker':<46}{'CPU':>8}{'share':>10}"
    rows = [*spent.items(), ("all", total)]
    return [head, *(f"    {name:<42}{seconds:>6.1f} s{seconds / total:>10.1%}" for name, seconds in rows)]


def _found(stage: Stage, path: str) -> _Place:
    module, _, inside = path.partition(":")
    *classes, name = inside.split(".")
    try:
        owner = functools.reduce(getattr, classes, importlib.import_module(module))
        # Of its own and not inherited, so that what is put back is what was there.
        real = vars(owner)[name]
    except (ImportError, AttributeError, KeyError) as problem:
        what = f"the stage '{stage.name}' cannot be timed: there is no '{path}' any more"
        raise MissingError(what, todo=_TODO) from problem
    return _Place(stage=stage, path=path, owner=owner, name=name, real=real)
