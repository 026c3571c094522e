"""Calls of synthetic people on one channel, spoken when the tests run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ci_checker.speakers.voices import VoiceModel, load_model

TEXTS = (
    "I saw that you opened a second warehouse over in Dayton last month.",
    "What happens on a morning when a truck is late and the crew is waiting?",
    "Well, we call around, and somebody drives over to pick up the parts.",
    "Most of our customers moved out that way, so the vans were on the road all day.",
    "If I could show you how a shop like yours saved nine hours a week, would Thursday work?",
    "Honestly, we tried something like that two years ago and nobody used it.",
)
Make = Callable[..., object]


@pytest.fixture(scope="session")
def model() -> VoiceModel:
    """The shipped speaker model."""
    return load_model()


@pytest.fixture(scope="session")
def call_of() -> Make:
    """``call_of("slt", "rms", line="clean", turns=10)``: a call of these people, none of whom was fitted on."""
    from ci_checker.learn.speech.voices import available
    from ci_checker.learn.voices.cast import held_out
    from ci_checker.learn.voices.stage import staged

    for engine in ("espeak", "flite"):
        if not available(engine):
            pytest.skip(f"the synthesizer {engine} is not installed")
    people = {person.name: person for person in held_out()}

    def make(*names: str, line: str = "clean", turns: int = 10, seed: int = 1) -> object:
        return staged([people[name] for name in names], TEXTS, line, turns=turns, seed=seed)

    return make
