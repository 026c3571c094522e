from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ci_checker import report
from ci_checker.app import scoring
from ci_checker.app.progress import Progress
from ci_checker.app.scoring import ScoreOptions
from ci_checker.errors import MissingError, RequestError
from ci_checker.model import Role, Source, Verdict
from ci_checker.report.schemas import schema
from ci_checker.settings import Rep, Settings

TEAM = tuple(Rep(name=name) for name in ("Luke Porter", "Dana Whitfield", "Priya Raman", "Tom Becker"))
ONE = ("trigger-event-opener", "dated-next-step")


@pytest.fixture(scope="module")
def by_format() -> dict[str, tuple[Path, str]]:
    """A path and its rep, the shortest call of every format that the fixtures name."""
    team = Path(__file__).resolve().parents[2] / "fixtures" / "team"
    calls = json.loads((team / "truth.json").read_text("utf-8"))["calls"]
    found: dict[str, tuple[int, Path, str]] = {}
    for call in calls:
        if "format" in call:
            known = found.get(call["format"])
            if known is None or call["words"] < known[0]:
                found[call["format"]] = (call["words"], team / call["path"], call["rep"])
    return {name: (path, rep) for name, (_, path, rep) in found.items()}


class Told(Progress):
    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def call_done(self, name: str, line: str) -> None:
        self.lines.append((name, line))


def test_every_transcript_format_is_scored_and_fits_the_schema(by_format, helpers) -> None:
    assert len(by_format) >= 11
    paths = [str(path) for path, _ in by_format.values()]
    calls = scoring.score(paths, ScoreOptions(behaviors=ONE), Settings(company="Bright Harbor", reps=TEAM))
    assert [c.error for c in calls] == [None] * len(paths)
    for scored, path, (name, (_, rep)) in zip(calls, paths, by_format.items(), strict=True):
        assert scored.call.path == path
        assert len(scored.call.turns) > 3 or scored.call.source is Source.EMAIL, name
        assert {r.behavior for r in scored.results} == set(ONE)
        reps = [s.name for s in scored.call.speakers if s.role is Role.REP]
        labels = [s.name for s in scored.call.speakers]
        if rep in labels:
            assert reps == [rep], name
        for result in scored.results:
            for evidence in (*result.evidence, *result.near_misses):
                assert evidence.quote in scored.call.turns[evidence.turn].text
    written = json.loads(report.render(calls, "json", kind="score"))
    Draft202012Validator(schema("score")).validate(written)
    assert len(written["calls"]) == len(paths) and not any(c["error"] for c in written["calls"])


def test_a_failing_call_keeps_the_others_and_has_one_line(tmp_path, helpers) -> None:
    good = helpers.text(tmp_path / "good.txt")
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF not really a recording")
    empty = tmp_path / "empty.vtt"
    empty.touch()
    paths = [str(broken), str(good), str(tmp_path / "none.mp3"), str(empty)]
    told = Told()
    calls = scoring.score(paths, ScoreOptions(behaviors=ONE), Settings(), told)
    assert [bool(c.error) for c in calls] == [True, False, True, True]
    for path, scored in zip(paths, calls, strict=True):
        assert scored.call.path == path
        if scored.error:
            assert path in scored.error and "\n" not in scored.error
    assert calls[0].call.source is Source.AUDIO and calls[3].call.source is Source.TRANSCRIPT
    assert [line for _, line in told.lines] == [calls[0].error, "done", calls[2].error, calls[3].error]
    Draft202012Validator(schema("score")).validate(json.loads(report.render(calls, "json", kind="score")))


def test_the_rep_is_whom_the_caller_names(tmp_path, helpers) -> None:
    path = str(helpers.text(tmp_path / "call.txt", names=("Ann", "Bob")))

    def rep(named: str | None) -> list[str]:
        (scored,) = scoring.score([path], ScoreOptions(rep=named, behaviors=ONE), Settings())
        return [s.name for s in scored.call.speakers if s.role is Role.REP]

    assert rep("bob") == ["Bob"]
    assert rep("2") == ["Bob"]
    assert rep("Ann") == ["Ann"]
    with pytest.raises(RequestError, match=r"no speaker 'Zoe'.*1 Ann, 2 Bob"):
        rep("Zoe")


def test_a_rep_who_is_in_one_call_only_keeps_that_call(tmp_path, helpers) -> None:
    with_bob = helpers.text(tmp_path / "a.txt", names=("Ann", "Bob"))
    without = helpers.text(tmp_path / "b.txt", names=("Cleo", "Dan"))
    calls = scoring.score([str(with_bob), str(without)], ScoreOptions(rep="Ann", behaviors=ONE), Settings())
    assert calls[0].error is None and calls[0].results
    assert "no speaker 'Ann'" in calls[1].error and str(without) in calls[1].error


def test_left_is_the_rep_of_a_recording(tmp_path, engine, helpers) -> None:
    path = str(helpers.wav(tmp_path / "call.wav"))
    (scored,) = scoring.score([path], ScoreOptions(rep="left"), Settings())
    assert scored.call.role_of("left") is Role.REP and scored.call.role_of("right") is Role.PROSPECT
    assert engine.calls == [pytest.approx(4.0)]
    assert scored.result("trigger-event-opener").verdict is Verdict.SEEN
    assert scored.call.transcriber == "fake/1"


