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


def test_a_text_is_framed_and_a_long_one_cut() -> None:
    tokens = turn_encoder.tokenizer()
    ids = turn_encoder.tokens("hi dana")
    assert ids[0] == tokens.token_to_id("[CLS]") and ids[-1] == tokens.token_to_id("[SEP]")
    assert tokens.decode(list(ids[1:-1])) == "hi dana"
    long = turn_encoder.tokens("word " * 500)
    assert turn_encoder.count("word " * 500) == len(long) - 2 == turn_encoder.TEXT_TOKENS
    assert long[-1] == ids[-1]
    assert turn_encoder.count("") == 0
    assert turn_encoder.tokens("half \ud83d") == turn_encoder.tokens("half  ")


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


def test_what_was_answered_is_read_too() -> None:
    asked = ("rep", "and would Thursday at ten suit you")
    yes, alone = turn_encoder.scores(said(asked, ("prospect", "yes it would")))[0], turn_encoder.scores(said(asked))[0]
    assert not np.array_equal(yes, alone)


def test_how_far_into_the_call_a_turn_stands_is_read_too() -> None:
    told = said(("rep", "is now a good time"))
    early, late = turn_encoder.scores(told)[0], turn_encoder.scores(told, offset=40)[0]
    assert not np.array_equal(early, late)


def test_the_best_window_of_a_long_turn_decides() -> None:
    column = turn_encoder.labels().index("dated-next-step")
    filler = " ".join("We looked at the plant and the belts and the people there." for _ in range(9))
    ask = "Could we say Thursday the ninth at ten for a second call?"
    short, long, none = (
        turn_encoder.scores(said(("rep", text)))[0][column] for text in (ask, f"{filler} {ask}", filler)
    )
    assert long > none + 1.0
    assert short > none + 1.0


def fresh() -> None:
    for known in (turn_encoder._scored, turn_encoder._read, turn_encoder._alone):
        known.cache_clear()


def test_what_was_read_before_changes_nothing() -> None:
    turns = said(("prospect", "we are all set"), ("rep", "what happens if you leave it"))
    (item,) = turn_encoder.instances(turns, asked=False)

    def told() -> list[np.ndarray]:
        return [turn_encoder.scores(turns)[1], turn_encoder.states(turns, [item])[0], turn_encoder.alone([item.text])]

    fresh()
    first = told()
    fresh()
    turn_encoder.scores(said(("rep", "bye"), ("prospect", "we are all set"), ("rep", "and who decides")))
    turn_encoder.alone(["we are all set"])
    assert all(np.array_equal(a, b) for a, b in zip(first, told(), strict=True))


def test_damaged_text_is_read_as_nothing() -> None:
    broken = "\ud83d " * 61
    for turns in ([("rep", broken)], [("prospect", broken), ("rep", "ok"), ("prospect", broken)]):
        found = turn_encoder.scores(said(*turns))
        assert len(found) == 1 and all(np.isfinite(scores).all() for scores in found.values())


def test_what_an_instance_does_is_one_vector_of_it_in_its_place() -> None:
    turns = said(
        ("prospect", "we are all set"),
        ("rep", "Fair enough, that makes sense to me. What would you change if you could?"),
    )
    items = turn_encoder.instances(turns, asked=False)
    found = turn_encoder.states(turns, items)
    assert found.shape == (len(items), turn_encoder.WIDTH) and found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    assert len({row.tobytes() for row in found}) == len(items) > 1
    assert not np.allclose(found, turn_encoder.states(turns, items, offset=40), atol=1e-3)
    elsewhere = turn_encoder.states([replace(turns[0], text="lovely day"), turns[1]], items)
    assert not np.allclose(found, elsewhere, atol=1e-3)
    assert turn_encoder.states(turns, []).shape == (0, turn_encoder.WIDTH)


def test_a_text_alone_is_read_without_anything_around_it() -> None:
    turns = said(("rep", "what would you change if you could"))
    (item,) = turn_encoder.instances(turns, asked=False)
    found = turn_encoder.alone([item.text, "lovely day"])
    assert found.shape == (2, turn_encoder.WIDTH) and found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-2)
    assert turn_encoder.alone([]).shape == (0, turn_encoder.WIDTH)


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
