from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from ci_checker.app import batching, doubles
from ci_checker.app.hearing import Hearing
from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.intake.sources import Item
from ci_checker.model import Call, Details, ScoredCall, Source
from ci_checker.store import open_store

LUKE, DANA = "Luke Porter", "Dana Whitfield"


def stored(space, rep: str | None = None) -> tuple[ScoredCall, ...]:
    with open_store(space.settings().store_location()) as store:
        return store.latest_scores(rep)


def failures(space) -> list[str]:
    with open_store(space.settings().store_location()) as store:
        return [failure.key for failure in store.failures()]


def week(space, number: int = 4) -> list[Path]:
    """So many recordings, each with bytes of its own."""
    return [space.wav(space.calls / LUKE / f"2026-11-16_09{n:02d}_acme.wav", 3 + n, seed=n) for n in range(number)]


PATTERN = "{rep}/{started_at:%Y-%m-%d_%H%M}_{account}.{ext}"


def test_a_second_run_skips_everything_and_hears_nothing(space, engine) -> None:
    week(space, 3)
    first = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (first.done, first.skipped, first.failed) == (3, 0, ())
    assert first.heard_s == pytest.approx(3 + 4 + 5)
    second = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (second.done, second.skipped, second.failed, second.heard_s) == (0, 3, (), 0.0)
    assert len(engine.calls) == 3
    third = batching.batch(str(space.calls), space.settings(), pattern=PATTERN, again=True)
    assert third.done == 3 and len(engine.calls) == 6
    assert len(stored(space, LUKE)) == 3


