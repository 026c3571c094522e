"""What all readers share: times are checked, neighbors joined, and nothing is left out unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.errors import CallError
from ci_checker.intake.transcripts.base import NAMELESS, Cue, build
from ci_checker.model import Word


def cue(text: str = "word", start: float | None = None, end: float | None = None, speaker: str | None = "A") -> Cue:
    return Cue(speaker=speaker, text=text, start_s=start, end_s=end)


def test_a_transcript_without_a_word_is_refused() -> None:
    for cues in ([], [cue("  "), cue("<i></i>")]):
        with pytest.raises(CallError, match="no one says a word"):
            build(cues)


def test_a_cue_of_markup_alone_is_no_turn() -> None:
    assert [turn.text for turn in build([cue("<b>Hello</b>"), cue("\u200b")]).turns] == ["Hello"]


@pytest.mark.parametrize(("gap", "turns"), [(0.0, 1), (1.49, 1), (1.5, 2), (-0.5, 1)])
def test_one_speaker_goes_on_within_a_second_and_a_half(gap: float, turns: int) -> None:
    assert len(build([cue("one", 0.0, 1.0), cue("two", 1.0 + gap, 3.0)]).turns) == turns


def test_cues_without_times_are_turns_of_their_own() -> None:
    assert len(build([cue("one"), cue("two")]).turns) == 2


def test_a_joined_turn_has_the_text_the_end_and_the_words_of_both() -> None:
    words = [(Word(text=name, start_s=at, end_s=at + 1),) for name, at in (("one", 0.0), ("two", 1.2))]
    first = Cue(speaker="A", text="one", start_s=0.0, end_s=1.0, words=words[0])
    second = Cue(speaker="A", text="two", start_s=1.2, end_s=2.2, words=words[1])
    (turn,) = build([first, second]).turns
    assert (turn.text, turn.start_s, turn.end_s) == ("one two", 0.0, 2.2)
    assert [word.text for word in turn.words] == ["one", "two"]
    (half,) = build([first, cue("two", 1.2, 2.2)]).turns
    assert half.words == (), "words of one half alone would not be the turn's"


def test_a_shorter_cue_within_a_longer_one_does_not_end_the_turn_early() -> None:
    (turn,) = build([cue("one", 0.0, 5.0), cue("two", 1.0, 2.0)]).turns
    assert turn.end_s == 5.0


@pytest.mark.parametrize(("ending", "turns"), [(".", 2), ("?", 2), ('!"', 2), ("…", 2), (",", 1), ("", 1)])
def test_without_names_only_a_sentence_cut_in_two_is_joined(ending: str, turns: int) -> None:
    found = build([cue(f"one{ending}", 0.0, 1.0, None), cue("two", 1.1, 2.0, None)])
    assert len(found.turns) == turns
    assert found.notes == (NAMELESS,) and found.turns[0].speaker == "unknown"


def test_one_name_is_enough_not_to_be_nameless() -> None:
    assert build([cue("one", speaker=None), cue("two")]).notes == ()


def test_speakers_are_listed_once_in_order_with_what_the_source_says_of_them() -> None:
    found = build([cue(speaker="B"), cue(speaker="A"), cue(speaker="B")], reasons={"A": "listed as internal"})
    assert [(speaker.name, speaker.reason) for speaker in found.speakers] == [("B", ""), ("A", "listed as internal")]


def test_the_length_is_the_source_s_or_the_last_end() -> None:
    assert build([cue(start=0.0, end=3.0)]).duration_s == 3.0
    assert build([cue(start=0.0, end=3.0)], length_s=10.0).duration_s == 10.0
    assert build([cue(start=0.0, end=11.0)], length_s=10.0).duration_s == 11.0, "a rounded length"
    assert build([cue()]).duration_s is None


@pytest.mark.parametrize(("start", "end", "kept"), [(9.0, 12.0, True), (9.0, 12.1, False), (-0.1, 1.0, False)])
def test_times_outside_the_call_are_left_out_and_named(start: float, end: float, kept: bool) -> None:
    found = build([cue(start=start, end=end)], length_s=10.0)
    assert (found.turns[0].start_s is not None) is kept
    assert ("outside the call" in " ".join(found.notes)) is not kept


def test_with_the_times_of_a_cue_those_of_its_words_go_and_their_chances_stay() -> None:
    word = Word(text="one", start_s=50.0, end_s=51.0, probability=0.9)
    found = build([Cue(speaker="A", text="one", start_s=50.0, end_s=51.0, words=(word,))], length_s=10.0)
    assert found.turns[0].words == (Word(text="one", probability=0.9),)


def test_a_little_overlap_is_speech_and_a_great_leap_back_is_a_fault() -> None:
    assert build([cue("a", 10.0, 12.0), cue("b", 5.0, 6.0, "B")]).notes == ()
    found = build([cue("a", 10.0, 12.0), cue("b", 4.9, 6.0, "B")])
    assert "One place has a time running backwards, first at 4.9 s" in found.notes[0]


def test_several_faults_of_one_kind_are_one_note() -> None:
    found = build([cue("a", 100.0, 101.0), *(cue("b", float(n), n + 1.0, "B") for n in range(3))])
    assert [note[:27] for note in found.notes] == ["3 places have times running"]


def test_a_cue_without_a_time_stays_behind_the_one_that_it_followed() -> None:
    found = build([cue("one", 3.0, 4.0, "A"), cue("two", None, None, "B"), cue("three", 1.0, 2.0, "C")])
    assert [turn.text for turn in found.turns] == ["three", "one", "two"]


TIMES = st.one_of(st.none(), st.floats(-5, 100))
CUES = st.lists(st.builds(cue, st.sampled_from(["one.", "two", "three?"]), TIMES, TIMES, st.sampled_from("AB")))


@given(CUES.filter(bool), st.one_of(st.none(), st.floats(1, 100)))
@settings(max_examples=150, deadline=None)
def test_whatever_the_times_are_no_word_is_lost_and_those_kept_run_forward(
    cues: list[Cue], length_s: float | None
) -> None:
    found = build(cues, length_s=length_s)
    assert sorted(" ".join(turn.text for turn in found.turns).split()) == sorted(one.text for one in cues)
    starts = [turn.start_s for turn in found.turns if turn.start_s is not None]
    assert starts == sorted(starts) and all(start >= 0 for start in starts)
    for turn in found.turns:
        assert turn.start_s is None or turn.end_s is None or turn.end_s >= turn.start_s
