"""The workspace file, the environment and flags; every bad value named with its place."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as options
from hypothesis import strategies as st

from ci_checker import settings
from ci_checker.errors import RequestError
from ci_checker.settings import FILE, Rep, load, template

FULL = """\
[team]
manager = "Maya"
company = "Bright Harbor"

[[rep]]
name = "Luke Porter"
aliases = ["Luke", "LP"]

[[rep]]
name = "Dana Ortiz"
manager = "Sam"

[recognition]
model = "base.en"

[store]
url = "calls.sqlite3"

[batch]
pattern = "{rep}.wav"
max_hours = 2

[behaviors]
folders = ["ours", "/elsewhere"]

[bounds]
no-feature-dump = 60
talk-ratio = 0.5
"""


def put(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder / FILE


def test_defaults_outside_a_workspace(tmp_path: Path) -> None:
    found = load(tmp_path, {})
    assert (found.root, found.model, found.max_hours, found.reps) == (None, "small.en", 4.0, ())
    assert set(found.origins.values()) == {"default"}
    with pytest.raises(RequestError, match="ci-checker init"):
        found.store_location()


def test_the_whole_file(tmp_path: Path) -> None:
    file = put(tmp_path, FULL)
    found = load(tmp_path, {})
    assert (found.manager, found.company, found.model) == ("Maya", "Bright Harbor", "base.en")
    assert found.reps == (
        Rep(name="Luke Porter", aliases=("Luke", "LP")),
        Rep(name="Dana Ortiz", manager="Sam"),
    )
    assert found.behaviors == (tmp_path / "ours", Path("/elsewhere"))
    assert (found.pattern, found.max_hours) == ("{rep}.wav", 2.0)
    assert found.bounds == {"no-feature-dump": 60.0, "talk-ratio": 0.5}
    assert found.store_location() == str(tmp_path / "calls.sqlite3")
    assert found.origins["model"] == str(file)
    assert found.origins["engine"] == "default"


def test_found_in_a_folder_above_and_the_nearest_wins(tmp_path: Path) -> None:
    put(tmp_path, '[team]\nmanager = "Far"\n')
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert load(deep, {}).root == tmp_path
    put(tmp_path / "a", '[team]\nmanager = "Near"\n')
    assert load(deep, {}).manager == "Near"


def test_environment_beats_file_and_flags_beat_both(tmp_path: Path) -> None:
    put(tmp_path, FULL)
    environment = {"CI_CHECKER_MODEL": "tiny.en", "CI_CHECKER_MAX_HOURS": "1.5", "CI_CHECKER_ENGINE": ""}
    found = load(tmp_path, environment, model="turbo", engine=None)
    assert (found.model, found.max_hours, found.engine) == ("turbo", 1.5, "whisper_torch")
    assert found.origins["model"] == "--model"
    assert found.origins["max_hours"] == "CI_CHECKER_MAX_HOURS"
    assert load(tmp_path, environment).origins["model"] == "CI_CHECKER_MODEL"


def test_a_url_needs_no_workspace(tmp_path: Path) -> None:
    assert load(tmp_path, {"CI_CHECKER_STORE": "sqlite:///x"}).store_location() == "sqlite:///x"


def test_reps_by_name_and_alias(tmp_path: Path) -> None:
    put(tmp_path, FULL)
    found = load(tmp_path, {})
    assert found.rep_named(" lUKE ").name == found.rep_named("lp").name == "Luke Porter"
    assert found.rep_named("Zoë") is None


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbf" + FULL.encode())
    assert load(tmp_path, {}).manager == "Maya"


def test_one_rep_in_single_brackets(tmp_path: Path) -> None:
    put(tmp_path, '[rep]\nname = "Luke"\n')
    assert load(tmp_path, {}).reps == (Rep(name="Luke"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[team\n", "cannot be read"),
        ("[teem]\n", "[teem] is no section"),
        ('manager = "Maya"\n', "[manager] is no section"),
        ('team = "Maya"\n', "'team' is a section"),
        ("[team]\nboss = 1\n", "[team] has no field 'boss'"),
        ("[team]\nmanager = 3\n", "[team] manager: 3 is no text"),
        ("[behaviors]\nfolders = 'a'\n", "[behaviors] folders: 'a' is no list of texts"),
        ("[behaviors]\nfolders = [1]\n", "[behaviors] folders: must be a list of texts"),
        ("[batch]\nmax_hours = 'two'\n", "[batch] max_hours: 'two' is no number"),
        ("[batch]\nmax_hours = true\n", "[batch] max_hours: True is no number"),
        ("[batch]\nmax_hours = nan\n", "[batch] max_hours: nan is no number above 0"),
        ("[batch]\nmax_hours = -1\n", "[batch] max_hours: -1 is no number above 0"),
        ("[bounds]\ntalk-ratio = 'half'\n", "[bounds] talk-ratio: 'half' is no number"),
        ("[bounds]\ntalk-ratio = 0\n", "[bounds] talk-ratio: 0 is no number above 0"),
        ("bounds = 3\n", "'bounds' is a section"),
        ("rep = 'Luke'\n", "[[rep]] 1: a rep needs a name"),
        ("[[rep]]\nname = ' '\n", "[[rep]] 1: a rep needs a name"),
        ("[[rep]]\nname = 'A'\nage = 3\n", "[[rep]] 1: a rep has no field 'age'"),
        ("[[rep]]\nname = 'A'\n[[rep]]\nname = 'a'\n", "[[rep]] 2: the rep 'a' stands twice"),
        ("[[rep]]\nname = 'A'\naliases = 'Ann'\n", "[[rep]] 1: aliases must be a list"),
        ("[[rep]]\nname = 'A'\naliases = [1]\n", "[[rep]] 1: aliases must be a list"),
        ("[[rep]]\nname = 'A'\nmanager = 1\n", "[[rep]] 1: 1 is no manager"),
        (
            "[[rep]]\nname = 'Dan Webb'\naliases = ['Dan']\n[[rep]]\nname = 'Dan Ruiz'\naliases = ['dan']\n",
            "'dan' could be Dan Webb or Dan Ruiz",
        ),
    ],
)
def test_a_bad_value_is_named_with_file_and_section(tmp_path: Path, text: str, said: str) -> None:
    file = put(tmp_path, text)
    with pytest.raises(RequestError) as caught:
        load(tmp_path, {})
    assert caught.value.line.startswith(str(file))
    assert said in caught.value.line


TEAM = """\
[team]
timezone = "America/Chicago"

