"""Voices enrolled from stereo calls, recognized in mono ones, forgotten; and mono calls in a batch."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ci_checker import settings as settings_module
from ci_checker.app import batching, scoring, voices
from ci_checker.app.hearing import vocabulary
from ci_checker.errors import RequestError
from ci_checker.model import Details, Role, Turn, Verdict, Word
from ci_checker.store import open_store

RATE = 16_000
TEXTS = (
    "I saw that you opened a second warehouse over in Dayton last month.",
    "What happens on a morning when a truck is late and the crew is waiting?",
    "If I could show you how a shop like yours saved nine hours a week, would Thursday work?",
    "Most of our customers moved out that way, so the vans were on the road all day.",
)


def staged(*names: str, turns: int, seed: int = 1, line: str = "clean"):
    from ci_checker.learn.speech.voices import available
    from ci_checker.learn.voices import cast, stage

    for engine in ("espeak", "flite"):
        if not available(engine):
            pytest.skip(f"the synthesizer {engine} is not installed")
    people = {person.name: person for person in cast.held_out()}
    return stage.staged([people[name] for name in names], TEXTS, line, turns=turns, seed=seed)


def write(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(samples))
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples.T, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def moved(turn: Turn, seconds: float, speaker: str) -> Turn:
    words = tuple(
        Word(text=w.text, start_s=w.start_s + seconds, end_s=w.end_s + seconds, probability=0.9) for w in turn.words
    )
    return replace(turn, speaker=speaker, start_s=turn.start_s + seconds, end_s=turn.end_s + seconds, words=words)


@pytest.fixture(scope="module")
def stereo():
    """Luke (slt) on the left, then somebody else on the right."""
    left, right = staged("slt", turns=12), staged("rms", turns=4)
    shift = len(left.samples) / RATE
    samples = np.zeros((2, len(left.samples) + len(right.samples)), np.float32)
    samples[0, : len(left.samples)], samples[1, len(left.samples) :] = left.samples, right.samples
    turns = [moved(t, 0.0, "left") for t in left.call.turns] + [moved(t, shift, "right") for t in right.call.turns]
    return samples, tuple(turns)


@pytest.fixture(scope="module")
def mono():
    made = staged("en-us", "slt", turns=12, seed=4, line="telephone")
    return made.samples[None], made.call.turns


@pytest.fixture
def workspace(space):
    return space.settings()


@pytest.fixture
def calls(workspace, engine, stereo, mono):
    """A folder with a stereo and a mono call, heard without an error by the fake engine."""
    engine.heard = lambda samples: (stereo if samples.shape[0] == 2 else mono)[1]
    folder = workspace.root / "calls"
    folder.mkdir()
    write(folder / "stereo.wav", stereo[0])
    write(folder / "mono.wav", mono[0])
    (folder / "week.csv").write_text(
        "path,rep,rep_channel,started_at\nstereo.wav,Luke Porter,left,2026-11-16T09:00:00\n"
        "mono.wav,Luke Porter,,2026-11-17T09:00:00\n"
    )
    return folder


def scored(workspace) -> dict[str, object]:
    with open_store(workspace.store_location()) as store:
        return {Path(each.call.path).name: each for each in store.latest_scores()}


def test_a_voice_is_enrolled_recognized_and_forgotten(workspace, calls, engine):
    batching.batch(str(calls / "week.csv"), workspace)
    before = scored(workspace)["mono.wav"].call
    assert {s.role for s in before.speakers} <= {Role.REP, Role.PROSPECT, Role.UNKNOWN}
    assert not any("enrolled voice" in s.reason for s in before.speakers)

    voice = voices.enroll("luke", workspace)
    assert voice.name == "Luke Porter" and voice.seconds > 15 and len(voice.calls) == 1
    assert voice.path.is_relative_to(workspace.root) and voice.path.stat().st_mode & 0o077 == 0
    assert set(json.loads(voice.path.read_text())) == {
        "schema", "name", "model", "made_on", "seconds", "calls", "point"
    }  # fmt: skip
    assert voices.voices(workspace) == (voice,) and voices.is_current(voice)

    heard = len(engine.calls)
    batching.batch(str(calls / "week.csv"), workspace)
    assert len(engine.calls) == heard, "nothing is heard again for a new voice"
    rep = next(s for s in scored(workspace)["mono.wav"].call.speakers if s.role is Role.REP)
    assert rep.name == "Luke Porter" and rep.reason == "sounds like the enrolled voice of Luke Porter"

    gone = voices.forget("Luke", workspace)
    assert gone == voice and not voice.path.exists() and voices.voices(workspace) == ()
    batching.batch(str(calls / "week.csv"), workspace)
    assert not any("enrolled voice" in s.reason for s in scored(workspace)["mono.wav"].call.speakers)


def test_a_mono_call_never_says_not_seen(workspace, calls):
    batching.batch(str(calls / "week.csv"), workspace)
    mono = scored(workspace)["mono.wav"]
    assert len({turn.speaker for turn in mono.call.turns}) > 1
    assert Verdict.NOT_SEEN not in {result.verdict for result in mono.results}
    assert any("synthetic voices only" in note for note in mono.call.notes)


def test_the_second_batch_does_nothing_again(workspace, calls):
    assert batching.batch(str(calls / "week.csv"), workspace).done == 2
    again = batching.batch(str(calls / "week.csv"), workspace)
    assert (again.done, again.skipped) == (0, 2)
    other = batching.batch(str(calls / "week.csv"), workspace, speakers=1)
    assert (other.done, other.skipped) == (1, 1), "another number of speakers concerns the mono call only"


def test_score_tells_one_channel_apart_and_one_speaker_is_one(workspace, calls):
    path = str(calls / "mono.wav")
    (two,) = scoring.score([path], scoring.ScoreOptions(behaviors=("recap",)), workspace)
    assert {"voice 1", "voice 2"} <= {turn.speaker for turn in two.call.turns}
    (one,) = scoring.score([path], scoring.ScoreOptions(behaviors=("recap",), speakers=1), workspace)
    assert {turn.speaker for turn in one.call.turns} == {"voice 1"}


def test_without_calls_there_is_no_voice(workspace):
    with pytest.raises(RequestError, match=r"too little of Luke Porter's voice .* there are none.*ci-checker batch"):
        voices.enroll("Luke", workspace)
    with pytest.raises(RequestError, match="not on the team"):
        voices.enroll("Nobody", workspace)


def test_a_recording_that_was_changed_is_not_used(workspace, calls, mono):
    batching.batch(str(calls / "week.csv"), workspace)
    write(calls / "stereo.wav", np.repeat(mono[0], 2, axis=0))
    with pytest.raises(RequestError, match="there are none"):
        voices.enroll("Luke", workspace)


def test_forgetting_a_stranger_names_who_is_there(workspace):
    with pytest.raises(RequestError, match="no voice of 'Luke Porter' is enrolled"):
        voices.forget("Luke Porter", workspace)


def test_outside_of_a_workspace_nobody_is_enrolled(tmp_path):
    bare = settings_module.Settings()
    assert voices.enrolled(bare) == ()
    with pytest.raises(RequestError, match="ci-checker init"):
        voices.voices(bare)


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 2}', '{"schema": 1, "name": "x", "point": []}', "\x80"])
def test_a_damaged_voice_is_one_line(workspace, text):
    folder = workspace.root / voices.FOLDER
    folder.mkdir(parents=True)
    (folder / "luke.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(RequestError, match="cannot be read .*enroll the rep again"):
        voices.voices(workspace)


def test_a_voice_of_an_older_model_is_not_compared(workspace):
    folder = workspace.root / voices.FOLDER
    folder.mkdir(parents=True)
    told = {"schema": 1, "name": "Luke Porter", "model": "0" * 64, "made_on": "2026-11-01", "seconds": 40.0}
    (folder / "luke.json").write_text(json.dumps({**told, "calls": [], "point": [0.0, 1.0]}))
    assert len(voices.voices(workspace)) == 1 and voices.enrolled(workspace) == ()


def test_the_names_to_expect_are_the_workspaces_and_the_calls(workspace):
    here = replace(workspace, vocabulary=("Acme Flow",))
    known = Details(rep="Luke Porter", account="Silver Creek", contact="Karen Walsh")
    assert vocabulary(here, known) == ("Acme Flow", "Bright Harbor", "Luke Porter", "Silver Creek", "Karen Walsh")
    assert "Dana Whitfield" in vocabulary(here, Details()), "the roster, where the rep is not known"
