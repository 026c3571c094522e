"""Which turns are worth a label: spread over calls, the same every time, and worth it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ci_checker.app import suggesting
from ci_checker.behaviors.catalogue import Behavior, load
from ci_checker.errors import MissingError, RequestError
from ci_checker.learn import generic, turns
from ci_checker.learn.dialogues import Conversation, read_all, read_jsonl
from ci_checker.learn.evaluate import as_call
from ci_checker.model import Call, Role, Source, Speaker, Turn

OURS = Behavior(id="ours", name="Ours", definition="x", counts=("it is forty a month",), does_not_count=("how much",))
SPEAKERS = (Speaker(name="Luke", role=Role.REP), Speaker(name="Karen", role=Role.PROSPECT))
TRAIN = Path(__file__).resolve().parents[2] / "models" / "behaviors" / "data" / "train"


def call(number: int, turns_of_rep: int = 10) -> Call:
    said = []
    for at in range(turns_of_rep):
        said += [("Karen", f"yes {at}"), ("Luke", f"word {number} and {at} more")]
    return Call(
        path=f"{number}.txt", sha256=f"sha-{number}", source=Source.TRANSCRIPT, speakers=SPEAKERS,
        turns=tuple(Turn(speaker=who, text=text, start_s=float(i)) for i, (who, text) in enumerate(said)),
    )  # fmt: skip


@pytest.fixture
def guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the probability of a turn be told by its number."""

    def known(one: Call, behavior: Behavior, by: object) -> dict[int, float]:
        own = [at for at, turn in enumerate(one.turns) if turn.speaker == "Luke"]
        return {at: at / len(one.turns) for at in own}

    monkeypatch.setattr(suggesting, "_probabilities", known)
    monkeypatch.setattr(suggesting, "_detector", lambda _: None)


CALLS = tuple(call(n) for n in range(12))


@pytest.mark.usefixtures("guessed")
def test_uncertain_ones_and_sure_ones_among_them() -> None:
    found = suggesting.suggest(OURS, CALLS, most=25)
    assert len(found) == len({one.key for one in found}) == 25
    assert sum(one.probability > 0.85 for one in found) >= 10
    assert sum(0.3 < one.probability < 0.7 for one in found) >= 8
    assert sum(one.probability < 0.3 for one in found) >= 1
    assert all(one.call.role_of(one.call.turns[one.turn].speaker) is Role.REP for one in found)
    assert len({one.key[0] for one in found}) >= 5


@pytest.mark.usefixtures("guessed")
def test_the_same_ones_every_time_in_the_order_of_the_calls() -> None:
    found = suggesting.suggest(OURS, CALLS, most=25)
    assert found == suggesting.suggest(OURS, iter(CALLS), most=25)
    order = [(int(one.call.path[:-4]), one.turn) for one in found]
    assert order == sorted(order)
    assert {one.key for one in found} == {one.key for one in suggesting.suggest(OURS, CALLS[::-1], most=25)}


@pytest.mark.usefixtures("guessed")
def test_what_was_answered_is_not_asked_again() -> None:
    first = suggesting.suggest(OURS, CALLS, most=25)
    again = suggesting.suggest(OURS, CALLS, most=25, known=[one.key for one in first])
    assert not {one.key for one in first} & {one.key for one in again}
    assert len(suggesting.suggest(OURS, CALLS[:1], most=25)) == 10  # no more than there are
    twins = [replace(CALLS[0], sha256="a"), replace(CALLS[0], sha256="b")]
    assert len(suggesting.suggest(OURS, twins, most=25)) == 10  # the same words are asked once


def test_a_measured_behavior_has_nothing_to_label() -> None:
    with pytest.raises(RequestError, match="measured"):
        suggesting.suggest(load()["talk-ratio"], CALLS)