def test_what_an_engine_cannot_hear_is_named_with_its_file(tmp_path, engine, helpers) -> None:
    from ci_checker.errors import CallError

    def refuse(number: int) -> None:
        raise CallError("no speech was found in the recording")

    engine.before = refuse
    path = str(helpers.wav(tmp_path / "call.wav"))
    (scored,) = scoring.score([path], ScoreOptions(), Settings())
    assert scored.error == f"{path}: no speech was found in the recording"


def test_a_bug_in_one_call_stays_in_that_call_and_is_named(tmp_path, engine, helpers) -> None:
    def burst(number: int) -> None:
        raise IndexError("list index out of range")

    engine.before = burst
    path, text = helpers.wav(tmp_path / "call.wav"), helpers.text(tmp_path / "call.txt")
    bad, good = scoring.score([str(path), str(text)], ScoreOptions(behaviors=ONE), Settings())
    assert "unexpected IndexError" in bad.error and str(path) in bad.error
    assert good.error is None


def test_a_mailbox_gives_a_call_a_mail(tmp_path) -> None:
    box = tmp_path / "sent.mbox"
    mail = (
        "From luke@example.com Mon Nov 16 10:00:00 2026\n"
        "From: Luke Porter <luke@example.com>\nTo: Karen <karen@example.com>\n"
        "Date: Mon, 16 Nov 2026 10:0{n}:00 -0500\nSubject: Today\n\n{text}\n\n"
    )
    texts = ("As promised, here is the recap of our call.", "Could you do Thursday at two?", "")
    box.write_text("".join(mail.format(n=n, text=text) for n, text in enumerate(texts)), encoding="utf-8")
    told = Told()
    calls = scoring.score([str(box)], ScoreOptions(behaviors=ONE), Settings(), told)
    assert [c.call.path for c in calls] == [f"{box}#{n}" for n in (1, 2, 3)]
    assert [bool(c.error) for c in calls] == [False, False, True]
    assert calls[0].call.details.started_at.isoformat() == "2026-11-16T10:00:00-05:00"
    assert told.lines == [(str(box), calls[2].error)]


def test_ids_limit_the_results_and_an_unknown_one_names_near_ones(tmp_path, helpers) -> None:
    path = str(helpers.text(tmp_path / "call.txt"))
    (limited,) = scoring.score([path], ScoreOptions(behaviors=("recap",)), Settings())
    (every,) = scoring.score([path], ScoreOptions(), Settings())
    assert [r.behavior for r in limited.results] == ["recap"]
    assert len(every.results) > 10
    with pytest.raises(RequestError, match=r"no behavior 'trigger-opener'.*trigger-event-opener"):
        scoring.score([path], ScoreOptions(behaviors=("trigger-opener",)), Settings())


def test_a_teams_folder_is_added(tmp_path, helpers) -> None:
    from ci_checker.behaviors import catalogue

    own = tmp_path / "own"
    own.mkdir()
    shipped = next(p for p in Path(catalogue.__file__).parent.rglob("recap.yaml"))
    (own / "our-recap.yaml").write_bytes(shipped.read_bytes())
    path = str(helpers.text(tmp_path / "call.txt"))
    (scored,) = scoring.score([path], ScoreOptions(folders=(own,), behaviors=("our-recap", "recap")), Settings())
    assert {r.behavior for r in scored.results} == {"our-recap", "recap"}
    # no detector was trained for it: that is said, and is not taken for "not seen"
    assert scored.result("our-recap").verdict is Verdict.UNCLEAR
    with pytest.raises(RequestError):
        scoring.score([path], ScoreOptions(behaviors=("our-recap",)), Settings())


def test_a_missing_model_is_said_as_missing(tmp_path, monkeypatch, helpers) -> None:
    from ci_checker.transcribe import models

    def gone(name: str, **more: object) -> None:
        raise MissingError(f"the model '{name}' is not installed", todo="Run doctor.")

    monkeypatch.setattr(models, "resolve", gone)
    path = helpers.wav(tmp_path / "call.wav")
    with pytest.raises(MissingError, match="is not installed"):
        scoring.score([str(path)], ScoreOptions(), Settings())


def test_transcribing_gives_turns_and_no_results(tmp_path, engine, helpers) -> None:
    path = str(helpers.wav(tmp_path / "call.wav"))
    (heard,) = scoring.transcribe([path], ScoreOptions(), Settings())
    assert heard.call.turns == helpers.turns() and heard.results == () and heard.error is None
    assert [s.name for s in heard.call.speakers] == ["left", "right"]


def test_scoring_needs_no_network(tmp_path, monkeypatch, helpers) -> None:
    import socket

    def refuse(*args: object) -> None:
        raise AssertionError(f"a connection was tried: {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    path = shutil.copy(helpers.text(tmp_path / "a.txt"), tmp_path / "b.txt")
    (scored,) = scoring.score([str(path)], ScoreOptions(), Settings())
    assert scored.error is None
