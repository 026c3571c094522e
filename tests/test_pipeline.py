from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ci_checker import pipeline
from ci_checker.behaviors import detect
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import CallError, RequestError
from ci_checker.model import Call, Details, Role, Source, Turn, Verdict
from ci_checker.settings import Rep

TALK = (
    "Luke: Hi Karen, this is Luke with Bright Harbor. I saw that you opened a second shop in Dayton last week.\n"
    "Karen: Oh, yes, we did.\n"
    "Luke: What made you open there, of all places?\n"
    "Karen: Most of our customers moved out that way.\n"
)


class Engine:
    name, key = "fake", "fake/7"

    def __init__(self, turns: tuple[Turn, ...] = ()) -> None:
        self.turns, self.names = turns, ()

    def transcribe(self, samples, *, channel_names, progress=None, note=None):
        self.names = channel_names
        note("no speech was found on the channel 'right'")
        progress(1.0, 2.0)
        return self.turns


@pytest.fixture(scope="module")
def behaviors() -> dict[str, Behavior]:
    return pipeline.behaviors(only=("trigger-event-opener", "talk-ratio"))


@pytest.fixture
def call(tmp_path: Path) -> Call:
    path = tmp_path / "call.txt"
    path.write_text(TALK, encoding="utf-8")
    (read,) = pipeline.read(str(path), Details(account="Acme"))
    return read


def recording(path: Path, seconds: float = 2.0, channels: int = 2) -> Path:
    import wave

    import numpy as np

    noise = np.random.default_rng(0).integers(-3000, 3000, round(seconds * 16_000) * channels).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(noise.tobytes())
    return path


def test_a_text_goes_through_all_stages(call: Call, behaviors) -> None:
    assert call.source is Source.TRANSCRIPT and call.details.account == "Acme" and len(call.turns) == 4
    assert pipeline.hear(call, Engine()) is call, "a text is not heard"
    scored = pipeline.understand(call, pipeline.Understanding(behaviors=behaviors, rep="Luke"))
    assert scored.call.role_of("Luke") is Role.REP
    assert [r.behavior for r in scored.results] == list(behaviors)
    assert scored.result("trigger-event-opener").verdict is Verdict.SEEN
    assert scored.metrics.rep_questions == 1


def test_a_recording_gets_turns_speakers_and_notes(tmp_path: Path) -> None:
    turns = (Turn(speaker="left", text="Hello.", start_s=0.1, end_s=0.9),)
    engine, seen = Engine(turns), []
    (call,) = pipeline.read(str(recording(tmp_path / "a.wav")))
    heard = pipeline.hear(call, engine, advance=lambda done, total: seen.append((done, total)))
    assert engine.names == ("left", "right") and seen == [(1.0, 2.0)]
    assert heard.turns == turns and [s.name for s in heard.speakers] == ["left"]
    assert heard.transcriber == "fake/7" and heard.notes[-1].startswith("no speech was found")
    assert pipeline.hear(heard, Engine()) is heard, "what was heard is not heard again"


def test_keys_name_what_a_result_depends_on(call: Call, behaviors, tmp_path: Path) -> None:
    (sound,) = pipeline.read(str(recording(tmp_path / "a.wav", channels=1)))
    assert pipeline.transcript_key(sound, Engine()) == "fake/7"
    assert pipeline.transcript_key(call, Engine()) == pipeline.TEXT_KEY == pipeline.transcript_key(call, None)


def test_a_score_is_made_anew_when_anything_it_reads_has_changed(behaviors, monkeypatch) -> None:
    bounds = {"talk-ratio": 0.6}
    by = pipeline.Understanding(behaviors=behaviors, roster=(Rep(name="Luke"),), company="B", bounds=bounds)
    first = by.key()
    assert first == replace(by, bounds=dict(by.bounds)).key()
    one = behaviors["trigger-event-opener"]
    others = [
        replace(by, rep="left"),
        replace(by, roster=(Rep(name="Luke", aliases=("L",)),)),
        replace(by, company="C"),
        replace(by, bounds={"talk-ratio": 0.5}),
        replace(by, behaviors={one.id: one}),
        replace(by, behaviors={**behaviors, one.id: replace(one, definition=one.definition + " Changed.")}),
    ]
    assert len({first, *(each.key() for each in others)}) == 7
    moved = {**behaviors, one.id: replace(one, source=str(Path(one.source).with_name("x.yaml")))}
    assert replace(by, behaviors=moved).key() == first, "what a built-in file is called changes nothing"
    monkeypatch.setattr(detect, "version", lambda behaviors: "another")
    assert by.key() != first
    monkeypatch.undo()
    monkeypatch.setattr(pipeline, "ROLES_VERSION", 99)
    assert by.key() != first


