"""One small file of every transcript format, with the turns that must come out of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

ANN = "Hi Bob, this is Ann from Northwind."
BOB = "Oh hey. We are at 10:30 & it's busy, see https://x.io now."
FUND = "I saw you raised £13.60 million in 2014, right?"


@dataclass(frozen=True)
class Sample:
    """A file name, its text, and (speaker, text, start, end) of every turn."""

    id: str
    name: str
    text: str
    turns: tuple[tuple[str, str, float | None, float | None], ...]
    duration_s: float | None
    reader: str


THREE = (("Ann Lee", ANN, 0.5, 3.0), ("Bob", BOB, 3.5, 7.25), ("Ann Lee", FUND, 8.0, 12.0))
UNTIMED = tuple((name, text, None, None) for name, text, _, _ in THREE)
STARTS = (("Ann Lee", ANN, 0.0, None), ("Bob", BOB, 3.0, None), ("Ann Lee", FUND, 8.0, None))
NOBODY = (("unknown", ANN, 0.5, 3.0), ("unknown", BOB, 3.5, 7.25), ("unknown", FUND, 8.0, 12.0))

ZOOM = f"""WEBVTT

1
00:00:00.500 --> 00:00:02.000
Ann Lee: Hi Bob, this is

2
00:00:02.200 --> 00:00:03.000
Ann Lee: Ann from Northwind.

3
00:00:03.500 --> 00:00:07.250
Bob: {BOB.replace("&", "&amp;")}

4
00:00:08.000 --> 00:00:12.000
Ann Lee: {FUND}
"""
TEAMS = f"""\ufeffWEBVTT\r
\r
NOTE Confidence: 0.9\r
\r
8f3a2c1e-0000/12-0\r
00:00.500 --> 00:03.000\r
<v Ann Lee>{ANN}</v>\r
\r
This looks like text: 2\r
00:00:03.500 --> 00:00:07.250 align:start\r
<v Bob>{BOB.replace("&", "&amp;").replace("'", "&#39;")}\r
\r
00:00:08.000 --> 00:00:12.000\r
<v.loud Ann Lee>{FUND}</v>\r
"""
SRT = f"""1
00:00:00,500 --> 00:00:03,000
<i>Ann Lee: {ANN}</i>

2
00:00:03,500 --> 00:00:07,250
{{\\an8}}Bob: {BOB}

3
00:00:08,000 --> 00:00:12,000
Ann Lee: {FUND}
"""
SRT_NAMELESS = SRT.replace("Ann Lee: ", "").replace("Bob: ", "")
HEADED = f"""0:0:0.500 --> 0:0:3.0
Ann Lee
{ANN}

0:0:3.5 --> 0:0:7.25
Bob
{BOB}

