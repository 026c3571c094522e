"""The made-up team: built the same every time, true to its scripts, readable by intake."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ci_checker import settings
from ci_checker.errors import RequestError
from ci_checker.intake import read, sources
from ci_checker.intake.audio import load
from ci_checker.learn.dialogues import LabelledTurn
from ci_checker.learn.fixtures import cast, containers, formats, mails, perform, truth, workspace
from ci_checker.learn.fixtures.__main__ import main
from ci_checker.learn.fixtures.build import build
from ci_checker.learn.fixtures.script import Script, id_time, read_scripts, slug
from ci_checker.learn.fixtures.talk import FRONT_DESK, pieces, timed
from ci_checker.learn.fixtures.writers import writers
from ci_checker.learn.speech.voices import VOICES, available
from ci_checker.model import Role, Source, Verdict

TEAM = Path(__file__).resolve().parents[2] / "fixtures" / "team"
SCRIPTS = {script.id: script for script in read_scripts(TEAM / "scripts")}
MAILS = {mail.script.id: mail for mail in mails.read_mails(TEAM / "mails")}
TRUTH: dict[str, dict[str, Any]] = {
    call["id"]: call for call in json.loads((TEAM / "truth.json").read_text(encoding="utf-8"))["calls"]
}
RECORDED = sorted(key for key, call in TRUTH.items() if "recording" in call)
WRITTEN = sorted(key for key, call in TRUTH.items() if "recording" not in call and key not in MAILS)
LIMIT = 12_000_000

HEADER = "account=Tin Roof & Sons | contact=Karen Walsh | direction=outbound | rep_name=Ada Lane"
SMALL = f"""\
## ada-2026-11-16-0900 | cold | {HEADER} | record=stereo | story=reaches her
P: Tin Roof, Karen here.
R[trigger-event-opener]: Good morning. You opened a new yard last week, so I called.
P: We did.

## ada-2026-11-16-1000 | cold | {HEADER} | record=none | story=the desk answers
G: Tin Roof and Sons.
R[gatekeeper-reason]: This is Ada Lane with Bright Harbor. Could you put me through?
"""
LEDGER = 'company = "Bright Harbor"\nmanager = "Maya Collins"\n[[rep]]\nname = "Ada Lane"\n'


needs_voices = pytest.mark.skipif(
    not (available("espeak") and available("flite")), reason="needs the libraries espeak-ng and flite"
)


def turn(number: int, role: Role, text: str = "words", *marks: str) -> LabelledTurn:
    return LabelledTurn(
        role=role,
        text=text,
        labels=frozenset(mark for mark in marks if mark[0] not in "~?"),
        near=frozenset(mark[1:] for mark in marks if mark[0] == "~"),
        open=frozenset(mark[1:] for mark in marks if mark[0] == "?"),
        number=number,
    )


def small_source(folder: Path, scripts: str = SMALL) -> Path:
    (folder / "scripts").mkdir(parents=True)
    (folder / "scripts" / "ada.txt").write_text(scripts, encoding="utf-8")
    (folder / "ledger.toml").write_text(LEDGER, encoding="utf-8")
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def manifest_rows() -> dict[str, dict[str, str]]:
    with (TEAM / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file)}


def merged(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbors of one speaker: readers do so, and captions cut turns."""
    runs: list[tuple[str, str]] = []
    for speaker, text in said:
        if runs and runs[-1][0] == speaker:
            runs[-1] = (speaker, f"{runs[-1][1]} {text}")
        else:
            runs.append((speaker, text))
    return runs


# --- building -------------------------------------------------------------------------------


@pytest.mark.slow
@needs_voices
def test_the_same_scripts_give_the_same_files(tmp_path: Path) -> None:
    source = small_source(tmp_path / "source")
    build(tmp_path / "a", source=source)
    build(tmp_path / "b", source=source)
    first = digests(tmp_path / "a")
    assert first == digests(tmp_path / "b")
    assert set(first) == {
        "ci-checker.toml",
        "manifest.csv",
        "truth.json",
        "recordings/ada-lane/2026-11-16_0900_tin-roof-and-sons_cold.opus",
        "transcripts/ada-lane/2026-11-16_1000_tin-roof-and-sons_cold.vtt",
    }


