"""Who is meant, what counts once, how long it takes: properties of the small use cases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ci_checker.app import catalogue, doubles, workspace
from ci_checker.app.hearing import vocabulary
from ci_checker.app.naming import by_name
from ci_checker.app.pace import Pace
from ci_checker.behaviors.catalogue import load
from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.intake.sources import Item
from ci_checker.model import Call, Details, Evidence, Result, Role, ScoredCall, Source, Speaker, Turn, Verdict
from ci_checker.settings import Rep, Settings

KNOWN = load()
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- one conversation counts once --------------------------------------------------------------------------

SOUND, TEXT = (".wav", ".mp3", ".M4A"), (".vtt", ".txt", ".json", ".SRT")


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("a/call.wav", "a/call"),
        ("a/call.MP3", "a/call"),
        ("a/call.transcript.vtt", "a/call"),
        ("a/call_transcript.json", "a/call"),
        ("a/call.v2.txt", "a/call.v2"),
        ("a/call.eml", None),
        ("a/call", None),
        ("a/notes.pdf", None),
    ],
)
def test_a_recording_and_its_transcript_share_what_stands_before_the_ending(path: str, stem: str | None) -> None:
    assert doubles.stem(path) == stem
    assert doubles.is_recording(path) is path.lower().endswith((".wav", ".mp3"))


@relaxed
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*SOUND, *TEXT, ".eml"])), max_size=8, unique=True))
def test_pairing_loses_no_call_and_keeps_every_recording(files: list[tuple[str, str]]) -> None:
    items = [Item(f"{name}{ending}", Details()) for name, ending in files]
    kept, beside = doubles.paired(items)
    paths = [item.path for item in kept]
    assert [path for path in paths if doubles.is_recording(path)] == [
        item.path for item in items if doubles.is_recording(item.path)
    ]
    heard = {path.rsplit(".", 1)[0] for path in paths if doubles.is_recording(path)}
    for item in items:
        place = item.path.rsplit(".", 1)[0]
        told = not doubles.is_recording(item.path) and not item.path.endswith(".eml") and place in heard
        assert (item.path in paths) is not told
    assert set(beside) <= set(paths)
    assert all(Path(recording).stem == Path(text.path).stem for recording, text in beside.items())


@relaxed
@given(
    st.fixed_dictionaries({name: st.none() | st.just("own") for name in ("rep", "account", "contact", "call_type")}),
    st.fixed_dictionaries({name: st.none() | st.just("more") for name in ("rep", "account", "contact", "call_type")}),
)
def test_only_blanks_are_filled_in(own, more) -> None:
    found = doubles.filled(Details(**own), Details(**more))
    for name in own:
        assert getattr(found, name) == (own[name] or more[name])
    assert doubles.filled(found, Details(**more)) == found


def test_of_two_contents_under_one_path_the_one_that_lies_there_counts(tmp_path: Path) -> None:
    from ci_checker import intake

    path = tmp_path / "a.txt"
    path.write_text("Luke: hello\n", encoding="utf-8")
    now = ScoredCall(call=Call(path=str(path), sha256=intake.fingerprint(path), source=Source.TRANSCRIPT))
    before = ScoredCall(call=replace(now.call, sha256="0" * 64))
    assert doubles.once([now, before]) == doubles.once([before, now]) == (now,)
    path.unlink()
    assert doubles.once([now, before]) == (before,), "where none lies there, the one stored last"


def test_mails_of_one_box_are_not_doubles_of_each_other() -> None:
    mails = [ScoredCall(call=Call(path="box.mbox", sha256=str(n), source=Source.EMAIL)) for n in range(3)]
    assert doubles.once(mails) == tuple(mails)


# --- who is meant --------------------------------------------------------------------------------------------

TEAM = Settings(
    manager="Maya", reps=(Rep(name="Luke Porter", aliases=("Luke",)), Rep(name="Dana Ortiz", manager="Sam"))
)


@relaxed
@given(st.text(max_size=12))
def test_a_name_is_somebody_on_the_team_or_one_clear_refusal(said: str) -> None:
    try:
        found = workspace.rep_called(said, TEAM)
    except RequestError as refused:
        assert "\n" not in refused.line and refused.todo
        assert said.strip() == "" or "The team stands in ci-checker.toml." in refused.line
        return
    assert found in TEAM.reps


@relaxed
@given(st.lists(st.text(max_size=6), max_size=6), st.text(max_size=6))
def test_near_ones_are_known_ones_at_most_three_and_each_once(known: list[str], wanted: str) -> None:
    near = workspace.near_ones(wanted, known)
    assert set(near) <= set(known) and len(near) <= 3 and len(set(near)) == len(near)


@pytest.mark.parametrize("behavior", list(KNOWN))
def test_every_alias_that_is_typed_for_an_id_leads_to_it(behavior: str) -> None:
    for name in (KNOWN[behavior].name, *KNOWN[behavior].aliases):
        if name in KNOWN:
            continue
        with pytest.raises(RequestError) as told:
            catalogue.chosen([name], KNOWN)
        assert f"there is no behavior '{name}'. Did you mean " in told.value.line
        assert behavior in told.value.line


def test_an_order_is_kept_and_a_repetition_dropped() -> None:
    assert catalogue.chosen(["recap", "talk-ratio", "recap"], KNOWN) == ("recap", "talk-ratio")
    assert catalogue.chosen([], KNOWN) == ()


# --- names in a call -------------------------------------------------------------------------------------------


@relaxed
@given(
    roles=st.lists(st.sampled_from(list(Role)), min_size=1, max_size=3),
    rep=st.none() | st.just("Luke Porter"),
    contact=st.none() | st.sampled_from(["Karen Walsh", "Luke Porter"]),
)
def test_naming_changes_names_and_nothing_else(roles, rep, contact) -> None:
    names = ("left", "right", "third")[: len(roles)]
    call = Call(
        path="a.wav", sha256="a", source=Source.AUDIO, details=Details(rep=rep, contact=contact),
        turns=tuple(Turn(speaker=name, text=f"I am {name}") for name in names),
        speakers=tuple(Speaker(name=name, role=role) for name, role in zip(names, roles, strict=True)),
    )  # fmt: skip
    quote = Evidence(turn=0, speaker="left", quote="I am left", probability=0.9)
    scored = ScoredCall(
        call=call, results=(Result(behavior="recap", verdict=Verdict.SEEN, probability=0.9, evidence=(quote,)),)
    )
    found = by_name(scored)
    assert [turn.text for turn in found.call.turns] == [turn.text for turn in call.turns]
    assert [speaker.role for speaker in found.call.speakers] == roles
    assert [turn.speaker for turn in found.call.turns] == [speaker.name for speaker in found.call.speakers]
    assert found.results[0].evidence[0].speaker == found.call.turns[0].speaker
    # Two reps on one call are both the rep's name: only then may a name stand twice.
    if roles.count(Role.REP) < 2:
        assert len({speaker.name for speaker in found.call.speakers}) == len(names), "nobody is merged with another"
    assert by_name(found).call == found.call


def test_a_call_is_told_its_own_names_and_not_those_of_the_whole_team() -> None:
    loaded = replace(TEAM, vocabulary=("Acme Flow",), company="Harbor")
    known = Details(rep="Luke Porter", account="Granite", contact="Karen")
    assert vocabulary(loaded, known) == ("Acme Flow", "Harbor", "Luke Porter", "Granite", "Karen")
    assert vocabulary(loaded, Details()) == ("Acme Flow", "Harbor", "Luke Porter", "Dana Ortiz", None, None)


# --- how long it takes -------------------------------------------------------------------------------------------


@relaxed
@given(speed=st.floats(0.5, 200), total=st.floats(60, 7200), first=st.floats(0, 50), steps=st.integers(2, 12))
def test_at_an_even_pace_the_guess_is_the_truth_once_it_is_made(speed, total, first, steps) -> None:
    assume(first < total)
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    assert pace.left_s(first, total) is None
    whole = (total - first) / speed
    for step in range(1, steps + 1):
        now[0] = whole * step / steps
        done = first + (total - first) * step / steps
        left = pace.left_s(done, total)
        early = now[0] < 5.0 or done - first < 0.03 * total
        assert (left is None) is early
        if left is not None:
            assert left == pytest.approx(whole - now[0], abs=1e-3 * whole + 1e-6)


# --- examples tried on a detector --------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_an_example_is_wrong_only_where_the_detector_says_the_contrary(counts: bool, verdict: Verdict | None) -> None:
    wrong = catalogue.Example(text="x", counts=counts, verdict=verdict).wrong
    contrary = {True: (Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE), False: (Verdict.SEEN,)}[counts]
    assert wrong is (verdict in contrary)


@pytest.mark.parametrize(
    ("problem", "note"),
    [
        (
            MissingError("the detectors are not installed", todo="Get them."),
            "structure only: the detectors are not installed",
        ),
        (CallError("cut off", where="x", todo="Mend it."), "structure only: x: cut off. Mend it."),
    ],
)
def test_what_cannot_be_tried_is_said_and_is_no_error(monkeypatch: pytest.MonkeyPatch, problem, note: str) -> None:
    def fail(behavior: object) -> None:
        raise problem

    monkeypatch.setattr(catalogue, "_left_out", fail)
    (found,) = catalogue.check({"recap": KNOWN["recap"]})
    assert (found.note, found.examples, found.wrong) == (note, (), ())
    (measured,) = catalogue.check({"talk-ratio": KNOWN["talk-ratio"]})
    assert measured.note == "measured, not classified: there are no examples to try"
