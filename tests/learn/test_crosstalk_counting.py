"""Cross-talk without a synthesizer: what is mixed in, what is counted, and the table of it."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn import crosstalk
from ci_checker.learn.crosstalk import RATE, Bled, bleeding, table
from ci_checker.learn.speech.voices import Voice
from ci_checker.learn.voices.cast import Person
from ci_checker.transcribe.spans import Span

PEOPLE = tuple(Person(name=name, voice=Voice(name=name, engine="tone", voice="")) for name in ("left", "right"))


def tones(seconds: float = 1.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.stack([0.5 * np.sin(2 * np.pi * hertz * time) for hertz in (400, 1500)]).astype(np.float32)


def strength(channel: np.ndarray, hertz: int) -> float:
    """The amplitude of one pitch."""
    time = np.arange(len(channel)) / RATE
    return float(2 * np.abs(np.mean(channel * np.exp(-2j * np.pi * hertz * time))))


@pytest.mark.parametrize("level", [-12, -20, -40])
def test_each_channel_is_heard_on_the_other_at_the_level(level: int) -> None:
    samples = bleeding(tones(), level, 0.0)
    for channel, own, other in ((0, 400, 1500), (1, 1500, 400)):
        assert strength(samples[channel], own) == pytest.approx(0.5, rel=0.01)
        assert strength(samples[channel], other) == pytest.approx(0.5 * 10 ** (level / 20), rel=0.05)


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.15])
def test_what_bleeds_over_comes_later_and_is_cut_at_the_end(delay: float) -> None:
    clean = np.zeros((2, RATE), np.float32)
    clean[0, 1_000] = clean[0, RATE - 1] = 1.0
    samples = bleeding(clean, -6, delay)
    assert samples.shape == clean.shape
    at = int(np.argmax(samples[1, : RATE - 10]))
    assert at == 1_000 + round(delay * RATE) and samples[1, at] == pytest.approx(0.5, abs=0.01)


def test_the_line_has_a_little_noise_of_its_own_the_same_each_time() -> None:
    nothing = np.zeros((2, RATE), np.float32)
    samples = bleeding(nothing, -12, 0.0)
    assert 10 * np.log10(np.mean(samples**2)) == pytest.approx(-62, abs=0.2)
    assert np.array_equal(samples, bleeding(nothing, -12, 0.0))
    assert not np.array_equal(samples, bleeding(nothing, -12, 0.0, seed=1))
    assert abs(np.corrcoef(samples)[0, 1]) < 0.05
    assert not nothing.any()  # what was given stays as it was


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """People who say everything in one second of noise; keeps who said what."""
    said: list[str] = []

    def say(person: Person, text: str) -> tuple[np.ndarray, list]:
        said.append(f"{person.name}: {text}")
        return np.random.default_rng(len(said)).normal(0, 0.2, RATE).astype(np.float32), []

    monkeypatch.setattr(crosstalk, "say", say)
    return said


def test_people_take_turns_and_every_third_one_comes_in_early(spoken: list[str]) -> None:
    _, spans = crosstalk.talk(PEOPLE, turns=6, seed=1)
    assert [line.partition(":")[0] for line in spoken] == ["left", "right"] * 3
    assert [line.partition(": ")[2] for line in spoken] == list(crosstalk.TEXTS)
    begins = sorted((span.start, side) for side, each in enumerate(spans) for span in each)
    ends = {side: [span.end for span in each] for side, each in enumerate(spans)}
    assert begins[0][0] == pytest.approx(0.5)
    early = [
        number
        for number, (start, side) in enumerate(begins)
        if any(start < end <= start + 1.0 for end in ends[1 - side])
    ]
    assert early == [2, 5]


def test_the_spans_are_where_the_sound_is(spoken: list[str]) -> None:
    samples, spans = crosstalk.talk(PEOPLE, turns=5, seed=2)
    for channel, each in zip(samples, spans, strict=True):
        inside = np.zeros(len(channel), bool)
        for span in each:
            inside[round(span.start * RATE) : round(span.end * RATE)] = True
        assert not channel[~inside].any()
        assert np.mean(channel[inside] != 0) > 0.99
    assert np.abs(samples).max() <= 1.0


def test_nobody_talks_where_there_are_no_turns(spoken: list[str]) -> None:
    samples, spans = crosstalk.talk(PEOPLE, turns=0)
    assert samples.shape[0] == 2 and not samples.any() and [list(each) for each in spans] == [[], []]


# --- counting -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ([], [(0, 9)], 0.0),
        ([(0, 2)], [(3, 4)], 0.0),
        ([(0, 2)], [(1, 4)], 1.0),
        ([(0, 10)], [(1, 2), (4, 6)], 3.0),
        ([(0, 1), (5, 7)], [(0.5, 6)], 1.5),
    ],
)
def test_what_is_shared_are_the_seconds_of_both(one: list, other: list, both: float) -> None:
    spans, others = ([Span(*each) for each in given] for given in (one, other))
    assert crosstalk._shared(spans, others) == pytest.approx(both)
    assert crosstalk._shared(others, spans) == pytest.approx(both)


def heard(monkeypatch: pytest.MonkeyPatch, found: list, own: list) -> None:
    """Let voice activity find ``found``, and cleaning keep ``own``, both a list of spans a channel."""
    each = iter([[Span(*span) for span in channel] for channel in found])
    monkeypatch.setattr(crosstalk, "speech_spans", lambda channel: next(each))
    kept = [[Span(*span) for span in channel] for channel in own]
    monkeypatch.setattr(crosstalk, "without_bleed", lambda samples, spans: (samples, kept))


SPOKEN = [[Span(0.0, 4.0)], [Span(6.0, 9.0)]]


@pytest.mark.parametrize(
    ("own", "left", "lost"),
    [
        ([[(0, 4)], [(6, 9)]], 0.0, 0.0),  # cleaned to the dot
        ([[(0, 4), (6, 9)], [(0, 4), (6, 9)]], 7.0, 0.0),  # nothing was cleaned
        ([[(0, 3)], [(7, 9)]], 0.0, 2.0),  # a second of each own speech is gone
        ([[(0, 4), (8, 9)], [(6, 9)]], 1.0, 0.0),
    ],
)
def test_left_is_what_the_other_side_said_and_lost_is_ones_own(
    own: list, left: float, lost: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard(monkeypatch, [[(0, 4), (6, 9)], [(0, 4), (6, 9)]], own)
    found = crosstalk.measured(np.zeros((2, 10 * RATE), np.float32), SPOKEN, -20, 0.0)
    assert (found.found_s, found.left_s, found.lost_s, found.own_s) == pytest.approx((7.0, left, lost, 7.0))
    assert (found.level_db, found.delay_s) == (-20, 0.0)


def test_an_echo_is_looked_for_where_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    heard(monkeypatch, [[(7, 10)], []], [[(7, 10)], []])
    found = crosstalk.measured(np.zeros((2, 12 * RATE), np.float32), SPOKEN, -20, 1.0)
    assert found.found_s == found.left_s == pytest.approx(3.0)


def test_what_both_say_at_once_is_no_cross_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [[Span(0.0, 4.0)], [Span(2.0, 5.0)]]
    heard(monkeypatch, [[(0, 4)], [(2, 5)]], [[(0, 4)], [(2, 5)]])
    found = crosstalk.measured(np.zeros((2, 6 * RATE), np.float32), both, -20, 0.0)
    assert (found.found_s, found.left_s, found.own_s) == pytest.approx((0.0, 0.0, 7.0))


# --- the table and the command --------------------------------------------------------------------


def bled(level: float, delay: float, *, lost: float = 0.0, own: float = 10.0) -> Bled:
    return Bled(level_db=level, delay_s=delay, found_s=4.0, left_s=0.5, lost_s=lost, own_s=own)


def test_the_table_has_a_row_a_level_over_all_its_delays() -> None:
    lines = table([bled(-12, 0.0, lost=1.0), bled(-12, 0.15, own=30.0), bled(-40, 0.02)]).splitlines()
    assert lines[2:] == [
        "| -12 dB | 0, 150 ms | 8.0 s | 1.0 s | 2.5% |",
        "| -40 dB | 20 ms | 4.0 s | 0.5 s | 0.0% |",
    ]
    assert {line.count("|") for line in lines} == {6}


def test_where_nobody_spoke_nothing_is_lost() -> None:
    assert table([bled(-12, 0.0, own=0.0)]).endswith("| 0.0% |")


def test_the_command_measures_every_level_with_every_delay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(crosstalk, "available", lambda engine: True)
    monkeypatch.setattr(crosstalk, "talk", lambda people, *, turns: asked.append((people, turns)) or (0, 1))
    monkeypatch.setattr(crosstalk, "measured", lambda clean, spoken, level, delay: bled(level, delay))
    assert crosstalk.main(["--turns", "5"]) == 0
    ((people, turns),) = asked
    assert turns == 5 and len({person.voice.engine for person in people}) == 2
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(crosstalk.LEVELS_DB) and "| -25 dB | 0, 20, 150 ms |" in lines[5]


def test_without_a_synthesizer_the_command_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crosstalk, "available", lambda engine: engine != "flite")
    assert crosstalk.main([]) == 3
    assert capsys.readouterr().err == "speech synthesizer not installed: flite\n"
