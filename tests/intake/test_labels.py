"""Telling a name before a colon from everything else that stands before one."""

from __future__ import annotations

import pytest

from ci_checker.intake.transcripts.labels import accepted, is_heading, looks_like_name, split


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Ann: Hello.", ("Ann", "Hello.")),
        ("  Ann Lee :  Hello: you. ", ("Ann Lee", "Hello: you.")),
        ("Ann:", ("Ann", "")),
        ("Ann:hello", None),
        ("https://x.example", None),
        ("at 10:30 sharp", None),
        ("no colon", None),
        (": nothing before", None),
        ("x" * 61 + ": too long for a name", None),
    ],
)
def test_a_line_is_parted_at_the_first_colon_that_could_end_a_name(line: str, parts: tuple[str, str] | None) -> None:
    assert split(line) == parts


@pytest.mark.parametrize("label", ["Attendees", "Meeting Title", "Call Duration", "date", "Recorded by Subject"])
def test_a_field_of_a_header_is_a_heading(label: str) -> None:
    assert is_heading(label)


@pytest.mark.parametrize("label", ["Account Executive", "Call Agent", "Ann", "Company Rep", ""])
def test_a_role_is_no_heading_though_it_shares_a_word(label: str) -> None:
    assert not is_heading(label)


@pytest.mark.parametrize(
    "label",
    "Ann|Ann Lee|O'Neil|Dr. Jane Roe|J. R. Smith|van der Berg|Ludwig van Beethoven|agent 1|+15550100|Speaker A|user"
    "|Zoë (Acme)|Ann/Bob|DANA|李雷|client b".split("|"),
)
def test_names_roles_and_numbers_look_like_speakers(label: str) -> None:
    assert looks_like_name(label)


@pytest.mark.parametrize(
    "label",
    "so|The plan|my point|What I mean|Is that right?|ann|Pricing|Thursday|Ann said. Then|a <b>|http|Attendees"
    "|One two three four five six seven|Step 2|I think"
    "|More letters than fifty are too many for one name or two".split("|"),
)
def test_words_of_a_sentence_do_not(label: str) -> None:
    assert not looks_like_name(label)


def test_a_lower_case_word_is_a_speaker_when_it_comes_back() -> None:
    lines = ["ann: hi", "bob: hello", "ann: how are you"]
    assert accepted(lines) == {"ann"}
    assert accepted([*lines, "bob: fine"]) == {"ann", "bob"}


@pytest.mark.parametrize("label", ["so", "note", "question", "date", "two words", "what?"])
def test_a_word_that_opens_sentences_is_none_however_often_it_comes(label: str) -> None:
    assert accepted([f"{label}: one", f"{label}: two", f"{label}: three"]) == frozenset()


def test_names_that_a_header_lists_are_speakers_where_they_stand_before_a_colon() -> None:
    assert accepted(["the plan: go", "ann: hi"], known=["the plan", "zoe"]) == {"the plan"}


@pytest.mark.parametrize("label", ["1st", "2nd", "The 3rd", "21st December", "4th"])
def test_an_ordinal_is_no_name(label: str) -> None:
    assert not looks_like_name(label)
    assert label not in accepted([f"{label}: we go live", f"{label}: we train"])
