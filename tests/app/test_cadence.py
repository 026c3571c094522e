"""The leader's view over the made-up team's five weeks, and what counts as overruled."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ci_checker.app.cadence import answers, overview
from ci_checker.app.ledger_file import load_into
from ci_checker.commitments.cadence import NO_MANAGER
from ci_checker.errors import RequestError
from ci_checker.model import Call, Details, Evidence, Result, ScoredCall, Source, Turn, Verdict
from ci_checker.settings import Rep, Settings
from ci_checker.store import Decision, Review, open_store

LEDGER = Path(__file__).resolve().parents[2] / "fixtures" / "team" / "ledger.toml"
REPS = ("Luke Porter", "Dana Whitfield", "Priya Raman", "Tom Becker")
QUOTE = "I saw that you opened a shop"
MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(tmp_path: Path) -> Settings:
    found = Settings(root=tmp_path, manager="Maya Collins", reps=tuple(Rep(name=name) for name in REPS))
    with open_store(found.store_location()) as store:
        load_into(LEDGER, store)
    return found


def scored(sha256: str, verdict: Verdict, *, near: bool = False) -> ScoredCall:
    quote = Evidence(turn=0, speaker="Luke", quote=QUOTE, probability=0.7)
    shown = verdict in (Verdict.SEEN, Verdict.UNCLEAR) and not near
    return ScoredCall(
        call=Call(
            path=f"{sha256}.txt",
            sha256=sha256,
            source=Source.TRANSCRIPT,
            details=Details(rep="Luke Porter", started_at=datetime(2026, 11, 17, 9)),
            turns=(Turn(speaker="Luke", text=f"Hi. {QUOTE}."),),
        ),
        results=(
            Result(
                behavior="trigger-event-opener",
                verdict=verdict,
                probability=0.7,
                evidence=(quote,) if shown else (),
                near_misses=(quote,) if near else (),
            ),
        ),
    )


def review(sha256: str, decision: Decision, *, day: int = 20, reviewer: str = "Maya Collins") -> Review:
    return Review(
        sha256=sha256, behavior="trigger-event-opener", turn=0, quote=QUOTE, decision=decision, reviewer=reviewer,
        at=datetime(2026, 11, day, 12, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("call", "decision", "overruled"),
    [
        (scored("a", Verdict.SEEN), Decision.NO, True),
        (scored("a", Verdict.SEEN), Decision.YES, False),
        (scored("a", Verdict.NOT_SEEN, near=True), Decision.YES, True),
        (scored("a", Verdict.NOT_SEEN, near=True), Decision.NO, False),
        (scored("a", Verdict.UNCLEAR), Decision.YES, False),
        (scored("a", Verdict.UNCLEAR), Decision.NO, False),
    ],
)
def test_overruled_is_a_verdict_that_turned_round(call: ScoredCall, decision: Decision, overruled: bool) -> None:
    (found,) = answers([call], [review("a", decision)])
    assert (found.overruled, found.on) == (overruled, date(2026, 11, 20))


def test_a_call_nobody_listened_to_is_no_answer() -> None:
    assert answers([scored("a", Verdict.SEEN)], [review("b", Decision.NO)]) == []


def test_five_weeks_of_the_team(team: Settings) -> None:
    found = overview(team, weeks=6, as_of=MONDAY)
    (maya,) = found.managers
    assert (maya.manager, maya.reps, maya.open_now, maya.overdue_now) == ("Maya Collins", 4, 4, 0)
    assert (found.start, len(maya.weeks)) == (date(2026, 10, 19), 6)
    assert overview(team, weeks=20, as_of=MONDAY) == found, "nobody had one before the ledger began"
    total = maya.total
    assert (total.set, total.specific, total.said_back, total.within_a_week) == (20, 20, 20, 20)
    assert (total.due, total.on_time, total.late, total.overdue, total.reissued) == (16, 16, 0, 0, 12)
    assert (total.reviewed, total.overruled, total.on_focus) == (0, 0, 0)
    # the manager counted as partly what the calls showed as enough (Priya, second week)
    assert (total.told, total.otherwise) == (14, 1)


def test_reviews_by_the_manager_count_and_those_of_the_rep_do_not(team: Settings) -> None:
    with open_store(team.store_location()) as store:
        for name, decision, who in (
            ("a", Decision.NO, "Maya Collins"),
            ("b", Decision.YES, "maya"),
            ("c", Decision.NO, "luke porter"),
            ("d", Decision.SKIP, "Maya Collins"),
        ):
            call = scored(name, Verdict.SEEN)
            store.save_call(call.call)
            store.save_transcript(name, "own", call.call)
            store.save_score(name, "own", "own", call)
            store.save_review(review(name, decision, reviewer=who))
    (maya,) = overview(team, weeks=1, as_of=date(2026, 11, 22)).managers
    assert (maya.total.reviewed, maya.total.overruled) == (2, 1)


def test_the_focus_behavior_is_a_setting(team: Settings, tmp_path: Path) -> None:
    focused = Settings(root=tmp_path, manager="Maya Collins", reps=team.reps, focus="dated-next-step")
    found = overview(focused, weeks=6, as_of=MONDAY)
    assert (found.focus, found.focus_name) == ("dated-next-step", "Dated next step")
    assert found.managers[0].total.on_focus == 5
    unknown = Settings(root=tmp_path, reps=team.reps, focus="dated-next-steps", origins={"focus": "ci-checker.toml"})
    with pytest.raises(RequestError, match=r"ci-checker.toml: the focus behavior .* Did you mean dated-next-step\?"):
        overview(unknown)


def test_managers_apart(tmp_path: Path, team: Settings) -> None:
    reps = (Rep(name="Luke Porter", manager="Zoe"), Rep(name="Dana Whitfield", manager="Al"), *team.reps[2:])
    found = overview(Settings(root=tmp_path, reps=reps), weeks=6, as_of=MONDAY)
    # Priya and Tom have no manager on the roster; the ledger knows one.
    assert [(each.manager, each.reps) for each in found.managers] == [("Al", 1), ("Maya Collins", 2), ("Zoe", 1)]
    alone = overview(Settings(root=tmp_path, reps=reps), manager="zoe", as_of=MONDAY)
    assert [each.manager for each in alone.managers] == ["Zoe"]


def test_a_team_without_a_manager_and_an_empty_workspace(tmp_path: Path) -> None:
    found = overview(Settings(root=tmp_path, reps=(Rep(name="Bo"),)), as_of=MONDAY)
    assert [(each.manager, each.total.set) for each in found.managers] == [(NO_MANAGER, 0)]
    with pytest.raises(RequestError, match="there is no rep yet"):
        overview(Settings(root=tmp_path))
