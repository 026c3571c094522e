"""Talk ratio, monologue and questions, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ci_checker.behaviors import metrics
from ci_checker.model import Call, Role, Source, Speaker, Turn

ROLES = (Speaker(name="Dana", role=Role.REP), Speaker(name="Martin", role=Role.PROSPECT))


def timed(*turns: tuple[str, str, float | None, float | None]) -> Call:
    return Call(
        path="call",
        sha256="0",
        source=Source.TRANSCRIPT,
        turns=tuple(Turn(speaker=s, text=t, start_s=a, end_s=b) for s, t, a, b in turns),
        speakers=ROLES,
    )


def test_the_talk_ratio_is_of_words(make_call) -> None:
    call = make_call("R: one two three", "P: one", "R: four five six", "P: two three")
    assert metrics.measure(call).rep_talk_ratio == round(6 / 9, 4)


def test_nothing_is_invented_without_times_words_or_rep(make_call) -> None:
    untimed = metrics.measure(make_call("R: one two", "P: three"))
    assert (untimed.longest_rep_monologue_s, untimed.talk_s) == (None, ())
    empty = metrics.measure(Call(path="c", sha256="0", source=Source.AUDIO, speakers=ROLES))
    assert empty.rep_talk_ratio is None
    call = make_call("R: one two", "P: three", seconds=3.0)
    stranger = replace(call, speakers=tuple(replace(s, role=Role.UNKNOWN) for s in call.speakers))
    assert metrics.measure(stranger).rep_talk_ratio is None
    assert dict(metrics.measure(stranger).talk_s) == {"Dana": 2.5, "Martin": 2.5}


def test_talk_seconds_of_someone_silent_are_a_float() -> None:
    assert dict(metrics.measure(timed(("Dana", "hi", 0.0, 2.0))).talk_s) == {"Dana": 2.0, "Martin": 0.0}
    assert all(isinstance(s, float) for _, s in metrics.measure(timed(("Dana", "hi", 0.0, 2.0))).talk_s)


def test_a_monologue_runs_on_through_backchannels_and_ends_at_a_real_turn() -> None:
    call = timed(
        ("Martin", "hello this is martin speaking", 0.0, 2.0),
        ("Dana", "so we make", 2.0, 20.0),
        ("Martin", "uh huh right", 20.0, 21.0),
        ("Dana", "and then", 21.0, 40.0),
        ("Martin", "wait wait hold on", 40.0, 42.0),
        ("Dana", "yes", 42.0, 60.0),
    )
    assert metrics.longest_monologue(call) == (38.0, 1)


def test_a_hold_is_no_monologue() -> None:
    call = timed(
        ("Dana", "hello", 0.0, 2.0), ("Martin", "one moment", 2.0, 3.0), ("Dana", "so as I said", 200.0, 204.0)
    )
    assert metrics.longest_monologue(call) == (4.0, 2)
    close = timed(("Dana", "hello", 0.0, 2.0), ("Dana", "so", 2.0 + metrics.LONGEST_PAUSE_S, 30.0))
    assert metrics.longest_monologue(close) == (30.0, 0)


def test_one_turn_without_times_spoils_the_monologue() -> None:
    call = timed(("Dana", "hello", 0.0, 2.0), ("Martin", "yes", None, None))
    assert metrics.longest_monologue(call) == (None, None)


def test_a_rep_who_never_speaks_has_none() -> None:
    assert metrics.longest_monologue(timed(("Martin", "hello", 0.0, 2.0))) == (None, None)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("What now? And then?", 2),
        ("how do you handle that today", 1),
        ("that is how it goes", 0),
        ("we send it over. do you want that", 1),
        ("", 0),
    ],
)
def test_questions_with_and_without_marks(make_call, text: str, count: int) -> None:
    assert metrics.measure(make_call(f"R: {text}", "P: what is that?")).rep_questions == count