def test_errors_of_a_call_name_the_call(tmp_path: Path, call: Call, behaviors, monkeypatch) -> None:
    with pytest.raises(CallError, match=r"none\.wav: there is no such file"):
        pipeline.read(str(tmp_path / "none.wav"))

    class Deaf(Engine):
        def transcribe(self, samples, **more):
            raise CallError("no speech was found", todo="Check it.")

    class Broken(Engine):
        def transcribe(self, samples, **more):
            raise ZeroDivisionError("division by zero")

    path = recording(tmp_path / "a.wav")
    (sound,) = pipeline.read(str(path))
    with pytest.raises(CallError) as caught:
        pipeline.hear(sound, Deaf())
    assert caught.value.line == f"{path}: no speech was found. Check it."
    with pytest.raises(CallError, match="unexpected ZeroDivisionError: division by zero"):
        pipeline.hear(sound, Broken())
    monkeypatch.setenv("CI_CHECKER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        pipeline.hear(sound, Broken())
    with pytest.raises(RequestError, match="no speaker 'Zoe'"):
        pipeline.understand(call, pipeline.Understanding(behaviors=behaviors, rep="Zoe"))


def test_whose_call_it_is(call: Call, behaviors) -> None:
    team = (Rep(name="Luke Porter", aliases=("Luke",)), Rep(name="Dana Whitfield"))
    assert pipeline.whose(call, pipeline.Understanding(behaviors=behaviors, roster=team)) == "Luke Porter"
    assert pipeline.whose(call, pipeline.Understanding(behaviors=behaviors, roster=team[1:])) is None
    assert pipeline.whose(replace(call, turns=(), speakers=()), pipeline.Understanding(behaviors=behaviors)) is None


def test_behaviors_are_chosen_by_id() -> None:
    assert list(pipeline.behaviors(only=("recap",))) == ["recap"]
    with pytest.raises(RequestError, match=r"no behavior 'recaps'. Did you mean recap\?"):
        pipeline.behaviors(only=("recaps",))
    with pytest.raises(RequestError, match="behaviors list"):
        pipeline.behaviors(only=("zzz",))


def test_only_a_recording_on_one_channel_is_told_apart(tmp_path: Path, call: Call, monkeypatch) -> None:
    from dataclasses import replace

    from ci_checker.speakers import diarize

    assert not pipeline.one_channel(call) and pipeline.tell_apart(call, diarize.Options()) is call
    turns = (Turn(speaker="mixed", text="Hello. Hi.", start_s=0.1, end_s=0.9),)
    (read,) = pipeline.read(str(recording(tmp_path / "mono.wav", channels=1)))
    heard = pipeline.hear(read, Engine(turns), advance=lambda *_: None)
    assert pipeline.one_channel(heard)
    assert not pipeline.one_channel(replace(heard, turns=(replace(turns[0], speaker="left"),)))
    told = pipeline.tell_apart(heard, diarize.Options())
    assert told.turns == turns and "could not be told apart" in told.notes[-1]
    assert pipeline.voices_key(diarize.Options()) != pipeline.voices_key(diarize.Options(speakers=3))


def test_a_call_told_apart_by_sound_never_says_not_seen(behaviors) -> None:
    from ci_checker.speakers.diarize import TRIED

    lines = [line.partition(": ") for line in TALK.replace("I saw that you opened", "We sell lamps to").splitlines()]
    names = {"Luke": "voice 1", "Karen": "voice 2"}
    turns = tuple(
        Turn(speaker=names[who], text=text, start_s=float(at), end_s=at + 0.9)
        for at, (who, _, text) in enumerate(lines)
    )
    by = pipeline.Understanding(behaviors=behaviors, rep="1")
    note = f"One channel carries 2 voices; they were told apart by their sound ({TRIED})."
    found = {
        notes: pipeline.understand(
            Call(path="a.wav", sha256="0" * 64, source=Source.AUDIO, turns=turns, notes=notes), by
        ).result("trigger-event-opener")
        for notes in ((), (note,))
    }
    assert found[()].verdict is Verdict.NOT_SEEN
    assert found[(note,)].verdict is Verdict.UNCLEAR and TRIED in found[(note,)].reason