def test_a_second_build_leaves_no_stale_call_behind(tmp_path: Path) -> None:
    silent = SMALL.replace("record=stereo", "record=none")
    team = small_source(tmp_path / "team", silent)
    stale = team / "transcripts" / "gone" / "old.txt"
    stale.parent.mkdir(parents=True)
    stale.write_text("Ada: hello", encoding="utf-8")
    assert main(["--out", str(team)]) == 0
    assert not stale.exists()
    assert len(list((team / "transcripts").rglob("*.*"))) == 2


def test_without_a_synthesizer_nothing_is_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_checker.learn.speech.voices.available", lambda engine: engine != "flite")
    team = small_source(tmp_path / "team")
    kept = team / "recordings" / "ada-lane" / "kept.opus"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"OggS")
    assert main(["--out", str(team)]) == 3
    assert kept.exists() and not (team / "truth.json").exists()
    told = capsys.readouterr().err.strip()
    assert "flite" in told and "apt-get install" in told and "\n" not in told


def test_a_wrong_header_is_told_with_file_and_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    team = small_source(tmp_path / "team", SMALL.replace("record=stereo", "record=tape"))
    assert main(["--out", str(team)]) == 2
    told = capsys.readouterr().err.strip()
    assert "record is one of" in told and "ada-2026-11-16-0900" in told and "\n" not in told


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (SMALL.replace("contact=Karen Walsh | ", ""), "contact"),
        (SMALL.replace("story=", "mood="), "mood"),
        (SMALL.replace("ada-2026-11-16-0900", "ada-monday"), "ada-monday"),
        (SMALL + SMALL, "stands twice"),
    ],
)
def test_scripts_that_do_not_fit_are_refused(tmp_path: Path, wrong: str, part: str) -> None:
    with pytest.raises(RequestError, match=part):
        read_scripts(small_source(tmp_path / "team", wrong) / "scripts")


def test_a_folder_without_scripts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no scripts"):
        read_scripts(tmp_path)


def test_ids_carry_the_time_with_its_zone() -> None:
    assert id_time("ada-2026-11-16-0905", "x").isoformat() == "2026-11-16T09:05:00-05:00"
    assert slug("Pruitt & Vance Restoration") == "pruitt-and-vance-restoration"


def test_containers_take_turns_and_voices_stay_apart() -> None:
    endings = [containers.chosen("stereo", place).ending for place in range(4)]
    assert endings == ["opus", "m4a", "flac", "webm"]
    assert containers.chosen("mulaw", 0).rate == 8_000
    assert containers.chosen("mono", 0).channels == 1
    for key in RECORDED:
        script = SCRIPTS[key]
        spoken = list(zip(script.turns, cast.voices(script), strict=True))
        assert {name for turn, name in spoken if turn.role is Role.REP} == {cast.REP}
        assert cast.REP not in {name for turn, name in spoken if turn.role is not Role.REP}
        assert {name for _, name in spoken} <= {voice.name for voice in VOICES}


# --- what is true ---------------------------------------------------------------------------


def test_a_label_is_seen_wherever_it_stands() -> None:
    turns = (turn(0, Role.GATEKEEPER), turn(1, Role.REP, "who signs", "economic-buyer-identified"))
    assert truth.verdict("economic-buyer-identified", turns, reached=False) is Verdict.SEEN


def test_a_label_of_the_other_side_is_no_evidence() -> None:
    turns = (turn(0, Role.PROSPECT, "we opened a shop", "trigger-event-opener"), turn(1, Role.REP))
    assert truth.verdict("trigger-event-opener", turns, reached=True) is Verdict.NOT_SEEN
    assert truth.verdicts(turns, reached=True)["trigger-event-opener"]["positives"] == 0


