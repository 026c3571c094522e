"""Speech packed into windows: everything is in, and every time finds its way back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.transcribe.spans import Span, clock, merge, overlap, subtract
from ci_checker.transcribe.windows import audio_of, pack, spans_in

RATE = 16_000


def test_overlap_of_spans():
    assert overlap((0, 2), (1, 3)) == 1
    assert overlap((0, 1), (1, 2)) == 0
    assert overlap((0, 1), (5, 6)) == 0


def test_merging_joins_over_small_gaps_only():
    assert merge([(5, 6), (0, 1), (1.2, 2)], 0.3) == [(0, 2), (5, 6)]
    assert merge([(0, 5), (1, 2)]) == [(0, 5)]
    assert merge([]) == []


def test_subtracting_leaves_the_rest():
    assert subtract([(0, 10)], [(2, 3), (8, 12)]) == [(0, 2), (3, 8)]
    assert subtract([(0, 1)], [(0, 1)]) == []
    assert subtract([(0, 1)], []) == [(0, 1)]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (9.99, "0:09"), (61, "1:01"), (3661, "1:01:01"), (-1, "0:00")]
)
def test_the_clock(seconds, text):
    assert clock(seconds) == text


@st.composite
def speech(draw):
    """Spans in order within a call, each at most four seconds long."""
    spans, at = [], draw(st.floats(0, 3))
    for _ in range(draw(st.integers(1, 25))):
        length = draw(st.floats(0.2, 4.0))
        spans.append(Span(at, at + length))
        at += length + draw(st.floats(0.05, 8.0))
    return spans, at + draw(st.floats(0, 2))


@settings(max_examples=60, deadline=None)
@given(speech())
def test_every_span_is_in_exactly_one_window_and_maps_back(found):
    spans, duration = found
    windows = pack(1, spans, 5.0, duration)
    assert spans_in(windows) == spans
    for window in windows:
        assert window.channel == 1
        assert window.length_s <= 5.0 + 1e-6
        for piece in window.pieces:
            assert 0 <= piece.start_s <= piece.speech.start < piece.speech.end <= piece.end_s <= duration + 1e-6
            inside = piece.window_speech
            back = window.to_call(inside.start, inside.end)
            assert back.start == pytest.approx(piece.speech.start, abs=1e-6)
            assert back.end == pytest.approx(piece.speech.end, abs=1e-6)
    pieces = [piece for window in windows for piece in window.pieces]
    for one, two in itertools.pairwise(pieces):
        assert one.end_s <= two.start_s + 1e-6


def test_packing_uses_few_windows_where_speech_is_sparse():
    spans = [Span(60 * i, 60 * i + 1) for i in range(20)]
    assert len(pack(0, spans, 30.0, 1300)) == 1
    assert len(pack(0, spans, 10.0, 1300)) == 3


def test_short_pauses_stay_and_long_ones_are_cut():
    (window,) = pack(0, [Span(1, 2), Span(2.3, 3), Span(20, 21)], 30.0, 30)
    first, second, third = window.pieces
    assert second.offset_s - first.offset_s == pytest.approx(second.start_s - first.start_s)
    assert third.window_speech.start - second.window_speech.end == pytest.approx(0.4)


def test_a_time_over_a_joint_belongs_to_one_side_of_it():
    (window,) = pack(0, [Span(1, 2), Span(500, 501)], 30.0, 600)
    joint = window.pieces[1].offset_s
    place = window.to_call(joint - 0.3, joint + 0.1)
    assert place.end < 3
    place = window.to_call(joint - 0.1, joint + 0.4)
    assert place.start > 499
    assert window.to_call(29.0, 29.5).end <= 501.3


def test_the_windows_audio_is_the_calls_audio():
    call = np.random.default_rng(1).normal(0, 0.1, 30 * RATE).astype(np.float32)
    (window,) = pack(0, [Span(1, 2), Span(2.2, 3), Span(20, 21)], 10.0, 30)
    audio = audio_of(window, call, 10 * RATE)
    assert audio.shape == (10 * RATE,) and audio.dtype == np.float32
    for piece in window.pieces:
        there, here = round(piece.speech.start * RATE), round(piece.window_speech.start * RATE)
        size = int(piece.speech.length * RATE) - 2
        best = min(
            np.abs(audio[here : here + size] - call[there + shift : there + shift + size]).max() for shift in (-1, 0, 1)
        )
        assert best < 1e-6
    assert not audio[round(window.length_s * RATE) + 2 :].any()


def test_a_joint_makes_no_click():
    call = np.full(30 * RATE, 0.5, np.float32)
    call[: 10 * RATE] = -0.5
    (window,) = pack(0, [Span(1, 2), Span(20, 21)], 10.0, 30)
    audio = audio_of(window, call, 10 * RATE)
    joint = round(window.pieces[1].offset_s * RATE)
    assert np.abs(np.diff(audio[joint - 200 : joint + 200])).max() < 0.02


def test_no_speech_makes_no_window():
    assert pack(0, [], 30.0, 10) == []
