"""Names: which are heard right, and which are heard that nobody said."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="hearing is measured with openai-whisper's normalizer")
pytest.importorskip("whisper")

from ci_checker.learn.hearing import names
from ci_checker.learn.hearing.names import Named, Recall
from ci_checker.learn.hearing.stage import staged
from ci_checker.learn.speech.evaluate import held_out

NAMED = (
    Named(text="Hi Zora, this is Ada Quill.", names=("Zora", "Ada Quill")),
    Named(text="We like Tarn Bay's offer.", names=("Tarn Bay",)),
)


@pytest.fixture
def lines(line):
    return [line(each.text, voice) for each, voice in zip(NAMED, ("sarah", "mike"))]


def found(oracle, lines, change=lambda words: words):
    call = staged("names", lines, seed=5)
    return names.recall(oracle([call], change), call, lines, NAMED)


def swapped(old, new):
    return lambda words: [(new if text == old else text, start, end) for text, start, end in words]


def test_all_names_are_right_also_with_marks_and_in_the_possessive(oracle, lines):
    assert found(oracle, lines) == Recall(said=3, right=3, leaked=0)


@pytest.mark.parametrize(
    ("old", "new", "right", "leaked"),
    [
        ("Zora,", "zora", 3, 0),
        ("Zora,", "Sora,", 2, 0),
        ("Ada", "Etta", 2, 0),
        ("offer.", "Zelora.", 3, 1),
        ("offer.", "Zora.", 3, 1),
        ("like", "lick", 3, 0),
    ],
)
def test_a_name_counts_as_it_is_spelled_and_where_it_is_said(oracle, lines, old, new, right, leaked):
    assert found(oracle, lines, swapped(old, new)) == Recall(said=3, right=right, leaked=leaked)


def test_half_a_name_is_not_the_name(oracle, lines):
    assert found(oracle, lines, lambda words: [w for w in words if w[0] != "Quill."]).right == 2


def test_where_nothing_is_heard_no_name_is(oracle, lines):
    assert found(oracle, lines, lambda _: []) == Recall(said=3, right=0, leaked=0)


def test_the_shipped_sentences_have_names_and_no_marks_of_them():
    sentences = names.sentences()
    assert len(sentences) >= 10 and sum(len(each.names) for each in sentences) >= 15
    for each in sentences:
        assert each.names and not set("{}") & set(each.text)
        assert all(name in each.text for name in each.names)
        assert not any(name in each.text for name in names.NEVER_SAID)
    assert not {each.text for each in sentences} & set(held_out())


def test_the_vocabulary_has_every_name_once_and_some_that_nobody_says():
    known = names.vocabulary([*NAMED, *NAMED])
    assert known == ["Zora", "Ada Quill", "Tarn Bay", *names.NEVER_SAID]
