"""How long hearing will take yet, told from how it went so far and not before that can be known."""

from __future__ import annotations

import time
from collections.abc import Callable

_SOONEST_S = 5.0
_SMALLEST = 0.03


class Pace:
    """Seconds left of one recording.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.

    Notes
    -----
    The first report is where counting begins: what was kept from an earlier run was not heard
    now, and says nothing of the pace.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: tuple[float, float] | None = None

    def left_s(self, done_s: float, total_s: float) -> float | None:
        """Return the seconds left, ``None`` as long as a guess would not be honest.

        Parameters
        ----------
        done_s, total_s : float
            Seconds of audio heard, and there are.
        """
        now = self._clock()
        if self._begun is None:
            self._begun = (now, done_s)
            return None
        began, first_s = self._begun
        heard, passed = done_s - first_s, now - began
        if passed < _SOONEST_S or heard < _SMALLEST * total_s:
            return None
        return max(0.0, (total_s - done_s) * passed / heard)
