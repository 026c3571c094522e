"""Progress on standard error: a bar on a terminal, plain lines elsewhere, nothing with --quiet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ci_checker.app.pace import Pace
from ci_checker.app.progress import Progress
from ci_checker.cli.console import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_NAME_WIDTH = 40
DONE, SKIPPED = "done", "already done"
FAILED = "failed, see below"  # the command itself ends with every reason


class Lines(Progress):
    """One plain line a message and, where there are several calls, one a call."""

    def __init__(self) -> None:
        self._total = 0
        self._done = 0

    def message(self, text: str) -> None:
        """Print a sentence."""
        say(text)

    def calls(self, total: int) -> None:
        """Remember how many calls there are."""
        self._total, self._done = total, 0

    def call_done(self, name: str, line: str) -> None:
        """Print how a call ended, if it is one of several and was not done long ago."""
        self._done += 1
        if self._total > 1 and line != SKIPPED:
            say(f"[{self._done}/{self._total}] {name}: {DONE if line == DONE else FAILED}")


class Drawn(Progress):
    """A bar for the calls, one for the audio of the call at hand, one for a download.

    Parameters
    ----------
    bars : rich.progress.Progress
        Started by the caller; it draws on standard error.
    """

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._calls: TaskID | None = None
        self._audio: TaskID | None = None
        self._download: TaskID | None = None
        self._name = ""
        self._pace = Pace()

    def message(self, text: str) -> None:
        """Print a sentence above the bars."""
        from ci_checker.report.clean import plain

        self._bars.console.print(plain(text), markup=False, highlight=False, soft_wrap=True)

    def calls(self, total: int) -> None:
        """Draw a bar over all calls, if there are several."""
        if total > 1:
            self._calls = self._bars.add_task("calls", total=total, detail=f"0 of {total}")

    def call_started(self, name: str, index: int) -> None:
        """Name the call at hand."""
        self._name = _short(name)

    def audio(self, done_s: float, total_s: float) -> None:
        """Draw how much of the recording was heard."""
        if self._audio is None:
            self._audio = self._bars.add_task(self._name, total=total_s, detail="")
            self._pace = Pace()
        left_s = self._pace.left_s(done_s, total_s)
        detail = f"{_clock(done_s)} of {_clock(total_s)} heard"
        if left_s is not None:
            detail += f", about {_clock(left_s)} left"
        self._bars.update(self._audio, completed=done_s, total=total_s, detail=detail)

    def call_done(self, name: str, line: str) -> None:
        """Move the bar over all calls on, and name the call if it failed."""
        if self._audio is not None:
            self._bars.remove_task(self._audio)
            self._audio = None
        if self._calls is None:
            return
        if line not in (DONE, SKIPPED):
            self.message(f"{name}: {FAILED}")
        task = next(each for each in self._bars.tasks if each.id == self._calls)
        done = int(task.completed) + 1
        self._bars.update(self._calls, completed=done, detail=f"{done} of {int(task.total or 0)}")

    def download(self, done: int, total: int) -> None:
        """Draw how much of a model was fetched."""
        if self._download is None:
            self._download = self._bars.add_task("model", total=total or None, detail="")
        mega = 1_000_000
        of = f" of {total // mega}" if total else ""
        self._bars.update(self._download, completed=done, total=total or None, detail=f"{done // mega}{of} MB")
        if total and done >= total:
            self._bars.remove_task(self._download)
            self._download = None


@contextmanager
def shown(quiet: bool = False) -> Iterator[Progress]:
    """Give the progress that fits where standard error goes."""
    if quiet:
        yield Progress()
    elif not sys.stderr.isatty():
        yield Lines()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[detail]}", markup=False),
            TimeElapsedColumn(),
        )
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            yield Drawn(bars)


def _short(name: str) -> str:
    from ci_checker.report.clean import plain

    tail = plain(name).replace("\\", "/").rsplit("/", 1)[-1]
    return tail if len(tail) <= _NAME_WIDTH else f"{tail[: _NAME_WIDTH - 1]}…"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
