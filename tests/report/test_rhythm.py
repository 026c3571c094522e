"""The formats of the week's rhythm and of the leader's view, over the made-up team's five weeks."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from ci_checker.app import cadence as leading
from ci_checker.app import rhythm
from ci_checker.app.ledger_file import load_into
from ci_checker.commitments.cadence import NO_RANKING, Cadence, Loop
from ci_checker.commitments.due import Due, due
from ci_checker.commitments.nudge import Nudges, nudge
from ci_checker.errors import RequestError
from ci_checker.model import CallFinding, CallState, Commitment, Counts
from ci_checker.report import formats, render, schema
from ci_checker.report.due.ics import escape, fold, uid
from ci_checker.report.ledger import Entry
from ci_checker.report.ledger.table import COLUMNS, safe
from ci_checker.settings import Rep, Settings
from ci_checker.store import open_store

LEDGER = Path(__file__).resolve().parents[2] / "fixtures" / "team" / "ledger.toml"
REPS = ("Luke Porter", "Dana Whitfield", "Priya Raman", "Tom Becker")
WEDNESDAY, THURSDAY = date(2026, 11, 18), date(2026, 11, 26)
HOSTILE = '<script>alert(1)</script> "\x1b[31m, ; \\ \u202e\n=1+1'


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Five weeks of four reps; then Dana's check is moved, Tom's is closed late, and a fifth rep has none."""
    reps = (*(Rep(name=name) for name in REPS), Rep(name="Ana Ruiz", manager="Sam Reed"))
    found = Settings(
        root=tmp_path_factory.mktemp("team"), manager="Maya Collins", reps=reps, focus="trigger-event-opener"
    )  # fmt: skip
    with open_store(found.store_location()) as store:
        load_into(LEDGER, store)
        dana, tom = (store.active_commitment(name) for name in ("Dana Whitfield", "Tom Becker"))
        assert dana and tom
        store.update_commitment(replace(dana, check_on=date(2026, 11, 27)))
        said = rhythm.Said(outcome=rhythm.Outcome.PARTLY, words="The card helps.")
    rhythm.check_in(tom, found, said, on=date(2026, 11, 25), next_step=rhythm.NextStep.REISSUE)
    with open_store(found.store_location()) as store:
        last = store.active_commitment("Tom Becker")
        assert last
        store.close_commitment(
            replace(last, status=rhythm.CommitmentStatus.CLOSED, outcome=rhythm.Outcome.DONE, closed_on=THURSDAY)
        )
    return found


@pytest.fixture(scope="module")
def checks(team: Settings) -> Due:
    return rhythm.checks(team, as_of=THURSDAY)


@pytest.fixture(scope="module")
def overview(team: Settings) -> Cadence:
    return leading.overview(team, weeks=6, as_of=THURSDAY)


@pytest.fixture(scope="module")
def messages(team: Settings) -> Nudges:
    """Wednesday's messages, with calls that are made up here."""
    with open_store(team.store_location()) as store:
        active = [store.commitments(name)[4] for name in REPS]
    states = ([CallState.SEEN] * 2, [CallState.NOT_SEEN, CallState.UNCLEAR], [CallState.NOT_APPLICABLE], [])
    made = [
        nudge(
            commitment,
            [CallFinding(call=str(n), sha256=str(n), state=state) for n, state in enumerate(each)],
            WEDNESDAY,
        )
        for commitment, each in zip(active, states)
    ]
    return Nudges(as_of=WEDNESDAY, nudges=tuple(made), without=("Ana Ruiz",))


@pytest.fixture(scope="module")
def hostile(team: Settings) -> Commitment:
    with open_store(team.store_location()) as store:
        one = store.commitment(1)
    return replace(one, rep=f"{HOSTILE} Porter", statement=HOSTILE, rep_words=HOSTILE, note=HOSTILE, manager=HOSTILE)


def test_formats() -> None:
    assert formats("due") == ("text", "ics", "json", "md")
    assert formats("nudge") == ("text", "json")
    assert formats("cadence") == ("text", "html", "json", "md")
    assert formats("ledger") == ("csv",)


@pytest.mark.parametrize("format", formats("due"))
def test_due_as_a_person_has_read_it(format: str, checks: Due, golden: Callable[[str, str], None]) -> None:
    golden(f"due.{format}", render([checks], format, kind="due"))


@pytest.mark.parametrize("format", formats("nudge"))
def test_nudge_as_a_person_has_read_it(format: str, messages: Nudges, golden: Callable[[str, str], None]) -> None:
    golden(f"nudge.{format}", render([messages], format, kind="nudge"))


@pytest.mark.parametrize("format", formats("cadence"))
def test_cadence_as_a_person_has_read_it(format: str, overview: Cadence, golden: Callable[[str, str], None]) -> None:
    golden(f"cadence.{format}", render([overview], format, kind="cadence"))


