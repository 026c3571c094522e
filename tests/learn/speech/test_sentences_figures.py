"""Figures become words that can be counted back, and nothing but words and plain marks is left."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from ci_checker.learn.speech import sentences
from ci_checker.learn.speech.sentences import number, spoken_form

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
DECADES = "twenty thirty forty fifty sixty seventy eighty ninety".split()
TENS = {word: 10 * place for place, word in enumerate(DECADES, 2)}
SIZES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
ODD_ORDINALS = {
    "first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine",
    "twelfth": "twelve",
}  # fmt: skip


def counted(words: str) -> int:
    """Count number words back, by adding and multiplying, as a reader does."""
    total = group = 0
    for word in re.split(r"[ -]", words):
        if word in SIZES:
            group *= SIZES[word]
            if SIZES[word] > 100:
                total, group = total + group, 0
        else:
            group += TENS[word] if word in TENS else UNITS.index(word)
    return total + group


def cardinal(words: str) -> str:
    """Take the ordinal off the last word."""
    head, last = re.fullmatch(r"(.*?)(\w+)", words).groups()  # type: ignore[union-attr]
    if last in ODD_ORDINALS:
        return head + ODD_ORDINALS[last]
    assert last.endswith("th")
    return head + (f"{last.removesuffix('ieth')}y" if last.endswith("ieth") else last.removesuffix("th"))


def suffix(value: int) -> str:
    """What stands behind an ordinal's digits."""
    return "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


# --- numbers ------------------------------------------------------------------------------------


@given(some.integers(0, 999_999_999))
@example(1_000_000)
@example(1_000_001)
@example(100_000)
@example(20)
def test_a_number_can_be_counted_back_from_its_words(value: int) -> None:
    assert counted(number(value)) == value


def test_no_two_numbers_sound_alike() -> None:
    assert len({number(value) for value in range(3_000)}) == 3_000


@given(some.integers(0, 9_999))
@example(32)
@example(40)
@example(111)
@example(112)
@example(1_000)
@example(1_012)
def test_an_ordinal_is_its_number_with_another_last_word(value: int) -> None:
    spoken = spoken_form(f"the {value}{suffix(value)} of them")
    assert spoken.startswith("the ") and spoken.endswith(" of them")
    assert counted(cardinal(spoken.removeprefix("the ").removesuffix(" of them"))) == value


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("32nd", "thirty-second"),
        ("43rd", "forty-third"),
        ("50th", "fiftieth"),
        ("99th", "ninety-ninth"),
        ("100th", "one hundredth"),
        ("120th", "one hundred twentieth"),
        ("1,001st", "one thousand first"),
        ("2,000,000th", "two millionth"),
    ],
)
def test_ordinals_beyond_the_days_of_a_month(written: str, said: str) -> None:
    assert spoken_form(f"our {written} call") == f"our {said} call"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10, maybe 12, I think", "ten, maybe twelve, I think"),
        ("1,250 units, 30 crews.", "one thousand two hundred fifty units, thirty crews."),
        ("1,2,3", "one,two,three"),
        ("by 2024, or 2025.", "by twenty twenty-four, or twenty twenty-five."),
        ("2,024 of 19,000", "two thousand twenty-four of nineteen thousand"),
        ("007", "seven"),
    ],
)
def test_a_comma_belongs_to_the_number_only_where_it_groups_thousands(written: str, said: str) -> None:
    assert spoken_form(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$1.5 million a year", "one point five million dollars a year"),
        ("$2.25", "two point two five dollars"),
        ("up 3.5%", "up three point five percent"),
        ("a 4.05 average", "a four point zero five average"),
        ("It was 12. Then 13.", "It was twelve. Then thirteen."),
        ("1,200.5 hours", "one thousand two hundred point five hours"),
    ],
)
def test_a_decimal_is_said_digit_by_digit_behind_the_point(written: str, said: str) -> None:
    assert spoken_form(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$1", "one dollar"),
        ("$1 billion", "one billion dollars"),
        ("$10", "ten dollars"),
        ("$3 thousand, $4", "three thousand dollars, four dollars"),
        ("$", ""),
    ],
)
def test_money_is_said_with_its_dollars_behind(written: str, said: str) -> None:
    assert spoken_form(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("12:00", "twelve"),
        ("7:15", "seven fifteen"),
        ("0:07", "zero oh seven"),
        ("note: 5", "note, five"),
    ],
)
def test_a_clock_is_told_from_a_colon(written: str, said: str) -> None:
    assert spoken_form(written) == said


