"""Marks, numbers and line ends of labelled data: what people type by hand, and what programs write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ci_checker.errors import RequestError
from ci_checker.learn.dialogues import label_names, read_all, read_jsonl, read_shorthand
from ci_checker.model import Role


def short(folder: Path, text: str) -> Path:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def lines(folder: Path, *rows: dict) -> Path:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(**change: object) -> dict:
    return {"conversation": "a", "text": "hi", "labels": [], **change}


# --- shorthand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "labels", "near", "unsure"),
    [
        ("", set(), set(), set()),
        ("recap", {"recap"}, set(), set()),
        (" recap , objection ", {"recap", "objection"}, set(), set()),
        ("~recap,?objection", set(), {"recap"}, {"objection"}),
        ("~ recap, ? objection", set(), {"recap"}, {"objection"}),  # a space after the mark is no part of the name
        (",,recap,", {"recap"}, set(), set()),
        ("a~b", {"a~b"}, set(), set()),
    ],
)
def test_what_stands_in_brackets(marks: str, labels: set, near: set, unsure: set, tmp_path: Path) -> None:
    ((turn,),) = (c.turns for c in read_shorthand(short(tmp_path, f"## a\nR[{marks}]: hi\n")))
    assert (turn.labels, turn.near, turn.open) == (labels, near, unsure)


@pytest.mark.parametrize(
    ("marks", "wrong"),
    [("~", "~"), ("recap,?", "?"), ("~?recap", "~?recap"), ("? ~recap", "? ~recap"), ("recap, ~ recap", "recap")],
)
def test_a_mark_that_says_nothing_or_two_things_is_refused_to_the_letter(
    marks: str, wrong: str, tmp_path: Path
) -> None:
    path = short(tmp_path, f"## a\n\nR[{marks}]: hi\n")
    with pytest.raises(RequestError) as refused:
        read_shorthand(path)
    assert refused.value.line == (
        f"{path}:3: the label '{wrong}' says nothing, or stands twice on one turn. "
        "A label is 'id', '~id' (a near miss) or '?id' (not judged), one of them a turn."
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_kind_and_a_byte_order_mark_are_no_text(end: str, tmp_path: Path) -> None:
    text = end.join(["## a | cold", "R: hello there", "P[objection]:  no ", "## b", "G:", ""])
    path = short(tmp_path, f"\ufeff{text}")
    first, second = read_shorthand(path)
    assert (first.id, first.kind) == ("a", "cold")
    assert [(t.role, t.text) for t in first.turns] == [(Role.REP, "hello there"), (Role.PROSPECT, "no")]
    assert [(t.role, t.text) for t in second.turns] == [(Role.GATEKEEPER, "")]


@pytest.mark.parametrize(
    ("header", "name", "kind"),
    [("## a", "a", ""), ("##a|cold", "a", "cold"), ("##  a b  |  cold  | n | m", "a b", "cold"), ("## a ||", "a", "")],
)
def test_a_header_has_an_id_a_kind_and_a_note_that_nobody_reads(
    header: str, name: str, kind: str, tmp_path: Path
) -> None:
    (found,) = read_shorthand(short(tmp_path, f"{header}\nR: hi\n"))
    assert (found.id, found.kind) == (name, kind)


def test_a_conversation_without_a_turn_is_none_and_a_remark_is_no_turn(tmp_path: Path) -> None:
    path = short(tmp_path, "# about this file\n## empty\n## a\n#R: not said\nR: said\n\n## also empty\n")
    assert [(c.id, len(c.turns)) for c in read_shorthand(path)] == [("a", 1)]


def test_an_id_that_stands_twice_in_one_file_is_refused(tmp_path: Path) -> None:
    path = short(tmp_path, "## a\nR: x\n## b\nR: y\n## a\nR: z\n")
    with pytest.raises(RequestError) as refused:
        read_all([path])
    assert refused.value.line == (
        f"{path}: the conversation 'a' stands twice. A conversation must stand whole in one place."
    )


def test_a_long_line_that_is_no_turn_is_quoted_by_its_beginning(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as refused:
        read_shorthand(short(tmp_path, f"## a\n{'x' * 500}\n"))
    assert f"'{'x' * 60}'" in refused.value.line and "x" * 61 not in refused.value.line


# --- JSONL ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, 0.0, 1.5, -1, 10**400, None])
def test_any_number_is_seconds(value: object, tmp_path: Path) -> None:
    ((turn,),) = (c.turns for c in read_jsonl(lines(tmp_path, row(start=value, end=value))))
    assert (turn.start_s, turn.end_s) == (value, value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "true", '"1"', "[]", "1e999"])
@pytest.mark.parametrize("name", ["start", "end", "turn"])
def test_what_is_no_number_is_refused_with_its_line(name: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"conversation": "a", "text": "hi", "labels": [], "{name}": {value}}}\n', encoding="utf-8")
    with pytest.raises(RequestError) as refused:
        read_jsonl(path)
    kind = "turn must be a whole number" if name == "turn" else f"{name} must be seconds, or null"
    assert refused.value.line == f"{path}:1: {kind}"


@pytest.mark.parametrize(("given", "number"), [(None, 0), (0, 0), (7, 7), (7.0, 7), (-1, -1)])
def test_a_turn_is_numbered_as_the_data_say_or_by_its_place(given: object, number: int, tmp_path: Path) -> None:
    ((turn,),) = (c.turns for c in read_jsonl(lines(tmp_path, row(turn=given))))
    assert turn.number == number and isinstance(turn.number, int)


@pytest.mark.parametrize("conversation", [True, 1.5, None, ["a"], {"a": 1}])
def test_a_conversation_is_a_name_or_a_number(conversation: object, tmp_path: Path) -> None:
    path = lines(tmp_path, row(conversation=conversation))
    with pytest.raises(RequestError) as refused:
        read_jsonl(path)
    assert refused.value.line == f"{path}:1: conversation must be a name or a number"


@pytest.mark.parametrize(
    ("role", "labels", "ours"),
    [
        ("rep", [], Role.REP),
        ("prospect", [], Role.PROSPECT),
        ("therapist", [], Role.REP),
        ("client", None, Role.PROSPECT),
        (None, [], Role.REP),
        (None, None, Role.PROSPECT),
        ("unknown", [], Role.UNKNOWN),
    ],
)
def test_a_role_of_ours_is_kept_and_any_other_is_told_by_whether_it_is_judged(
    role: str | None, labels: list | None, ours: Role, tmp_path: Path
) -> None:
    ((turn,),) = (c.turns for c in read_jsonl(lines(tmp_path, row(role=role, labels=labels))))
    assert (turn.role, turn.side) == (ours, role or "")


LABELS = some.none() | some.lists(some.sampled_from(["a", "b", "a b", "\u00e9"]), max_size=3)
TALKS = some.lists(some.lists(some.tuples(some.text(max_size=12), LABELS), min_size=1, max_size=4), max_size=4)


@given(talks=TALKS)
def test_what_was_written_is_read_in_order(talks: list, tmp_path_factory: pytest.TempPathFactory) -> None:
    written = [row(conversation=str(n), text=text, labels=labels) for n, t in enumerate(talks) for text, labels in t]
    found = read_all([lines(tmp_path_factory.mktemp("data"), *written)])
    assert [c.id for c in found] == [str(n) for n in range(len(talks))]
    read = [(t.text, t.labels) for c in found for t in c.turns]
    assert read == [(r["text"], None if r["labels"] is None else frozenset(r["labels"])) for r in written]
    assert label_names(found) == tuple(sorted({label for r in written for label in r["labels"] or ()}))