0:0:8.0 --> 0:0:12.0
Ann Lee
{FUND}
"""
PLAIN = f"Ann Lee: {ANN}\nBob: Oh hey.\nWe are at 10:30 & it's busy,\nsee https://x.io now.\n\nAnn Lee: {FUND}\n"
STAMPED = f"[0:00] Ann Lee: {ANN}\n[00:03] Bob: {BOB}\n(00:00:08) Ann Lee: {FUND}\n"
AFTER = f"Ann Lee (00:00): {ANN}\nBob [0:03] {BOB}\nAnn Lee (0:08): {FUND}\n"
TABBED = f"00:00:00\tAnn Lee:\t{ANN}\n00:00:03\tBob:\t{BOB}\n00:00:08\tAnn Lee:\t{FUND}\n"
LOWER = f"rep: {ANN}\nprospect: {BOB}\nrep: {FUND}\n"
OTTER = (
    f"Call with Bob\nMon, Mar 2\n\nAnn Lee  0:00  \n{ANN}\n\nBob  0:03  \n{BOB}\n\nAnn Lee  0:08\n{FUND}\n\n"
    "Transcribed by https://otter.ai\n"
)
MEET = (
    "Northwind intro (2026-03-02 at 09:30 GMT) - Transcript\n"
    "Attendees\nAnn Lee, Bob\n\nTranscript\n\n00:00:00\n"
    f"Ann Lee: {ANN}\nBob: {BOB}\n\n00:05:00\n\nAnn Lee: {FUND}\n\nMeeting ended after 00:06:10 👋\n"
    "This editable transcript was computer generated and might contain errors.\n"
)


def _words(text: str, start: float, end: float, *, key: str, extra: dict | None = None, scale: float = 1) -> list[dict]:
    said = text.split()
    step = (end - start) / len(said)
    return [
        {
            key: word,
            "start": round((start + n * step) * scale, 3),
            "end": round((start + (n + 1) * step) * scale, 3),
        }
        | (extra or {})
        for n, word in enumerate(said)
    ]


WHISPER = json.dumps(
    {
        "text": f" {ANN} {BOB} {FUND}",
        "language": "en",
        "segments": [
            {
                "id": n,
                "start": start,
                "end": end,
                "text": f" {text}",
                "words": _words(text, start, end, key="word"),
            }
            for n, (_, text, start, end) in enumerate(THREE)
        ],
    }
)
_X = [
    {"start": start, "end": end, "text": text, "speaker": name, "words": _words(text, start, end, key="word")}
    for name, text, start, end in THREE
]
for _word in _X[2]["words"]:
    if any(letter.isdigit() for letter in _word["word"]):
        del _word["start"], _word["end"]
WHISPERX = json.dumps({"segments": _X, "word_segments": []}, ensure_ascii=False)
CPP = json.dumps(
    {
        "result": {"language": "en"},
        "transcription": [
            {"timestamps": {}, "offsets": {"from": start * 1000, "to": end * 1000}, "text": f" {text}"}
            for _, text, start, end in THREE
        ],
    }
)


def gong(scale: float, *, length: float | None) -> str:
    """Return the API's transcript with its parties, in the unit asked for."""
    data: dict = {
        "requestId": "r",
        "callTranscripts": [
            {
                "callId": "7",
                "transcript": [
                    {
                        "speakerId": {"Ann Lee": "11", "Bob": "22"}[name],
                        "topic": None,
                        "sentences": [{"start": start * scale, "end": end * scale, "text": text}],
                    }
                    for name, text, start, end in THREE
                ],
            }
        ],
        "calls": [
            {
                "parties": [
                    {"id": "a", "speakerId": "11", "name": "Ann Lee", "affiliation": "Internal"},
                    {"id": "b", "speakerId": "22", "name": "Bob", "affiliation": "External"},
                    {"id": "c", "speakerId": None, "name": "Nobody"},
                ]
            }
        ],
    }
    if length is not None:
        data["calls"][0]["metaData"] = {"duration": length, "started": "2026-03-02T09:30:00+01:00"}
    return json.dumps(data)


FIREFLIES = json.dumps(
    {
        "data": {
            "transcript": {
                "id": "x",
                "duration": 0.5,
                "date": 1772440200000,
                "sentences": [
                    {
                        "index": n,
                        "speaker_name": name,
                        "speaker_id": 0,
                        "text": text,
                        "raw_text": text,
                        "start_time": start,
                        "end_time": end,
                    }
                    for n, (name, text, start, end) in enumerate(THREE)
                ],
            }
        }
    }
)
FIREFLIES_FILE = json.dumps(
    [
        {
            "sentence": text,
            "startTime": f"00:0{int(start)}" if start < 10 else "00:10",
            "speaker_name": name,
            "speaker_id": 1,
        }
        for name, text, start, _ in THREE
    ]
)
NUMBERS = {"Ann Lee": 0, "Bob": 1}
DEEPGRAM_UTTERANCES = json.dumps(
    {
        "metadata": {"duration": 13.0, "channels": 1},
        "results": {
            "channels": [{"alternatives": []}],
            "utterances": [
                {
                    "start": start,
                    "end": end,
                    "channel": 0,
                    "speaker": NUMBERS[name],
                    "transcript": text,
                    "words": _words(text, start, end, key="punctuated_word"),
                }
                for name, text, start, end in THREE
            ],
        },
    }
)
DEEPGRAM_WORDS = json.dumps(
    {
        "metadata": {"duration": 13.0},
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": "…",
                            "words": [
                                word
                                for name, text, start, end in THREE
                                for word in _words(
                                    text,
                                    start,
                                    end,
                                    key="punctuated_word",
                                    extra={"speaker": NUMBERS[name], "word": "x", "confidence": 0.9},
                                )
                            ],
                        }
                    ]
                }
            ]
        },
    }
)
DEEPGRAM_CHANNELS = json.dumps(
    {
        "metadata": {"duration": 13.0, "channels": 2},
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": "",
                            "words": [
                                word
                                for name, text, start, end in THREE
                                if name == who
                                for word in _words(text, start, end, key="punctuated_word")
                            ],
                        }
                    ]
                }
                for who in NUMBERS
            ]
        },
    }
)
ASSEMBLY = json.dumps(
    {
        "id": "t",
        "status": "completed",
        "audio_duration": 13,
        "text": "…",
        "words": [],
        "utterances": [
            {
                "speaker": name,
                "start": int(start * 1000),
                "end": int(end * 1000),
                "confidence": 0.9,
                "text": text,
                "words": _words(text, start, end, key="text", scale=1000),
            }
            for name, text, start, end in THREE
        ],
    }
)
ASSEMBLY_WORDS = json.dumps(
    {
        "id": "t",
        "status": "completed",
        "audio_duration": 13,
        "utterances": None,
        "words": [
            word
            for name, text, start, end in THREE
            for word in _words(text, start, end, key="text", scale=1000, extra={"speaker": name})
        ],
    }
)
OWN = json.dumps(
    {
        "schema": 1,
        "calls": [
            {
                "call": "x",
                "duration": 13.0,
                "turns": [
                    {"start": start, "end": end, "speaker": name, "role": "rep", "text": text}
                    for name, text, start, end in THREE
                ],
            }
        ],
    }
)


