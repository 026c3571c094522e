"""Batches shared out among threads, each with its own part of the processor's cores.

Cores that compute one window together wait for each other after every multiplication, hundreds of
times a window; cores with a window each wait once, at the end. A worker's torch threads are its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
Tell = Callable[[float], None]

MOST_WORKERS: Final = 4
"""More would read the same weights from memory more often, and have smaller batches."""


class _Stopped(BaseException):
    """Raised inside a worker when nobody waits for it any more."""


@dataclass(slots=True)
class _Talk:
    """What workers say to the thread that started them; ``None`` as a result's index is a worker's end."""

    told: SimpleQueue[tuple[str, object]] = field(default_factory=SimpleQueue)
    stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, amount: float) -> None:
        if self.stop.is_set():
            raise _Stopped
        self.told.put(("amount", amount))


def workers_for(device: str, windows: int) -> int:
    """Return how many batches are worked on at once: on a processor as many as torch has threads."""
    import torch

    if device.split(":")[0] != "cpu":
        return 1
    return max(1, min(torch.get_num_threads(), MOST_WORKERS, windows))


def share_out(
    parts: Sequence[Part],
    work: Callable[[int, Part, Tell], Result],
    *,
    workers: int,
    tell: Tell,
    take: Callable[[Part, Result], None],
) -> None:
    """Work on all parts, ``workers`` of them at a time.

    Parameters
    ----------
    work : callable
        Called with a worker's number, a part, and whom to tell of progress; in a worker's thread
        where there are several, and in the caller's where there is one.
    tell, take : callable
        Told of progress and given every part's result as soon as it is there, always in the caller's
        thread: a database or a terminal may stand behind them.

    Raises
    ------
    Exception
        What ``work``, ``tell`` or ``take`` raised first. Workers stop when they next tell of progress.
    """
    if workers == 1 or len(parts) < 2:
        for part in parts:
            take(part, work(0, part, tell))
        return
    import torch

    before = torch.get_num_threads()
    waiting: SimpleQueue[Part] = SimpleQueue()
    for part in parts:
        waiting.put(part)
    talk = _Talk()
    count = min(workers, len(parts))
    threads = [
        threading.Thread(
            target=_run, args=(number, max(1, before // count), waiting, work, talk), name=f"hearing-{number}"
        )
        for number in range(count)
    ]
    try:
        for thread in threads:
            thread.start()
        _listen(talk, count, tell, take)
    finally:
        talk.stop.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
        # A thread's setting is also what threads to come begin with.
        torch.set_num_threads(before)
        # what was finished while the workers stopped is not lost; the first problem is the one that is raised
        with suppress(Exception):
            _take_rest(talk, take)


def _take_rest(talk: _Talk, take: Callable[[Part, Result], None]) -> None:
    while True:
        try:
            kind, what = talk.told.get_nowait()
        except Empty:
            return
        if kind == "result":
            take(*what)  # type: ignore[misc]


def _listen(talk: _Talk, running: int, tell: Tell, take: Callable[[Part, Result], None]) -> None:
    while running:
        kind, what = talk.told.get()
        if kind == "amount":
            tell(what)  # type: ignore[arg-type]
        elif kind == "result":
            take(*what)  # type: ignore[misc]
        elif isinstance(what, BaseException):
            raise what
        else:
            running -= 1


def _run(
    number: int, cores: int, waiting: SimpleQueue[Part], work: Callable[[int, Part, Tell], Result], talk: _Talk
) -> None:
    import torch

    problem: BaseException | None = None
    try:
        torch.set_num_threads(cores)
        while not talk.stop.is_set():
            part = waiting.get_nowait()
            talk.told.put(("result", (part, work(number, part, talk.tell))))
    except (Empty, _Stopped):
        pass
    except BaseException as raised:
        problem = raised
    talk.told.put(("end", problem))
