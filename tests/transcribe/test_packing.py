"""From frames to spans to windows and back to turns: what holds for any talk, however it lies in time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.transcribe import vad
from ci_checker.transcribe.batches import batches, rows_that_fit
from ci_checker.transcribe.spans import Span, clock, merge, overlap, subtract
from ci_checker.transcribe.turns import LONGEST_PAUSE_S, TimedWord, to_turns
from ci_checker.transcribe.windows import EDGE_S, audio_of, pack

RATE = 16_000
some_spans = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 60)).map(lambda pair: Span(pair[0] / 10, (pair[0] + pair[1]) / 10)),
    max_size=12,
)


def painted(spans) -> np.ndarray:
    """The same spans as tenths of a second: another way to reckon with them."""
    line = np.zeros(500, bool)
    for start, end in spans:
        line[round(start * 10) : round(end * 10)] = True
    return line


@settings(max_examples=80, deadline=None)
@given(some_spans, some_spans)
def test_spans_are_added_and_taken_away_as_if_painted(spans, taken):
    assert (painted(merge(spans)) == painted(spans)).all()
    left = subtract(merge(spans), taken)
    assert (painted(left) == (painted(spans) & ~painted(taken))).all()
    assert all(one.end < two.start or one.end <= two.start for one, two in itertools.pairwise(left))
    shared = sum(overlap(one, two) for one in merge(spans) for two in merge(taken))
    assert shared == pytest.approx((painted(spans) & painted(taken)).sum() / 10, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(some_spans, st.floats(0, 3))
def test_merged_spans_lie_further_apart_than_the_gap(spans, gap):
    merged = merge(spans, gap)
    assert all(two.start - one.end > gap for one, two in itertools.pairwise(merged))
    assert merge(merged, gap) == merged


@pytest.mark.parametrize("seconds", [0.0, 59.99, 60.0, 3599.9, 3600.0, 35_999.0])
def test_a_clock_can_be_read_back(seconds):
    parts = [int(part) for part in clock(seconds).split(":")]
    assert sum(part * 60**place for place, part in enumerate(reversed(parts))) == int(seconds)
    assert all(part < 60 for part in parts[1:])


@pytest.fixture
def activity(monkeypatch):
    """``activity(text)``: Silero says speech where a frame's letter is ``#``, maybe where it is ``-``; all is loud."""

    def put(letters: str, *, loud: str | None = None) -> np.ndarray:
        chances = np.array([{"#": 0.9, "-": 0.42, ".": 0.05}[letter] for letter in letters], np.float32)
        monkeypatch.setattr(vad, "speech_probabilities", lambda _samples, *_more: chances)
        level = np.repeat([0.1 if letter == "#" else 1e-5 for letter in loud or "#" * len(letters)], vad.FRAME)
        signs = np.where(np.arange(len(level)) % 2, -1.0, 1.0)
        return (level * signs).astype(np.float32)

    return put


def frames(spans) -> list[tuple[int, int]]:
    return [(round(span.start / vad.FRAME_S), round(span.end / vad.FRAME_S)) for span in spans]


def test_speech_begins_when_sure_and_goes_on_while_likely(activity):
    samples = activity("." * 40 + "-" * 10 + "#" * 10 + "-" * 10 + "." * 40)
    (span,) = vad.speech_spans(samples)
    assert span.start == pytest.approx(50 * vad.FRAME_S - 0.12) and span.end == pytest.approx(70 * vad.FRAME_S + 0.12)


@pytest.mark.parametrize(("length", "found"), [(2, 0), (4, 0), (5, 1), (20, 1)])
def test_a_click_is_no_speech(activity, length, found):
    assert len(vad.speech_spans(activity("." * 20 + "#" * length + "." * 20))) == found


@pytest.mark.parametrize(("pause", "spans"), [(3, 1), (7, 1), (8, 2), (40, 2)])
def test_a_breath_does_not_end_a_span_and_a_pause_does(activity, pause, spans):
    found = vad.speech_spans(activity("#" * 20 + "." * pause + "#" * 20))
    assert len(found) == spans
    assert found[0].start == 0.0 and found[-1].end == pytest.approx((40 + pause) * vad.FRAME_S)


