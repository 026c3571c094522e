"""The stages in order: what a result depends on, whose call it is, and how one bad call stays one bad call."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker import model, pipeline
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import CallError, CheckerError, MissingError, RequestError
from ci_checker.model import Audio, Call, Details, Role, ScoredCall, Source, Speaker, Turn, Verdict
from ci_checker.settings import Rep

CALL = Call(path="a.txt", sha256="a", source=Source.TRANSCRIPT, turns=(Turn(speaker="Luke", text="Hello."),))
ONE = Behavior(id="one", name="One", definition="x", counts=("a",), source="/x/one.yaml")
TWO = Behavior(id="two", name="Two", definition="y", counts=("b",), source="/x/two.yaml")


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector's version that needs no model to tell."""
    from ci_checker.behaviors import detect

    monkeypatch.setattr(detect, "version", lambda behaviors: ",".join(sorted(b.id for b in behaviors)))


# --- what a stored score depends on ----------------------------------------------------------------------


@pytest.mark.usefixtures("steady")
def test_every_part_of_what_is_understood_by_changes_the_key() -> None:
    by = pipeline.Understanding(behaviors={"one": ONE}, roster=(Rep(name="Luke"),), company="Harbor")
    changed = {
        "behaviors": {"two": TWO},
        "rep": "right",
        "roster": (Rep(name="Luke"), Rep(name="Dana")),
        "company": None,
        "bounds": {"talk-ratio": 0.5},
    }
    assert set(changed) == {field.name for field in fields(by)}, "a new part of it must be looked at here"
    keys = {by.key(), *(replace(by, **{name: value}).key() for name, value in changed.items())}
    assert len(keys) == len(changed) + 1


@pytest.mark.usefixtures("steady")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Other"), ("definition", "z"), ("counted", True), ("aliases", ("o",)), ("cues", ("so",)),
        ("counts", ("c",)), ("does_not_count", ("d",)), ("bound", 3.0),
    ],
)  # fmt: skip
def test_a_definition_that_was_changed_anywhere_is_scored_anew(field: str, value: object) -> None:
    def key(behavior: Behavior) -> str:
        return pipeline.Understanding(behaviors={"one": behavior}).key()

    assert key(replace(ONE, **{field: value})) != key(ONE)
    assert key(replace(ONE, source="/elsewhere/one.yaml")) == key(ONE)


@pytest.mark.usefixtures("steady")
def test_what_a_score_does_not_read_does_not_void_it() -> None:
    by = pipeline.Understanding(behaviors={"one": ONE}, roster=(Rep(name="Luke"),), bounds={"a": 1.0, "b": 2.0})
    mailed = (Rep(name="Luke", emails=("l@h.example",), timezone="UTC", started=date(2026, 11, 2)),)
    assert replace(by, roster=mailed).key() == by.key()
    assert replace(by, bounds={"b": 2.0, "a": 1.0}).key() == by.key(), "the order of bounds says nothing"


def test_a_transcript_depends_on_the_engine_only_where_something_was_heard() -> None:
    engine = SimpleNamespace(key="fake/7")
    keys = {source: pipeline.transcript_key(replace(CALL, source=source), engine) for source in Source}
    assert keys == {Source.AUDIO: "fake/7", Source.TRANSCRIPT: "as given", Source.EMAIL: "as given"}
    assert pipeline.transcript_key(replace(CALL, source=Source.AUDIO), None) == "as given"


# --- one bad call ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "status", "line"),
    [
        (CallError("it is cut off", todo="Export it again."), 1, "a.txt: it is cut off. Export it again."),
        (CallError("it is empty", where="b.txt"), 1, "b.txt: it is empty"),
        (RequestError("there is no speaker 'X'"), 2, "there is no speaker 'X'"),
        (MissingError("no model", todo="Get it."), 3, "no model. Get it."),
        (KeyError("turns"), 1, "a.txt: unexpected KeyError: 'turns'. This is a bug of ci-checker."),
        (RecursionError(), 1, "a.txt: unexpected RecursionError:. This is a bug of ci-checker."),
    ],
)
def test_what_goes_wrong_keeps_its_kind_and_gets_the_calls_name(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, status: int, line: str
) -> None:
    from ci_checker.speakers import roles

    def fail(*args: object, **named: object) -> None:
        raise raised

    monkeypatch.delenv("CI_CHECKER_DEBUG", raising=False)
    monkeypatch.setattr(roles, "assign", fail)
    with pytest.raises(CheckerError) as told:
        pipeline.understand(CALL, pipeline.Understanding(behaviors={}))
    assert (told.value.exit_status, told.value.line) == (status, line)


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit])
def test_a_person_who_stops_it_is_not_a_bad_call(monkeypatch: pytest.MonkeyPatch, problem: type) -> None:
    from ci_checker import intake

    def stop(*args: object, **named: object) -> None:
        raise problem

    monkeypatch.setattr(intake, "read_all", stop)
    with pytest.raises(problem):
        pipeline.read("a.txt")