# --- marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("well - no", "well, no"),
        ("well -- no", "well, no"),
        ("twenty-two", "twenty-two"),
        ("don\u2019t \u2018em", "don't 'em"),
        ("yes,... no", "yes, no"),
        ("yes...", "yes"),
        ("'", ""),
        ("' well '", "well"),
        ("so,, what?", "so, what?"),
        ("what ?!", "what?!"),
        ("(aside) [noise] *bold*", "aside noise bold"),
        ("a / b", "a b"),
        ("- yes -", "yes"),
        ("Stra\u00dfe na\u00efve \u00c5sa", "Strasse naive Asa"),
        ("\U0001f600 ok", "ok"),
        ("", ""),
    ],
)
def test_marks_that_are_not_spoken_leave_no_trace(written: str, said: str) -> None:
    assert spoken_form(written) == said


@given(some.text(alphabet=some.sampled_from("abzAZ019 .,?!'-:;$%&\u2014\u2019\u00e9\u4e2d\n\t"), max_size=40))
def test_only_letters_and_plain_marks_are_left_whatever_was_written(text: str) -> None:
    spoken = spoken_form(text)
    assert re.fullmatch(r"[A-Za-z'\-.,?! ]*", spoken)
    assert "  " not in spoken and spoken == spoken.strip()
    assert not re.search(r"\s[.,?!]", spoken)


@given(some.text(alphabet=some.sampled_from("abz ,.?!'"), max_size=40))
def test_what_is_spoken_already_stays_the_same_words(text: str) -> None:
    said, written = (sentences.same_words(each).replace("'", "").split() for each in (spoken_form(text), text))
    assert said == written


# --- case, keys and what is left out --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("I see", True),
        ("I'm sure", True),
        ("Dana called", True),
        ("Monday works", True),
        ("Is that so", False),
        ("We lost two", False),
    ],
)
def test_a_first_word_keeps_its_capital_only_where_it_is_a_name(text: str, keeps: bool) -> None:
    assert sentences._keeps_case(text) is keeps


def test_a_filler_goes_before_a_sentence_without_its_capital() -> None:
    starts = [sentences.sentence(Random(seed)) for seed in range(400)]
    filled = [text for text in starts if re.match(r"(?:Um|Uh|Well|Honestly|I mean), \w", text)]
    assert len(filled) > 5
    for text in filled:
        rest = text.partition(", ")[2]
        assert rest[0].islower() or sentences._keeps_case(rest), text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("It's Dana's, isn't it?", "it's dana's isn't it"),
        ("One-two THREE", "one two three"),
        ("...", ""),
    ],
)
def test_the_key_of_a_sentence_is_its_letters(text: str, key: str) -> None:
    assert sentences.same_words(text) == key


def test_a_text_of_which_nothing_is_left_is_not_spoken() -> None:
    held = frozenset({"this is the one we keep back"})
    texts = ["This is the one we keep back.", "Hi. This is the one, we keep back! Bye.", "", "Hi."]
    assert list(sentences.without(texts, held)) == ["Hi. Bye.", "Hi."]


@pytest.mark.parametrize("words", [4, 5])
def test_only_sentences_of_five_words_and_more_are_kept_back(words: int) -> None:
    text = " ".join(["go"] * words)
    assert list(sentences.without([text], frozenset({text}))) == ([text] if words < 5 else [])


@given(some.lists(some.sampled_from(["Yes.", "Why?", "Go on!", "We lost two crews", "At 3.5 now."]), max_size=5))
def test_cutting_into_sentences_loses_nothing(parts: list[str]) -> None:
    text = "  ".join(parts)
    found = sentences.split_sentences(text)
    assert " ".join(found).split() == text.split()
    assert all(part == part.strip() and part for part in found)


def test_salad_has_three_to_ten_words_one_comma_at_most_and_an_end() -> None:
    words = [f"w{'x' * place}" for place in range(20)]
    salad = sentences.salad(Random(5), words, [float(place + 1) for place in range(20)])
    texts = [next(salad) for _ in range(300)]
    assert {len(text.split()) for text in texts} == set(range(3, 11))
    assert {text[-1] for text in texts} == set(".?!")
    for text in texts:
        assert text.count(",") <= (1 if len(text.split()) > 5 else 0)
        assert not text.split()[-2].endswith(",")


def test_expanding_fills_what_a_filling_brings_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sentences.SLOTS, "outer", ["the {inner} of {inner}"])
    monkeypatch.setitem(sentences.SLOTS, "inner", ["end"])
    assert sentences.expand("{outer}, {outer}", Random(1)) == "the end of end, the end of end"
    assert sentences.expand("no slot", Random(1)) == "no slot"
    with pytest.raises(KeyError, match="unheard_of"):
        sentences.expand("{unheard_of}", Random(1))
