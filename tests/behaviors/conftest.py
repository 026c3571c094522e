"""Small invented calls for the behaviors room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ci_checker import assets
from ci_checker.behaviors import catalogue
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import MissingError
from ci_checker.model import Call, Role, Source, Speaker, Turn

SIDES = {"R": ("Dana", Role.REP), "P": ("Martin", Role.PROSPECT), "G": ("Desk", Role.GATEKEEPER)}

MakeCall = Callable[..., Call]


def build(
    *lines: str,
    seconds: float | None = None,
    source: Source = Source.TRANSCRIPT,
    notes: tuple[str, ...] = (),
    confidence: float | None = None,
) -> Call:
    """Return a call of 'R: text' lines; ``seconds`` a turn gives it times."""
    turns = []
    for index, line in enumerate(lines):
        side, _, text = line.partition(": ")
        turns.append(
            Turn(
                speaker=SIDES[side][0],
                text=text,
                start_s=None if seconds is None else index * seconds,
                end_s=None if seconds is None else (index + 1) * seconds - 0.5,
                confidence=confidence,
            )
        )
    present = dict.fromkeys(line[0] for line in lines)
    speakers = tuple(Speaker(name=SIDES[s][0], role=SIDES[s][1]) for s in ("R", "P", "G") if s in present or s == "R")
    return Call(path="call", sha256="0" * 64, source=source, turns=tuple(turns), speakers=speakers, notes=notes)


@pytest.fixture(scope="session")
def make_call() -> MakeCall:
    return build


@pytest.fixture(scope="session")
def known() -> dict[str, Behavior]:
    return catalogue.load()


@pytest.fixture(scope="session")
def shipped() -> None:
    """Skip where the trained detectors are not there; a damaged one must fail."""
    try:
        assets.find_model("behaviors")
    except MissingError as problem:
        if "not installed" in problem.what:
            pytest.skip(f"no trained detectors: {problem}")
        raise


LONG = (
    "P: hello this is martin speaking",
    "R: Hi Martin, it's Dana with Fieldstone. Can I take half a minute to tell you why I called, and then you decide?",
    "P: uh sure go ahead",
    "R: I saw you opened a second warehouse in Reno last month, that's why I'm calling.",
    "P: yeah look we already have a system for that, I'm not sure we need another",
    "R: Fair enough, most people I call do have one. How are you handling the two sites today?",
    "P: well dispatch retypes every order twice, so that is slow and there are mistakes in it",
    "R: What does that cost you in a month?",
    "P: I'd say forty hours, give or take",
    "R: So what I've got is, orders are typed twice, forty hours go, and you want that gone. Did I miss anything?",
    "P: no that's about it",
    "R: Could we say Thursday at ten with your controller on?",
    "P: fine thursday works",
    "R: Good, I'll send the invite right after this call. Bye Martin.",
    "P: bye",
)


@pytest.fixture(scope="session")
def long_call() -> Call:
    """A cold call of fifteen turns that shows half of the catalogue."""
    return build(*LONG, seconds=6.0)
