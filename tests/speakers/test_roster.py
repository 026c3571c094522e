"""Names compared as people write them and as recognizers hear them."""

from __future__ import annotations

import pytest

from ci_checker.speakers.roster import RosterEntry, entry_of, fold, pick, sounds_in


def test_folding_drops_case_marks_and_spaces():
    assert fold("  O'Brien,  Dana ") == "o brien dana"


@pytest.mark.parametrize(
    ("wanted", "names", "found"),
    [
        ("Luke", ["Luke Miller", "Karen"], "Luke Miller"),
        ("Luke Miller", ["luke", "Karen"], "luke"),
        ("Miller, Luke", ["Luke Miller"], "Luke Miller"),
        ("Luke", ["Luke Miller", "Luke Ames"], None),
        ("Lu", ["Luke Miller"], None),
        ("", ["Luke"], None),
        ("Luke", [], None),
    ],
)
def test_a_name_is_picked_only_if_one_speaker_can_be_meant(wanted, names, found):
    assert pick(wanted, names) == found


def test_an_entry_is_found_by_alias():
    entry = RosterEntry(name="Elizabeth Chan", aliases=("Liz",))
    assert entry_of("Liz", [entry]) is entry
    assert entry_of("Lizzy", [entry]) is None


@pytest.mark.parametrize(
    "heard", ["with bright harbor", "from Bright Harbour.", "at brightharbor today", "bright arbor"]
)
def test_a_name_is_heard_through_spelling(heard):
    assert sounds_in("Bright Harbor", heard)


@pytest.mark.parametrize("heard", ["", "with a harbor", "bright and early", "right behind her"])
def test_a_name_is_not_heard_in_other_words(heard):
    assert not sounds_in("Bright Harbor", heard)


def test_short_names_must_be_exact():
    assert sounds_in("Luke", "this is luke")
    assert not sounds_in("Luke", "this is look")
    assert not sounds_in("", "anything")
