"""Reasons that a person can read."""

from __future__ import annotations

from ci_checker.behaviors.reasons import readable


def test_words_and_signs_become_phrases_largest_first() -> None:
    found = readable([("word:^i saw", 1.204), ("tag:early=True", 0.5), ("tag:words=3", 0.4)])
    assert [(r.text, r.weight) for r in found] == [('the words "i saw"', 1.2), ("early in the call", 0.5)]


def test_marks_of_kinds_and_short_words_say_nothing() -> None:
    assert readable([("word:<weekday> at", 1.0), ("word:so", 1.0), ("tag:left=2", 1.0)]) == ()


def test_the_same_is_said_once() -> None:
    found = readable([("word:could we say", 1.0), ("word:we say", 0.9), ("tag:place=0", 0.8), ("tag:place=1", 0.7)])
    assert [r.text for r in found] == ['the words "could we say"', "in the opening"]


def test_no_more_than_asked_for() -> None:
    many = [(f"word:phrase number{i}", 1.0) for i in range(9)]
    assert len(readable(many, most=2)) == 2
    assert readable([]) == ()