def test_two_spans_share_the_pause_between_them(activity):
    one, two = vad.speech_spans(activity("#" * 20 + "." * 8 + "#" * 20))
    assert one.end <= two.start and one.end == pytest.approx(20 * vad.FRAME_S + 0.12, abs=0.01)


def test_what_is_far_too_quiet_is_no_speech_whatever_the_model_says(activity):
    samples = activity("#" * 60, loud="#" * 30 + "." * 30)
    assert frames(vad.speech_spans(samples)) == [(0, 34)], "nothing but the margin behind the loud part"


@pytest.mark.parametrize("longest", [0.5, 1.0, 2.5])
def test_a_long_span_is_cut_in_its_quietest_places_and_nothing_is_lost(activity, longest):
    loud = list("#" * 200)
    for quiet in range(9, 200, 14):
        loud[quiet : quiet + 3] = "..."
    samples = activity("#" * 200)
    scale = np.repeat([1.0 if letter == "#" else 0.05 for letter in loud], vad.FRAME)
    parts = vad.speech_spans((samples * scale).astype(np.float32), longest_s=longest)
    assert parts[0].start == 0 and parts[-1].end == pytest.approx(200 * vad.FRAME_S)
    assert all(one.end == two.start for one, two in itertools.pairwise(parts))
    assert all(part.length <= longest + 1e-9 for part in parts)
    cuts = [int(one.end / vad.FRAME_S) for one in parts[:-1]]
    assert all("." in loud[max(0, cut - 2) : cut + 3] for cut in cuts)


@pytest.mark.parametrize("longest_s", [5.0, 12.0, 30.0])
def test_a_span_as_long_as_a_window_fills_it_alone(longest_s):
    spans = [Span(0, longest_s), Span(longest_s + 1, 2 * longest_s + 1), Span(2 * longest_s + 3, 2 * longest_s + 4)]
    windows = pack(0, spans, longest_s, 3 * longest_s)
    assert [len(window.pieces) for window in windows] == [1, 1, 1]
    assert [window.length_s for window in windows[:2]] == [pytest.approx(longest_s)] * 2


def test_packing_never_takes_more_windows_than_one_a_span_nor_fewer_than_the_speech_fills():
    random = np.random.default_rng(3)
    for _ in range(20):
        starts = np.cumsum(random.uniform(3.0, 9.0, 30))
        spans = [Span(float(start), float(start) + float(random.uniform(0.3, 2.9))) for start in starts]
        windows = pack(0, spans, 10.0, 400)
        assert sum(span.length for span in spans) / 10.0 <= len(windows) <= len(spans)
        for one, two in itertools.pairwise(windows):
            first = two.pieces[0]
            assert one.length_s + (first.end_s - first.start_s) > 10.0, "the next piece would have had room"


def test_edges_are_narrower_only_where_that_saves_a_window():
    for count, edge in ((8, 0.2), (9, 0.15), (10, 0.1)):
        spans = [Span(5.0 * n + 1, 5.0 * n + 1.75) for n in range(count)]
        (window,) = pack(0, spans, 9.5, 60)
        assert window.length_s == pytest.approx(count * (0.75 + 2 * edge))
    spans = [Span(5.0 * n + 1, 5.0 * n + 1.75) for n in range(11)]
    assert [len(window.pieces) for window in pack(0, spans, 9.5, 60)] == [8, 3], "two windows whatever the edges"
    spans = [Span(5.0 * n + 1, 5.0 * n + 1.75) for n in range(15)]
    full, rest = pack(0, spans, 8.2, 100)
    assert len(full.pieces) == 8 and full.length_s == pytest.approx(8 * (0.75 + 2 * 0.1))
    assert rest.length_s == pytest.approx(len(rest.pieces) * (0.75 + 2 * 0.2)), "a window with room has wide edges"


def test_a_window_knows_where_its_speech_is_and_how_much():
    (window,) = pack(2, [Span(4, 6), Span(50, 51.5)], 10.0, 60)
    assert (window.channel, window.start_s, window.end_s) == (2, 4, 51.5)
    assert window.speech_s == pytest.approx(3.5) and window.length_s == pytest.approx(3.5 + 4 * EDGE_S)


