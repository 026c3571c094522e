"""30/60/90: what the weeks of a rep's coaching are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ci_checker.model import Commitment

WEEKS = 12


class Stage(StrEnum):
    """What a stretch of four weeks is for."""

    INSTALL = "install"
    LAYER = "layer"
    OWN = "own"
    AFTER = "after"


_LAST_WEEK = ((4, Stage.INSTALL), (8, Stage.LAYER), (WEEKS, Stage.OWN))
_TEXTS = {
    Stage.INSTALL: "Week {week} of 12: one behavior is installed, until it sticks.",
    Stage.LAYER: "Week {week} of 12: the next behavior is layered on one that has stuck.",
    Stage.OWN: "Week {week} of 12: the rep brings the promise, and the manager keeps the loop.",
    Stage.AFTER: "Week {week}, past the first twelve: the rep brings the promise.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Where a rep's coaching stands; ``week`` counts from 1, the week of the first promise."""

    stage: Stage
    week: int

    @property
    def text(self) -> str:
        """The phase in a sentence."""
        return _TEXTS[self.stage].format(week=self.week)


def began(ledger: Sequence[Commitment]) -> date | None:
    """Return the day of a rep's first promise, ``None`` before there is one."""
    return min((each.made_on for each in ledger), default=None)


def phase(first: date, today: date) -> Phase:
    """Return the phase of a day, counted from the day of the first promise."""
    week = max(0, (today - first).days) // 7 + 1
    stage = next((stage for last, stage in _LAST_WEEK if week <= last), Stage.AFTER)
    return Phase(stage=stage, week=week)


def remarks(commitment: Commitment, ledger: Sequence[Commitment]) -> tuple[str, ...]:
    """Return what the phase calls for when a promise is made, in a sentence; ``ledger`` holds the earlier ones."""
    first = began(ledger)
    if first is None:
        return ()
    now = phase(first, commitment.made_on)
    if now.stage in (Stage.OWN, Stage.AFTER) and not commitment.rep_words.strip():
        return (f"{now.text} Let {commitment.rep} name it, and keep the words: --rep-words.",)
    return ()
