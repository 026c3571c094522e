"""What single formats get wrong in the wild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ci_checker.errors import CallError
from ci_checker.intake.transcripts import parse
from ci_checker.intake.transcripts.base import Cue, Transcript, build, stamp


def turns(text: str, name: str = "x.txt") -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in parse(text, Path(name))[0].turns]


def notes(text: str, name: str = "x.txt") -> str:
    return " | ".join(parse(text, Path(name))[0].notes)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:03", 3.0),
        ("00:00:03.500", 3.5),
        ("01:02:03,250", 3723.25),
        ("75:10", 4510.0),
        ("0:61", None),
        ("1:75:00", None),
        ("12", None),
        ("", None),
        ("a:10", None),
    ],
)
def test_stamps(text, seconds):
    assert stamp(text) == seconds


def test_two_voices_of_one_caption_stay_two():
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>Shall we?</v> <v Bob &amp; Co>Yes, let's.</v>\n"
    assert turns(text) == [("Ann", "Shall we?"), ("Bob & Co", "Yes, let's.")]


def test_words_outside_a_voice_are_kept_and_counted():
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\nUm <v Ann>hello</v>\n"
    assert turns(text) == [("unknown", "Um"), ("Ann", "hello")]
    assert "1 of 2 captions without a speaker" in notes(text)


def test_malformed_time_is_named_and_its_words_kept():
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: One.\n\n00:05.000 --> 00:0x.000\nAnn: Two.\n\n"
        "00:09.000 --> 00:10.000\nAnn: Three.\n"
    )
    assert [said for _, said in turns(text)] == ["One.", "Two.", "Three."]
    assert "Line 6 has a malformed time" in notes(text)


def test_blank_line_inside_a_caption_loses_nothing():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: One\n\ntwo three.\n\n00:09.000 --> 00:10.000\nBob: Four.\n"
    assert turns(text) == [("Ann", "One two three."), ("Bob", "Four.")]


def test_notes_and_styles_of_webvtt_are_not_speech():
    text = (
        "WEBVTT Kind: captions\nLanguage: en\n\nSTYLE\n::cue {color: red}\n\nNOTE Ann: secret\n\n"
        "00:01.000 --> 00:02.000\nAnn: Hello.\n"
    )
    assert turns(text) == [("Ann", "Hello.")]


def test_captions_without_blank_lines_between_them():
    text = "1\n00:00:01,000 --> 00:00:02,000\nAnn: One.\n2\n00:00:04,000 --> 00:00:05,000\nBob: Two.\n"
    assert turns(text, "x.srt") == [("Ann", "One."), ("Bob", "Two.")]


def test_a_number_that_is_spoken_is_not_an_id():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nAnn: How many?\n\n2\n00:00:04,000 --> 00:00:05,000\n42\n\n"
        "3\n00:00:06,000 --> 00:00:07,000\nAnn: Good.\n"
    )
    assert "42" in " ".join(said for _, said in turns(text, "x.srt"))


def test_a_caption_without_a_name_goes_on_and_says_so():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: One.\n\n00:02.100 --> 00:03.000\nTwo.\n"
    assert turns(text) == [("Ann", "One. Two.")]
    assert "1 caption without a name" in notes(text)


def test_gap_or_another_voice_parts_turns():
    cue = Cue(speaker="A", text="x", start_s=0.0, end_s=1.0)
    near = Cue(speaker="A", text="y", start_s=2.4, end_s=3.0)
    far = Cue(speaker="A", text="z", start_s=4.6, end_s=5.0)
    assert [turn.text for turn in build([cue, near, far]).turns] == ["x y", "z"]
    between = Cue(speaker="B", text="b", start_s=1.1, end_s=1.2)
    assert [turn.text for turn in build([cue, between, near]).turns] == ["x", "b", "y"]


def test_nameless_sentences_are_not_glued_into_one_voice():
    one, two = (
        Cue(speaker=None, text="Who is it?", start_s=0.0, end_s=1.0),
        Cue(speaker=None, text="Me.", start_s=1.1, end_s=2.0),
    )
    assert len(build([one, two]).turns) == 2


def test_times_running_backwards_are_named_and_left_out():
    found = build(
        [
            Cue(speaker="A", text="a", start_s=100.0, end_s=101.0),
            Cue(speaker="B", text="b", start_s=1.0, end_s=2.0),
            Cue(speaker="A", text="c", start_s=110.0, end_s=109.0),
        ]
    )
    assert [turn.start_s for turn in found.turns] == [100.0, None, 110.0]
    assert found.turns[2].end_s is None
    assert "running backwards, first at 1.0 s" in found.notes[0]
    assert "ending before it starts" in found.notes[1]


def test_overlapping_speech_is_put_in_order_of_its_start():
    found = build(
        [
            Cue(speaker="A", text="a", start_s=5.0, end_s=9.0),
            Cue(speaker="B", text="b", start_s=4.0, end_s=6.0),
        ]
    )
    assert [turn.speaker for turn in found.turns] == ["B", "A"]
    assert found.notes == ()


def test_times_beyond_the_call_are_named():
    data = {
        "status": "completed",
        "audio_duration": 10,
        "utterances": [
            {"speaker": "A", "start": 0, "end": 2000, "text": "Hi."},
            {"speaker": "B", "start": 50_000, "end": 52_000, "text": "Yo."},
        ],
    }
    found = parse(json.dumps(data), Path("x.json"))[0]
    assert found.turns[1].start_s is None
    assert found.duration_s == 10
    assert "outside the call (its length is 0:10), first at 52.0 s" in found.notes[0]


@pytest.mark.parametrize(
    "line",
    [
        "https://example.com/a is the page",
        "10:30 works for me",
        "So: here is the plan",
        "Note: not now",
        "Here's the thing: it costs",
        "The ratio was 3:1 then",
        "Question: who decides?",
        "Thursday: ten would do",
    ],
)
def test_a_colon_does_not_make_a_speaker(line):
    assert turns(f"Ann: Hello.\n{line}\nBob: Bye.\n") == [("Ann", f"Hello. {line}"), ("Bob", "Bye.")]


@pytest.mark.parametrize(
    "name",
    [
        "Dr. Jane O'Neil",
        "María José de la Cruz",
        "+1 555 010 0199",
        "Smith, John (Sales)",
        "JOHN",
        "Speaker 1",
        "SPEAKER_00",
        "李雷",
        "Receptionist",
        "Will",
        "Account Executive",
        "rep",
        "Jean-Luc van der Berg",
    ],
)
def test_names_of_many_shapes(name):
    assert turns(f"{name}: Hello.\nBob: Bye.\n")[0] == (name, "Hello.")


def test_header_of_a_plain_text_is_named():
    text = "Date: 2026-03-02\nAttendees: Ann, Bob\n\nAnn: Hello.\nBob: Bye.\n"
    assert turns(text) == [("Ann", "Hello."), ("Bob", "Bye.")]
    assert "2 lines before the first speaker left out" in notes(text)


def test_text_that_lost_its_speakers_says_so():
    assert turns("Hello there.\nWho is this?\n") == [("unknown", "Hello there."), ("unknown", "Who is this?")]
    assert "names no speakers" in notes("Hello there.\nWho is this?\n")


def test_stamps_that_are_times_of_day_are_not_times_of_the_call():
    text = "[14:03:10] Ann: Hello.\n[14:03:12] Bob: Hi.\n"
    assert all(turn.start_s is None for turn in parse(text, Path("x.txt"))[0].turns)
    assert "times of day" in notes(text)


def test_markup_goes_and_comparisons_stay():
    text = "Ann: a < b and c > d, <i>really</i> &lt;now&gt; AT&T &copy right\nBob: ok\n"
    assert turns(text)[0][1] == "a < b and c > d, really <now> AT&T &copy right"


def test_gong_joins_parties_and_keeps_strangers():
    data = {
        "parties": [{"speakerId": "1", "name": "Ann", "affiliation": "Internal"}],
        "transcript": [
            {"speakerId": "1", "sentences": [{"start": 0, "end": 2, "text": "Hi."}]},
            {"speakerId": "9", "sentences": [{"start": 3, "end": 5, "text": "Hello."}]},
        ],
    }
    found = parse(json.dumps(data), Path("x.json"))[0]
    assert [speaker.name for speaker in found.speakers] == ["Ann", "9"]
    assert found.speakers[0].reason == "Gong lists this speaker as internal"
    assert "1 speaker not among the parties" in found.notes[0]


def test_gong_start_of_the_call_is_read_with_its_zone():
    data = {
        "metaData": {"started": "2026-03-02T09:30:00+01:00", "duration": 60},
        "transcript": [{"speakerId": "1", "sentences": [{"start": 0, "end": 2, "text": "Hi."}]}],
    }
    assert parse(json.dumps(data), Path("x.json"))[0].started_at.isoformat() == "2026-03-02T09:30:00+01:00"


def test_failed_assemblyai_transcript_gives_its_reason():
    with pytest.raises(CallError, match="could not transcribe this call: no audio"):
        parse(json.dumps({"status": "error", "error": "no audio", "words": None}), Path("x.json"))


def test_deepgram_with_text_alone_has_no_times():
    data = {"results": {"channels": [{"alternatives": [{"transcript": "hello there", "words": []}]}]}}
    found = parse(json.dumps(data), Path("x.json"))[0]
    assert (found.turns[0].text, found.turns[0].start_s, found.duration_s) == ("hello there", None, None)


def test_whisperx_segment_of_two_voices_is_named():
    data = {
        "segments": [
            {
                "start": 0,
                "end": 2,
                "text": "hi yes",
                "speaker": "A",
                "words": [{"word": "hi", "speaker": "A"}, {"word": "yes", "speaker": "B"}],
            }
        ]
    }
    assert "1 segment with words of two voices" in parse(json.dumps(data), Path("x.json"))[0].notes[0]


def test_whisper_segments_with_rubbish_do_not_break_it():
    data = {
        "segments": [
            {"start": "NaN", "end": None, "text": "hi", "words": "none"},
            7,
            {"start": 1, "end": 2, "text": "you"},
        ]
    }
    found: Transcript = parse(json.dumps(data), Path("x.json"))[0]
    assert found.turns[0].start_s is None
    assert found.turns[-1].text.endswith("you")
