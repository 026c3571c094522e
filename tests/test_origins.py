"""Where a setting came from: file, variable or flag, for every setting that there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st

from ci_checker import settings
from ci_checker.errors import RequestError
from ci_checker.settings import FILE, Rep, Settings, find_file, load, template

IN_FILE = {
    "manager": '[team]\nmanager = "a"\n',
    "company": '[team]\ncompany = "a"\n',
    "focus": '[team]\nfocus = "a"\n',
    "timezone": '[team]\ntimezone = "UTC"\n',
    "model": '[recognition]\nmodel = "a"\n',
    "engine": '[recognition]\nengine = "a"\n',
    "vocabulary": '[recognition]\nvocabulary = ["a"]\n',
    "store": '[store]\nurl = "a"\n',
    "pattern": '[batch]\npattern = "a"\n',
    "max_hours": "[batch]\nmax_hours = 1\n",
    "behaviors": '[behaviors]\nfolders = ["a"]\n',
    "bounds": "[bounds]\ntalk-ratio = 0.5\n",
    "stuck_after": "[coaching]\nstuck_after = 4\n",
}
NO_VARIABLE = ("vocabulary", "behaviors", "bounds", "stuck_after")
DEFAULT = Settings()


def put(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder / FILE


def test_the_table_above_is_all_there_is() -> None:
    assert set(IN_FILE) == set(settings._FIELDS) == set(load(Path("/"), {}).origins)


@pytest.mark.parametrize("name", IN_FILE)
def test_a_value_of_the_file_names_the_file_and_changes_nothing_else(tmp_path: Path, name: str) -> None:
    file = put(tmp_path, IN_FILE[name])
    found = load(tmp_path, {})
    assert getattr(found, name) != getattr(DEFAULT, name)
    assert found.origins == {each: str(file) if each == name else "default" for each in IN_FILE}
    assert replace(found, **{name: getattr(DEFAULT, name)}, origins={}, root=None) == DEFAULT


@pytest.mark.parametrize("name", IN_FILE)
def test_a_variable_goes_before_the_file_where_there_can_be_one(tmp_path: Path, name: str) -> None:
    file = put(tmp_path, IN_FILE[name])
    variable = f"CI_CHECKER_{name.upper()}"
    told = load(tmp_path, {variable: "3"})
    if name in NO_VARIABLE:
        assert told == load(tmp_path, {}), "lists and tables are of the file alone"
        return
    assert getattr(told, name) == (3.0 if name == "max_hours" else "3")
    assert told.origins[name] == variable
    emptied = load(tmp_path, {variable: ""})
    assert emptied.origins[name] == str(file), "an empty variable was not given"


@pytest.mark.parametrize("name", IN_FILE)
def test_a_flag_goes_before_everything_and_none_is_no_flag(tmp_path: Path, name: str) -> None:
    put(tmp_path, IN_FILE[name])
    environment = {f"CI_CHECKER_{name.upper()}": "3"}
    value = object()
    found = load(tmp_path, environment, **{name: value})
    assert getattr(found, name) is value
    assert found.origins[name] == f"--{name.replace('_', '-')}"
    assert load(tmp_path, environment, **{name: None}) == load(tmp_path, environment)


def test_the_process_environment_is_read_where_no_other_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_CHECKER_MODEL", "tiny.en")
    monkeypatch.chdir(tmp_path)
    assert (load().model, load().origins["model"]) == ("tiny.en", "CI_CHECKER_MODEL")
    assert load(environment={}).model == "small.en"


# --- the file ------------------------------------------------------------------------------------------


def test_only_a_file_is_a_workspace_and_the_nearest_one_holds(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / "a" / FILE).mkdir()
    outer = put(tmp_path, "")
    assert find_file(deep) == outer, "a folder of that name is passed over"
    inner = put(tmp_path / "a" / "b", "")
    assert find_file(deep) == inner and load(deep, {}).root == inner.parent


def test_relative_folders_are_seen_from_the_file_and_not_from_where_one_stands(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    put(tmp_path, '[behaviors]\nfolders = ["ours", "../shared", "/abs"]\n[store]\nurl = "kept/x.sqlite3"\n')
    found = load(tmp_path / "deep", {})
    assert found.behaviors == (tmp_path / "ours", tmp_path / "../shared", Path("/abs"))
    assert found.store_location() == f"{tmp_path}/kept/x.sqlite3"


@pytest.mark.parametrize("url", ["sqlite:////tmp/x", "postgresql+psycopg://u@h/db"])
def test_a_url_is_a_place_with_and_without_a_workspace(tmp_path: Path, url: str) -> None:
    assert replace(DEFAULT, store=url).store_location() == url
    assert replace(DEFAULT, store=url, root=tmp_path).store_location() == url


def test_outside_a_workspace_the_folder_and_the_way_to_one_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RequestError) as told:
        DEFAULT.store_location()
    assert told.value.line == (
        f"{tmp_path}: there is no ci-checker.toml here or in a folder above. "
        "Run 'ci-checker init' in the folder where your team's calls are kept."
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[team]\nboss = 1\nage = 2\n",
            "[team] has no field 'age'. It knows: company, focus, manager, timezone.",
        ),
        ("[batch]\nhours = 1\n", "[batch] has no field 'hours'. It knows: max_hours, pattern."),
        (
            "bounds = 3\n",
            "'bounds' is a section, not a value. Write [bounds] on a line of its own, and the fields below it.",
        ),
        (
            "[[rep]]\nname = 'A'\nstarted = 'soon'\n",
            "[[rep]] 1: 'soon' is no day on which a rep started. Write started = 2026-11-16.",
        ),
        (
            "[[rep]]\nname = 'A B'\nemails = ['a']\n",
            '[[rep]] 1: emails must be a list of addresses. Write emails = ["first.last@example.com"].',
        ),
        (
            "[[rep]]\nname = 'A'\n[[rep]]\nname = 'B'\naliases = ['a']\n",
            "[[rep]]: 'a' could be A or B. Take that alias out, or use the full names.",
        ),
        (
            "[coaching]\nstuck_after = 53\n",
            "[coaching] stuck_after: 53 is no number of weeks. Write a whole number from 1 to 52.",
        ),
        (
            "[team]\ntimezone = ''\n",
            "[team] timezone: '' is no time zone. Write it as region and city: \"America/Chicago\".",
        ),
    ],
)
def test_a_bad_value_is_one_line_to_the_letter(tmp_path: Path, text: str, line: str) -> None:
    file = put(tmp_path, text)
    with pytest.raises(RequestError) as told:
        load(tmp_path, {})
    assert told.value.line.removeprefix(str(file)).lstrip(": ") == line


# --- the roster ------------------------------------------------------------------------------------------

TEAM = Settings(
    reps=(
        Rep(name="Luke Porter", aliases=("Luke", "LP"), emails=("luke@harbor.example",)),
        Rep(name="Zoë Straße", aliases=("Zoë",), started=date(2026, 11, 2)),
    )
)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("LUKE PORTER", "Luke Porter"),
        (" lp ", "Luke Porter"),
        ("Luke@Harbor.Example", "Luke Porter"),
        ("zoë strasse", "Zoë Straße"),
        ("ZOË", "Zoë Straße"),
        ("Luke P", None),
        ("", None),
        ("Porter", None),
    ],
)
def test_a_name_means_one_rep_or_nobody(said: str, who: str | None) -> None:
    found = TEAM.rep_named(said)
    assert (found.name if found else None) == who


NAME = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


@options(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAME, NAME).map(" ".join), max_size=4, unique_by=str.casefold))
def test_a_new_workspace_finds_every_rep_by_name_and_never_the_wrong_one(tmp_path: Path, names: list[str]) -> None:
    put(tmp_path, template("Maya", "Harbor", tuple(names)))
    found = load(tmp_path, {})
    assert [rep.name for rep in found.reps] == names
    for name in names:
        by_first = found.rep_named(name.split()[0])
        assert found.rep_named(name).name == name
        assert by_first is None or by_first.name.split()[0].casefold() == name.split()[0].casefold()
