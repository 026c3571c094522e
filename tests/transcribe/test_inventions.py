"""Text that nobody said: what is taken for it, what is not, and what a person is told in its stead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.errors import CallError
from ci_checker.transcribe import listen, rest
from ci_checker.transcribe.clean import is_loop, is_too_fast
from ci_checker.transcribe.decode import Decoded
from ci_checker.transcribe.engines.whisper_torch import WhisperTorch
from ci_checker.transcribe.prompt import is_echo, text_of
from ci_checker.transcribe.rest import LOOP, MISSED, SILENT, TOO_FAST, Outcome
from ci_checker.transcribe.spans import Span, overlap
from ci_checker.transcribe.turns import TimedWord
from ci_checker.transcribe.windows import Window, pack

RATE = 16_000
FLOOD = ["".join(letters) for letters in np.random.default_rng(1).choice(list("abcdefghijklmnopqrst"), (30, 12))]
WORDS = "we already keep every invoice from march until somebody asks about another truck parked outside".split()


@pytest.mark.parametrize(
    ("phrase", "times", "loop"),
    [
        ("yeah", 7, False),
        ("yeah", 8, True),
        ("you know", 3, False),
        ("you know", 4, True),
        ("that is right so", 3, False),
        ("that is right so", 4, True),
        ("we can do that now", 2, False),
        ("we can do that now", 3, True),
        ("one two three four five six seven eight nine ten eleven twelve", 2, False),
        ("one two three four five six seven eight nine ten eleven twelve", 3, True),
    ],
)
def test_how_often_a_phrase_may_come_back(phrase, times, loop):
    assert is_loop((f"{phrase} " * times).split()) is loop


@settings(max_examples=40, deadline=None)
@given(st.permutations(WORDS), st.integers(1, len(WORDS)))
def test_words_that_all_differ_are_no_loop(words, count):
    assert not is_loop(words[:count])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.integers(8, 15), st.data())
def test_what_comes_eight_times_is_a_loop_however_it_is_written(phrase, times, data):
    words = [data.draw(st.sampled_from([word, word.upper(), f"{word},", f"{word}."])) for word in phrase * times]
    assert is_loop(words)


def test_a_loop_at_the_end_of_a_long_talk_does_not_take_the_talk_with_it():
    tail = ["no"] * 8
    assert is_loop(WORDS[:10] + tail) and not is_loop([*WORDS, "and", "so", "it", "goes", *tail])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=20), st.floats(0, 20), st.floats(0, 5))
def test_more_time_never_makes_words_too_fast(words, speech_s, more_s):
    if not is_too_fast(words, speech_s):
        assert not is_too_fast(words, speech_s + more_s)


def test_45_letters_a_second_are_the_most():
    assert not is_too_fast(["x" * 45], 0.7) and is_too_fast(["x" * 46], 0.7)


PROMPT = text_of(("Acme Flow", "Bright Harbor", "Luke Porter", "Karen Walsh"))


@pytest.mark.parametrize(
    ("said", "echo"),
    [
        ("flow bright harbor luke", True),
        ("Harbor, Luke Porter, Karen", True),
        ("Acme Flow, Luke Porter.", False),
        ("Luke Porter, Karen.", False),
        ("Karen Walsh and Luke Porter of Bright Harbor.", False),
        ("Acme Flow Bright Harbor Luke Porter Karen Walsh speaking", False),
    ],
)
def test_an_echo_is_a_stretch_of_the_list_over_several_names(said, echo):
    assert is_echo(said.split(), PROMPT) is echo


def timed(*spans: tuple[float, float]) -> Outcome:
    return Outcome(words=tuple(TimedWord(text="w", start_s=a, end_s=b, probability=1.0) for a, b in spans))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 55), st.floats(0.1, 6)), max_size=8))
def test_what_is_heard_again_was_speech_and_has_no_words(pairs):
    windows = pack(0, [Span(1, 9), Span(12, 19.5), Span(30, 34), Span(40, 49)], 10.0, 60)
    outcomes = []
    for window in windows:
        inside = [(a, a + b) for a, b in pairs if window.start_s <= a <= window.end_s]
        outcomes.append(timed(*sorted(inside)))
    again = rest.second_windows(windows, outcomes, 10.0, 60)
    speech = [piece.speech for window in windows for piece in window.pieces]
    for window in again:
        assert window.length_s <= 10.0 + 1e-6 and window not in windows
        for piece in window.pieces:
            assert sum(overlap(piece.speech, each) for each in speech) == pytest.approx(piece.speech.length)
            assert piece.speech.length >= 1.0 - 1e-9
            words = [w for outcome in outcomes for w in outcome.words]
            assert not any(overlap(piece.speech, (w.start_s, min(w.end_s, w.start_s + 1.5))) > 1e-6 for w in words)


def test_every_stretch_is_told_once_and_with_the_last_reason():
    windows = pack(0, [Span(0, 9), Span(20, 28)], 10.0, 60)
    first = [Outcome(words=(), dropped=LOOP), timed((20.2, 21.0), (21.2, 27.8), (23, 24), (25, 26), (26.5, 27.9))]
    again = rest.second_windows(windows, first, 10.0, 60)
    second = [Outcome(words=(), dropped=TOO_FAST), timed(*[(at + 4.7, at + 5.5) for at in (0, 1, 2, 3)])]
    told: list[str] = []
    rest.tell(windows, first, again, second, ["left"], told.append)
    assert told == [f"left 0:00-0:04: {TOO_FAST}"]


def test_channels_are_told_of_apart():
    windows = [*pack(0, [Span(0, 5)], 10.0, 60), *pack(1, [Span(0, 5)], 10.0, 60)]
    told: list[str] = []
    rest.tell(windows, [Outcome(words=(), dropped=SILENT), Outcome(words=())], [], [], ["left", "right"], told.append)
    assert told == [f"left 0:00-0:05: {SILENT}", f"right 0:00-0:05: {MISSED}"]


def test_words_of_two_hearings_are_laid_in_the_order_of_time():
    windows = [*pack(1, [Span(0, 5)], 10.0, 60), *pack(1, [Span(2, 3)], 10.0, 60), *pack(0, [Span(0, 1)], 10.0, 60)]
    found = rest.merged(windows, [timed((0, 1), (4, 5)), timed((2, 3)), timed((0.5, 1))], 2)
    assert [[word.start_s for word in channel] for channel in found] == [[0.5], [0, 2, 4]]


Says = Callable[[Window], list[tuple[str, float, float]] | None]


class Scripted(WhisperTorch):
    """A model that stamps words and writes what ``says`` tells of each window; ``None`` is silence."""

    says: Says

    def _decode(self, cross: object, windows: Sequence[Window]) -> list[Decoded]:
        return [self._written(self.says(window)) for window in windows]

    def _written(self, said: list[tuple[str, float, float]] | None) -> Decoded:
        tokenizer = self._loaded.tokenizer
        written: list[int] = []
        for text, start, end in said or []:
            times = [tokenizer.timestamp_begin + round(at * 50) for at in (start, end)]
            written += [times[0], *tokenizer.encode(f" {text}"), times[1]]
        return Decoded(
            tokens=tuple(token for token in written if token < tokenizer.eot),
            written=tuple(written),
            certain=(0.9,) * len(written),
            covered=None,
            silent=said is None,
            temperature=0.0,
        )


@pytest.fixture
def hear(model_file, monkeypatch):
    """``hear(says, *spans)``: turns and notes of a call in mono with speech at these places."""

    def heard(says: Says, *spans: tuple[float, float], seconds: float = 60.0):
        monkeypatch.setattr(listen, "speech_spans", lambda *_a, **_k: [Span(*span) for span in spans])
        engine = Scripted(replace(model_file, word_timestamps=True, without_timestamps=False))
        engine.says, notes = says, []
        samples = np.zeros((1, round(seconds * RATE)), np.float32)
        turns = engine.transcribe(samples, channel_names=("mixed",), note=notes.append)
        return turns, notes

    return heard


def spoken(window: Window, text: str = "we keep nine trucks", step: float = 0.4) -> list[tuple[str, float, float]]:
    """The words again and again over all of a window's speech, each of them another one."""
    said = []
    for piece in window.pieces:
        at, number = piece.window_speech.start, 0
        while at + 0.3 < piece.window_speech.end:
            said.append((f"{text.split()[number % 4]}{len(said)}", at, at + 0.3))
            at, number = at + step, number + 1
    return said