def test_only_doubtful_marks_are_unclear_and_near_misses_are_not() -> None:
    doubtful = (turn(0, Role.PROSPECT), turn(1, Role.REP, "x", "?recap", "~recap"))
    near = (turn(0, Role.PROSPECT), turn(1, Role.REP, "x", "~recap"))
    assert truth.verdict("recap", doubtful, reached=True) is Verdict.UNCLEAR
    assert truth.verdict("recap", near, reached=True) is Verdict.NOT_SEEN
    both = (*doubtful, turn(2, Role.REP, "x", "recap"))
    assert truth.verdict("recap", both, reached=True) is Verdict.SEEN


def test_without_an_objection_nothing_was_to_be_acknowledged() -> None:
    calm = (turn(0, Role.PROSPECT, "x", "~objection"), turn(1, Role.REP))
    pushed = (turn(0, Role.PROSPECT, "x", "objection"), turn(1, Role.REP))
    perhaps = (turn(0, Role.PROSPECT, "x", "?objection"), turn(1, Role.REP))
    assert truth.verdict("objection-acknowledged", calm, reached=True) is Verdict.NOT_APPLICABLE
    assert truth.verdict("objection-acknowledged", pushed, reached=True) is Verdict.NOT_SEEN
    assert truth.verdict("objection-acknowledged", perhaps, reached=True) is Verdict.UNCLEAR


def test_a_recorded_greeting_is_no_gatekeeper() -> None:
    greeting = turn(0, Role.GATEKEEPER, "Please leave your name after the tone.")
    person = turn(0, Role.GATEKEEPER, "Front office, this is Dot.")
    assert truth.is_recorded(greeting) and not truth.is_recorded(person)
    assert not truth.is_recorded(turn(0, Role.PROSPECT, "leave a message after the tone"))
    rep = turn(1, Role.REP)
    verdict = Verdict.NOT_APPLICABLE
    assert truth.verdict("gatekeeper-reason", (greeting, rep), reached=False) is verdict
    assert truth.verdict("gatekeeper-reason", (person, rep), reached=False) is Verdict.NOT_SEEN


def test_where_nobody_was_reached_only_the_promise_to_follow_up_counts() -> None:
    turns = (turn(0, Role.GATEKEEPER, "speak after the beep"), turn(1, Role.REP))
    found = {name: truth.verdict(name, turns, reached=False) for name in truth.BEHAVIORS}
    assert found.pop("followup-within-48h") is Verdict.NOT_SEEN
    assert set(found.values()) == {Verdict.NOT_APPLICABLE}


def test_a_mail_has_neither_desk_nor_objection() -> None:
    turns = (turn(0, Role.REP, "x", "trigger-event-opener"),)
    found = truth.verdicts(turns, reached=False, mail=True)
    assert found["trigger-event-opener"] == {
        "verdict": "seen",
        "positives": 1,
        "turns": [0],
        "near_misses": [],
        "unclear": [],
    }
    assert found["recap"]["verdict"] == "not_seen"
    assert found["gatekeeper-reason"]["verdict"] == "not_applicable"
    assert found["objection-acknowledged"]["verdict"] == "not_applicable"


def test_words_that_run_into_each_other_are_parted_where_they_fall_silent() -> None:
    audio = np.zeros(48_000, np.float32)
    audio[:8_000] = audio[16_000:24_000] = 0.3
    words = [("again.", 0.0, 2.5), ("They", 1.0, 1.5)]
    assert perform._apart(words, audio) == [("again.", 0.0, 0.5), ("They", 1.0, 1.5)]
    assert perform._apart(words[1:], audio) == words[1:]


def test_the_shipped_truth_is_what_the_scripts_say() -> None:
    assert set(TRUTH) == set(SCRIPTS) | set(MAILS)
    for key, script in SCRIPTS.items():
        assert TRUTH[key]["verdicts"] == truth.verdicts(script.turns, reached=script.reached), key
    for key, mail in MAILS.items():
        assert TRUTH[key]["verdicts"] == truth.verdicts(mail.script.turns, reached=False, mail=True), key


