"""Bounds: unknown ids are named, and a promise's own bound goes before the workspace's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ci_checker.app import batching, bounds, scoring
from ci_checker.app.scoring import ScoreOptions
from ci_checker.behaviors.catalogue import load
from ci_checker.commitments import draft
from ci_checker.errors import RequestError
from ci_checker.model import (
    Call,
    Commitment,
    Metrics,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Target,
    TargetKind,
    Turn,
    Verdict,
)
from ci_checker.settings import Settings

KNOWN = load()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("talk-ration", "there is no behavior 'talk-ration'. Did you mean talk-ratio?"),
        ("zzz", "there is no behavior 'zzz'. Measured are: no-feature-dump, talk-ratio."),
        ("recap", "'recap' is heard or not, and has no bound. Measured are: no-feature-dump, talk-ratio."),
    ],
)
def test_an_id_that_bounds_nothing_is_named(name: str, said: str) -> None:
    loaded = Settings(bounds={"talk-ratio": 0.5, name: 3.0}, origins={"bounds": "team/ci-checker.toml"})
    with pytest.raises(RequestError) as error:
        bounds.checked(loaded, KNOWN)
    assert str(error.value).startswith("team/ci-checker.toml [bounds]: ") and said in str(error.value)


def test_what_is_measured_is_taken() -> None:
    loaded = Settings(bounds={"talk-ratio": 0.5, "no-feature-dump": 60.0})
    assert bounds.checked(loaded, KNOWN) == loaded.bounds
    assert bounds.checked(Settings(), KNOWN) == {}


def test_nothing_is_scored_with_an_unknown_bound(space) -> None:
    path = space.text(space.calls / "one.txt")
    loaded = replace(space.settings(), bounds={"talkratio": 0.5})
    with pytest.raises(RequestError, match="talkratio"):
        batching.batch(str(path), loaded)
    with pytest.raises(RequestError, match="talkratio"):
        scoring.score([str(path)], ScoreOptions(behaviors=("recap",)), loaded)


def promise(behavior: str, bound: float | None) -> Commitment:
    return draft(
        rep="Luke", behavior=behavior, target=Target(kind=TargetKind.EVERY), made_on=date(2026, 11, 16), bound=bound,
        statement="X",
    )  # fmt: skip


def call(behavior: str = "talk-ratio", *, error: str | None = None) -> ScoredCall:
    said = ("Hello, this is Luke, and this is a long story about our vans and crews.", "Well, that is fine by me.")
    heard = Call(
        path="a", sha256="a", source=Source.TRANSCRIPT,
        turns=tuple(
            Turn(speaker=who, text=text, start_s=at, end_s=end)
            for who, text, at, end in (
                ("Luke", said[0], 0.0, 70.0), ("Pat", said[1], 70.0, 75.0), ("Luke", "Good.", 75.0, 76.0),
                ("Pat", "We run forty people here and most of it is still done on paper.", 76.0, 84.0),
            )
        ),
        speakers=(Speaker(name="Luke", role=Role.REP), Speaker(name="Pat", role=Role.PROSPECT)),
    )  # fmt: skip
    seen = Result(behavior=behavior, verdict=Verdict.SEEN, probability=1.0, reason="as scored")
    return ScoredCall(
        call=heard, metrics=Metrics(rep_talk_ratio=0.55, longest_rep_monologue_s=70.0), results=(seen,), error=error
    )


@pytest.mark.parametrize(
    ("behavior", "bound", "verdict", "said"),
    [
        ("talk-ratio", 0.5, Verdict.NOT_SEEN, "the bound is 50%"),
        ("talk-ratio", 0.6, Verdict.SEEN, "the bound is 60%"),
        ("no-feature-dump", 60.0, Verdict.NOT_SEEN, "the bound is 60 s"),
        ("no-feature-dump", 75.0, Verdict.SEEN, "the bound is 75 s"),
    ],
)
def test_a_promises_own_bound_decides(behavior: str, bound: float, verdict: Verdict, said: str) -> None:
    (found,) = bounds.as_promised([call(behavior)], promise(behavior, bound), KNOWN[behavior])
    assert (found.results[0].verdict, said in found.results[0].reason) == (verdict, True)


def test_without_one_nothing_changes() -> None:
    for scored in (call(), call(error="cut off")):
        assert bounds.as_promised([scored], promise("talk-ratio", None), KNOWN["talk-ratio"]) == (scored,)
    broken = call(error="cut off")
    assert bounds.as_promised([broken], promise("talk-ratio", 0.5), KNOWN["talk-ratio"]) == (broken,)
    other = call("recap")
    assert bounds.as_promised([other], promise("talk-ratio", 0.5), KNOWN["talk-ratio"]) == (other,)
