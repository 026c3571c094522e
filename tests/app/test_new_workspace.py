"""A workspace that was made for any team is read back as that team, and what bounds nothing is refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as options
from hypothesis import strategies as st

from ci_checker import settings
from ci_checker.app import bounds, workspace
from ci_checker.behaviors.catalogue import Measure, load
from ci_checker.errors import RequestError
from ci_checker.settings import FILE, Settings

KNOWN = load()
MEASURED = sorted(name for name, each in KNOWN.items() if each.measure is not None)
PRINTED = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=12)


def plain(text: str) -> str:
    return " ".join(text.split())


@options(max_examples=50, deadline=None)
@given(manager=PRINTED, company=PRINTED, reps=st.lists(PRINTED, max_size=4))
def test_any_team_is_read_back_or_refused_in_one_line(manager: str, company: str, reps: list[str]) -> None:
    names = [plain(name) for name in reps if plain(name)]
    twice = len({name.casefold() for name in names}) < len(names)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "team"
        try:
            file = workspace.init(folder, manager=manager, company=company, reps=reps)
        except RequestError as refused:
            assert twice and refused.where == "--rep" and "\n" not in refused.line
            assert not folder.exists(), "nothing is made of a request that was refused"
            return
        assert not twice
        found = settings.load(folder, {})
        assert file == folder / FILE
        assert [rep.name for rep in found.reps] == names
        assert (found.manager or "", found.company or "") == (plain(manager), plain(company))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("file", "the workspace cannot be made (not a directory)"),
        ("again", "there is a workspace here already. Edit that file."),
    ],
)
def test_what_is_there_is_left_as_it_is(tmp_path: Path, made: str, said: str) -> None:
    folder = tmp_path / "team"
    if made == "file":
        folder.write_text("mine", encoding="utf-8")
    else:
        workspace.init(folder, manager="Maya")
    before = sorted((path.name, path.stat().st_size) for path in tmp_path.rglob("*"))
    with pytest.raises(RequestError) as told:
        workspace.init(folder if made == "again" else folder / "deeper", manager="Sam")
    assert told.value.line.endswith(said)
    assert sorted((path.name, path.stat().st_size) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_bound_is_taken_for_what_is_measured_and_for_nothing_else(name: str) -> None:
    loaded = Settings(bounds={name: 0.5}, origins={"bounds": "team.toml"})
    if name in MEASURED:
        assert bounds.checked(loaded, KNOWN) == {name: 0.5}
        return
    with pytest.raises(RequestError) as told:
        bounds.checked(loaded, KNOWN)
    assert told.value.line == (
        f"team.toml [bounds]: '{name}' is heard or not, and has no bound. Measured are: {', '.join(MEASURED)}."
    )


def test_every_measure_of_the_catalogue_has_its_one_behavior() -> None:
    assert {KNOWN[name].measure for name in MEASURED} == set(Measure)
    assert len(MEASURED) == len(Measure)
