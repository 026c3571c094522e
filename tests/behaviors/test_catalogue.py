"""The catalogue: what ships, what a team may write, and what is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_checker.behaviors import catalogue
from ci_checker.behaviors.catalogue import CATALOG, Measure, Occasion, Place
from ci_checker.errors import RequestError

SIXTEEN = {
    "trigger-event-opener": Place.OPENING,
    "permission-opener": Place.OPENING,
    "upfront-agenda": Place.EARLY,
    "open-discovery-question": Place.ANYWHERE,
    "impact-question": Place.ANYWHERE,
    "budget-confirmed": Place.ANYWHERE,
    "economic-buyer-identified": Place.ANYWHERE,
    "qualify-out": Place.ANYWHERE,
    "recap": Place.ANYWHERE,
    "objection-acknowledged": Place.AFTER_OBJECTION,
    "customer-story": Place.ANYWHERE,
    "dated-next-step": Place.ANYWHERE,
    "followup-within-48h": Place.ANYWHERE,
    "gatekeeper-reason": Place.WITH_GATEKEEPER,
    "no-feature-dump": Place.ANYWHERE,
    "talk-ratio": Place.ANYWHERE,
}
GOOD = """\
name: Named a champion
definition: The rep asks who would carry this inside.
counts:
  - Who on your side would carry this?
does_not_count:
  - Who are you?