def _renamed(ann: str, bob: str) -> tuple:
    return tuple(({"Ann Lee": ann, "Bob": bob}[name], *rest) for name, *rest in THREE)


SAMPLES = [
    Sample("zoom-vtt", "z.vtt", ZOOM, THREE, 12.0, "WebVTT (Zoom)"),
    Sample("teams-vtt", "t.vtt", TEAMS, THREE, 12.0, "WebVTT with voices (Teams)"),
    Sample("srt", "s.srt", SRT, THREE, 12.0, "SRT"),
    Sample("srt-nameless", "n.srt", SRT_NAMELESS, NOBODY, 12.0, "SRT"),
    Sample("teams-old-text", "h.txt", HEADED, THREE, 12.0, "SRT"),
    Sample("plain", "p.txt", PLAIN, UNTIMED, None, "Name: text lines"),
    Sample("plain-stamps", "ps.txt", STAMPED, STARTS, None, "Name: text lines"),
    Sample("plain-stamp-after-name", "pa.txt", AFTER, STARTS, None, "Name: text lines"),
    Sample("plain-tabs", "pt.txt", TABBED, STARTS, None, "Name: text lines"),
    Sample(
        "plain-lower-case",
        "pl.txt",
        LOWER,
        (("rep", ANN, None, None), ("prospect", BOB, None, None), ("rep", FUND, None, None)),
        None,
        "Name: text lines",
    ),
    Sample("otter", "o.txt", OTTER, STARTS, None, "Otter text"),
    Sample(
        "meet",
        "m.txt",
        MEET,
        (("Ann Lee", ANN, 0.0, None), ("Bob", BOB, None, None), ("Ann Lee", FUND, 300.0, None)),
        370.0,
        "Google Meet text",
    ),
    Sample("whisper", "w.json", WHISPER, NOBODY, 12.0, "Whisper or WhisperX JSON"),
    Sample("whisperx", "wx.json", WHISPERX, THREE, 12.0, "Whisper or WhisperX JSON"),
    Sample("whisper-cpp", "wc.json", CPP, NOBODY, 12.0, "whisper.cpp JSON"),
    Sample("gong-seconds", "g.json", gong(1, length=13), THREE, 13.0, "Gong JSON"),
    Sample("gong-ms", "gm.json", gong(1000, length=13), THREE, 13.0, "Gong JSON"),
    Sample("gong-ms-no-length", "gn.json", gong(1000, length=None), THREE, 12.0, "Gong JSON"),
    Sample("fireflies", "f.json", FIREFLIES, THREE, 30.0, "Fireflies JSON"),
    Sample("fireflies-file", "ff.json", FIREFLIES_FILE, STARTS, None, "Fireflies JSON"),
    Sample(
        "deepgram-utterances",
        "d.json",
        DEEPGRAM_UTTERANCES,
        _renamed("speaker 0", "speaker 1"),
        13.0,
        "Deepgram JSON",
    ),
    Sample("deepgram-words", "dw.json", DEEPGRAM_WORDS, _renamed("speaker 0", "speaker 1"), 13.0, "Deepgram JSON"),
    Sample(
        "deepgram-channels",
        "dc.json",
        DEEPGRAM_CHANNELS,
        _renamed("channel 0", "channel 1"),
        13.0,
        "Deepgram JSON",
    ),
    Sample("assemblyai", "a.json", ASSEMBLY, THREE, 13.0, "AssemblyAI JSON"),
    Sample("assemblyai-words", "aw.json", ASSEMBLY_WORDS, THREE, 13.0, "AssemblyAI JSON"),
    Sample("own", "own.json", OWN, THREE, 13.0, "ci-checker JSON"),
]
