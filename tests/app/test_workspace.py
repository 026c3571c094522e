"""Making a workspace, and who in it is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_checker import settings
from ci_checker.app import workspace
from ci_checker.errors import RequestError
from ci_checker.settings import Rep, Settings

TEAM = Settings(
    manager="Maya Collins",
    reps=(Rep(name="Luke Porter", aliases=("Luke",)), Rep(name="Dana Ortiz", manager="Sam Hale")),
)


def test_a_new_workspace_is_read_back(tmp_path: Path) -> None:
    file = workspace.init(tmp_path / "new", manager="Maya  Collins", company='The "Harbor"', reps=["Luke Porter", " "])
    loaded = settings.load(tmp_path / "new", environment={})
    assert file == tmp_path / "new" / "ci-checker.toml"
    assert loaded.root == tmp_path / "new"
    assert loaded.manager == "Maya Collins"
    assert loaded.company == 'The "Harbor"'
    assert [rep.name for rep in loaded.reps] == ["Luke Porter"]
    assert loaded.rep_named("luke") is not None


def test_a_workspace_without_anybody_is_valid(tmp_path: Path) -> None:
    workspace.init(tmp_path)
    assert settings.load(tmp_path, environment={}).reps == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "ci-checker.toml").write_text("# mine\n")
    with pytest.raises(RequestError, match="a workspace here already"):
        workspace.init(tmp_path, manager="Maya")
    assert (tmp_path / "ci-checker.toml").read_text() == "# mine\n"


def test_a_rep_named_twice_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="named twice"):
        workspace.init(tmp_path / "new", reps=["Luke", "luke"])
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError, match="cannot be made"):
        workspace.init(tmp_path / "file" / "new")


def test_a_workspace_above_is_found(tmp_path: Path) -> None:
    assert workspace.around(tmp_path) is None
    workspace.init(tmp_path)
    assert workspace.around(tmp_path) is None
    assert workspace.around(tmp_path / "sub") == tmp_path / "ci-checker.toml"


def test_a_rep_is_meant_by_name_or_alias() -> None:
    assert workspace.rep_called("LUKE", TEAM).name == "Luke Porter"
    assert workspace.rep_called("dana ortiz", TEAM).manager == "Sam Hale"


@pytest.mark.parametrize(("said", "near"), [("Lukas", "Luke"), ("Dana", "Dana Ortiz"), ("porter", "Luke Porter")])
def test_a_stranger_is_refused_with_the_near_one(said: str, near: str) -> None:
    with pytest.raises(RequestError, match=f"not on the team.*Did you mean {near}"):
        workspace.rep_called(said, TEAM)


def test_a_stranger_like_nobody_gets_the_team() -> None:
    with pytest.raises(RequestError, match="The team is: Luke Porter, Dana Ortiz"):
        workspace.rep_called("Quentin Xu", TEAM)


def test_without_a_roster_every_name_is_somebody() -> None:
    rep = workspace.rep_called("  New   Rep ", Settings(manager="Maya"))
    assert (rep.name, rep.manager) == ("New Rep", "Maya")
    with pytest.raises(RequestError, match="no rep is named"):
        workspace.rep_called("  ", Settings())


def test_near_ones_are_at_most_three_and_the_nearest_first() -> None:
    known = ("recap", "recaps", "recall", "relapse", "agenda")
    assert workspace.near_ones("recap", known)[0] == "recap"
    assert len(workspace.near_ones("rec", known)) <= 3
    assert workspace.near_ones("zzz", known) == ()
    assert workspace.near_ones("", known) == ()
