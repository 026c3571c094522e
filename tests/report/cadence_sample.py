"""A leader's view with checks of every state: on time, late and overdue, with and without a focus behavior."""

from __future__ import annotations

from datetime import date, timedelta

import samples

from ci_checker.commitments.cadence import Answer, Cadence, Team, cadence
from ci_checker.model import Commitment, CommitmentStatus, NextStep, Outcome

TODAY = date(2026, 11, 27)


def overview(weeks: int = 8) -> Cadence:
    """Return two managers' loops over so many weeks up to one day."""
    teams = [
        Team(
            manager=name,
            reps=reps,
            ledger=[each for at, rep in enumerate(reps) for each in _ledger(rep, at + number, weeks)],
            points=[],
            answers=[Answer(on=TODAY - timedelta(days=7), overruled=bool(number))],
        )
        for number, (name, reps) in enumerate([("Maya Collins", ["Luke", "Dana", "Tom"])])
    ]
    return cadence(
        teams,
        as_of=TODAY,
        weeks=weeks,
        behaviors=[samples.COMMITMENT.behavior],
        focus=samples.COMMITMENT.behavior,
        focus_name="Trigger-event opener",
        since=TODAY - timedelta(days=7 * weeks),
    )


def _ledger(rep: str, shift: int, weeks: int) -> list[Commitment]:
    """One promise a week: held on time, a day late every third, the last one still open and overdue."""
    found = []
    for week in range(weeks - 1):
        made = TODAY - timedelta(days=7 * (weeks - week) - 3)
        check = made + timedelta(days=7)
        late = timedelta(days=1 if (week + shift) % 3 == 0 else 0)
        open_yet = week == weeks - 2 and shift % 2 == 0
        found.append(
            samples.replace(
                samples.COMMITMENT,
                id=100 * (shift + 1) + week,
                rep=rep,
                manager="Maya Collins",
                made_on=made,
                check_on=check,
                status=CommitmentStatus.ACTIVE if open_yet else CommitmentStatus.CLOSED,
                outcome=None if open_yet else Outcome.PARTLY,
                closed_on=None if open_yet else check + late,
                next_step=None if open_yet else NextStep.REISSUE,
            )
        )
    return found