"""


def write(folder: Path, text: str, name: str = "champion.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    path = write(folder, text)
    with pytest.raises(RequestError) as caught:
        catalogue.read(path)
    line = caught.value.line
    assert "\n" not in line
    assert line.startswith(str(path))
    assert caught.value.exit_status == 2
    return line


def test_the_sixteen_of_the_method_ship(known) -> None:
    assert {name: b.place for name, b in known.items()} == SIXTEEN
    assert list(known) == sorted(known)


def test_occasions_and_measures_are_those_of_the_method(known) -> None:
    assert {n for n, b in known.items() if b.occasion is Occasion.OBJECTION} == {"objection-acknowledged"}
    assert {n for n, b in known.items() if b.occasion is Occasion.GATEKEEPER} == {"gatekeeper-reason"}
    assert {n for n, b in known.items() if b.counted} == {"open-discovery-question", "impact-question"}
    assert (known["no-feature-dump"].measure, known["no-feature-dump"].bound) == (Measure.MONOLOGUE, 90.0)
    assert (known["talk-ratio"].measure, known["talk-ratio"].bound) == (Measure.TALK_RATIO, 0.6)


@pytest.mark.parametrize("name", SIXTEEN)
def test_every_shipped_definition_is_complete(known, name: str) -> None:
    behavior = known[name]
    assert behavior.id == name
    assert Path(behavior.source) == CATALOG / f"{name}.yaml"
    assert behavior.name
    assert behavior.definition.endswith(".")
    assert behavior.aliases
    if behavior.measure is not None:
        assert behavior.bound
        return
    assert len(behavior.counts) >= 3
    assert len(behavior.does_not_count) >= 5
    assert behavior.cues
    for texts in (behavior.counts, behavior.does_not_count, behavior.cues, behavior.aliases):
        lowered = [text.lower() for text in texts]
        assert len(set(lowered)) == len(lowered)
    assert not {t.lower() for t in behavior.counts} & {t.lower() for t in behavior.does_not_count}


def test_no_name_or_alias_means_two_behaviors(known) -> None:
    owners: dict[str, str] = {}
    for behavior in known.values():
        for name in {behavior.name.lower(), *(a.lower() for a in behavior.aliases)}:
            assert owners.setdefault(name, behavior.id) == behavior.id


def test_a_teams_definition_joins_the_built_in_ones(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    found = catalogue.load([tmp_path])
    assert len(found) == 17
    mine = found["champion"]
    assert (mine.place, mine.occasion, mine.counted) == (Place.ANYWHERE, Occasion.CONVERSATION, False)
    assert mine.counts == ("Who on your side would carry this?",)


def test_texts_stay_texts(tmp_path: Path) -> None:
    read = catalogue.read(write(tmp_path, GOOD + "cues: [12:30, no, 0o17, 1e3, 2026-11-22, null]\nplace: anywhere\n"))
    assert read.cues == ("12:30", "no", "0o17", "1e3", "2026-11-22", "null")


def test_white_space_in_folded_texts_is_one_space(tmp_path: Path) -> None:
    read = catalogue.read(write(tmp_path, GOOD.replace("definition: The rep", "definition: >\n  The\n   rep")))
    assert read.definition == "The rep asks who would carry this inside."


def test_unknown_field(tmp_path: Path) -> None:
    line = refused(tmp_path, GOOD + "colour: red\n")
    assert "champion.yaml:7:1: 'colour' is no field" in line
    assert "does_not_count" in line


def test_bad_yaml_names_file_line_and_column(tmp_path: Path) -> None:
    assert "champion.yaml:2:14: this is not valid YAML" in refused(tmp_path, "name: A\ndefinition: B: C\n")
    assert "champion.yaml:4:1: this is not valid YAML" in refused(tmp_path, "name: A\ncounts: [a,\nb\n")
    refused(tmp_path, "name: A\x00\n")
    refused(tmp_path, "[" * 3000)


def test_not_utf8_and_not_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: Z\xfcrich".encode("latin-1"))
    with pytest.raises(RequestError, match="cannot be read"):
        catalogue.read(path)
    assert "field: value" in refused(tmp_path, "- a\n- b\n")
    assert "field: value" in refused(tmp_path, "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name: Named a champion", "name:"), "'name' is missing"),
        (("definition: The rep asks who would carry this inside.\n", ""), "'definition' is missing"),
        (("counts:\n  - Who on your side would carry this?\ndoes", "does"), "no example that counts"),
        (("  - Who are you?", "  - who ON your side  would carry this?"), "under both counts and does_not_count"),
        (("  - Who are you?", "  - ''"), "empty text"),
        (("  - Who are you?", "  who: you"), "must be a list of texts"),
        (("name: Named a champion", "name: [a, b]"), "'name' must be one text"),
        (("name: Named a champion", "name: A\nname: B"), "'name' stands twice"),
        (("name:", "place: middle\nname:"), "'middle' is no place"),
        (("name:", "place: [opening]\nname:"), "'place' must be one text"),
        (("name:", "occasion: lunch\nname:"), "'lunch' is no occasion"),
        (("name:", "counted: perhaps\nname:"), "'counted' is true or false"),
        (("name:", "measure: charm\nbound: 3\nname:"), "'charm' is no measure"),
        (("name:", "measure: rep_talk_ratio\nname:"), "needs a bound"),
        (("name:", "measure: rep_talk_ratio\nbound: 60\nname:"), "no bound between 0 and 1"),
        (("name:", "measure: longest_rep_monologue\nbound: nan\nname:"), "no bound above 0"),
        (("name:", "measure: longest_rep_monologue\nbound: -4\nname:"), "no bound above 0"),
        (("name:", "measure: longest_rep_monologue\nbound: soon\nname:"), "'soon' is no number"),
        (("name:", "measure: longest_rep_monologue\nbound: [90]\nname:"), "'bound' must be one text"),
        (("name:", "bound: 3\nname:"), "a bound without a measure"),
    ],
)
def test_what_does_not_fit_is_one_clear_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in GOOD
    assert said in refused(tmp_path, GOOD.replace(*change, 1))


def test_the_line_of_the_field_is_named(tmp_path: Path) -> None:
    assert "champion.yaml:7:" in refused(tmp_path, GOOD + "place: middle\n")


def test_an_id_that_stands_twice(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "recap.yaml")
    with pytest.raises(RequestError, match=r"'recap' is already defined in .*catalog"):
        catalogue.load([tmp_path])
    other = tmp_path / "other"
    other.mkdir()
    write(other, GOOD, "mine.yaml")
    write(other, GOOD, "mine.yml")
    with pytest.raises(RequestError, match="'mine' is already defined"):
        catalogue.load([other])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no such folder"):
        catalogue.load([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("added", "where"),
    [
        (
            "cues: [so, '/per (month|year/']\n",
            ":7:18: this is no regular expression (missing ), unterminated subpattern)",
        ),
        ("cues:\n  - forty\n  - /a month**/\n", ":9:14: this is no regular expression (multiple repeat)"),
        ("place: middle\n", ":7:1: 'middle' is no place"),
        ("name: Twice\n", ":7:1: the field 'name' stands twice"),
        ("bound: 3\n", ":7:1: a bound without a measure"),
    ],
)
def test_what_does_not_fit_has_a_line_and_a_column(tmp_path: Path, added: str, where: str) -> None:
    assert where in refused(tmp_path, GOOD + added)


def test_an_example_in_both_lists_is_found_where_it_stands(tmp_path: Path) -> None:
    text = GOOD.replace("  - Who are you?", '  - Who are you?\n  - "who on your side would carry this?"')
    line = refused(tmp_path, text)
    assert ":7:6: an example stands under both" in line


def test_a_cue_between_slashes_is_a_regular_expression() -> None:
    found = catalogue.pattern("/per (month|year)/")
    assert found is not None
    assert found.search("forty per year then")
    assert catalogue.pattern("per month") is None
    assert catalogue.pattern("/") is None
    assert catalogue.pattern("//") is None


def test_a_definition_that_is_nested_too_deeply_is_one_clear_line(tmp_path: Path) -> None:
    deep = tmp_path / "deep.yaml"
    deep.write_text("name: " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(RequestError, match="nested too deeply"):
        catalogue.read(deep)
