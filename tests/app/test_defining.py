"""A first definition to fill in, and what contradicts itself in a filled one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ci_checker import settings
from ci_checker.app import catalogue, defining
from ci_checker.behaviors import encoder
from ci_checker.behaviors.catalogue import Behavior, read
from ci_checker.errors import MissingError, RequestError
from ci_checker.settings import Settings


@pytest.fixture
def space(tmp_path: Path) -> Path:
    (tmp_path / settings.FILE).write_text(settings.template("Maya", "Harbor", ("Luke",)), encoding="utf-8")
    return tmp_path


def here(space: Path) -> Settings:
    return settings.load(space, environment={})


def test_a_new_definition_can_be_read_at_once(space: Path) -> None:
    file, known = defining.new("Price named", here(space), catalogue.behaviors(here(space)))
    assert file == space / "behaviors" / "price-named.yaml"
    assert known
    assert here(space).behaviors == (space / "behaviors",)
    behavior = catalogue.behaviors(here(space))["price-named"]
    assert behavior.name == "Price named"
    assert file.read_text().count("#") >= 8
    assert "still holds what the template says" in defining.contradictions(behavior, {})[0]


def test_a_second_one_goes_into_the_same_folder(space: Path) -> None:
    defining.new("one-thing", here(space), {})
    file, known = defining.new("other_thing", here(space), {})
    assert (file.name, file.parent, known) == ("other-thing.yaml", space / "behaviors", True)
    assert read(file).name == "Other thing"


def test_nothing_is_overwritten(space: Path) -> None:
    file, _ = defining.new("price-named", here(space), {})
    file.write_text("mine")
    with pytest.raises(RequestError, match="there already"):
        defining.new("price-named", here(space), {})
    assert file.read_text() == "mine"
    with pytest.raises(RequestError, match=r"already defined in .*recap\.yaml"):
        defining.new("Recap", here(space), catalogue.behaviors(Settings()))


@pytest.mark.parametrize("name", ["", "../up", "a/b", "prix nommé", "-x", "x.yaml"])
def test_a_name_that_makes_no_id(space: Path, name: str) -> None:
    with pytest.raises(RequestError, match="makes no id"):
        defining.new(name, here(space), {})
    assert not (space / "behaviors").exists()


def test_outside_a_workspace_a_folder_is_needed(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="--folder"):
        defining.new("price-named", Settings(), {})
    file, known = defining.new("price-named", Settings(), {}, tmp_path / "our")
    assert (file, known) == (tmp_path / "our" / "price-named.yaml", False)


def test_a_workspace_file_that_lists_folders_is_left_alone(space: Path) -> None:
    file = space / settings.FILE
    text = file.read_text().replace("folders = []", "# folders later")
    file.write_text(text)
    _, known = defining.new("price-named", here(space), {})
    assert not known
    assert file.read_text() == text


OURS = Behavior(
    id="ours", name="Ours", definition="A price.", counts=("It is forty a month.", "that runs to sixty"),
    does_not_count=("What would you pay?",),
)  # fmt: skip


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: list[str]) -> None:
        raise MissingError("the model 'sentence-encoder' is not installed")

    monkeypatch.setattr(encoder, "vectors", absent)


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"does_not_count": ("it is forty, a month",)}, "both counts and does_not_count"),
        ({"counts": ("it is forty", "It is forty!")}, "stands twice under counts"),
        ({"definition": "<write here: x>"}, "what the template says"),
    ],
)
def test_what_speaks_against_itself(change: dict, said: str) -> None:
    assert defining.contradictions(OURS, {}) == ()
    found = defining.contradictions(replace(OURS, **change), {})
    assert any(said in told for told in found), found


@pytest.mark.usefixtures("no_model")
def test_what_speaks_against_another_definition() -> None:
    other = Behavior(
        id="other",
        name="Other",
        definition="x",
        counts=("what would you pay",),
        does_not_count=("It is forty a month",),
    )
    told = defining.contradictions(OURS, {"other": other, "ours": OURS})
    assert told == (
        '"It is forty a month." counts here, but other says that it does not',
        '"What would you pay?" does not count here, but counts as other',
    )
    twin = replace(other, counts=(*OURS.counts, "more"), does_not_count=())
    assert "is it the same behavior?" in defining.contradictions(OURS, {"other": twin})[0]


def test_two_that_say_nearly_the_same() -> None:
    behavior = replace(OURS, does_not_count=("It is forty per month", "the weather was nice"))
    try:
        found = defining.contradictions(behavior, {})
    except MissingError as problem:
        pytest.skip(str(problem))
    assert all("weather" not in told for told in found)


def test_the_check_tells_of_a_teams_own_only(space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_checked", lambda behavior: catalogue.Checked(behavior=behavior))
    file, _ = defining.new("price-named", here(space), {})
    known = catalogue.behaviors(here(space))
    told = {each.behavior.id: each.contradictions for each in catalogue.check(known)}
    assert told.pop("price-named")
    assert not any(told.values())
    assert file.exists()
