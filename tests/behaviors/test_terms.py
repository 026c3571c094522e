"""Terms of a block: the same numbers as scikit-learn's, without scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from ci_checker.behaviors import terms
from ci_checker.behaviors.terms import NOTHING, Terms

TEXTS = ["we make labels and we make boxes", "what does that cost", "a b c we", "", "what that cost we", "boxes c é"]
WORDS = [text.split() for text in TEXTS]


def whole(known: Terms, texts: list[list[str]]) -> np.ndarray:
    return terms.matrix([(known.entries(texts), len(known.columns), 1.0)], len(texts)).toarray()


def test_words_weigh_as_they_do_there() -> None:
    theirs = TfidfVectorizer(analyzer=str.split, sublinear_tf=True, min_df=2).fit(TEXTS)
    mine = Terms.fit(WORDS, 100)
    assert list(mine.columns) == theirs.get_feature_names_out().tolist()
    assert np.allclose(whole(mine, WORDS), theirs.transform(TEXTS).toarray(), atol=1e-6)


def test_letters_are_cut_as_they_are_there() -> None:
    cut = TfidfVectorizer(analyzer="char_wb", ngram_range=terms.LETTERS, lowercase=False).build_analyzer()
    for text in [*TEXTS, "ii", "a", "<money> isn't it"]:
        assert terms.letters(text) == cut(text)


def test_signs_are_there_or_not() -> None:
    theirs = CountVectorizer(analyzer=str.split, binary=True, min_df=2).fit(TEXTS)
    mine = Terms.fit(WORDS, 100, weighed=False)
    assert np.array_equal(whole(mine, WORDS), theirs.transform(TEXTS).toarray())


def test_the_most_frequent_are_kept_and_ties_go_by_alphabet() -> None:
    assert list(Terms.fit(WORDS, 2).columns) == ["boxes", "we"]
    assert list(Terms.fit([["b", "a"], ["a", "b"]], 1).columns) == ["a"]


def test_a_row_does_not_depend_on_the_others() -> None:
    known = Terms.fit(WORDS, 100)
    together = known.entries(WORDS)
    for number, text in enumerate(WORDS):
        alone = known.entries([text]).row(0)
        assert all(np.array_equal(a, b) for a, b in zip(alone, together.row(number), strict=True))


@pytest.mark.parametrize("texts", [[], [[]], [["once"], ["only"]]])
def test_a_block_without_terms_has_one_that_never_comes(texts: list[list[str]]) -> None:
    known = Terms.fit(texts, 10)
    assert list(known.columns) == [NOTHING]
    assert known.entries([["once", "other"]]).row(0)[0].size == 0
