"""Reports that may be mailed: nothing of the others' names in any format, nor in what is heard."""

from __future__ import annotations

import io
import json
import wave
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest

from ci_checker import commitments, report
from ci_checker.app import redact
from ci_checker.app.reporting import with_clips
from ci_checker.model import (
    Call,
    Commitment,
    Details,
    Eligibility,
    Evidence,
    Report,
    Result,
    Role,
    ScoredCall,
    Source,
    Speaker,
    Target,
    TargetKind,
    Turn,
    Verdict,
    Window,
    Word,
)
from ci_checker.settings import Rep, Settings

RATE = 16_000
SETTINGS = Settings(manager="Maya Collins", company="Bright Harbor", reps=(Rep(name="Luke Porter", aliases=("Luke",)),))
SECRETS = ("Karen", "Walsh", "Silver Creek", "Dayton", "four hundred", "555-867-5309", "karen@silver.com", "Marcus")


def turn(speaker: str, text: str, start: float, *, words: bool = True) -> Turn:
    """Half a second a word."""
    said = text.split()
    times = tuple(Word(text=w, start_s=start + n / 2, end_s=start + n / 2 + 0.4) for n, w in enumerate(said))
    return Turn(speaker=speaker, text=text, start_s=start, end_s=start + len(said) / 2, words=times if words else ())


def call(path: Path | str, *, words: bool = True) -> Call:
    return Call(
        path=str(path),
        sha256="a" * 64,
        source=Source.AUDIO,
        details=Details(
            rep="Luke Porter",
            account="Silver Creek Plumbing",
            contact="Karen Walsh",
            started_at=datetime(2026, 11, 17, 9, 30),
            call_type="cold",
        ),
        turns=(
            turn("Karen Walsh", "Silver Creek Plumbing, this is Karen.", 0.5, words=words),
            turn(
                "Luke Porter", "Hi Karen, Luke with Bright Harbor; I read that you opened in Dayton.", 4.0, words=words
            ),
            turn("Karen Walsh", "Yes, Marcus did that, for four hundred dollars.", 12.0, words=words),
            turn("Luke Porter", "Call 555-867-5309 or write to karen@silver.com then.", 18.0, words=words),
        ),
        speakers=(Speaker(name="Luke Porter", role=Role.REP), Speaker(name="Karen Walsh", role=Role.PROSPECT)),
    )


PROMISE = Commitment(
    id=3,
    rep="Luke Porter",
    manager="Maya Collins",
    behavior="trigger-event-opener",
    statement="Open every cold call with a trigger event, as with Karen",
    target=Target(kind=TargetKind.EVERY),
    window=Window(start=date(2026, 11, 16), end=date(2026, 11, 19)),
    eligible=Eligibility(call_types=("cold",), accounts=("Silver Creek Plumbing",)),
    made_on=date(2026, 11, 16),
    check_on=date(2026, 11, 20),
)


