"""The diarization error, on calls that can be reckoned by hand."""

from __future__ import annotations

import pytest

from ci_checker.learn.hearing.who import COLLAR_S, compared

ANN, BOB = [("ann", 0.0, 4.0)], [("bob", 5.0, 9.0)]
SAID = {"ann": ANN, "bob": BOB}
COUNTED_S = 8.0 - 4 * COLLAR_S
"""Speech without the collar inside each of the four edges."""


def test_the_right_voices_have_no_error_whatever_they_are_called(turn):
    for names in (("voice 1", "voice 2"), ("voice 2", "voice 1"), ("Luke", "voice 1")):
        who = compared(SAID, [turn(names[0], ANN), turn(names[1], BOB)], 10.0)
        assert who.error_s == 0 and who.speech_s == pytest.approx(COUNTED_S, abs=0.05) and not who.mixed


def test_a_collar_forgives_a_quarter_of_a_second(turn):
    late = [("bob", 5.2, 9.2)]
    assert compared(SAID, [turn("voice 1", ANN), turn("voice 2", late)], 10.0).error_s == 0


def test_speech_given_to_the_other_voice_is_wrong(turn):
    who = compared(SAID, [turn("voice 1", [("ann", 0.0, 3.0)]), turn("voice 2", [("x", 3.0, 4.0), *BOB])], 10.0)
    assert who.wrong_s == pytest.approx(1.0 - COLLAR_S, abs=0.03)
    assert who.missed_s == pytest.approx(0.0, abs=0.03)


def test_one_voice_for_two_people_is_right_about_one_of_them(turn):
    who = compared(SAID, [turn("voice 1", ANN), turn("voice 1", BOB)], 10.0)
    assert who.wrong_s == pytest.approx(COUNTED_S / 2, abs=0.03) and who.missed_s == 0


def test_what_is_given_to_nobody_is_missed(turn):
    unknown = compared(SAID, [turn("voice 1", ANN), turn("unknown", BOB)], 10.0)
    assert unknown.missed_s == pytest.approx(COUNTED_S / 2, abs=0.03) and not unknown.mixed
    mixed = compared(SAID, [turn("mixed", [*ANN, *BOB])], 10.0)
    assert mixed.missed_s == pytest.approx(COUNTED_S, abs=0.05) and mixed.mixed and mixed.wrong_s == 0
    assert compared(SAID, [], 10.0).missed_s == mixed.missed_s


def test_speech_where_nobody_speaks_is_invented(turn):
    ghost = [("boo", 12.0, 13.0)]
    who = compared(SAID, [turn("voice 1", ANN), turn("voice 2", [*BOB, *ghost])], 20.0)
    assert who.invented_s == pytest.approx(1.0, abs=0.03) and who.error_s == pytest.approx(1.0, abs=0.03)


def test_a_third_voice_costs_what_it_took(turn):
    who = compared(
        SAID, [turn("voice 1", ANN), turn("voice 2", [("b", 5.0, 7.0)]), turn("voice 3", [("b", 7.0, 9.0)])], 10.0
    )
    assert who.wrong_s == pytest.approx(2.0 - COLLAR_S, abs=0.03)


def test_breath_between_words_is_speech_on_both_sides(turn):
    said = {"ann": [("a", 0.0, 1.8), ("b", 2.2, 4.0)], "bob": BOB}
    assert compared(said, [turn("voice 1", ANN), turn("voice 2", BOB)], 10.0).error_s == 0
