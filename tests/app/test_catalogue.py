"""Which behaviors there are, which is meant, and whether they hold what they say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ci_checker.app import catalogue
from ci_checker.behaviors import detect
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import MissingError, RequestError
from ci_checker.model import Call, Metrics, Result, Role, Verdict
from ci_checker.settings import Settings

OURS = """\
name: Price named
definition: The rep names a price.
place: anywhere
counts:
  - it is forty dollars a month
does_not_count:
  - what would you pay?
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "price-named.yaml").write_text(OURS)
    return tmp_path


def fake(verdicts: Mapping[str, Verdict | None]) -> Any:
    """Return a detector that knows what to say of the second turn's text."""

    def found(call: Call, known: Mapping[str, Behavior], **_: object) -> tuple[tuple[Result, ...], Metrics]:
        verdict = verdicts[call.turns[1].text]
        probability = None if verdict is None else 0.9 if verdict is Verdict.SEEN else 0.1
        (name,) = known
        return (Result(behavior=name, verdict=verdict or Verdict.UNCLEAR, probability=probability),), Metrics()

    return found


def test_the_sixteen_and_a_teams_own(folder: Path) -> None:
    assert len(catalogue.behaviors(Settings())) == 16
    assert "price-named" in catalogue.behaviors(Settings(), [folder])
    assert "price-named" in catalogue.behaviors(Settings(behaviors=(folder,)))


def test_a_bad_definition_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\n")
    with pytest.raises(RequestError, match=r"bad\.yaml"):
        catalogue.behaviors(Settings(), [tmp_path])


def test_ids_are_chosen_once_each() -> None:
    known = catalogue.behaviors(Settings())
    assert catalogue.chosen(["recap", "recap", "talk-ratio"], known) == ("recap", "talk-ratio")
    assert catalogue.chosen([], known) == ()


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("recpa", "recap"),
        ("Recap", "recap"),
        ("trigger-opener", "trigger-event-opener"),
        ("trigger event", "trigger-event-opener"),
        ("agenda", "upfront-agenda"),
    ],
)
def test_an_unknown_id_names_the_near_ones(said: str, near: str) -> None:
    with pytest.raises(RequestError, match=near) as problem:
        catalogue.chosen([said], catalogue.behaviors(Settings()))
    assert problem.value.exit_status == 2
    assert "behaviors list" in problem.value.line


def test_phrases_begin_with_the_name() -> None:
    phrases = catalogue.phrases(catalogue.behaviors(Settings()))
    assert phrases["trigger-event-opener"][0] == "Trigger-event opener"
    assert "trigger event" in phrases["trigger-event-opener"]


def test_examples_are_tried_on_the_detector(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"it is forty dollars a month": Verdict.NOT_SEEN, "what would you pay?": Verdict.SEEN}
    monkeypatch.setattr(detect, "detect", fake(said))
    known = {"price-named": catalogue.behaviors(Settings(), [folder])["price-named"]}
    (checked,) = catalogue.check(known)
    assert [each.text for each in checked.wrong] == list(said)
    assert checked.note == ""


def test_in_doubt_is_not_wrong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"it is forty dollars a month": Verdict.UNCLEAR, "what would you pay?": Verdict.NOT_SEEN}
    monkeypatch.setattr(detect, "detect", fake(said))
    (checked,) = catalogue.check({"price-named": catalogue.behaviors(Settings(), [folder])["price-named"]})
    assert checked.wrong == ()
    assert [each.verdict for each in checked.examples] == [Verdict.UNCLEAR, Verdict.NOT_SEEN]


def test_a_behavior_without_a_detector_says_structure_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "detect", fake({"it is forty dollars a month": None, "what would you pay?": None}))
    (checked,) = catalogue.check({"price-named": catalogue.behaviors(Settings(), [folder])["price-named"]})
    assert checked.wrong == ()
    assert "structure only" in checked.note


def test_without_models_only_the_structure_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise MissingError("the model 'behaviors' is not installed")

    monkeypatch.setattr(detect, "detect", absent)
    for checked in catalogue.check(catalogue.behaviors(Settings())):
        assert "structure only" in checked.note or "measured" in checked.note
        assert checked.wrong == ()


def test_the_invented_call_gives_the_occasion(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Call] = []

    def seen(call: Call, known: Mapping[str, Behavior], **_: object) -> tuple[tuple[Result, ...], Metrics]:
        calls.append(call)
        (name,) = known
        return (Result(behavior=name, verdict=Verdict.SEEN, probability=1.0),), Metrics()

    monkeypatch.setattr(detect, "detect", seen)
    known = catalogue.behaviors(Settings())
    catalogue.check({name: known[name] for name in ("gatekeeper-reason", "objection-acknowledged")})
    assert calls
    for call in calls:
        assert call.has_known_rep
        assert call.role_of(call.turns[1].speaker) is Role.REP
    assert any(call.role_of(call.turns[0].speaker) is Role.GATEKEEPER for call in calls)
    assert any("too expensive" in call.turns[0].text for call in calls)
