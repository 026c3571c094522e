"""The signs of a turn's neighbors."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ci_checker.behaviors import features, neighbors
from ci_checker.behaviors.features import Said
from ci_checker.behaviors.terms import Terms


def said(*turns: tuple[str, str]) -> list[Said]:
    return [Said(side=side, text=text, judged=True) for side, text in turns]


def tags(turns: list[Said], index: int) -> set[str]:
    items = neighbors.add(turns, features.instances(turns, whole_only=True))
    return set(items[index].tags) - set(features.instances(turns, whole_only=True)[index].tags)


TALK = said(("nurse", "How are you?"), ("patient", "Fine."), ("patient", "Yes, thank you."), ("nurse", "Good to hear!"))


def test_whose_turn_it_is_and_whose_are_around_it() -> None:
    assert {"side=patient", "before_is=other", "after_is=same", "second_is=none", "between=other-same"} <= tags(TALK, 1)
    assert {"side=nurse", "before_is=other", "after_is=none", "second_is=other"} <= tags(TALK, 3)


def test_what_stands_before_and_after() -> None:
    found = tags(TALK, 1)
    assert {"before_asks=mark", "before^how are", "after^yes thank"} <= found
    assert not any(tag.startswith("after_asks") for tag in found)
    assert tags(TALK, 2) & {"after^good"}


def test_how_a_text_ends() -> None:
    assert {"^fine$", "fine$", "ends=."} <= tags(TALK, 1)
    assert {"ends=!", "hear$", "to hear$"} <= tags(TALK, 3)
    assert "ends=" in tags(said(("a", "no marks here at all today")), 0)


def test_every_instance_is_marked_and_keeps_its_own_signs() -> None:
    items = features.instances(TALK)
    for before, after in zip(items, neighbors.add(TALK, items), strict=True):
        assert after.tags[: len(before.tags)] == before.tags
        assert neighbors.MARK in after.tags
        assert (after.text, after.turn) == (before.text, before.turn)


def test_only_judged_turns_and_empty_ones() -> None:
    turns = [Said(side="a", text="", judged=True), Said(side="b", text="...", judged=False)]
    (item,) = neighbors.add(turns, features.instances(turns))
    assert "after_words=0" in item.tags


@pytest.mark.parametrize("signs, known", [([neighbors.MARK, "side=a"], True), (["side=a"], False)])
def test_a_detector_tells_whether_it_knows_these_signs(signs: list[str], known: bool) -> None:
    fitted = {"tag": Terms.fit([signs, signs], 10, weighed=False)}
    assert neighbors.asked(SimpleNamespace(vectorizer=SimpleNamespace(blocks=fitted))) is known