def test_the_ledger_counts_what_the_labels_say() -> None:
    ledger = tomllib.loads((TEAM / "ledger.toml").read_text(encoding="utf-8"))
    names = {rep["id"]: rep["name"] for rep in ledger["rep"]}
    closed = [made for made in ledger["commitment"] if made["status"] == "closed"]
    assert closed
    for made in closed:
        states = [
            _state(call["verdicts"][made["behavior"]], made["target"]["per_call"])
            for call in TRUTH.values()
            if call["rep"] == names[made["rep"]] and _promised(call, made)
        ]
        for state in ("seen", "attempted", "not_seen", "unclear", "not_applicable"):
            assert states.count(state) == made["counts"][state], (made["id"], state)


def _promised(call: dict[str, Any], made: dict[str, Any]) -> bool:
    day: date = datetime.fromisoformat(call["started_at"]).date()
    named = f"{day:%a}".lower() in made["weekdays"]
    return named and made["made_on"] <= day < made["check_on"] and call["call_type"] in made["call_types"]


def _state(found: dict[str, Any], per_call: int) -> str:
    if found["verdict"] == "seen":
        return "seen" if found["positives"] >= per_call else "attempted"
    return "attempted" if found["verdict"] == "not_seen" and found["near_misses"] else found["verdict"]


# --- the recordings -------------------------------------------------------------------------


def test_the_recorded_week_comes_in_every_kind_of_file() -> None:
    kinds = {(Path(TRUTH[key]["path"]).suffix, TRUTH[key]["recording"]["codec"]) for key in RECORDED}
    assert kinds == {
        (".opus", "libopus"),
        (".m4a", "aac"),
        (".flac", "flac"),
        (".webm", "libopus"),
        (".wav", "pcm_mulaw"),
        (".mp3", "libmp3lame"),
        (".ogg", "libopus"),
    }


@pytest.mark.parametrize("key", RECORDED)
def test_a_recording_is_what_the_truth_says(key: str) -> None:
    sound = TRUTH[key]["recording"]
    call = read(TEAM / TRUTH[key]["path"])
    assert call.source is Source.AUDIO and call.audio is not None
    assert call.audio.channels == sound["channels"] and not call.audio.fake_stereo
    assert call.audio.duration_s == pytest.approx(sound["duration_s"], abs=0.05)
    assert call.notes == ()
    if Path(call.path).suffix == ".wav":
        assert call.audio.sample_rate == 8_000


@pytest.mark.parametrize("key", RECORDED)
def test_energy_stands_where_the_words_are(key: str) -> None:
    sound = TRUTH[key]["recording"]
    heard = load(TEAM / TRUTH[key]["path"])
    frames = heard.shape[1] // 160
    level = 10 * np.log10(np.mean(heard[:, : frames * 160].reshape(len(heard), frames, 160) ** 2, axis=2) + 1e-12)
    for channel in range(len(heard)):
        name = ("left", "right")[channel] if len(heard) == 2 else "mono"
        speaking = np.zeros(frames, bool)
        near = np.zeros(frames, bool)
        for said in sound["turns"]:
            if said["channel"] != name:
                continue
            first, last = round(said["start_s"] * 100), round(said["end_s"] * 100)
            near[max(first - 15, 0) : last + 15] = True
            for _, start, end in said["words"]:
                speaking[round(start * 100) : round(end * 100)] = True
                assert level[channel, round(start * 100) : round(end * 100) + 1].max() > -45.0, said["text"]
        if sound["beep"] and name == "right":
            near[round(sound["beep"][0] * 100) - 5 : round(sound["beep"][1] * 100) + 5] = True
        assert np.median(level[channel, speaking]) > -30.0
        # Line noise, and no sound of the other side: silence is neither digital nor loud.
        assert -66.0 < np.median(level[channel, ~near]) < -48.0
        assert level[channel, ~near].max() < -38.0


@pytest.mark.parametrize("key", RECORDED)
def test_the_spoken_words_are_those_of_the_script(key: str) -> None:
    sound, script = TRUTH[key]["recording"], SCRIPTS[key]
    assert [(said["speaker"], said["text"]) for said in sound["turns"]] == [
        (turn.role.value, turn.text) for turn in script.turns
    ]
    before = 0.0
    for said in sound["turns"]:
        assert [word for word, _, _ in said["words"]] == said["text"].split()
        assert said["start_s"] == said["words"][0][1] and said["end_s"] == said["words"][-1][2]
        times = [time for _, start, end in said["words"] for time in (start, end)]
        assert times == sorted(times)
        assert -0.25 < said["start_s"] - before < 2.5
        before = said["end_s"]
    assert before < sound["duration_s"]


