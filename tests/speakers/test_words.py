"""The points behind a role, and the small facts they rest on."""

from __future__ import annotations

import pytest

from ci_checker.model import Turn
from ci_checker.speakers.recorded import answers_for_another, is_recorded
from ci_checker.speakers.says import clock, is_filler, questions
from ci_checker.speakers.words import scores


def turns(*lines: tuple[str, str]) -> list[Turn]:
    return [Turn(speaker=speaker, text=text, start_s=float(i)) for i, (speaker, text) in enumerate(lines)]


def points(*lines: tuple[str, str], **known) -> dict[str, float]:
    names = tuple(dict.fromkeys(speaker for speaker, _ in lines))
    found = scores(turns(*lines), names, rep_names=(), companies=(), **known)
    return {name: score.points for name, score in found.items()}


def test_turning_an_offer_down_speaks_against_being_the_rep():
    found = points(("a", "We're not interested, we already have a tool."), ("b", "I see."))
    assert found["a"] < found["b"] == 0


def test_who_answers_depends_on_the_direction():
    lines = (("a", "Hello?"), ("b", "Hello there."))
    assert points(*lines)["a"] < 0 < points(*lines, inbound=True)["a"]


def test_one_phrase_said_ten_times_counts_once():
    once = points(("a", "Our customers say so."))["a"]
    many = points(*[("a", "Our customers say so.")] * 10)["a"]
    assert once == many > 0


def test_pitch_words_alone_cannot_outweigh_everything():
    pitch = (
        "The reason for my call is I'm calling about your launch. Did I catch you? Do you have a minute? "
        "Can I take thirty seconds? Our customers love it. We help shops. Our platform works. I'll send you one."
    )
    assert points(("a", pitch))["a"] <= 6.5


def test_few_questions_say_nothing():
    assert points(("a", "What? Why?"), ("b", "Because."))["a"] == 0
    assert points(("a", "What now? Why? How much of it?"), ("b", "Because."))["a"] > 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("What is it? And why?", 2),
        ("how do you plan your week", 1),
        ("So what happens then", 1),
        ("what", 0),
        ("We know what it is.", 0),
        ("", 0),
    ],
)
def test_questions_are_counted_with_and_without_marks(text, count):
    assert questions(text) == count


@pytest.mark.parametrize("text", ["Mm-hmm.", "Yeah, yeah.", "Okay great.", "uh"])
def test_backchannels_are_filler(text):
    assert is_filler(text)


@pytest.mark.parametrize("text", ["Send it.", "Yes, that works for us on Monday."])
def test_words_with_content_are_not_filler(text):
    assert not is_filler(text)


def test_a_greeting_needs_a_machines_words():
    assert is_recorded(turns(("a", "Hi, you've reached Jo. Please leave a message after the beep.")))
    assert not is_recorded(turns(("a", "I can't take your call seriously.")))
    assert not is_recorded([])


def test_a_person_who_also_talks_business_is_no_receptionist():
    assert answers_for_another(turns(("a", "Who's calling please?"), ("a", "Okay.")))
    assert not answers_for_another(
        turns(("a", "Who's calling please?"), ("a", "We run twelve trucks."), ("a", "It costs us a lot."))
    )


def test_the_clock_is_read_in_minutes():
    assert [clock(s) for s in (0, 3.9, 61, 3600)] == ["0:00", "0:03", "1:01", "60:00"]