def test_words_are_where_the_speech_is_in_order_and_in_the_call(hear):
    spans = ((2.0, 4.5), (20.0, 21.0), (21.6, 25.0), (50.0, 53.0))
    turns, notes = hear(spoken, *spans)
    words = [word for turn in turns for word in turn.words]
    assert notes == [] and [w.start_s for w in words] == sorted(w.start_s for w in words)
    assert all(any(a - 0.03 <= w.start_s < w.end_s <= b + 0.03 for a, b in spans) for w in words)
    assert len(turns) == 3, "a pause of a second does not end a turn, one of 15 seconds does"
    assert all(turn.text == " ".join(w.text for w in turn.words) for turn in turns)


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (lambda _window: None, SILENT),
        (lambda window: [("so", n * 0.2, n * 0.2 + 0.2) for n in range(20)], LOOP),
        (lambda window: [(word, n * 0.02, n * 0.02 + 0.02) for n, word in enumerate(FLOOD)], TOO_FAST),
        (lambda window: [], MISSED),
    ],
)
def test_why_a_stretch_has_no_words_is_told_in_one_line_each(hear, says, reason):
    turns, notes = hear(says, (2.0, 6.0))
    assert turns == () and notes and all(note.startswith("mixed 0:0") and note.endswith(reason) for note in notes)
    assert notes == sorted(notes), "they are told in the order of time"


