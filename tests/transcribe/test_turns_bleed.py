"""Turns of two people who talk at once, and nothing said twice."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.errors import CallError
from ci_checker.transcribe.bleed import likeness, matched, without_bleed
from ci_checker.transcribe.listen import find_speech
from ci_checker.transcribe.spans import Span
from ci_checker.transcribe.turns import TimedWord, to_turns
from ci_checker.transcribe.vad import speech_spans

RATE = 16_000
PITCH = "Hi Karen, this is Luke with Bright Harbor, do you have half a minute?"
REPLY = "We already have a system for that, and it works well enough."


def words(*timed: tuple[str, float, float]) -> list[TimedWord]:
    return [TimedWord(text=text, start_s=start, end_s=end, probability=0.5) for text, start, end in timed]


def texts(turns) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in turns]


def test_a_short_silence_stays_in_the_turn_and_a_long_one_ends_it():
    one = words(("so", 0, 0.3), ("um", 1.2, 1.4), ("yes", 2.5, 2.8))
    assert texts(to_turns([one], ["mixed"])) == [("mixed", "so um"), ("mixed", "yes")]


def test_somebody_else_in_the_silence_ends_the_turn():
    left = words(("really", 0.0, 0.5), ("good", 1.3, 1.6))
    right = words(("yeah", 0.7, 1.0))
    assert texts(to_turns([left, right], ["left", "right"])) == [
        ("left", "really"),
        ("right", "yeah"),
        ("left", "good"),
    ]


def test_talking_at_once_is_kept_as_it_was():
    left = words(("we", 0.0, 0.3), ("have", 0.3, 0.6), ("plenty", 0.6, 1.1))
    right = words(("mhm", 0.4, 0.6))
    turns = to_turns([left, right], ["left", "right"])
    assert texts(turns) == [("left", "we have plenty"), ("right", "mhm")]
    assert turns[0].end_s > turns[1].start_s


def test_a_turn_carries_its_words_and_their_mean_probability():
    heard = [
        TimedWord(text="Hi", start_s=1.0, end_s=1.2, probability=0.9),
        TimedWord(text="Karen.", start_s=1.2, end_s=1.7, probability=0.7),
    ]
    (turn,) = to_turns([heard], ["left"])
    assert (turn.start_s, turn.end_s, turn.text, turn.confidence) == (1.0, 1.7, "Hi Karen.", 0.8)
    assert " ".join(word.text for word in turn.words) == turn.text
    assert turn.words[1].probability == 0.7


def test_no_words_make_no_turns():
    assert to_turns([[], []], ["left", "right"]) == ()


def test_likeness_finds_a_shifted_copy_and_nothing_else():
    random = np.random.default_rng(4)
    there = random.normal(size=6000).astype(np.float32)
    assert likeness(there[1500:5500] * np.float32(0.01), there) > 0.99
    assert likeness(random.normal(size=4000).astype(np.float32), there) < 0.2
    assert likeness(np.zeros(0, np.float32), there) == 0.0


def test_the_place_of_the_likeness_is_found():
    there = np.random.default_rng(5).normal(size=6000).astype(np.float32)
    alike, at = matched(there[1500:5500] * np.float32(0.1), there)
    assert alike > 0.99 and at == 1500
    assert matched(there, there[:10]) == (0.0, 0)


def test_the_end_of_an_echo_is_an_echo_though_the_other_side_has_fallen_silent():
    random = np.random.default_rng(6)
    samples = random.normal(0, 0.0005, (2, 3 * RATE)).astype(np.float32)
    burst = random.normal(0, 0.2, RATE).astype(np.float32)
    samples[0, RATE : 2 * RATE] += burst
    samples[1, RATE + 3200 : 2 * RATE + 3200] += np.float32(0.15) * burst
    _, own = without_bleed(samples, [[Span(1.0, 2.0)], [Span(1.9, 2.2)]])
    assert own == [[Span(1.0, 2.0)], []]


def two_sided(say, bleed: float, delay: int = 0, noise: float = 0.001) -> tuple[np.ndarray, float]:
    """Luke on the left, then Karen on the right; Luke is also heard faintly on the right."""
    luke, karen = say(PITCH, "mike", before=0.5), say(REPLY, "nina", before=0.5, after=0.5)
    samples = np.zeros((2, len(luke) + len(karen)), np.float32)
    samples[0, : len(luke)] = luke
    samples[1, len(luke) :] = karen
    samples[1, delay : len(luke)] += np.float32(bleed) * luke[: len(luke) - delay]
    samples += np.random.default_rng(8).normal(0, noise, samples.shape).astype(np.float32)
    return samples, len(luke) / RATE


@pytest.mark.parametrize(("bleed", "delay"), [(0.2, 0), (0.1, 320), (0.2, 2400)])
def test_an_echo_of_the_other_side_is_silenced(say, bleed, delay):
    samples, change = two_sided(say, bleed, delay)
    found = [speech_spans(channel) for channel in samples]
    assert found[1][0].start < change - 1, "the echo is loud enough to be taken for speech"
    cleaned, own = without_bleed(samples, found)
    assert sum(span.length for span in own[1] if span.end < change) < 0.3
    assert own[0] == found[0]
    assert sum(span.length for span in own[1] if span.start > change - 0.5) > 2.0
    assert np.abs(cleaned[1, : int(change * RATE)]).mean() < 0.5 * np.abs(samples[1, : int(change * RATE)]).mean()
    assert np.array_equal(cleaned[0], samples[0])


def test_quiet_words_under_somebody_louder_are_kept(say):
    luke = say(PITCH, "mike", before=0.5, after=0.5)
    samples = np.zeros((2, len(luke)), np.float32)
    samples[0] = luke
    yeah = say("Yeah, sure, of course.", "nina") * np.float32(0.12)
    samples[1, 2 * RATE : 2 * RATE + len(yeah)] = yeah
    found = [speech_spans(channel) for channel in samples]
    assert found[1]
    cleaned, own = without_bleed(samples, found)
    assert own == found and cleaned is samples


def test_spans_fit_the_window_and_notes_tell_of_a_dead_channel(say):
    told: list[str] = []
    luke = say(PITCH, "mike")
    found = find_speech(np.stack([luke, np.zeros_like(luke)]), ("left", "right"), 2.0, told.append)
    assert found.spans[0] and not found.spans[1]
    assert all(span.length <= 2.0 for span in found.spans[0])
    assert told == ["no speech was found on the channel 'right'"]
    assert isinstance(found.spans[0][0], Span) and found.duration_s == pytest.approx(len(luke) / RATE)


@pytest.mark.parametrize(
    ("samples", "line"),
    [
        (np.zeros((1, 800), np.float32), "too short"),
        (np.zeros((1, 0), np.float32), "too short"),
        (np.zeros((1, 3200), np.float32), "no speech"),
        (np.zeros((2, 64000), np.float32), "no speech"),
        (np.full((1, 64000), np.nan, np.float32), "not numbers"),
        (np.full((1, 64000), np.inf, np.float32), "not numbers"),
        (np.full((1, 64000), 0.5, np.float32), "no speech"),
    ],
)
def test_what_cannot_be_heard_is_one_line(samples, line):
    names = ("left", "right")[: len(samples)]
    with pytest.raises(CallError, match=line) as problem:
        find_speech(samples, names, 10.0, lambda _: None)
    assert "\n" not in str(problem.value) and problem.value.exit_status == 1


def test_names_must_fit_the_channels():
    with pytest.raises(ValueError, match="channel names"):
        find_speech(np.zeros((2, 16000), np.float32), ("left",), 10.0, lambda _: None)