def test_only_the_voicemail_beeps_between_greeting_and_message() -> None:
    beeps = {key: TRUTH[key]["recording"]["beep"] for key in RECORDED if TRUTH[key]["recording"]["beep"]}
    assert list(beeps) == ["luke-2026-11-17-1405"]
    begin, end = beeps["luke-2026-11-17-1405"]
    turns = TRUTH["luke-2026-11-17-1405"]["recording"]["turns"]
    assert turns[-2]["end_s"] < begin < end < turns[-1]["start_s"]
    heard = load(TEAM / TRUTH["luke-2026-11-17-1405"]["path"])[1, round(begin * 16_000) : round(end * 16_000)]
    loudest = np.argmax(np.abs(np.fft.rfft(heard))) * 16_000 / len(heard)
    assert loudest == pytest.approx(1000, abs=10)


# --- the transcripts ------------------------------------------------------------------------


def test_every_format_of_the_contract_is_among_the_transcripts() -> None:
    assert set(formats.formats(SCRIPTS.values()).values()) == set(writers())
    assert len(writers()) == 11
    assert {TRUTH[key]["format"] for key in WRITTEN} == set(writers())


def test_formats_without_names_are_given_only_to_calls_that_exist() -> None:
    assert set(formats.GIVEN) <= set(SCRIPTS)
    for key, name in formats.GIVEN.items():
        assert writers()[name].names != "people", key


@pytest.mark.parametrize("name", sorted(writers()))
@pytest.mark.parametrize("key", ["luke-2026-10-22-1130", "tom-2026-11-03-1420", "dana-2026-11-12-1500"])
def test_each_writer_is_read_back_whole(name: str, key: str, tmp_path: Path) -> None:
    _reads_back(SCRIPTS[key], name, tmp_path)


@pytest.mark.parametrize("key", WRITTEN)
def test_a_shipped_transcript_reads_with_its_speakers_and_text(key: str) -> None:
    path = TEAM / TRUTH[key]["path"]
    _same(read(path), SCRIPTS[key], TRUTH[key]["format"])
    assert path.read_bytes().decode("utf-8") == writers()[TRUTH[key]["format"]].write(timed(SCRIPTS[key]))


def _reads_back(script: Script, name: str, folder: Path) -> None:
    writer = writers()[name]
    path = folder / f"call.{writer.ending}"
    path.write_bytes(writer.write(timed(script)).encode("utf-8"))
    _same(read(path), script, name)


def _same(call: Any, script: Script, name: str) -> None:
    talk = timed(script)
    writer = writers()[name]
    found = merged([(turn.speaker, turn.text) for turn in call.turns])
    expected = merged([(said.speaker, said.text) for said in talk.turns])
    if writer.names == "none":
        assert " ".join(text for _, text in found) == " ".join(text for _, text in expected)
        assert any("names no speakers" in note for note in call.notes)
        return
    assert [text for _, text in found] == [text for _, text in expected]
    pairs = dict(zip((s for s, _ in found), (s for s, _ in expected), strict=True))
    assert [pairs[speaker] for speaker, _ in found] == [speaker for speaker, _ in expected]
    assert len(set(pairs)) == len(set(pairs.values())), "two people in one voice"
    if writer.names == "people":
        assert all(given == own for given, own in pairs.items())
    assert call.notes == ()
    assert call.transcriber is not None
    if name != "plain":
        assert call.turns[0].start_s == pytest.approx(talk.turns[0].start_s, abs=1.0)
        assert call.turns[-1].start_s == pytest.approx(talk.turns[-1].start_s, abs=40.0)
        starts = [turn.start_s for turn in call.turns if turn.start_s is not None]
        assert len(starts) == len(call.turns) and starts == sorted(starts)