def test_crm_rows_as_a_person_has_read_them(team: Settings, golden: Callable[[str, str], None]) -> None:
    with open_store(team.store_location()) as store:
        entries = [Entry(commitment=each, mail="luke@harbor.example") for each in store.commitments("Luke Porter")]
    golden("ledger.csv", render(entries, "csv", kind="ledger"))


def valid(name: str, text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    checker = jsonschema.Draft202012Validator(schema(name), format_checker=jsonschema.FormatChecker())
    checker.validate(json.loads(text))


def test_schemas_describe_the_json(checks: Due, messages: Nudges, overview: Cadence) -> None:
    valid("due", render([checks], "json", kind="due"))
    valid("nudge", render([messages], "json", kind="nudge"))
    valid("cadence", render([overview], "json", kind="cadence"))
    with pytest.raises(jsonschema.ValidationError):
        valid("due", render([checks], "json", kind="due").replace('"said"', '"told"'))


def test_schemas_know_every_field() -> None:
    defs = schema("cadence")["$defs"]
    assert {each.name for each in fields(Loop)} == set(defs["Loop"]["properties"]) == set(defs["Loop"]["required"])
    counts = schema("nudge")["$defs"]["Counts"]["properties"]
    assert {each.name for each in fields(Counts)} == set(counts)
    commitment = schema("checkin")["$defs"]["Commitment"]["properties"]
    assert {each.name for each in fields(Commitment)} == set(commitment)


# calendar entries


def content_lines(text: str) -> list[str]:
    """Check the lines as a calendar program reads them, and return them unfolded."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode("utf-8")) <= 75
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    for line in lines:
        assert re.match(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:", line), line
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)
    return lines


def events(text: str) -> list[dict[str, str]]:
    lines = content_lines(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ci-checker//check dates//EN"]
    assert lines[-1] == "END:VCALENDAR"
    found: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            found.append({})
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            assert name not in found[-1], f"{name} stands twice"
            found[-1][name] = value
    return found


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda hit: "\n" if hit[1] in "nN" else hit[1], text)


def test_one_event_a_check(checks: Due) -> None:
    found = events(render([checks], "ics", kind="due"))
    assert len(found) == len(checks.checks) == 3
    for event, check in zip(found, checks.checks):
        made = check.commitment
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY"} <= event.keys()
        assert event["DTSTART;VALUE=DATE"] == made.check_on.strftime("%Y%m%d")
        assert event["DTEND;VALUE=DATE"] == (made.check_on + timedelta(days=1)).strftime("%Y%m%d")
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        said = unescaped(event["DESCRIPTION"])
        assert made.statement.rstrip(".") in said and made.rep_words in said and said.count("\n") == 2
        assert not re.search(r"(?<!\\)[,;]", event["DESCRIPTION"])
    assert len({event["UID"] for event in found}) == 3


def test_a_moved_check_keeps_its_uid_and_another_promise_has_another(hostile: Commitment) -> None:
    assert uid(replace(hostile, check_on=date(2027, 1, 4), statement="other words")) == uid(hostile)
    assert uid(replace(hostile, id=2)) != uid(hostile)
    assert uid(replace(hostile, rep="Dana")) != uid(hostile)


def test_hostile_names_stay_text_in_a_calendar(hostile: Commitment) -> None:
    active = replace(hostile, status=rhythm.CommitmentStatus.ACTIVE)
    (event,) = events(render([due([active], THURSDAY)], "ics", kind="due"))
    assert event["SUMMARY"].count("\n") == 0 and "BEGIN" not in event
    assert "<script>alert(1)</script>" in unescaped(event["SUMMARY"])


@pytest.mark.parametrize(
    "line", ["", "x" * 75, "x" * 76, "é" * 200, "x" + "é" * 74, "日本" * 60, "👍" * 50, "a" * 74 + "👍"]
)
def test_folding(line: str) -> None:
    folded = fold(line)
    pieces = folded.split("\r\n")
    assert all(len(piece.encode("utf-8")) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert folded.replace("\r\n ", "") == line
    assert len(line.encode("utf-8")) > 75 or len(pieces) == 1


def test_escaping() -> None:
    assert escape("a, b; c\\d\nnext: x") == "a\\, b\\; c\\\\d\\nnext: x"
    assert escape("a\r\nEND:VEVENT\tb") == "a\\nEND:VEVENT b"


def test_an_empty_calendar_is_refused() -> None:
    with pytest.raises(RequestError, match=r"no commitment is active.*commitment add"):
        render([due([], THURSDAY, reps=("Ana",))], "ics", kind="due")


# rows for a CRM


def rows(*commitments: Commitment) -> list[dict[str, str]]:
    text = render([Entry(commitment=each) for each in commitments], "csv", kind="ledger")
    assert text.count("\r\n") == len(commitments) + 1
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_a_commitment(team: Settings) -> None:
    with open_store(team.store_location()) as store:
        luke = store.commitments("Luke Porter")
    first, last = rows(luke[0], luke[4])
    assert tuple(first) == COLUMNS
    assert (first["Status"], first["Outcome"], first["Activity Date"]) == ("Completed", "not done", "2026-10-26")
    assert (last["Status"], last["Outcome"], last["Activity Date"]) == ("Not Started", "", "")
    assert (last["Due Date"], last["Made On"]) == ("2026-11-23", "2026-11-16")
    assert (last["External Id"], last["Behavior"]) == ("ci-checker-5", "trigger-event-opener")
    assert "The manager's reading: system." in first["Description"]
    assert first["Description"].startswith("Promise: Open every cold call with a trigger event at that company")


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '"=1"', "'=1", "＝1", "＋1", "－1", "＠x", "\x1b[0m=1"],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell).startswith("'")
    assert "\t" not in safe(cell) and "\r" not in safe(cell)


@pytest.mark.parametrize(
    "cell", ["", "Recap on every call", "10 openers - all week", "luke@harbor.example", "2026-11-23"]
)
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_hostile_words_stay_in_their_cells(hostile: Commitment) -> None:
    (row,) = rows(replace(hostile, rep="=HYPERLINK(1)", manager="+cmd", behavior="@x"))
    assert all(not re.match(r"[=+\-@]", value) for value in row.values())
    assert row["Rep"] == "'=HYPERLINK(1)"
    assert "\x1b" not in row["Description"] and "\n" not in row["Description"]


@pytest.mark.parametrize("format", formats("nudge"))
def test_hostile_words_stay_words_in_a_message(hostile: Commitment, format: str) -> None:
    """A message is pasted elsewhere: one line, no controls, and nobody else's markup is closed or opened by us."""
    made = Nudges(as_of=WEDNESDAY, nudges=(nudge(hostile, [], WEDNESDAY),), without=(HOSTILE,))
    said = render([made], format, kind="nudge")
    assert "\x1b" not in said and "\u202e" not in said
    if format == "text":
        assert said.count("\n") == 1 and "<script>alert(1)</script>" in said
    else:
        assert json.loads(said)["nudges"][0]["rep"] == hostile.rep


@pytest.mark.parametrize("format", ["text", "md"])
def test_hostile_words_stay_words_in_the_list_of_checks(hostile: Commitment, format: str) -> None:
    active = replace(hostile, status=rhythm.CommitmentStatus.ACTIVE)
    said = render([due([active], THURSDAY, reps=(HOSTILE,), manager=HOSTILE)], format, kind="due")
    assert "\x1b" not in said and "\u202e" not in said
    assert ("<script>" in said) == (format == "text")
    assert not re.search(r"^=1\+1", said, re.M)


# the leader's page


class Page(HTMLParser):
    """Tags with their attributes; fails on tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def test_the_policy_allows_this_style_and_no_script(overview: Cadence) -> None:
    html = render([overview], "html", kind="cadence")
    page = Page(html)
    meta = next(one for tag, one in page.tags if tag == "meta" and one.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in (meta["content"] or "").split(";"))
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'", "style-src": f"'sha256-{digest}'", "img-src": "data:", "base-uri": "'none'",
        "form-action": "'none'",
    }  # fmt: skip
    assert "url(" not in style[1] and "@import" not in style[1]
    for tag, attrs in page.tags:
        assert tag != "script" and "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        for name in ("src", "href"):
            assert (attrs.get(name) or "#").startswith(("#", "data:,"))


def test_the_page_is_built_for_everybody(overview: Cadence) -> None:
    page = Page(render([overview], "html", kind="cadence"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    for tag, attrs in page.tags:
        assert (attrs.get("aria-labelledby") or ids[0]) in ids
        assert tag != "th" or attrs.get("scope")
        assert tag != "svg" or attrs.get("aria-hidden")
    assert [tag for tag, _ in page.tags].count("main") == 1


def test_a_manager_called_script(overview: Cadence) -> None:
    named = replace(overview.managers[0], manager=HOSTILE)
    html = render([replace(overview, managers=(named,), focus_name=HOSTILE)], "html", kind="cadence")
    assert "<script" not in html and "&lt;script&gt;" in html and "\x1b" not in html
    for format in ("text", "md"):
        said = render([replace(overview, managers=(named,))], format, kind="cadence")
        assert "\x1b" not in said and "\u202e" not in said


@pytest.mark.parametrize("format", formats("cadence"))
def test_the_leaders_view_names_no_rep_and_says_that_it_ranks_nobody(format: str, overview: Cadence) -> None:
    said = " ".join(render([overview], format, kind="cadence").split())
    assert " ".join(NO_RANKING.split()) in said
    for name in (*REPS, "Ana Ruiz"):
        assert name not in said and name.split()[0] not in said
    assert said.index("Maya Collins") < said.index("Sam Reed")


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("number", [0, 1])
def test_contrast_of_both_palettes(number: int, overview: Cadence) -> None:
    block = re.findall(r":root \{(.*?)\}", render([overview], "html", kind="cadence"), re.S)[number]
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
    for ink in ("ink", "soft", "held", "late", "open", "focus"):
        for ground in ("paper", "card"):
            light, dark = sorted((_luminance(colors[ink]), _luminance(colors[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