@pytest.mark.parametrize("at", [0.0, 0.7, 2.2, 2.6, 3.4, 9.0, 40.0])
def test_any_time_of_a_window_is_a_time_of_the_call(at):
    spans = [Span(0.1, 2), Span(30, 31), Span(58, 59.9)]
    (window,) = pack(0, spans, 20.0, 60)
    place = window.to_call(at, at + 0.5)
    assert 0 <= place.start <= place.end <= 60
    assert any(span.start - EDGE_S - 1e-9 <= place.start and place.end <= span.end + EDGE_S + 1e-9 for span in spans)


def test_later_in_the_window_is_later_in_the_call():
    (window,) = pack(0, [Span(1, 2), Span(10, 12), Span(90, 91)], 20.0, 100)
    steps = np.arange(0, window.length_s - 0.02, 0.02)
    places = [window.to_call(float(step), float(step) + 0.02) for step in steps]
    assert all(one.start <= two.start + 1e-9 for one, two in itertools.pairwise(places))


def test_a_recording_that_ends_early_leaves_silence_in_its_window():
    call = np.full(2 * RATE, 0.3, np.float32)
    (window,) = pack(0, [Span(0.5, 1.5), Span(1.9, 4.0)], 10.0, 4.0)
    audio = audio_of(window, call, 10 * RATE)
    assert audio.shape == (10 * RATE,) and np.isfinite(audio).all()
    assert audio[:RATE].any() and not audio[round(2.2 * RATE) :].any()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.1, 30.0), max_size=60), st.integers(1, 16))
def test_batches_hold_every_window_once_and_like_with_like(lengths, rows):
    found = batches(lengths, rows)
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    assert all(0 < len(batch) <= rows for batch in found)
    for one, two in itertools.pairwise(found):
        assert min(lengths[i] for i in one) >= max(lengths[i] for i in two)
    sizes = [len(batch) for batch in found]
    assert not sizes or max(sizes) - min(sizes) <= 1


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10**9), st.integers(0, 2 * 10**10), st.integers(1, 16))
def test_rows_fall_with_what_they_and_the_recording_take(row_bytes, audio_bytes, most):
    rows = rows_that_fit(row_bytes, audio_bytes, most)
    assert 1 <= rows <= most
    assert rows_that_fit(2 * row_bytes, audio_bytes, most) <= rows
    assert rows_that_fit(row_bytes, audio_bytes + 10**9, most) <= rows


@st.composite
def channels_of_words(draw) -> list[list[TimedWord]]:
    found = []
    for channel in range(draw(st.integers(1, 3))):
        at, words = draw(st.floats(0, 3)), []
        for number in range(draw(st.integers(0, 12))):
            start = at + draw(st.sampled_from([0.0, 0.1, 0.6, 0.99, 1.5, 4.0]))
            at = start + draw(st.sampled_from([0.05, 0.3, 0.9]))
            words.append(TimedWord(text=f"{channel}.{number}", start_s=start, end_s=at, probability=0.5))
        found.append(words)
    return found


@settings(max_examples=60, deadline=None)
@given(channels_of_words())
def test_turns_keep_every_word_of_every_channel_in_order(channels):
    names = [f"c{number}" for number in range(len(channels))]
    turns = to_turns(channels, names)
    assert [turn.start_s for turn in turns] == sorted(turn.start_s for turn in turns)
    for name, words in zip(names, channels, strict=True):
        own = [turn for turn in turns if turn.speaker == name]
        assert [word.text for turn in own for word in turn.words] == [word.text for word in words]
        for one, two in itertools.pairwise(own):
            silence = two.words[0].start_s - one.words[-1].end_s
            others = [w for t in turns if t.speaker != name for w in t.words]
            between = [w for w in others if one.end_s - 0.5 <= (w.start_s + w.end_s) / 2 <= two.start_s + 0.5]
            assert silence > LONGEST_PAUSE_S - 0.01 or between
        for turn in own:
            for one, two in itertools.pairwise(turn.words):
                assert two.start_s - one.end_s <= LONGEST_PAUSE_S + 0.01
