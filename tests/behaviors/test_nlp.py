"""Words, entities, segments and question signs of one turn."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ci_checker.behaviors import encoder, nlp

ANY = st.text(alphabet=st.characters(), max_size=60)  # half characters included


def forms(text: str) -> list[str]:
    return [token.form for token in nlp.analyze(text).tokens]


def entities(text: str) -> set[str]:
    return set(nlp.analyze(text).entities)


def test_fillers_and_punctuation_are_dropped() -> None:
    assert forms("Um, so, uh, we... we're hiring, erm.") == ["so", "we", "we", "'re", "hiring"]


def test_tokens_stand_at_their_place_whatever_the_case() -> None:
    text = "We’re HIRING in Zürich"
    assert [text[t.start : t.end] for t in nlp.analyze(text).tokens] == ["We", "’re", "HIRING", "in", "Zürich"]
    assert forms(text) == forms(text.upper()) == ["we", "'re", "hiring", "in", "zürich"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("let's say thursday", "WEEKDAY"),
        ("Tuesday then", "WEEKDAY"),
        ("at half past ten", "TIME"),
        ("10:30 works", "TIME"),
        ("three o'clock", "TIME"),
        ("it is $40,000", "MONEY"),
        ("forty thousand dollars", "MONEY"),
        ("the 12th", "DATE"),
        ("april third", "DATE"),
        ("tomorrow", "DATE"),
        ("ten minutes", "DURATION"),
        ("thirty percent", "PERCENT"),
        ("you opened a plant", "EVENT"),
    ],
)
def test_entities(text: str, label: str) -> None:
    assert label in entities(text)


@pytest.mark.parametrize(
    "text", ["may I ask you something", "we second that", "march on with it", "he sat in the sun", "no", "I see"]
)
def test_no_date_where_there_is_none(text: str) -> None:
    assert not entities(text) & {"DATE", "TIME", "WEEKDAY", "MONEY"}


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("How do you do that?", {"mark", "starts", "open", "inverted"}),
        ("how do you do that", {"starts", "open", "inverted"}),
        ("so tell me about the team", {"starts", "open"}),
        ("is that right", {"starts", "inverted"}),
        ("that is right", set()),
        ("okay great", set()),
        ("right?", {"mark"}),
    ],
)
def test_question_signs_with_and_without_the_mark(text: str, signs: set[str]) -> None:
    assert set(nlp.question_marks(text)) == signs


def test_segments_are_the_sentences() -> None:
    text = "I saw that you opened a plant. What does that mean for the drivers you have?"
    assert [text[a:b] for a, b in nlp.analyze(text).segments] == [
        "I saw that you opened a plant.",
        "What does that mean for the drivers you have?",
    ]


def test_tiny_sentences_join_the_next() -> None:
    text = "Okay. Fine. So what does that cost you in a month?"
    assert nlp.analyze(text).segments == ((0, len(text)),)


def test_a_long_run_without_punctuation_is_cut_and_nothing_is_lost() -> None:
    words = "we take the orders by phone and then dispatch types them again so the drivers wait " * 5
    segments = nlp.analyze(words).segments
    assert len(segments) > 2
    for start, end in segments:
        inside = [t for t in nlp.analyze(words).tokens if start <= t.start < end]
        assert len(inside) <= nlp.LONGEST_SEGMENT + nlp.SHORTEST_SEGMENT
    assert all(any(a <= t.start and t.end <= b for a, b in segments) for t in nlp.analyze(words).tokens)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("\ud83d half a character")
@example("\x00")
@example("İ" * 5)
@given(ANY)
def test_any_text_is_read_and_every_place_lies_inside_it(text: str) -> None:
    found = nlp.analyze(text)
    last = 0
    for start, end in found.segments:
        assert last <= start < end <= len(text)
        last = end
    for token in found.tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert any(a <= token.start < b for a, b in found.segments)
    assert isinstance(nlp.question_marks(text), tuple)


def test_a_turn_longer_than_the_usual_limit() -> None:
    text = "word " * 210_000
    assert len(nlp._pipeline().make_doc(text)) == 210_000


def test_vectors_are_unit_and_do_not_depend_on_the_company_they_keep() -> None:
    alone = encoder.vectors(["what does that cost you"])
    among = encoder.vectors(["", "hello", "what does that cost you", "\ud800 x"])
    assert alone.shape == (1, encoder.SIZE)
    assert (among[2] == alone[0]).all()
    assert not among[0].any()
    assert abs(float((alone[0] ** 2).sum()) - 1.0) < 0.01
