"""What holds for every call and every definition: measures worked out a second time, occasions, reasons, places."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ci_checker.behaviors import catalogue, metrics
from ci_checker.behaviors.catalogue import Behavior, Measure, Occasion, Place
from ci_checker.behaviors.occasions import GREETING, MACHINE, Had, Signals, had_occasion, is_greeting
from ci_checker.behaviors.reasons import readable
from ci_checker.errors import RequestError
from ci_checker.model import Call, Role, Source, Speaker, Turn

ROLES = (
    Speaker(name="Dana", role=Role.REP),
    Speaker(name="Martin", role=Role.PROSPECT),
    Speaker(name="Desk", role=Role.GATEKEEPER),
)
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
spoken = st.lists(st.sampled_from(["so", "well", "we", "ship", "two", "vans", "today"]), min_size=1, max_size=7)
said = st.tuples(
    st.sampled_from(["Dana", "Martin", "Desk"]), spoken.map(" ".join), st.integers(1, 40), st.integers(0, 14)
)


def timed(lines: list[tuple[str, str, int, int]]) -> Call:
    """Return a call of speaker, text, length and the pause after it, in seconds."""
    turns, at = [], 0.0
    for speaker, text, length, pause in lines:
        turns.append(Turn(speaker=speaker, text=text, start_s=at, end_s=at + length))
        at += length + pause
    return Call(path="c", sha256="0", source=Source.TRANSCRIPT, turns=tuple(turns), speakers=ROLES)


# --- measures ----------------------------------------------------------------------------------------------


@relaxed
@given(st.lists(said, min_size=1, max_size=10))
def test_the_talk_ratio_and_the_seconds_are_those_of_an_abacus(lines) -> None:
    found = metrics.measure(timed(lines))
    words = {
        name: sum(len(text.split()) for who, text, _, _ in lines if who == name) for name in ("Dana", "Martin", "Desk")
    }
    assert found.rep_talk_ratio == round(words["Dana"] / sum(words.values()), 4)
    assert dict(found.talk_s) == {
        name: sum(length for who, _, length, _ in lines if who == name) for name in ("Dana", "Martin", "Desk")
    }
    assert found.rep_questions == 0


def brute_force(call: Call) -> float | None:
    """The longest stretch from one turn of the rep to another with nothing real in between, by trying them all."""
    rep = [n for n, turn in enumerate(call.turns) if turn.speaker == "Dana"]
    best = None
    for first in rep:
        for last in (n for n in rep if n >= first):
            between = call.turns[first : last + 1]
            own = [turn for turn in between if turn.speaker == "Dana"]
            broken = any(turn.speaker != "Dana" and len(turn.text.split()) > 3 for turn in between)
            paused = any(b.start_s - a.end_s > 10.0 for a, b in pairwise(own))
            if not broken and not paused:
                length = round(call.turns[last].end_s - call.turns[first].start_s, 2)
                best = length if best is None else max(best, length)
    return best


@relaxed
@given(st.lists(said, min_size=1, max_size=10))
def test_the_longest_monologue_is_the_longest_of_all_stretches(lines) -> None:
    call = timed(lines)
    length, first = metrics.longest_monologue(call)
    assert length == brute_force(call)
    assert (first is None) == (length is None)
    if first is not None:
        assert call.turns[first].speaker == "Dana"


@relaxed
@given(st.lists(said, min_size=1, max_size=8), st.integers(0, 7))
def test_one_missing_time_takes_the_lengths_away_and_nothing_else(lines, at: int) -> None:
    call = timed(lines)
    assume(at < len(call.turns))
    bare = replace(call.turns[at], end_s=None)
    blind = metrics.measure(replace(call, turns=(*call.turns[:at], bare, *call.turns[at + 1 :])))
    whole = metrics.measure(call)
    assert blind.longest_rep_monologue_s is None
    assert (blind.rep_talk_ratio, blind.rep_questions) == (whole.rep_talk_ratio, whole.rep_questions)
    assert dict(blind.talk_s) == {name: s for name, s in whole.talk_s if name != bare.speaker}


# --- occasions -----------------------------------------------------------------------------------------------


@relaxed
@given(
    best=st.floats(0, 1), possible=st.floats(0, 1), sure=st.floats(0, 1),
    kind=st.sampled_from([Occasion.OBJECTION, Occasion.GATEKEEPER]),
)  # fmt: skip
def test_an_occasion_is_sure_possible_or_absent_by_its_two_thresholds(make_call, best, possible, sure, kind) -> None:
    assume(possible <= sure)
    call = make_call("P: hello this is martin speaking", "R: hi martin", "P: we have no use for that right now")
    name = kind.value
    signals = Signals(**{name: {2: best}, f"{name}_sure": sure, f"{name}_possible": possible})
    certain = max(sure, 0.8) if kind is Occasion.GATEKEEPER else sure
    wanted = Had.YES if best >= certain else Had.PERHAPS if best >= possible else Had.NO
    answer = had_occasion(call, kind, signals)
    assert answer.had is wanted
    assert answer.reason and not answer.reason.endswith(".")


@pytest.mark.parametrize("kind", list(Occasion))
def test_nobody_but_the_rep_gives_no_occasion_of_any_kind(make_call, kind: Occasion) -> None:
    alone = had_occasion(
        make_call("R: hello, is anybody there"), kind, Signals(objection={0: 1.0}, gatekeeper={0: 1.0})
    )
    assert (alone.had, alone.reason) == (Had.NO, "no conversation: nobody but the rep speaks")


@pytest.mark.parametrize(
    ("text", "greeting", "machine"),
    [
        ("Please leave a message after the tone.", True, True),
        ("For sales, press one.", True, True),
        ("You have reached the mailbox of Kim.", True, True),
        ("you've reached voicemail", True, True),
        ("She is not available right now.", True, False),
        ("I'll get back to you as soon as I can.", True, False),
        ("I got your voicemail yesterday.", True, False),
        ("We press on with one of them.", False, False),
        ("Can you leave it with me?", False, False),
    ],
)
def test_what_only_a_machine_says_and_what_a_person_may_say_too(text: str, greeting: bool, machine: bool) -> None:
    assert is_greeting(text) is bool(GREETING.search(text)) is greeting
    assert bool(MACHINE.search(text)) is machine


# --- reasons ---------------------------------------------------------------------------------------------------

terms = st.sampled_from(
    ["word:^i saw", "word:could we say", "word:we say", "word:<money>", "word:so", "tag:early=True", "tag:place=0",
     "tag:place=1", "tag:words=3", "tag:cue", "letter:abcd", "tag:has_MONEY", "word:~ask", "word:what does that cost"]
)  # fmt: skip


@relaxed
@given(st.lists(st.tuples(terms, st.floats(0.01, 5)), max_size=12), st.integers(1, 5))
def test_reasons_are_few_each_said_once_and_quote_no_mark_of_the_program(found, most: int) -> None:
    ranked = sorted(found, key=lambda pair: -pair[1])
    reasons = readable(ranked, most=most)
    texts = [reason.text for reason in reasons]
    assert len(texts) == len(set(texts)) <= most
    weights = [reason.weight for reason in reasons]
    assert weights == sorted(weights, reverse=True)
    for text in texts:
        assert not any(mark in text for mark in ("<", "^", "~", "=", "tag:", "word:"))
    assert not {'the words "could we say"', 'the words "we say"'} <= set(texts), (
        "the part of a phrase is not said again"
    )


# --- definitions -------------------------------------------------------------------------------------------------

GOOD = "name: Named a champion\ndefinition: Who would carry this.\ncounts:\n  - Who would carry this?\n"


def refused(folder: Path, text: str, name: str = "champion.yaml") -> str:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    with pytest.raises(RequestError) as told:
        catalogue.read(path)
    assert "\n" not in told.value.line
    return told.value.line.removeprefix(str(path))


@relaxed
@given(
    st.integers(0, 6), st.sampled_from(["colour: red", "place: middle", "counted: perhaps", "bound: 3", "name: Again"])
)
def test_the_line_of_what_is_wrong_is_where_an_editor_shows_it(tmp_path: Path, above: int, wrong: str) -> None:
    told = refused(tmp_path, GOOD + "# a note\n" * above + wrong + "\n")
    assert told.startswith(f":{5 + above}:1: "), told


@pytest.mark.parametrize(
    ("written", "column"),
    [("cues: [/a(/]", 10), ("cues: ['/a(/']", 11), ('cues: [so, "/a(/"]', 15), ("cues:\n  - /ab**/", 9)],
)
def test_the_column_is_that_of_the_character_that_breaks_the_expression(
    tmp_path: Path, written: str, column: int
) -> None:
    line = 5 + written.count("\n")
    told = refused(tmp_path, GOOD + written + "\n")
    assert told.startswith(f":{line}:{column}: this is no regular expression"), told


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_from_another_system_is_read_as_it_is(tmp_path: Path, ending: str, mark: str) -> None:
    path = tmp_path / "champion.yaml"
    path.write_bytes((mark + GOOD.replace("\n", ending)).encode("utf-8"))
    found = catalogue.read(path)
    assert (found.id, found.name, found.counts) == ("champion", "Named a champion", ("Who would carry this?",))


@pytest.mark.parametrize(
    ("field", "words"),
    [("place", [each.value for each in Place]), ("occasion", [each.value for each in Occasion])],
)
def test_every_word_of_a_choice_is_taken_and_a_wrong_one_lists_them(
    tmp_path: Path, field: str, words: list[str]
) -> None:
    for word in words:
        (tmp_path / "champion.yaml").write_text(f"{GOOD}{field}: {word}\n", encoding="utf-8")
        assert getattr(catalogue.read(tmp_path / "champion.yaml"), field) == word
    told = refused(tmp_path, f"{GOOD}{field}: {words[0].upper()}\n")
    assert told == f":5:1: '{words[0].upper()}' is no {field}. Choose one of: {', '.join(words)}."


@relaxed
@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(list(Measure)))
def test_a_bound_is_above_nothing_finite_and_a_share_is_at_most_all(tmp_path: Path, bound: float, measure) -> None:
    text = f"name: A\ndefinition: b\nmeasure: {measure.value}\nbound: {bound!r}\n"
    good = 0 < bound < float("inf") and (measure is Measure.MONOLOGUE or bound <= 1)
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    if good:
        assert catalogue.read(tmp_path / "m.yaml").bound == bound
        return
    span = "between 0 and 1" if measure is Measure.TALK_RATIO else "above 0"
    assert refused(tmp_path, text, "m.yaml") == f":4:1: '{bound!r}' is no bound {span}"


def test_only_definitions_are_read_in_a_teams_folder_and_none_of_its_folders(tmp_path: Path) -> None:
    for name in ("mine.yaml", "ours.yml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a definition", encoding="utf-8")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "not.yaml").write_text("[", encoding="utf-8")
    own = {name: b for name, b in catalogue.load([tmp_path]).items() if Path(b.source).parent == tmp_path}
    assert list(own) == ["mine", "ours"] and all(isinstance(b, Behavior) for b in own.values())
