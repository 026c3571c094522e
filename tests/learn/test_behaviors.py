"""What the builder of the shipped detectors does besides fitting, and the held-out evaluation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ci_checker import assets
from ci_checker.behaviors import catalogue
from ci_checker.errors import MissingError
from ci_checker.learn import behaviors, calls, evaluate, nlp, noise, turns, weighing
from ci_checker.learn.dialogues import Conversation, read_all
from ci_checker.learn.learner import Learner
from ci_checker.model import Role, Source

TEXT = """\
## a | gatekeeper
G: hale and company how may I direct your call
R[gatekeeper-reason]: this is dana with fieldstone about the depot, could you put me through to ms. osei please
G: you have reached the voicemail of grace osei, leave a message after the tone
P[objection]: we have no money for that
R[recap,?qualify-out]: so you need two of them and it has to be by may
## b | voicemail
G: you have reached the voicemail of grace osei, leave a message after the tone
R[customer-story]: hi grace, a bakery we work with cut its waste by a third
"""


@pytest.fixture
def conversations(tmp_path: Path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return read_all([tmp_path])


def test_live_gatekeepers_are_labelled_and_machines_are_not(conversations) -> None:
    marked = [
        [t.number for t in c.turns if "gatekeeper" in (t.labels or ())]
        for c in behaviors.with_gatekeepers(conversations)
    ]
    assert marked == [[0], []]


def test_the_labels_are_the_catalogues() -> None:
    labels = behaviors.rep_labels()
    assert len(labels) == 14
    assert set(labels) == {b.id for b in catalogue.load().values() if b.measure is None}


def test_blind_sides_hide_who_spoke(conversations) -> None:
    table = turns.tabulate(conversations, ("objection",), behaviors.OTHER_SIDE)
    assert any("gatekeeper" in tag for item in table.items for tag in item.tags)
    blind = behaviors.blind_sides(table)
    assert not any("gatekeeper" in tag or tag.startswith("last=") for item in blind.items for tag in item.tags)
    assert [i.text for i in blind.items] == [i.text for i in table.items]


def scored_calls(seed: int = 3, calls: int = 100, size: int = 4) -> tuple[turns.Table, np.ndarray]:
    """Return calls of ``size`` turns of a made-up label, and scores that tell it with some noise."""
    draw = np.random.default_rng(seed)
    n = calls * size
    truth = (draw.random(n) < 0.3).astype(np.int8)
    table = turns.Table(
        labels=("x",),
        items=(turns.Instance(turn=0, start=0, end=1, text="a", previous="", tags=()),) * n,
        dense=(np.zeros((n, 1)), np.zeros((n, 1))),
        group=np.arange(n) // size,
        turn=np.arange(n) % size,
        truth=truth[:, None],
        near=np.zeros((n, 1), bool),
        whole=np.ones(n, bool),
    )
    return table, (truth * 3.0 + draw.normal(size=n) - 1.5)[:, None]


EVERY = range(100)


def test_calibration_orders_its_thresholds() -> None:
    table, scores = scored_calls()
    found, rows = behaviors.calibrated(table, scores, whole=EVERY)
    assert 0 < found["x"].not_seen < found["x"].evidence <= found["x"].seen < 1
    assert rows[0].present + rows[0].absent == 100
    assert rows[0].false_not_seen < 0.1 and rows[0].false_seen < 0.1


def test_what_stands_elsewhere_makes_no_verdict() -> None:
    table, scores = scored_calls()
    scores[::4] = 9.0  # every call begins with what would count elsewhere
    told, plain = behaviors.calibrated(table, scores, whole=EVERY)
    apart, placed = behaviors.calibrated(
        table, scores, whole=EVERY, in_place=lambda p: np.tile([False, True, True, True], 100)[:, None]
    )
    assert (told["x"].a, told["x"].b) == (apart["x"].a, apart["x"].b)  # a turn's probability is its own
    assert placed[0].average_precision > plain[0].average_precision + 0.1


def test_a_call_without_an_occasion_is_not_judged_unless_it_is_there() -> None:
    table, scores = scored_calls()
    there = {n for n in range(100) if table.truth[table.group == n].any()}
    _, rows = behaviors.calibrated(table, scores, whole=EVERY, without_occasion={"x": frozenset(range(50))})
    assert rows[0].present == len(there)
    assert rows[0].absent == len(set(range(50, 100)) - there)


def test_chances_are_learned_from_the_named_calls_alone() -> None:
    table, scores = scored_calls()
    scores[320:] = -scores[320:]  # in the last calls every score misleads
    some, rows = behaviors.calibrated(table, scores, whole=range(50))
    every, _ = behaviors.calibrated(table, scores, whole=EVERY)
    assert rows[0].present + rows[0].absent == 50
    plain = some["x"]
    probabilities = plain.probability(scores)
    wanted = calls.of_calls(calls.by_call(table, probabilities, 0).of(range(50)))
    assert (plain.call_a, plain.call_b) == pytest.approx(wanted)
    assert (plain.a, plain.b) == (every["x"].a, every["x"].b)  # turns are calibrated on all that is written
    assert plain.call_a > every["x"].call_a + 0.1


def test_folds_keep_a_file_and_its_twins_together_and_twins_are_not_judged(tmp_path: Path) -> None:
    for folder in ("train", "calls", "plain", "phrases"):
        (tmp_path / folder).mkdir()
    for n in range(4):
        talk = "".join(
            f"## {n}-{i} | cold\nP: yes {i}\nR[recap]: so you need {i} of them\nR: bye {n}\n" for i in range(4)
        )
        (tmp_path / ("calls" if n == 3 else "train") / f"{n}.txt").write_text(talk, encoding="utf-8")
    learned = behaviors.corpus(tmp_path)
    seen: list[np.ndarray] = []

    class Spy(Learner):
        def out_of_fold(self, count: int, seed: int, jobs: int = 1, *, fold: np.ndarray | None = None) -> np.ndarray:
            assert fold is not None
            seen.append(fold)
            return np.arange(len(fold), dtype=float)[:, None]

    spy = Spy(turns.tabulate(learned.conversations, ("recap",)))
    table, scores, weights = behaviors.scored(spy, learned, count=2, seed=0, jobs=1)
    wanted = weighing.out_of_fold(spy.table, np.arange(len(seen[0]), dtype=float)[:, None], spy.acts, seen[0])
    assert np.array_equal(scores, wanted[spy.table.group < learned.written])
    assert weights.words.shape == (1,)
    files = [learned.conversations[g].file for g in spy.table.group]
    together = {(f, h) for f, h in zip(files, seen[0].tolist(), strict=True)}
    assert len(together) == 4 and {h for _, h in together} == {0, 1} and len(files) > len(scores)
    assert table.group.max() < learned.written == 16 and len(table.items) == len(scores)
    assert learned.calls == {12, 13, 14, 15}


def test_a_corpus_is_what_was_written_and_twins_of_every_second_one(tmp_path: Path) -> None:
    long = "Hi Grace, a bakery that we work with cut its waste by a third. " * 5
    calls = "## c | cold\nP: yes\nR: hello\n"
    plain = "## d | mid\nR: hi\n## e | mid\nR: hi\n"
    phrases = "## f | mid\nR: hi\n## g | mid\nR: hi\n"
    for name, text in (
        ("train", f"{TEXT}R[~recap]: {long}\n"),
        ("calls", calls),
        ("plain", plain),
        ("phrases", phrases),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(text, encoding="utf-8")
    found = behaviors.corpus(tmp_path)
    assert [c.id for c in found.conversations] == [*"abcdefg", f"b{noise.HEARD}", f"d{noise.HEARD}"]
    assert found.written == 7 and found.calls == {2} and found.phrases == {5, 6}
    written, twin = found.conversations[1], found.conversations[7]
    assert [t.labels for t in twin.turns] == [t.labels for t in written.turns]
    assert twin.turns[2].text.lower() != written.turns[2].text.lower()
    assert noise.hands(found.conversations) == [0, 0, 1, 2, 2, 3, 3, 0, 2]


def test_what_was_written_later_moves_nothing_that_was_there(tmp_path: Path) -> None:
    for name, count in (("train", 5), ("calls", 3), ("plain", 2), ("phrases", 2)):
        (tmp_path / name).mkdir()
        for n in range(count):
            talk = "".join(f"## {name}{n}{i} | mid\nP: what is it then\nR: it is a {name} of {n}\n" for i in "ab")
            (tmp_path / name / f"{name}{n}.txt").write_text(talk, encoding="utf-8")
    before = behaviors.corpus(tmp_path)
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "z.txt").write_text("## y | cold\nR: hello you\n## z | cold\nR: good bye\n", encoding="utf-8")
    after = behaviors.corpus(tmp_path)
    assert [c.id for c in after.conversations if c not in before.conversations] == ["y", "z", f"z{noise.HEARD}"]
    assert after.written == before.written + 2
    assert after.calls == before.calls | after.later == before.calls | {before.written, before.written + 1}
    assert after.phrases == before.phrases

    def folds(corpus: behaviors.Corpus) -> dict[str, int]:
        found = corpus.folds(3, 0)[noise.hands(corpus.conversations)].tolist()
        return dict(zip((c.file for c in corpus.conversations), found, strict=True))

    assert folds(before).items() <= folds(after).items()


def test_a_labelled_conversation_becomes_a_call(conversations) -> None:
    call = evaluate.as_call(conversations[0])
    assert call.source is Source.TRANSCRIPT
    assert [call.role_of(t.speaker) for t in call.turns] == [t.role for t in conversations[0].turns]
    assert call.has_known_rep


def test_the_evaluation_leaves_out_what_nobody_answered_or_judged(conversations) -> None:
    try:
        assets.find_model("behaviors")
    except MissingError as problem:
        pytest.skip(str(problem))
    rows, right = evaluate.evaluate(conversations)
    found = {row.label: (row.present, row.absent) for row in rows}
    assert set(found) == set(right) == set(behaviors.rep_labels())
    assert found["recap"] == (1, 0)
    assert found["customer-story"] == (0, 1)  # said to a machine: not judged
    assert found["qualify-out"] == (0, 0)


def test_the_card_tells_what_was_tried(tmp_path: Path) -> None:
    (tmp_path / behaviors.CROSS_VALIDATION).write_text(json.dumps({"quality": "a table", "facts": {"seed": 3}}))
    behaviors.write_cards(tmp_path)
    assert "Tried" not in (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    (tmp_path / behaviors.TRIED).write_text("| a | b |\n", encoding="utf-8")
    behaviors.write_cards(tmp_path)
    card = (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.index("a table") < card.index("## Tried") < card.index("| a | b |") < card.index("What it is not for")
    assert json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))["seed"] == 3


def test_the_shipped_pipeline_is_what_the_recipe_makes() -> None:
    shipped = assets.find_model("nlp-en") / "entity_ruler" / "patterns.jsonl"
    kept = [json.loads(line) for line in shipped.read_text(encoding="utf-8").splitlines()]
    assert kept == json.loads(json.dumps(nlp.patterns()))


def test_roles_of_both_sides_are_disjoint() -> None:
    assert Role.REP not in behaviors.OTHER_SIDE


def test_more_phrases_move_no_other_file_to_another_fold() -> None:
    said = [Conversation(id=str(n), turns=(), kind="", file=f"{n}.txt") for n in range(9)]
    some = behaviors.Corpus(conversations=tuple(said[:7]), written=7, calls=frozenset(), phrases=frozenset({6}))
    more = behaviors.Corpus(conversations=tuple(said), written=9, calls=frozenset(), phrases=frozenset({6, 7, 8}))
    assert more.folds(3, 0)[:6].tolist() == some.folds(3, 0)[:6].tolist() == turns.folds(np.arange(6), 3, 0).tolist()
    assert sorted(more.folds(3, 0)[6:].tolist()) == [0, 1, 2]