def test_a_stopped_run_goes_on_where_it_was(space, engine) -> None:
    week(space, 4)

    def stop(number: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    engine.before = stop
    with pytest.raises(KeyboardInterrupt):
        batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert engine.calls == [3, 4] and len(stored(space)) == 2
    engine.before = lambda number: None
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (summary.done, summary.skipped) == (2, 2)
    assert engine.calls == [3, 4, 5, 6], "no call is heard twice"


KILLED = """
import sys, time
from pathlib import Path
from ci_checker import settings
from ci_checker.app import batching
from ci_checker.app.hearing import Hearing
from ci_checker.model import Turn

class Engine:
    name, key = "fake", "fake/1"
    def transcribe(self, samples, **more):
        with open(sys.argv[2], "a") as log:
            print(samples.shape[1] // 16000, file=log, flush=True)
        if samples.shape[1] // 16000 == 5:
            time.sleep(60)
        return (Turn(speaker="left", text="Hello there.", start_s=0.1, end_s=1.0),)

Hearing.engine = Engine()
root = Path(sys.argv[1])
batching.batch(str(root / "calls"), settings.load(root, environment={}), pattern=sys.argv[3])
"""


def test_a_killed_process_loses_nothing(space, engine, tmp_path) -> None:
    week(space, 4)
    log = tmp_path / "heard.txt"
    run = subprocess.Popen([sys.executable, "-c", KILLED, str(space.root), str(log), PATTERN], env={**os.environ})
    until = time.monotonic() + 60
    while not (log.exists() and "5" in log.read_text().split()):
        assert run.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    assert log.read_text().split() == ["3", "4", "5"]
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (summary.done, summary.skipped, summary.failed) == (2, 2, ())
    assert engine.calls == [5, 6]


def test_a_new_definition_is_scored_without_hearing_again(space, engine, tmp_path) -> None:
    from ci_checker.behaviors import catalogue

    week(space, 2)
    batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    own = tmp_path / "own"
    own.mkdir()
    shipped = next(p for p in Path(catalogue.__file__).parent.rglob("recap.yaml"))
    (own / "our-recap.yaml").write_bytes(shipped.read_bytes())
    more = batching.batch(str(space.calls), space.settings(), pattern=PATTERN, behaviors_folders=(own,))
    assert (more.done, more.skipped, more.heard_s) == (2, 0, 0.0) and len(engine.calls) == 2
    assert all(call.result("our-recap") for call in stored(space))
    # changed back: nothing is computed, and what a report reads is again what holds today
    back = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (back.done, back.skipped) == (0, 2)
    assert not any(call.result("our-recap") for call in stored(space))


def test_another_model_hears_again(space, engine, helpers, monkeypatch) -> None:
    week(space, 1)
    batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    better = helpers.FakeEngine(key="fake/2")
    better.heard = lambda samples: helpers.turns((("left", "Good morning."), ("right", "Yes?")))
    monkeypatch.setattr(Hearing, "engine", better)
    assert batching.batch(str(space.calls), space.settings(), pattern=PATTERN).done == 1
    assert [turn.text for turn in stored(space)[0].call.turns] == ["Good morning.", "Yes?"]


def test_bad_files_are_named_and_the_rest_is_done(space, engine) -> None:
    good = week(space, 2)
    bad = space.calls / LUKE / "2026-11-17_0900_bad.wav"
    bad.write_bytes(b"RIFF no sound")
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert summary.done == 2 and [path for path, _ in summary.failed] == [str(bad)]
    assert str(bad) in summary.failed[0][1] and "\n" not in summary.failed[0][1]
    assert failures(space) == [str(bad)]
    with open_store(space.settings().store_location()) as store:
        assert [f.details.rep for f in store.failures(LUKE, date(2026, 11, 17), date(2026, 11, 17))] == [LUKE]
    assert batching.batch(str(space.calls), space.settings(), pattern=PATTERN).failed, "it is tried again each time"
    shutil.copy(space.wav(space.root / "new.wav", 9, seed=99), bad)
    mended = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (mended.done, mended.skipped, mended.failed) == (1, 2, ()) and failures(space) == []
    assert len(stored(space)) == len(good) + 1


def test_a_failure_named_by_a_relative_path_is_cleared(space, engine, monkeypatch) -> None:
    monkeypatch.chdir(space.root)
    bad = space.text(space.calls / "call.txt")
    good = bad.read_bytes()
    bad.write_bytes(b"")
    assert batching.batch("calls", space.settings(), rep="Luke").failed
    assert failures(space) == [str(bad)]
    monkeypatch.chdir(space.calls)
    bad.write_bytes(good)
    assert batching.batch(".", space.settings(), rep="Luke").failed == ()
    assert failures(space) == []


def test_a_failure_ends_with_its_file(space, engine) -> None:
    week(space, 1)
    bad, elsewhere = space.calls / "bad.wav", space.root / "other" / "bad.wav"
    elsewhere.parent.mkdir()
    for path in (bad, elsewhere):
        path.write_bytes(b"RIFF no sound")
    batching.batch(str(space.calls), space.settings())
    batching.batch(str(elsewhere), space.settings())
    bad.unlink()
    elsewhere.unlink()
    batching.batch(str(space.calls), space.settings())
    assert failures(space) == [str(elsewhere)], "another source's failures are left alone"


def test_a_recording_without_words_fails_by_name(space, engine) -> None:
    (path,) = week(space, 1)
    engine.heard = lambda samples: ()
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert summary.failed == ((str(path), f"{path}: there are no words in it"),)
    engine.heard = lambda samples: batching_turns()
    assert batching.batch(str(space.calls), space.settings(), pattern=PATTERN).done == 1
    assert failures(space) == []


def batching_turns():
    from ci_checker.model import Turn

    return (Turn(speaker="left", text="Hello there.", start_s=0.1, end_s=1.0),)


def test_the_same_bytes_under_two_names_are_heard_once(space, engine) -> None:
    (path,) = week(space, 1)
    twin = path.with_name("2026-11-17_1000_other.wav")
    shutil.copy(path, twin)
    for done, skipped in ((1, 1), (0, 2)):
        summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
        assert (summary.done, summary.skipped) == (done, skipped)
        assert f"{twin} holds the very bytes of {path}: it counts once." in summary.notes
    assert len(engine.calls) == 1
    (only,) = stored(space)
    assert only.call.path == str(path) and only.call.details.account == "acme", "the first name stays"


def test_a_recording_beside_its_transcript_counts_once(space, engine) -> None:
    (path,) = week(space, 1)
    text = space.text(path.with_suffix(".txt"))
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert summary.done == 1 and engine.calls == [3]
    assert [call.call.path for call in stored(space)] == [str(path)]
    (note,) = summary.notes
    assert "the recording was taken" in note and str(path) in note and str(text) not in note


def test_the_transcript_stands_in_for_a_recording_that_fails(space, engine) -> None:
    def deaf(number: int) -> None:
        raise CallError("no speech was found in the recording")

    engine.before = deaf
    (path,) = week(space, 1)
    text = space.text(path.with_suffix(".txt"))
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (summary.done, summary.failed) == (1, ()) and failures(space) == []
    assert [call.call.path for call in stored(space)] == [str(text)]
    (note,) = summary.notes
    assert "read instead" in note and "no speech was found" in note and str(path) in note
    # once it can be heard, the transcript's entry gives way to it
    engine.before = lambda number: None
    batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert len(stored(space)) == 2
    assert [call.call.path for call in doubles.once(stored(space))] == [str(path)]


def test_pairs_share_what_is_known_and_mails_are_no_pairs() -> None:
    items = [
        Item("a/x.mp4", Details(rep="Luke")),
        Item("a/x.transcript.vtt", Details(account="Acme", rep="Dana")),
        Item("a/y.vtt"),
        Item("b/x.txt"),
        Item("a/x.eml"),
    ]
    kept, beside = doubles.paired(items)
    assert [item.path for item in kept] == ["a/x.mp4", "a/y.vtt", "b/x.txt", "a/x.eml"]
    assert kept[0].details == Details(rep="Luke", account="Acme")
    assert beside == {"a/x.mp4": Item("a/x.transcript.vtt", Details(rep="Dana", account="Acme"))}


def test_a_file_exported_anew_counts_once(space, engine, helpers) -> None:
    path = space.text(space.calls / "call.txt")
    batching.batch(str(space.calls), space.settings(), rep=LUKE)
    space.text(path, helpers.said[:3])
    batching.batch(str(space.calls), space.settings(), rep=LUKE)
    assert len(stored(space)) == 2
    (today,) = doubles.once(stored(space))
    assert len(today.call.turns) == 3
    gone = Call(path="/nowhere/a.txt", sha256="1", source=Source.TRANSCRIPT)
    assert len(doubles.once([ScoredCall(call=gone), ScoredCall(call=gone)])) == 1


def test_a_missing_model_leaves_the_transcripts_done_and_the_recordings_unheard(space, monkeypatch) -> None:
    from ci_checker.transcribe import models

    tried = []

    def gone(name: str, **more: object) -> None:
        tried.append(name)
        raise MissingError(f"the model '{name}' is not installed", todo="Run doctor.")

    monkeypatch.setattr(models, "resolve", gone)
    recordings = week(space, 2)
    space.text(space.calls / LUKE / "2026-11-20_1000_zeta.txt")
    with pytest.raises(MissingError, match=r"2 recordings not heard, 1 other call done: .*'synthetic'.* Run doctor"):
        batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert len(stored(space)) == 1 and len(tried) == 1
    assert sorted(failures(space)) == [str(path) for path in recordings]


def test_a_missing_model_is_no_matter_where_transcripts_stand_in(space, monkeypatch) -> None:
    from ci_checker.transcribe import models

    def gone(name: str, **more: object) -> None:
        raise MissingError(f"the model '{name}' is not installed")

    monkeypatch.setattr(models, "resolve", gone)
    (path,) = week(space, 1)
    space.text(path.with_suffix(".txt"))
    summary = batching.batch(str(space.calls), space.settings(), pattern=PATTERN)
    assert (summary.done, summary.failed) == (1, ()) and failures(space) == []
    assert "is not installed" in summary.notes[0]


def manifest(space, rows: list[dict[str, str]]) -> str:
    path = space.root / "week.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=sorted({key for row in rows for key in row}))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_changed_details_hold_without_hearing_or_scoring_again(space, engine) -> None:
    space.wav(space.calls / "one.wav")
    row = {"path": "calls/one.wav", "rep": "Luke", "started_at": "2026-11-16T09:15:00-05:00", "account": "Acme"}
    batching.batch(manifest(space, [row]), space.settings())
    changed = row | {"account": "Zenith", "started_at": "2026-11-17T10:00:00-05:00"}
    summary = batching.batch(manifest(space, [changed]), space.settings())
    assert (summary.done, summary.skipped) == (0, 1) and len(engine.calls) == 1
    (call,) = stored(space, LUKE)
    assert (call.call.details.account, call.call.details.started_at.day) == ("Zenith", 17)
    # who the rep is decides the score: it is made anew, from the stored words
    other = batching.batch(manifest(space, [changed | {"rep": DANA}]), space.settings())
    assert other.done == 1 and len(engine.calls) == 1
    assert len(stored(space, DANA)) == 1 and stored(space, LUKE) == ()


@pytest.mark.parametrize("named", ["Luke", "LP", "luke-porter", "luke_porter", "Jean-Luc", " Luke  Porter"])
def test_reps_are_known_by_any_of_their_names(space, engine, named) -> None:
    space.text(space.calls / "one.txt")
    batching.batch(manifest(space, [{"path": "calls/one.txt", "rep": named}]), space.settings())
    assert [call.call.details.rep for call in stored(space)] == [LUKE]


def test_a_stranger_on_the_command_line_is_refused_and_one_in_a_manifest_named(space, engine) -> None:
    space.text(space.calls / "one.txt")
    with pytest.raises(RequestError, match=r"'Lukas' is not on the team.*Luke"):
        batching.batch(str(space.calls), space.settings(), rep="Lukas")
    summary = batching.batch(manifest(space, [{"path": "calls/one.txt", "rep": "Lukas"}]), space.settings())
    assert any("Not on the team" in note and "Lukas" in note for note in summary.notes)


def test_the_words_tell_whose_call_it_is_where_nothing_else_does(space, engine) -> None:
    space.text(space.calls / "luke.txt")
    space.text(space.calls / "other.txt", (("left", "Hello."), ("right", "Yes.")), names=("Ann", "Bob"))
    first = batching.batch(str(space.calls), space.settings())
    assert [call.call.path for call in stored(space, LUKE)] == [str(space.calls / "luke.txt")]
    (nobodys,) = [note for note in first.notes if "in no report" in note]
    assert "1 call in no report" in nobodys and "other.txt" in nobodys
    assert any("2 calls without a date" in note for note in first.notes)
    assert batching.batch(str(space.calls), space.settings()).skipped == 2


def test_a_mails_sender_is_a_rep_by_an_alias(space, engine) -> None:
    space.calls.mkdir()
    (space.calls / "sent.eml").write_text(
        "From: Luke <luke@example.com>\nTo: Karen <k@example.com>\nSubject: Recap\n"
        "Date: Mon, 16 Nov 2026 10:00:00 -0500\n\nHere is the recap that I promised you.\n",
        encoding="utf-8",
    )
    assert batching.batch(str(space.calls), space.settings()).notes == ()
    assert [call.call.details.rep for call in stored(space, LUKE)] == [LUKE]


def test_a_remote_source_is_fetched_and_heard_once(space, engine) -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    path = space.wav(space.root / "one.wav")
    memory.pipe(f"/{space.root.name}/{LUKE}/2026-11-16_0915_acme.wav", path.read_bytes())
    memory.pipe(f"/{space.root.name}/{LUKE}/2026-11-17_0915_bad.wav", b"RIFF no sound")
    bad = f"memory://{memory._strip_protocol(f'/{space.root.name}/{LUKE}/2026-11-17_0915_bad.wav')}"
    for done, skipped in ((1, 0), (0, 1)):
        summary = batching.batch(f"memory://{space.root.name}", space.settings(), pattern=PATTERN)
        assert (summary.done, summary.skipped, [p for p, _ in summary.failed]) == (done, skipped, [bad])
    assert len(engine.calls) == 1 and failures(space) == [bad]
    (call,) = stored(space, LUKE)
    assert call.call.details.account == "acme" and Path(call.call.path).is_file()
    memory.pipe(bad.removeprefix("memory://"), space.wav(space.root / "two.wav", seed=5).read_bytes())
    assert batching.batch(f"memory://{space.root.name}", space.settings(), pattern=PATTERN).done == 1
    assert failures(space) == []


def test_paths_are_right_from_every_folder(space, engine, monkeypatch, tmp_path) -> None:
    from ci_checker.app import reporting

    space.wav(space.calls / "one.wav")
    monkeypatch.chdir(space.calls)
    batching.batch("one.wav", space.settings(), rep=LUKE)
    monkeypatch.chdir(tmp_path)
    (call,) = stored(space, LUKE)
    assert call.call.path == str(space.calls / "one.wav")
    assert reporting.reports(space.settings(), rep=LUKE)[0].nothing


def test_a_text_that_reads_otherwise_is_scored_anew(space, engine) -> None:
    """A reader that was mended must not be shadowed by what it read before."""
    from dataclasses import replace

    path = space.text(space.calls / "one.txt")
    batching.batch(str(path), space.settings(), rep=LUKE)
    with open_store(space.settings().store_location()) as store:
        (known,) = stored(space)
        wrong = replace(known.call, turns=known.call.turns[:1])
        store.save_transcript(known.call.sha256, "as given", wrong)
    assert batching.batch(str(path), space.settings(), rep=LUKE).done == 1
    assert len(stored(space)[0].call.turns) == 4


def test_an_empty_source_is_a_wrong_request(space, engine) -> None:
    space.calls.mkdir()
    (space.calls / "notes.docx").write_bytes(b"x")
    with pytest.raises(RequestError, match=r"no calls in it.*\.docx"):
        batching.batch(str(space.calls), space.settings())
    with pytest.raises(RequestError, match="no such file"):
        batching.batch(str(space.root / "nowhere"), space.settings())
