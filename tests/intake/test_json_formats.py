"""JSON of the products: units, channels, names, and the ways in which exports differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ci_checker.errors import CallError
from ci_checker.intake.transcripts import parse
from ci_checker.intake.transcripts.base import Transcript


def read(data: Any) -> Transcript:
    return parse(json.dumps(data), Path("call.json"))[0]


def said(data: Any) -> list[tuple[str, str, float | None]]:
    return [(turn.speaker, turn.text, turn.start_s) for turn in read(data).turns]


def reader(data: Any) -> str:
    return parse(json.dumps(data), Path("call.json"))[1]


# --- Gong ---------------------------------------------------------------------------------------


def gong(start: float, end: float, **meta: Any) -> dict[str, Any]:
    sentence = {"start": start, "end": end, "text": "Good morning, this is Ann with Bright Harbor."}
    call = {"metaData": meta} if meta else {}
    return {**call, "transcript": [{"speakerId": "1", "sentences": [sentence]}]}


@pytest.mark.parametrize("data", [gong(2, 6, duration=60), gong(2000, 6000, duration=60), gong(2, 6), gong(2000, 6000)])
def test_gong_s_times_are_told_by_the_length_of_the_call_or_by_the_pace_of_speech(data: dict[str, Any]) -> None:
    (turn,) = read(data).turns
    assert (turn.start_s, turn.end_s) == (2.0, 6.0)


def test_gong_s_answers_may_be_put_together_in_any_way() -> None:
    party = {"speakerId": 7, "emailAddress": "ann@x.example", "affiliation": "External"}
    monologue = {"speakerId": "7", "sentences": [{"start": 1, "end": 2, "text": "Hi."}]}
    calls = {"calls": [{"metaData": {"duration": 10}, "parties": [party]}]}
    for transcript in (
        {"callTranscripts": [{"callId": "1", "transcript": [monologue]}]},
        {"transcript": {"monologues": [monologue]}},
        {"transcript": [monologue]},
    ):
        found = read({**calls, **transcript})
        assert [speaker.name for speaker in found.speakers] == ["ann@x.example"]
        assert found.speakers[0].reason == "Gong lists this speaker as external"
        assert found.duration_s == 10


def test_several_calls_in_one_gong_file_are_refused() -> None:
    one = {"transcript": [{"speakerId": "1", "sentences": []}]}
    with pytest.raises(CallError, match="several calls"):
        read({"callTranscripts": [one, one]})


# --- Deepgram -----------------------------------------------------------------------------------


def spoken(*words: tuple[str, float, int | None]) -> list[dict[str, Any]]:
    return [
        {"word": text.lower(), "punctuated_word": text, "start": at, "end": at + 0.4}
        | ({} if speaker is None else {"speaker": speaker})
        for text, at, speaker in words
    ]


def deepgram(*channels: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    alternatives = [{"alternatives": [{"transcript": "x", "words": words}]} for words in channels]
    return {"metadata": {"duration": 30.0}, "results": {"channels": alternatives, **more}}


def test_deepgram_s_words_become_turns_by_voice() -> None:
    found = said(deepgram(spoken(("Hi,", 0.0, 0), ("Ann.", 0.5, 0), ("Hello!", 1.0, 1), ("Yes.", 5.0, 1))))
    assert found == [("speaker 0", "Hi, Ann.", 0.0), ("speaker 1", "Hello!", 1.0), ("speaker 1", "Yes.", 5.0)]


def test_deepgram_s_channels_are_put_in_order_of_time_though_one_comes_after_the_other_in_the_file() -> None:
    found = read(deepgram(spoken(("Hi.", 22.0, None)), spoken(("Hello?", 0.5, None), ("Yes.", 24.0, None))))
    assert [(turn.speaker, turn.text, turn.start_s) for turn in found.turns] == [
        ("channel 1", "Hello?", 0.5),
        ("channel 0", "Hi.", 22.0),
        ("channel 1", "Yes.", 24.0),
    ]
    assert found.notes == ()


def test_two_voices_on_one_of_several_channels_are_told_apart() -> None:
    found = said(deepgram(spoken(("Hi.", 0.0, 0)), spoken(("Yes.", 2.0, 0), ("No.", 4.0, 1))))
    assert [name for name, _, _ in found] == ["channel 0", "channel 1", "channel 1 speaker 1"]


def test_deepgram_s_own_utterances_go_before_its_words() -> None:
    utterance = {"start": 1.0, "end": 2.0, "transcript": "As cut by Deepgram.", "speaker": 3, "channel": 0}
    assert said(deepgram(spoken(("As", 1.0, 0)), utterances=[utterance])) == [("speaker 3", "As cut by Deepgram.", 1.0)]


# --- AssemblyAI ---------------------------------------------------------------------------------


def test_assemblyai_without_utterances_is_read_from_its_words() -> None:
    words = [
        {"text": "Hi.", "start": 0, "end": 400, "speaker": "A", "confidence": 0.9},
        {"text": "Hello", "start": 500, "end": 800, "speaker": "B"},
        {"text": "Ann.", "start": 900, "end": 1200, "speaker": "B"},
    ]
    found = read({"status": "completed", "audio_duration": 2, "words": words})
    assert [(turn.speaker, turn.text, turn.start_s) for turn in found.turns] == [
        ("A", "Hi.", 0.0),
        ("B", "Hello Ann.", 0.5),
    ]
    assert found.turns[0].words[0].probability == 0.9


def test_assemblyai_with_text_alone_has_no_times_and_no_names() -> None:
    found = read({"status": "completed", "words": None, "text": "Hi. Hello.", "language_code": "en"})
    assert [(turn.speaker, turn.start_s) for turn in found.turns] == [("unknown", None)]
    assert any("names no speakers" in note for note in found.notes)


# --- Fireflies ----------------------------------------------------------------------------------


SENTENCE = {"speaker_name": "Ann", "text": "Hi.", "start_time": 1.0, "end_time": 2.0}


@pytest.mark.parametrize(
    "data",
    [
        [SENTENCE],
        {"sentences": [SENTENCE]},
        {"data": {"transcript": {"sentences": [SENTENCE]}}},
        {
            "transcript": {
                "sentences": [{"speaker_name": "Ann", "sentence": "Hi.", "startTime": "0:01", "endTime": "0:02"}]
            }
        },
    ],
    ids=["list", "download", "API", "other names"],
)
def test_fireflies_exports_of_all_shapes(data: Any) -> None:
    assert said(data) == [("Ann", "Hi.", 1.0)]


def test_fireflies_counts_the_length_in_minutes_and_the_date_in_milliseconds() -> None:
    found = read({"duration": 1.5, "date": 1_772_444_400_000, "sentences": [SENTENCE]})
    assert found.duration_s == 90.0 and found.started_at == datetime(2026, 3, 2, 9, 40, tzinfo=UTC)


def test_a_voice_that_fireflies_could_not_name_is_numbered() -> None:
    assert said([{**SENTENCE, "speaker_name": None, "speaker_id": 2}])[0][0] == "speaker 2"


# --- Whisper, whisper.cpp and our own -----------------------------------------------------------


def test_whisperx_keeps_words_without_times() -> None:
    words = [{"word": "in", "start": 0.0, "end": 0.2, "score": 0.9}, {"word": "2026"}]
    found = read({"segments": [{"start": 0, "end": 1, "text": "in 2026", "speaker": "SPEAKER_00", "words": words}]})
    assert [(word.text, word.start_s) for word in found.turns[0].words] == [("in", 0.0), ("2026", None)]


def test_whisper_cpp_counts_in_milliseconds() -> None:
    data = {"transcription": [{"offsets": {"from": 1500, "to": 2500}, "text": " Hi."}]}
    assert reader(data) == "whisper.cpp JSON" and said(data) == [("unknown", "Hi.", 1.5)]


def test_what_this_program_wrote_it_reads_again() -> None:
    turn = {"speaker": "left", "role": "rep", "text": "Hi.", "start": 1.0, "end": 2.0}
    for data in ({"turns": [turn], "duration": 3.0}, {"schema": 1, "calls": [{"turns": [turn], "duration": 3.0}]}):
        found = read(data)
        assert said(data) == [("left", "Hi.", 1.0)] and found.duration_s == 3.0
    with pytest.raises(CallError, match="several calls"):
        read({"calls": [{"turns": [turn]}, {"turns": [turn]}]})


def test_json_that_nobody_knows_is_told_by_its_keys_and_the_known_formats() -> None:
    with pytest.raises(CallError, match="JSON of an unknown kind; it has the keys weather, mood") as told:
        read({"weather": 1, "mood": 2})
    assert "Gong JSON" in told.value.todo
