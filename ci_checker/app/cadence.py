"""The leader's view: what each manager's loop looks like over weeks, from the ledger and the reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ci_checker.app import catalogue, doubles, teams
from ci_checker.app.reviewing import settled
from ci_checker.app.workspace import near_ones
from ci_checker.commitments.cadence import NO_MANAGER, Answer, Cadence, Team, cadence
from ci_checker.errors import RequestError
from ci_checker.model import ScoredCall, Verdict
from ci_checker.settings import Settings
from ci_checker.store import Decision, Review, open_store

if TYPE_CHECKING:
    from ci_checker.store.store import Store

WEEKS = 8
_FIRM = (Verdict.SEEN, Verdict.NOT_SEEN)


def overview(
    settings: Settings, *, manager: str | None = None, weeks: int = WEEKS, as_of: date | None = None
) -> Cadence:
    """Return the cadence of one manager or of all, over so many weeks up to a day.

    Raises RequestError for an unknown manager, and for a focus behavior that is not in the catalogue.
    """
    known = catalogue.behaviors(settings)
    if settings.focus is not None and settings.focus not in known:
        near = near_ones(settings.focus, known)
        raise RequestError(
            f"the focus behavior '{settings.focus}' is not in the catalogue",
            where=settings.origins.get("focus", ""),
            todo=f"Did you mean {near[0]}?" if near else "See 'ci-checker behaviors list'.",
        )
    with open_store(settings.store_location()) as store:
        ledger = store.commitments()
        whose = teams.managers(settings, ledger)
        chosen = teams.some_reps(manager, whose)
        groups: dict[str, list[str]] = {}
        for name in chosen:
            groups.setdefault(whose[name] or NO_MANAGER, []).append(name)
        reviews = store.reviews()
        found = [
            Team(
                manager=name,
                reps=reps,
                ledger=[each for each in ledger if each.rep.casefold() in {rep.casefold() for rep in reps}],
                points=[point for rep in reps for point in store.weeks(rep)],
                answers=[each for rep in reps for each in _answers(store, rep, reviews)],
            )
            for name, reps in groups.items()
        ]
    return cadence(
        found,
        as_of=as_of or date.today(),
        weeks=weeks,
        behaviors=known.keys(),
        focus=settings.focus,
        focus_name=known[settings.focus].name if settings.focus else "",
        since=min((each.made_on for each in ledger), default=None),
    )


def _answers(store: Store, rep: str, reviews: Sequence[Review]) -> list[Answer]:
    """Return what people said of a rep's calls, but for the rep: each behavior on a call counts once."""
    told = [
        each
        for each in reviews
        if each.decision is not Decision.SKIP and each.reviewer.casefold() != rep.casefold()
    ]  # fmt: skip
    if not told:
        return []
    return answers(doubles.once(store.latest_scores(rep)), told)


def answers(calls: Sequence[ScoredCall], reviews: Sequence[Review]) -> list[Answer]:
    """Return one answer for each behavior on a call that was reviewed.

    It overruled the evidence if a verdict of seen became not seen, or the contrary; settling what
    was unclear, and confirming what was shown, did not.
    """
    latest: dict[tuple[str, str], Review] = {}
    for review in sorted(reviews, key=lambda each: each.at):
        latest[review.sha256, review.behavior] = review
    found: list[Answer] = []
    for before, after in zip(calls, settled(calls, reviews), strict=True):
        for result in before.results:
            review = latest.get((before.call.sha256, result.behavior))
            now = after.result(result.behavior)
            if review is None or now is None:
                continue
            turned = result.verdict in _FIRM and now.verdict is not result.verdict
            found.append(Answer(on=review.at.date(), overruled=turned))
    return found