def reported(heard: Call) -> Report:
    said = heard.turns[1]
    found = Evidence(
        turn=1, speaker=said.speaker, quote=said.text, probability=0.9, start_s=said.start_s, end_s=said.end_s
    )
    near = replace(found, turn=3, quote=heard.turns[3].text, probability=0.4, start_s=18.0, end_s=22.0)
    result = Result(
        behavior=PROMISE.behavior, verdict=Verdict.SEEN, probability=0.9, evidence=(found,), near_misses=(near,)
    )
    finding = commitments.check(
        PROMISE,
        [ScoredCall(call=heard, results=(result,))],
        today=date(2026, 11, 20),
        behavior_name="Trigger-event opener",
        reliability=None,
    )
    return Report(rep="Luke Porter", manager="Maya Collins", as_of=date(2026, 11, 20), finding=with_clips(finding))


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "silver-creek.wav"
    samples = (np.sin(np.arange(25 * RATE) * 0.3) * 12_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def redacted(monkeypatch: pytest.MonkeyPatch, heard: Call, *, clips: bool = True) -> redact.Redacted:
    monkeypatch.setattr(redact, "_calls", lambda settings, found: {heard.sha256: heard})
    return redact.redact(SETTINGS, [reported(heard)], clips=clips)


@pytest.mark.parametrize("format", report.formats("report"))
def test_no_format_names_anybody_but_the_team(monkeypatch: pytest.MonkeyPatch, tone: Path, format: str) -> None:
    heard = call(tone)
    before = report.render(reported(heard), format)
    assert format == "crm" or all(each in before for each in ("Karen", "Dayton"))
    done = redacted(monkeypatch, heard, clips=False)
    said = report.render(done.reports, format, notice=redact.NOTICE)
    for secret in (*SECRETS, "silver-creek", str(tone.parent)):
        assert secret.lower() not in said.lower().replace("-tone", ""), secret
    assert "Luke Porter" in said
    if format != "crm":
        assert "Bright Harbor" in said and "Maya Collins" in said
        assert "It can miss a name that was misheard" in " ".join(said.replace("> ", "").split())


def test_json_still_keeps_its_schema(monkeypatch: pytest.MonkeyPatch, tone: Path) -> None:
    done = redacted(monkeypatch, call(tone), clips=False)
    said = json.loads(report.render(done.reports, "json", notice=redact.NOTICE))
    jsonschema.validate(said, report.schema("report"))
    assert said["notice"] == redact.NOTICE
    moment = said["reports"][0]["finding"]["best"]
    assert (moment["account"], moment["contact"], moment["call"]) == ("[account 1]", "[name 1]", "[call 1]")
    assert moment["evidence"]["quote"] == "Hi [name 1], Luke with Bright Harbor; I read that you opened in [name]."


def heard_at(sound: bytes) -> np.ndarray:
    """Loudness every tenth of a second."""
    with av.open(io.BytesIO(sound)) as file:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    tenth = RATE // 10
    return np.array([np.abs(samples[at : at + tenth]).mean() for at in range(0, samples.size - tenth, tenth)])


def test_masked_words_are_silent_and_the_others_are_heard(monkeypatch: pytest.MonkeyPatch, tone: Path) -> None:
    done = redacted(monkeypatch, call(tone))
    assert done.problems == () and len(done.clips) == 2
    (finding,) = [one.finding for one in done.reports]
    assert finding and finding.best and finding.best.clip
    loud = heard_at(done.clips[finding.best.clip])
    # The clip begins 0.4 s before the turn at 4.0 s: its second word, Karen, is heard from 4.5 to 4.9 s.
    assert loud[10:12].max() < 0.02 * loud.max(), "Karen"
    assert loud[21:24].min() > 0.5 * loud.max(), "with"
    last = 4 + round((4.0 + 12 / 2 - 4.0) * 10)
    assert loud[last + 1 : last + 3].max() < 0.02 * loud.max(), "Dayton"


def test_without_the_times_of_words_a_clip_stays_out_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tone: Path
) -> None:
    done = redacted(monkeypatch, call(tone, words=False))
    assert done.clips == {} and len(done.problems) == 2
    assert all("stays out" in line and "[call 1]" in line and "silver" not in line for line in done.problems)
    page = report.render(done.reports, "html", clips=done.clips)
    assert "<audio" not in page and "no clip was cut" in page


def test_silences_ask_for_times_only_where_there_is_something_to_hide() -> None:
    plain = replace(call("x.wav"), turns=(turn("Luke Porter", "how are you planning the work", 0.0, words=False),))
    masks = redact.masks_for([reported(call("x.wav"))], ("Luke Porter",))
    assert redact.silences(plain, masks, 0.0, 3.0) == ()
    timeless = replace(plain, turns=(Turn(speaker="Luke Porter", text="hello"),))
    assert redact.silences(timeless, masks, 0.0, 3.0) is None
    heard = call("x.wav")
    assert redact.silences(heard, masks, 30.0, 40.0) == ()
    found = redact.silences(heard, masks, 4.0, 11.0)
    assert found and found[0] == (pytest.approx(4.5 - redact.AROUND_S), pytest.approx(4.9 + redact.AROUND_S))


def test_a_recording_that_is_gone_is_named_by_its_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = redacted(monkeypatch, call(tmp_path / "silver-creek.wav"))
    assert done.clips == {} and done.problems
    assert "silver" not in " ".join(done.problems).lower()


def test_the_same_person_has_one_number_throughout(tone: Path) -> None:
    masks = redact.masks_for([reported(call(tone))], ("Luke Porter", "Bright Harbor"))
    assert {masks.known[name] for name in ("Karen Walsh", "Karen", "Walsh")} == {"[name 1]"}
    assert "Luke" not in masks.known and "Luke" not in masks.found
