"""What is counted of a call, by engines of which it is known what they hear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="the normalizer of openai-whisper needs torch")
pytest.importorskip("whisper")

from ci_checker.learn.hearing import measure
from ci_checker.learn.hearing.conditions import CONDITIONS
from ci_checker.learn.hearing.measure import Material

NAMED = {condition.name: condition for condition in CONDITIONS}
BABBLE = np.full(16_000, 0.01, np.float32)


@pytest.fixture
def material(call):
    early = replace(call, name="early", samples=call.samples[:, :-160])
    return Material(calls=(call,), early=(early,), babble=BABBLE)


def only(engine, material, name, voices=None):
    (row,) = measure.rows(engine, "float32", material, [NAMED[name]], voices)
    return row


def test_a_perfect_ear_has_no_error_in_any_condition(material, oracle):
    calls = (*material.calls, *material.early)
    rows = list(measure.rows(oracle(calls), "float32", material, [c for c in CONDITIONS if c.name != "8 kHz mu-law"]))
    assert [row.condition for row in rows] == [c.name for c in CONDITIONS if c.name != "8 kHz mu-law"]
    assert all((row.errors, row.words, row.false_words) == (0, 20, 0) for row in rows)
    assert all(row.starts_s == pytest.approx([0.0] * 20) for row in rows)


def test_words_heard_late_are_right_and_late(material, oracle):
    row = only(oracle(material.calls, late_s=0.15), material, "clean")
    assert row.errors == 0 and row.starts_s == pytest.approx([0.15] * 20)


def test_lost_words_are_errors_and_have_no_time(material, oracle):
    row = only(oracle(material.calls, change=lambda words: words[1:]), material, "clean")
    assert row.errors == 2 and len(row.starts_s) == 18


def test_what_the_other_side_says_is_false_on_this_channel(material, oracle):
    """Words said twice are errors, and as false as invented ones."""
    call = material.calls[0]
    both = sorted((*call.words[0], *call.words[1]), key=lambda word: word[1])
    row = only(oracle(material.calls, change=lambda _: both), material, "clean")
    assert row.errors == 20 and row.false_words == 20
    assert 0 < row.silence_s < 2 * call.duration_s


def test_a_call_in_which_nothing_is_heard_is_all_errors(material, oracle):
    row = only(oracle(()), material, "clean")
    assert (row.errors, row.words, row.starts_s, row.false_words) == (20, 20, (), 0)


def test_calls_with_interruptions_are_heard_only_where_they_are_asked_for(material, oracle):
    engine = oracle((*material.calls, *material.early))
    for name, wanted in (("cross-talk", material.calls[0]), ("cross-talk, both at once", material.early[0])):
        only(engine, material, name)
        assert engine.heard[-1].shape == wanted.samples.shape


def test_mono_is_one_channel_with_both_sides_in_the_order_of_time(material, oracle):
    engine = oracle(material.calls)
    row = only(engine, material, "mono")
    assert engine.heard[0].shape == (1, material.calls[0].samples.shape[1])
    assert (row.errors, row.words, row.who) == (0, 20, None)


def test_who_spoke_is_asked_for_calls_in_mono_only(material, oracle, monkeypatch):
    asked = []

    def tell_apart(call, samples, model):
        asked.append((samples.shape[0], {turn.speaker for turn in call.turns}, model))
        return call

    monkeypatch.setattr(measure, "tell_apart", tell_apart)
    engine = oracle(material.calls)
    assert only(engine, material, "clean", voices="model").who is None and not asked
    who = only(engine, material, "mono", voices="model").who
    assert asked == [(1, {"mixed"}, "model")]
    assert who.mixed and who.missed_s == pytest.approx(who.speech_s) and who.speech_s > 0


def test_every_condition_is_told_of_before_it_is_heard(material, oracle):
    told = []
    rows = measure.rows(oracle(material.calls), "int8", material, [NAMED["clean"], NAMED["mono"]], told=told.append)
    assert [row.precision for row in rows] == ["int8", "int8"]
    assert told == ["int8: clean", "int8: mono"]