def test_made_up_times_run_forward_at_a_pace_of_speech() -> None:
    for script in SCRIPTS.values():
        talk = timed(script)
        times = [time for said in talk.turns for word in said.words for time in (word.start_s, word.end_s)]
        assert times == sorted(times)
        words = sum(len(said.words) for said in talk.turns)
        assert 1.5 < words / talk.duration_s < 4.0, script.id
        for said in talk.turns:
            assert tuple(word for piece in pieces(said, 20) for word in piece) == said.words
            assert max(len(piece) for piece in pieces(said, 20)) <= 20


def test_the_desk_speaks_under_its_own_name() -> None:
    assert FRONT_DESK in timed(SCRIPTS["luke-2026-10-22-1130"]).speakers
    assert set(timed(SCRIPTS["dana-2026-10-21-1000"]).speakers) == {"Omar Haddad", "Dana Whitfield"}


@pytest.mark.parametrize("key", sorted(MAILS))
def test_a_shipped_mail_reads_as_the_rep_wrote_it(key: str) -> None:
    mail, path = MAILS[key], TEAM / TRUTH[key]["path"]
    call = read(path)
    assert call.source is Source.EMAIL and call.notes == ()
    assert call.details.rep == mail.script.rep and call.details.contact == mail.script.contact
    assert call.details.started_at == mail.script.started_at
    assert call.turns[0].text.split() == " ".join(turn.text for turn in mail.script.turns).split()
    assert path.read_bytes() == mails.message(mail, "Bright Harbor")


# --- manifest and workspace -----------------------------------------------------------------


def test_the_manifest_names_every_call_once_with_all_that_is_known() -> None:
    rows = manifest_rows()
    shipped = {
        path.relative_to(TEAM).as_posix()
        for folder in ("recordings", "transcripts")
        for path in (TEAM / folder).rglob("*")
        if path.is_file()
    }
    assert set(rows) == shipped == {call["path"] for call in TRUTH.values()}
    for call in TRUTH.values():
        row = rows[call["path"]]
        assert tuple(row) == workspace.COLUMNS
        assert all(value for name, value in row.items() if name != "rep_channel"), call["id"]
        assert row["started_at"] == call["started_at"] and row["started_at"].endswith("-05:00")
        stereo = call.get("recording", {}).get("channels") == 2
        assert row["rep_channel"] == ("left" if stereo else "")


def test_a_batch_finds_the_calls_with_their_details() -> None:
    items, notes = sources.find(str(TEAM / "manifest.csv"), pattern=workspace.PATTERN)
    assert notes == ()
    assert len(items) == len(TRUTH)
    by_path = {Path(item.path).resolve().relative_to(TEAM).as_posix(): item.details for item in items}
    for call in TRUTH.values():
        details = by_path[call["path"]]
        assert (details.rep, details.account, details.call_type) == (
            call["rep"],
            call["account"],
            call["call_type"],
        )
        assert details.started_at is not None
        assert details.started_at.utcoffset() == timedelta(hours=-5)


def test_the_workspace_knows_the_reps_by_first_name_and_by_folder() -> None:
    found = settings.load(TEAM, environment={})
    assert found.root == TEAM
    assert (found.manager, found.company, found.model) == ("Maya Collins", "Bright Harbor", "synthetic")
    assert len(found.reps) == 4
    for rep in found.reps:
        for name in (rep.name.split()[0], slug(rep.name)):
            assert found.rep_named(name) == rep
    items, _ = sources.find(str(TEAM / "recordings"), pattern=found.pattern)
    assert len(items) == len(RECORDED)
    for item in items:
        named = found.rep_named(item.details.rep or "")
        assert named is not None and named.name == "Luke Porter"
        assert item.details.call_type == "cold" and item.details.started_at is not None


def test_the_fixtures_stay_small() -> None:
    sizes = {path: path.stat().st_size for path in TEAM.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < LIMIT
    assert sum(size for path, size in sizes.items() if "recordings" in path.parts) < 9_000_000


def test_nothing_shipped_names_a_place_of_this_machine() -> None:
    for path in TEAM.rglob("*"):
        if path.suffix in (".json", ".csv", ".toml", ".eml", ".vtt", ".srt", ".txt", ".md"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/(?:work|tmp|home|root|opt)/", text), path