@pytest.mark.usefixtures("guessed")
def test_the_rows_are_the_contracts(tmp_path: Path) -> None:
    found = suggesting.suggest(OURS, CALLS, most=6)
    answers = {one.key: n % 2 == 0 for n, one in enumerate(found)}
    path = tmp_path / "labels.jsonl"
    path.write_text(suggesting.as_jsonl(suggesting.rows(OURS, found, answers)), encoding="utf-8")
    read = {c.id: c for c in read_jsonl(path)}
    assert read["example-of-ours-1"].turns[0].labels == {"ours"}
    assert read["example-of-ours-2"].turns[0].labels == frozenset()
    for (name, number), answer in answers.items():
        assert len(read[name].turns) == 20
        assert read[name].turns[number].labels == ({"ours"} if answer else frozenset())
    judged = sum(t.labels is not None for c in read.values() for t in c.turns)
    assert judged == len(answers) + 2


@pytest.mark.usefixtures("guessed")
def test_later_answers_join_earlier_ones(tmp_path: Path) -> None:
    first = suggesting.suggest(OURS, CALLS, most=6)
    old = suggesting.rows(OURS, first, {one.key: True for one in first})
    later = suggesting.suggest(OURS, CALLS, most=6, known=[one.key for one in first])
    both = suggesting.merged(old, suggesting.rows(OURS, later, {one.key: False for one in later}))
    path = tmp_path / "labels.jsonl"
    path.write_text(suggesting.as_jsonl(both), encoding="utf-8")
    assert suggesting.earlier(path, OURS) == both
    labels = [t.labels for c in read_jsonl(path) for t in c.turns if t.labels is not None]
    assert (labels.count(frozenset({"ours"})), labels.count(frozenset())) == (7, 7)
    with pytest.raises(RequestError, match="other labels"):
        suggesting.earlier(path, replace(OURS, id="else"))
    assert suggesting.earlier(tmp_path / "none.jsonl", OURS) == []


@pytest.mark.slow
def test_twenty_five_answers_make_a_behavior_good(tmp_path: Path) -> None:
    """A built-in behavior as if it were a team's: examples alone, then 25 suggested turns with their true labels."""
    name = "customer-story"
    whole = [c for c in read_all([TRAIN]) if len(c.turns) >= 10]
    with_it = [c for c in whole if any(name in (t.labels or ()) for t in c.turns)]
    without = [c for c in whole if c not in with_it]
    pool, held = [*with_it[:14], *without[:14]], [*with_it[14:26], *without[14:26]]
    definition = load()[name]
    mine = replace(definition, id="told-story", counts=definition.counts[:6], source=str(tmp_path / "told-story.yaml"))
    try:
        found = suggesting.suggest(mine, [as_call(c) for c in pool])
    except MissingError as problem:
        pytest.skip(str(problem))
    by_id = {c.id: c for c in pool}
    answers = {one.key: name in (by_id[one.key[0]].turns[one.turn].labels or ()) for one in found}
    assert 5 <= sum(answers.values()) <= 20
    path = tmp_path / "labels.jsonl"
    path.write_text(suggesting.as_jsonl(suggesting.rows(mine, found, answers)), encoding="utf-8")
    generic.train(path, tmp_path / "detector", count=5)
    trained = _found(held, tmp_path / "detector", name)
    assert trained >= 0.75


def _found(held: list[Conversation], model: Path, name: str) -> float:
    """Return the average precision of calls by their best turn."""
    from ci_checker.behaviors.classifier import Detector

    renamed = [
        replace(c, turns=tuple(replace(t, labels=None) if t.role is not Role.REP else t for t in c.turns)) for c in held
    ]
    detector = Detector.load(model)
    table = generic.tabulate(renamed, (name,))
    scores = detector.scores(table.items, table.dense)[:, 0]
    best = [scores[table.group == n].max() for n in np.unique(table.group)]
    truth = [int(any(name in (t.labels or ()) for t in renamed[n].turns)) for n in np.unique(table.group)]
    return turns.average_precision(np.array(truth), np.array(best))


def test_labels_are_json_lines() -> None:
    assert json.loads(suggesting.as_jsonl([{"text": "é\u2028"}]).split("\n")[0]) == {"text": "é\u2028"}