[[rep]]
name = "Luke Porter"
emails = [" Luke@Bright.example "]
timezone = "Europe/Berlin"
started = 2026-11-16

[[rep]]
name = "Dana Ortiz"
started = "2026-10-01"

[coaching]
stuck_after = 2
"""


def test_what_the_method_and_mails_need(tmp_path: Path) -> None:
    put(tmp_path, TEAM)
    found = load(tmp_path, {})
    assert (found.timezone, found.stuck_after) == ("America/Chicago", 2)
    luke, dana = found.reps
    assert (luke.emails, luke.timezone, luke.started) == (("luke@bright.example",), "Europe/Berlin", date(2026, 11, 16))
    assert (dana.emails, dana.timezone, dana.started) == ((), None, date(2026, 10, 1))
    assert found.rep_named("LUKE@bright.example") == luke
    assert (load(tmp_path.parent, {}).timezone, load(tmp_path.parent, {}).stuck_after) == (None, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[team]\ntimezone = 'Chicago'\n", "[team] timezone: 'Chicago' is no time zone"),
        ("[team]\ntimezone = 3\n", "[team] timezone: 3 is no time zone"),
        ("[team]\ntimezone = '../etc/passwd'\n", "is no time zone"),
        ("[coaching]\nstuck_after = 0\n", "[coaching] stuck_after: 0 is no number of weeks"),
        ("[coaching]\nstuck_after = 2.5\n", "2.5 is no number of weeks"),
        ("[coaching]\nstuck_after = true\n", "True is no number of weeks"),
        ("[[rep]]\nname = 'A'\ntimezone = 'Mars'\n", "[[rep]] 1 timezone: 'Mars' is no time zone"),
        ("[[rep]]\nname = 'A'\nstarted = 'soon'\n", "'soon' is no day on which a rep started"),
        ("[[rep]]\nname = 'A'\nstarted = 2026-11-16T09:00:00\n", "is no day on which a rep started"),
        ("[[rep]]\nname = 'A'\nemails = 'a@b'\n", "emails must be a list of addresses"),
        ("[[rep]]\nname = 'A'\nemails = ['a']\n", "emails must be a list of addresses"),
        (
            "[[rep]]\nname = 'A'\nemails = ['x@y']\n[[rep]]\nname = 'B'\nemails = ['X@y']\n",
            "'x@y' could be A or B",
        ),
    ],
)
def test_a_bad_value_of_the_method_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = put(tmp_path, text)
    with pytest.raises(RequestError) as caught:
        load(tmp_path, {})
    assert caught.value.line.startswith(str(file)) and "\n" not in caught.value.line
    assert said in caught.value.line


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'[team]\nmanager = "Zo\xeb"\n')
    with pytest.raises(RequestError, match="cannot be read"):
        load(tmp_path, {})


@pytest.mark.parametrize("text", ["soon", "nan", "-2", "inf"])
def test_a_bad_variable_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(RequestError, match="CI_CHECKER_MAX_HOURS"):
        load(tmp_path, {"CI_CHECKER_MAX_HOURS": text})


NAME = st.text(min_size=1, max_size=20).map(lambda s: " ".join(s.split())).filter(str.isprintable).filter(bool)


@options(max_examples=60, deadline=None)
@given(NAME, NAME, st.lists(NAME, max_size=4, unique_by=str.casefold))
def test_the_template_reads_back_whatever_the_names(manager: str, company: str, reps: list[str]) -> None:
    content = tomllib.loads(template(manager, company, tuple(reps)))
    assert (content["team"]["manager"], content["team"]["company"]) == (manager, company)
    assert [row["name"] for row in content.get("rep", [])] == reps
    settings._reps(content.get("rep", []), Path(FILE))


def test_the_template_is_a_workspace(tmp_path: Path) -> None:
    odd = 'Ann "A" {x} \\ Ñ'
    put(tmp_path, template("Maya", odd, ("Dan Webb", "Dan Ruiz", "Zoë O'Neil", "Cher", " ")))
    found = load(tmp_path, {})
    assert found.company == odd
    assert found.rep_named("zoë").name == "Zoë O'Neil"
    assert found.rep_named("dan") is None
    assert found.rep_named("Cher").aliases == ()
    assert (found.model, found.bounds["talk-ratio"]) == ("small.en", 0.6)
    assert tomllib.loads(template("a\nb", "", ()))["team"]["manager"] == "a b"