def test_a_bug_is_shown_whole_to_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from ci_checker import intake

    def fail(*args: object, **named: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(intake, "read_all", fail)
    monkeypatch.setenv("CI_CHECKER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        pipeline.read("a.txt")


# --- whose call ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rep", "speaker", "who"),
    [("Luke", "Luke", "Luke Porter"), ("luke porter", "Luke Porter", "Luke Porter"), ("Karen", "Karen", None)],
)
def test_the_rosters_name_of_the_rep_is_told_only_of_somebody_on_it(rep: str, speaker: str, who: str | None) -> None:
    turns = (Turn(speaker=speaker, text="Hello, a short one."), Turn(speaker="Pat", text="Hello to you."))
    call = replace(CALL, turns=turns, speakers=(Speaker(name=speaker), Speaker(name="Pat")))
    by = pipeline.Understanding(behaviors={}, rep=rep, roster=(Rep(name="Luke Porter", aliases=("Luke",)),))
    assert pipeline.whose(call, by) == who


def test_only_a_recording_of_one_channel_needs_its_voices_told_apart() -> None:
    mono = Audio(duration_s=5.0, channels=1, sample_rate=8000, codec="x")
    heard = replace(CALL, source=Source.AUDIO, audio=mono, turns=(Turn(speaker="mixed", text="Hello."),))
    assert pipeline.one_channel(heard)
    left = (Turn(speaker="left", text="Hello."),)
    assert not pipeline.one_channel(replace(heard, audio=replace(mono, channels=2), turns=left))
    assert not pipeline.one_channel(CALL)
    assert pipeline.tell_apart(CALL, None) is CALL  # type: ignore[arg-type]


def test_the_catalogue_is_limited_in_its_own_order_and_strangers_are_named() -> None:
    assert list(pipeline.behaviors(only=("talk-ratio", "recap"))) == ["recap", "talk-ratio"]
    with pytest.raises(RequestError) as told:
        pipeline.behaviors(only=("recap", "recpa"))
    assert told.value.line.startswith("there is no behavior 'recpa'. Did you mean recap")
    with pytest.raises(RequestError, match="Run 'ci-checker behaviors list'"):
        pipeline.behaviors(only=("zzzzzz",))


def test_a_file_too_long_to_be_a_call_is_refused_by_the_settings_hours(tmp_path: Path) -> None:
    import wave

    with wave.open(str(tmp_path / "long.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(range(0, 250, 5)) * 40 * 64)
    (call,) = pipeline.read(str(tmp_path / "long.wav"), max_hours=1.0)
    assert call.duration_s == pytest.approx(8.0, abs=0.1)
    with pytest.raises(CallError, match=r"long\.wav"):
        pipeline.read(str(tmp_path / "long.wav"), max_hours=0.001)


# --- the nouns -----------------------------------------------------------------------------------------------

NOUNS = [each for each in vars(model).values() if is_dataclass(each) and each.__module__ == model.__name__]
BUILT = (
    (Details(), "rep"),
    (CALL, "turns"),
    (ScoredCall(call=CALL), "error"),
    (model.Target(kind=model.TargetKind.EVERY), "value"),
    (model.Window(start=date(2026, 1, 1), end=date(2026, 1, 2)), "end"),
)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_a_noun_is_frozen_slotted_named_and_says_what_it_is(noun: type) -> None:
    made = noun.__dataclass_params__  # type: ignore[attr-defined]
    assert made.frozen and "__slots__" in vars(noun)
    assert all(field.kw_only for field in fields(noun)), "values are given by name"
    assert noun.__doc__ and not noun.__doc__.startswith(f"{noun.__name__}(")


@pytest.mark.parametrize(("value", "field"), BUILT, ids=lambda value: type(value).__name__)
def test_a_value_that_was_made_stays_as_it_is(value: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, None)
    assert replace(value) == value and hash(replace(value)) == hash(value)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Verdict, {"seen", "not_seen", "unclear", "not_applicable"}),
        (Role, {"rep", "prospect", "gatekeeper", "unknown"}),
        (model.Outcome, {"done", "partly", "not_done"}),
        (model.Bucket, {"skill", "will", "knowledge", "system"}),
        (model.NextStep, {"keep", "reissue", "replace"}),
        (model.TargetKind, {"count", "share", "every"}),
    ],
)
def test_the_words_of_the_contract_and_of_the_method_are_these(kind: type[StrEnum], words: set[str]) -> None:
    assert {each.value for each in kind} == words


TEXT = st.text(max_size=40)


@settings(max_examples=80, deadline=None)
@given(TEXT.filter(str.strip), TEXT, TEXT, st.sampled_from([CallError, RequestError, MissingError]))
def test_an_error_is_one_line_that_holds_all_that_was_said(what: str, where: str, todo: str, kind: type) -> None:
    line = kind(what, where=where, todo=todo).line
    assert line == " ".join(line.split()) and str(kind(what, where=where, todo=todo)) == line
    told = " ".join(line.split())
    for part in (where, todo):
        assert all(word.strip(". ") in told for word in part.split())
    assert all(word.strip(". ") in told for word in what.split())


@pytest.mark.parametrize(
    ("what", "todo", "line"),
    [
        ("It is cut off.", "Send it again.", "It is cut off. Send it again."),
        ("Is it?", "Look.", "Is it? Look."),
        ("Stop!", "Look.", "Stop! Look."),
        ("cut off . . ", "Look.", "cut off. Look."),
        ("two\nlines", "", "two lines"),
    ],
)
def test_what_and_todo_are_two_sentences_with_one_mark_between(what: str, todo: str, line: str) -> None:
    assert CheckerError(what, todo=todo).line == line


def test_a_result_is_found_by_its_behavior_and_the_first_of_a_name_holds() -> None:
    first = model.Result(behavior="recap", verdict=Verdict.SEEN, probability=0.9)
    scored = ScoredCall(call=CALL, results=(first, replace(first, verdict=Verdict.UNCLEAR)))
    assert scored.result("recap") is first and scored.result("agenda") is None
    twice = replace(CALL, speakers=(Speaker(name="L", role=Role.REP), Speaker(name="L", role=Role.PROSPECT)))
    assert twice.role_of("L") is Role.REP and twice.role_of("M") is Role.UNKNOWN
    assert twice.has_known_rep and not CALL.has_known_rep
