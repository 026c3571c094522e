"""Windows done, told as seconds of audio."""

from __future__ import annotations

from ci_checker.transcribe.engine import Progress


class Steps:
    """Tells of progress that never runs backward, even when more work turns up.

    Parameters
    ----------
    progress : callable, optional
        Called with (seconds done, seconds in all).
    total_s : float
        Seconds of the recording.
    count : int
        Windows known of at the start.
    """

    def __init__(self, progress: Progress | None, total_s: float, count: int) -> None:
        self._progress, self._total_s, self._count = progress, total_s, count
        self._done, self._told_s = 0.0, 0.0

    def add(self, count: int) -> None:
        """More windows turned up."""
        self._count += count

    def done(self, count: float) -> None:
        """So many windows are done; a part of one counts as that part."""
        self._done += count
        self._tell(self._total_s * self._done / max(1, self._count))

    def finish(self) -> None:
        """All is done, whatever was counted."""
        self._tell(self._total_s)

    def _tell(self, seconds: float) -> None:
        self._told_s = max(self._told_s, seconds)
        if self._progress is not None:
            self._progress(self._told_s, self._total_s)
