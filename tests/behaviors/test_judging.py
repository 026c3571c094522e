"""From probabilities to verdicts, with detectors that say what the test wants."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ci_checker.behaviors import detect
from ci_checker.behaviors.catalogue import Occasion, Place
from ci_checker.behaviors.classifier import Calibration
from ci_checker.behaviors.terms import Terms
from ci_checker.model import Call, Result, Verdict

PLAIN = Calibration(a=1.0, b=0.0, seen=0.6, not_seen=0.2, evidence=0.5)


class Stub:
    """Scores a text by the number that follows a label's key in it: ``recap=70`` is a probability of 0.7."""

    acts = ()
    vectorizer = SimpleNamespace(meant=False, blocks={"tag": Terms({}, None)})

    def __init__(self, *labels: str) -> None:
        self.labels = labels
        self.calibrations = dict.fromkeys(labels, PLAIN)

    def scores(self, items, meant=None):
        def said(text: str, label: str) -> float:
            found = [part.partition("=")[2] for part in text.split() if part.startswith(f"{label}=")]
            share = max((int(n) for n in found), default=1) / 100
            return float(np.log(share / (1 - share)))

        return np.array([[said(i.text, label) for label in self.labels] for i in items]).reshape(len(items), -1)

    def contributions(self, item, label, most=3):
        return (("word:so you need", 1.0),)


@pytest.fixture(autouse=True)
def _stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Stub("recap", "~recap"), Stub("objection", "gatekeeper"))
    monkeypatch.setattr(detect, "_detectors", lambda: found)


@pytest.fixture
def judge(make_call, known):
    def judged(*lines: str, change=lambda call: call, **fields) -> Result:
        call: Call = change(make_call("P: hello this is martin", *lines, "P: yes that is it"))
        return detect.detect(call, {"recap": replace(known["recap"], **fields)})[0][0]

    return judged


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [(95, Verdict.SEEN), (60, Verdict.SEEN), (59, Verdict.UNCLEAR), (20, Verdict.UNCLEAR), (19, Verdict.NOT_SEEN)],
)
def test_two_thresholds(judge, percent: int, verdict: Verdict) -> None:
    result = judge(f"R: so recap={percent}")
    assert (result.verdict, result.probability) == (verdict, percent / 100)
    assert bool(result.evidence) == (verdict is Verdict.SEEN)


def test_evidence_is_the_best_first_and_counted_ones_in_order(judge) -> None:
    lines = ("R: one recap=61", "P: and then some", "R: two recap=90", "P: and more", "R: three recap=55")
    assert [e.turn for e in judge(*lines).evidence] == [3, 1, 5]
    counted = judge(*lines, counted=True)
    assert ([e.turn for e in counted.evidence], counted.reason) == ([1, 3, 5], "3 times")


def test_an_attempt_that_does_not_count_is_a_near_miss(judge) -> None:
    result = judge("R: so ~recap=80 recap=3", "P: hm well", "R: and recap=2")
    assert (result.verdict, result.reason) == (Verdict.NOT_SEEN, "only near misses")
    assert [e.turn for e in result.near_misses] == [1]


def test_only_attempts_are_near_misses(judge) -> None:
    lines = ["R: a recap=15", "P: hm well", "R: b recap=14", "P: hm well", "R: c ~recap=70 recap=5"]
    assert [e.turn for e in judge(*lines).near_misses][:1] in ([0], [5], [4])
    assert judge("R: a recap=1", "P: hm", "R: b recap=1").near_misses == ()


def test_out_of_place_is_a_doubt_and_no_evidence(judge) -> None:
    filler = [line for i in range(8) for line in (f"R: number {i} of many", "P: and so on then")]
    result = judge(*filler, "R: late recap=95", place=Place.OPENING)
    assert result.verdict is Verdict.UNCLEAR
    assert "not in the opening" in result.reason
    assert not result.evidence
    assert [e.quote for e in result.near_misses] == ["late recap=95"]
    assert result.near_misses[0].why[-1].text == "not in the opening"


@pytest.mark.parametrize(
    ("objection", "recap", "verdict"),
    [
        (90, 90, Verdict.SEEN),
        (90, 5, Verdict.NOT_SEEN),
        (40, 5, Verdict.UNCLEAR),
        (40, 90, Verdict.SEEN),
        (3, 90, Verdict.SEEN),
        (3, 20, Verdict.NOT_APPLICABLE),
    ],
)
def test_the_occasion_decides_what_may_be_said(judge, objection: int, recap: int, verdict: Verdict) -> None:
    lines = (f"P: no no objection={objection}", f"R: well recap={recap}")
    result = judge(*lines, place=Place.AFTER_OBJECTION, occasion=Occasion.OBJECTION)
    assert result.verdict is verdict
    if verdict is Verdict.NOT_APPLICABLE:
        assert (result.probability, result.evidence, result.near_misses) == (None, (), ())


@pytest.mark.parametrize("confidence", [0.54, 0.3, 0.0])
def test_poor_hearing_is_a_doubt(judge, confidence: float) -> None:
    def mumble(call: Call) -> Call:
        return replace(call, turns=tuple(replace(t, confidence=confidence) for t in call.turns))

    assert judge("R: so recap=2", change=mumble).verdict is Verdict.UNCLEAR
    heard = judge("R: so recap=95", change=mumble)
    assert (heard.verdict, heard.evidence) == (Verdict.UNCLEAR, ())
    assert [e.quote for e in heard.near_misses] == ["so recap=95"]
    assert f"{confidence:.2f}" in heard.reason


def test_the_tightest_part_that_says_it_is_quoted(judge) -> None:
    result = judge("R: We talked a good while about all of it. So you need two more of them recap=80 now.")
    assert result.evidence[0].quote == "So you need two more of them recap=80 now."
    assert result.evidence[0].why[0].text == 'the words "so you need"'
