"""People are called by their names where it is known which channel is theirs, and only there."""

from __future__ import annotations

from dataclasses import replace

from ci_checker.app.naming import by_name
from ci_checker.model import (
    Call,
    Details,
    Evidence,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Turn,
    Verdict,
)

DETAILS = Details(rep="Luke Porter", contact="Karen Walsh")


def recorded(*roles: Role, source: Source = Source.AUDIO, details: Details = DETAILS) -> ScoredCall:
    names = ("left", "right", "third")[: len(roles)]
    call = Call(
        path="a.wav",
        sha256="a",
        source=source,
        details=details,
        turns=tuple(Turn(speaker=name, text=f"I am {name}") for name in names),
        speakers=tuple(Speaker(name=n, role=r) for n, r in zip(names, roles, strict=True)),
    )
    evidence = Evidence(turn=0, speaker="left", quote="I am left", probability=0.9)
    result = Result(behavior="recap", verdict=Verdict.SEEN, probability=0.9, evidence=(evidence,))
    return ScoredCall(call=call, results=(result,))


def speakers(scored: ScoredCall) -> list[str]:
    assert [t.speaker for t in scored.call.turns] == [s.name for s in scored.call.speakers]
    return [s.name for s in scored.call.speakers]


def test_rep_and_contact_are_named_everywhere() -> None:
    found = by_name(recorded(Role.REP, Role.PROSPECT))
    assert speakers(found) == ["Luke Porter", "Karen Walsh"]
    assert found.results[0].evidence[0].speaker == "Luke Porter"
    assert found.call.role_of("Luke Porter") is Role.REP


def test_a_gatekeeper_is_not_the_contact() -> None:
    assert speakers(by_name(recorded(Role.REP, Role.GATEKEEPER))) == ["Luke Porter", "right"]


def test_of_two_others_none_is_taken_for_the_contact() -> None:
    found = by_name(recorded(Role.REP, Role.PROSPECT, Role.PROSPECT))
    assert speakers(found) == ["Luke Porter", "right", "third"]


def test_nothing_is_named_that_is_not_known() -> None:
    unknown = recorded(Role.UNKNOWN, Role.UNKNOWN)
    assert by_name(unknown) is unknown
    text = recorded(Role.REP, Role.PROSPECT, source=Source.TRANSCRIPT)
    assert by_name(text) is text
    assert speakers(by_name(recorded(Role.REP, Role.PROSPECT, details=Details()))) == ["left", "right"]


def test_two_people_of_one_name_stay_two_channels() -> None:
    same = recorded(Role.REP, Role.PROSPECT, details=replace(DETAILS, contact="Luke Porter"))
    assert by_name(same) is same