def test_a_lost_window_does_not_take_the_others_with_it(hear):
    def says(window: Window):
        return spoken(window) if window.start_s < 10 else [("no", n * 0.2, n * 0.2 + 0.2) for n in range(20)]

    turns, notes = hear(says, (2.0, 6.0), (30.0, 34.0))
    assert turns and all(turn.end_s < 10 for turn in turns)
    assert all(note.startswith("mixed 0:3") for note in notes) and notes


def test_a_window_that_was_lost_at_first_is_heard_again_in_parts(hear):
    seen: list[Window] = []

    def says(window: Window):
        seen.append(window)
        whole = window.speech_s > 2.5
        return [("no", n * 0.2, n * 0.2 + 0.2) for n in range(20)] if whole else spoken(window)

    turns, notes = hear(says, (2.0, 6.0))
    assert [round(window.speech_s, 3) for window in seen] == [4.0, 2.0, 2.0]
    assert notes == [] and turns[0].start_s < 2.3 and turns[-1].end_s > 5.5


def test_words_beside_the_speech_are_drawn_to_it_and_never_out_of_the_call(hear):
    turns, _ = hear(lambda window: [("late", 4.5, 5.0)], (0.0, 1.2), seconds=1.3)
    assert all(0 <= word.start_s <= word.end_s <= 1.3 for turn in turns for word in turn.words) and turns


@pytest.mark.parametrize(
    ("samples", "line"),
    [
        (np.zeros((1, 1599), np.float32), "the recording is too short to hear anything (under 0.1 seconds)"),
        (
            np.full((1, RATE), -np.inf, np.float32),
            "the audio holds values that are not numbers. Export the recording again from its source.",
        ),
        (
            np.zeros((1, RATE), np.float32),
            "no speech was found in the recording. Check that it is the right file, and not muted.",
        ),
    ],
)
def test_what_cannot_be_heard_is_said_to_the_letter(model_file, samples, line):
    with pytest.raises(CallError) as problem:
        WhisperTorch(model_file).transcribe(samples, channel_names=("mixed",))
    assert str(problem.value) == line
