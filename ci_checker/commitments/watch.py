"""The regression watch: a behavior that stuck is no longer promised, and is still looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ci_checker.commitments import count as counting
from ci_checker.commitments import state
from ci_checker.commitments.history import STICKS_AFTER, stuck_on
from ci_checker.commitments.select import belongs
from ci_checker.commitments.words import calls_noun, day
from ci_checker.model import Commitment, Counts, ScoredCall, Standing, Watched, WeekPoint

_TELLING = (Standing.ENOUGH, Standing.SHORT, Standing.NONE_SEEN)


def watch(
    current: Commitment,
    ledger: Sequence[Commitment],
    points: Sequence[WeekPoint],
    calls: Sequence[ScoredCall],
    *,
    today: date,
    names: Mapping[str, str],
    needed: int = STICKS_AFTER,
) -> tuple[Watched, ...]:
    """Return the behaviors that stuck before, held against the calls of this promise's days.

    Each is looked at as it was promised last: the same calls, target and time of day. Where the
    calls do not tell, nothing is said against anybody.
    """
    last: dict[str, Commitment] = {}
    for each in sorted(ledger, key=lambda each: (each.made_on, each.id)):
        if each.behavior != current.behavior:
            last[each.behavior] = each
    found = []
    for behavior, old in last.items():
        since = stuck_on(points, behavior, needed=needed)
        if since is not None:
            name = names.get(behavior, behavior.replace("-", " "))
            found.append(_watched(old, current, calls, since, today, name))
    return tuple(found)


def _watched(
    old: Commitment, current: Commitment, calls: Sequence[ScoredCall], since: date, today: date, name: str
) -> Watched:
    window = replace(old.window, start=current.window.start, end=current.window.end)
    probe = replace(old, window=window, made_on=current.made_on, check_on=current.check_on)
    judged = [
        state.judge(scored, probe, place.unsure, context=0, place=None)
        for scored in calls
        for place in [belongs(scored.call, probe)]
        if place.inside
    ]
    counts = counting.count([each.finding for each in judged], probe.target)
    helpful = sum(each.could_be_seen for each in judged)
    standing = counting.standing(counts, probe, today, could_be_seen=helpful)
    slipped = _slipped(counts, standing)
    lead = f"“{name}” has stuck since the week of {day(since)}"
    if counts.eligible == 0:
        text = f"{lead}; no call of these days can show it."
    else:
        seen = f"{counts.seen} of {counts.eligible} {calls_noun(probe.eligible, counts.eligible)}"
        ends = {
            True: " Worth one question, before anything new goes on top.",
            False: "",
            None: " That does not tell yet whether it holds.",
        }
        text = f"{lead}; in these days it was seen in {seen}.{ends[slipped]}"
    return Watched(behavior=old.behavior, behavior_name=name, stuck_on=since, counts=counts, slipped=slipped, text=text)


def _slipped(counts: Counts, standing: Standing) -> bool | None:
    """Whether it was seen less often than promised for want of the behavior, and not for want of calls."""
    if standing not in _TELLING:
        return None
    if standing is Standing.ENOUGH:
        return False
    return True if counts.attempted + counts.not_seen else None
