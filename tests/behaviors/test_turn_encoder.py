"""What a turn does, by the shipped encoder: on its context, the same every time, silent where nobody asks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ci_checker import assets
from ci_checker.behaviors import turn_encoder
from ci_checker.behaviors.features import Said
from ci_checker.errors import MissingError


@pytest.fixture(scope="module", autouse=True)
def shipped() -> None:
    try:
        assets.find_model(turn_encoder.MODEL)
    except MissingError as problem:
        pytest.skip(str(problem))


def said(*turns: tuple[str, str]) -> list[Said]:
    return [Said(side=side, text=text, judged=side == "rep") for side, text in turns]


def test_pack_marks_the_turns_own_tokens() -> None:
    tokens = turn_encoder.tokenizer()
    ids, types = turn_encoder.pack("start them: hello", "hi dana", tokens)
    assert ids[0] == tokens.token_to_id("[CLS]") and ids[-1] == tokens.token_to_id("[SEP]")
    assert tokens.decode([i for i, t in zip(ids, types, strict=True) if t]) == "hi dana"
    long, kinds = turn_encoder.pack("word " * 500, "other " * 500, tokens)
    assert len(long) == turn_encoder.BEFORE_TOKENS + turn_encoder.TEXT_TOKENS + 3
    assert sum(kinds) == turn_encoder.TEXT_TOKENS + 1


def test_only_judged_turns_are_scored_one_column_a_label() -> None:
    found = turn_encoder.scores(said(("prospect", "we are all set"), ("rep", "fair enough"), ("prospect", "ok")))
    assert list(found) == [1]
    assert found[1].shape == (len(turn_encoder.labels()),)
    assert np.isfinite(found[1]).all()


def test_what_was_said_before_counts() -> None:
    column = turn_encoder.labels().index("objection-acknowledged")
    after = turn_encoder.scores(said(("prospect", "honestly it is too expensive for us"), ("rep", "i get that, fair")))
    small = turn_encoder.scores(said(("prospect", "i love the rain here"), ("rep", "i get that, fair")))
    assert after[1][column] > small[1][column]


def test_the_best_window_of_a_long_turn_decides() -> None:
    column = turn_encoder.labels().index("dated-next-step")
    filler = " ".join("We looked at the plant and the belts and the people there." for _ in range(9))
    ask = "Could we say Thursday the ninth at ten for a second call?"
    short, long, none = (
        turn_encoder.scores(said(("rep", text)))[0][column] for text in (ask, f"{filler} {ask}", filler)
    )
    assert long > none + 1.0
    assert short > none + 1.0


def test_neighbors_in_a_batch_change_nothing() -> None:
    alone = turn_encoder.scores(said(("rep", "what happens if you leave it")))[0]
    turn_encoder._scored.cache_clear()
    among = turn_encoder.scores(said(("rep", "what happens if you leave it"), ("rep", "bye")))[0]
    assert np.array_equal(alone, among)


def test_instances_carry_scores_only_where_they_are_asked_for() -> None:
    turns = said(("rep", "so what would that cost you. and who decides"))
    assert all(item.acts == () for item in turn_encoder.instances(turns, asked=False))
    found = turn_encoder.instances(turns)
    assert len({item.acts for item in found}) == 1 and len(found[0].acts) == len(turn_encoder.labels())


def test_a_mail_is_read_by_its_sentences_too_and_speech_is_not() -> None:
    text = "I saw that you opened a second warehouse in Reno. Could we speak about it on Thursday at ten?"
    spoken = [Said(side="rep", text=text, judged=True)]
    mailed = [replace(spoken[0], written=True)]
    whole, parts = turn_encoder.scores(spoken)[0], turn_encoder.scores(mailed)[0]
    assert (parts >= whole).all() and (parts > whole).any()
    short = [replace(spoken[0], text="Could we speak about it on Thursday at ten?")]
    assert np.array_equal(turn_encoder.scores(short)[0], turn_encoder.scores([replace(short[0], written=True)])[0])
