"""The generic trainer on invented counselling talks: labels and roles that are not ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ci_checker import assets
from ci_checker.behaviors.classifier import Detector
from ci_checker.errors import MissingError, RequestError
from ci_checker.learn import generic
from ci_checker.learn.learner import Learner

TOPICS = ["sleep", "your brother", "the new school", "work", "the move", "money", "the garden", "the dog"]
ASKS = ["How do you feel about {}?", "what comes up for you around {}", "Can you say more about {}?"]
ECHOES = ["So {} weighs on you a lot.", "it sounds like {} has been hard", "You are saying that {} wears you out."]
SMALL = ["mm-hmm", "okay", "right, we have ten minutes left", "let me write that down", "take your time"]
CLIENT = ["It is mostly about {}, I guess.", "I do not know, {} just happens.", "well {} again, every night"]


def talk(number: int, *, roles: bool = True) -> list[dict]:
    draw = np.random.default_rng(number)
    found = []
    for turn in range(8):
        topic = TOPICS[int(draw.integers(len(TOPICS)))]
        if turn % 2:
            labels = [["ask"], ["echo"], [], ["ask", "echo"]][int(draw.integers(4))]
            pick = [str(draw.choice({"ask": ASKS, "echo": ECHOES}[label])).format(topic) for label in labels]
            text = " ".join(reversed(pick)) or str(draw.choice(SMALL))
        else:
            labels, text = None, str(draw.choice(CLIENT)).format(topic)
        row = {"conversation": f"talk-{number}", "turn": turn * 10, "text": text, "labels": labels}
        found.append({**row, "role": "client" if labels is None else "therapist"} if roles else row)
    return found


def put(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    return put(folder / "talks.jsonl", [row for n in range(25) for row in talk(n)])


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("model") / "ours"
    return out, generic.train(data, out, seed=1, count=3)


def strict(value: object) -> None:
    """Fail for what is no JSON (NaN)."""
    json.dumps(value, allow_nan=False)


def test_training_tells_its_quality_and_writes_both_cards(trained) -> None:
    out, told = trained
    strict(told)
    assert set(told["labels"]) == {"ask", "echo"}
    assert told["macro_f1"] > 0.9
    assert sorted(p.name for p in out.iterdir()) == ["MODEL_CARD.md", "card.json", "detector.json", "detector.npz"]
    card = json.loads((out / "card.json").read_text())
    assert set(card["files"]) == {"detector.json", "detector.npz"}
    assert card["measured"]["macro_f1"] == told["macro_f1"]


def test_a_saved_model_gives_the_same_probabilities(trained, data: Path, tmp_path: Path) -> None:
    out, _ = trained
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    found = generic.evaluate(data, model=out, predictions=one)
    Detector.load(out).save(tmp_path / "again")
    assert generic.evaluate(data, model=tmp_path / "again", predictions=two) == found
    assert one.read_text() == two.read_text()
    assert found["macro_f1"] > 0.95


def test_a_saved_model_looks_at_the_neighbors_it_learned_from(trained, data: Path) -> None:
    from ci_checker.behaviors import neighbors

    assert neighbors.asked(Detector.load(trained[0]))


def test_the_contracts_numbers(trained, data: Path) -> None:
    found = generic.evaluate(data, model=trained[0])
    assert found["schema"] == 1
    names = {"precision", "recall", "f1", "average_precision", "calibration_error"}
    for row in found["labels"].values():
        assert names <= row.keys()
        assert all(0.0 <= row[name] <= 1.0 for name in names)
    assert found["macro_f1"] == pytest.approx(np.mean([r["f1"] for r in found["labels"].values()]), abs=1e-4)


def test_cross_validation_and_its_predictions(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "folds.jsonl"
    found = generic.evaluate(data, cv=3, predictions=out, seed=2)
    assert found["macro_f1"] > 0.85
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    judged = [(r["conversation"], r["turn"]) for n in range(25) for r in talk(n) if r["labels"] is not None]
    assert [(r["conversation"], r["turn"]) for r in rows] == judged
    assert all(set(r) == {"conversation", "turn", "probabilities"} for r in rows)
    assert all(set(r["probabilities"]) == {"ask", "echo"} for r in rows)
    assert all(0.0 <= p <= 1.0 for r in rows for p in r["probabilities"].values())
    assert generic.evaluate(data, cv=3, seed=2) == found


def test_without_roles_it_works_too(tmp_path: Path) -> None:
    rows = [r for n in range(8) for r in talk(n, roles=False)]
    assert generic.evaluate(put(tmp_path / "a.jsonl", rows), cv=2)["macro_f1"] > 0.5
    alone = [r for r in rows if r["labels"] is not None]  # one side only: nobody speaks before
    assert generic.evaluate(put(tmp_path / "b.jsonl", alone), cv=2)["macro_f1"] > 0.5


def test_a_label_that_lives_in_one_conversation(tmp_path: Path) -> None:
    rows = [r for n in range(6) for r in talk(n)]
    rows += [
        {"conversation": "odd", "turn": i, "role": "therapist", "text": f"breathe in {i}", "labels": ["breathe"]}
        for i in range(5)
    ]
    found = generic.evaluate(put(tmp_path / "a.jsonl", rows), cv=4)
    strict(found)
    assert found["labels"]["breathe"]["positives"] == 5


def test_more_folds_than_judged_conversations(tmp_path: Path) -> None:
    rows = [r for n in range(5) for r in talk(n)] + [{**r, "labels": None} for n in range(5, 9) for r in talk(n)]
    path = put(tmp_path / "a.jsonl", rows)
    with pytest.raises(RequestError, match="9 folds of 5 conversations"):
        generic.evaluate(path, cv=9)
    strict(generic.evaluate(path, cv=5))


def test_the_shipped_detectors_are_measured_with_the_encoder_that_they_ask(tmp_path: Path) -> None:
    try:
        shipped = assets.find_model("behaviors") / "rep"
    except MissingError as problem:
        pytest.skip(str(problem))
    turns = [
        ("prospect", "who is it", None),
        ("rep", "who signs off on this besides you", ["economic-buyer-identified"]),
    ]
    turns += [("prospect", "my boss does", None), ("rep", "lovely weather today", [])]
    rows = [
        {"conversation": str(n), "turn": at, "role": role, "text": text, "labels": labels}
        for n in range(3)
        for at, (role, text, labels) in enumerate(turns)
    ]
    told = generic.evaluate(put(tmp_path / "a.jsonl", rows), model=shipped)
    row = told["labels"]["economic-buyer-identified"]
    assert (row["positives"], row["turns"], row["average_precision"]) == (3, 6, 1.0)


def test_a_model_whose_label_is_not_in_the_data(trained, tmp_path: Path) -> None:
    rows = [{**r, "labels": r["labels"] and [x for x in r["labels"] if x == "ask"]} for r in talk(40) + talk(41)]
    found = generic.evaluate(put(tmp_path / "a.jsonl", rows), model=trained[0])
    strict(found)
    assert found["labels"]["echo"]["average_precision"] is None
    other = [{**r, "labels": None if r["labels"] is None else ["other"]} for r in talk(40)]
    with pytest.raises(RequestError, match="no judged turn has a label that the model knows"):
        generic.evaluate(put(tmp_path / "b.jsonl", other), model=trained[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [], "no turn has a label"),
        (lambda rows: [{**r, "labels": None} for r in rows], "no turn has a label"),
        (lambda rows: [r for r in rows if r["conversation"] in ("talk-0", "talk-1")], "too few conversations"),
        (
            lambda rows: [
                {**r, "labels": None if r["labels"] is None else ["rare"] if n < 6 else []} for n, r in enumerate(rows)
            ],
            "'rare' has 3 examples; at least 5",
        ),
        (lambda rows: [{**r, "labels": r["labels"] and ["ask"]} for r in rows if r["labels"]], "every judged turn has"),
    ],
)
def test_data_that_cannot_be_learned_from(tmp_path: Path, change: Callable, said: str) -> None:
    path = put(tmp_path / "a.jsonl", change([r for n in range(8) for r in talk(n)]))
    for act in (lambda: generic.train(path, tmp_path / "out"), lambda: generic.evaluate(path, cv=3)):
        with pytest.raises(RequestError) as caught:
            act()
        assert said in caught.value.line
        assert str(path) in caught.value.line
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written(data: Path, trained, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError, match="cannot be written there"):
        generic.train(data, tmp_path / "file")
    with pytest.raises(RequestError, match="predictions cannot be written"):
        generic.evaluate(data, model=trained[0], predictions=tmp_path / "nowhere" / "p.jsonl")


def test_a_model_that_is_none(data: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="the detector cannot be read"):
        generic.evaluate(data, model=tmp_path)


def test_the_threshold_is_where_f1_is_largest() -> None:
    probability, truth = np.array([0.9, 0.8, 0.3, 0.1]), np.array([1, 1, 0, 0])
    assert generic._threshold(probability, truth) == pytest.approx(0.55)
    assert generic._threshold(probability, np.zeros(4, int)) == 0.5
    assert generic._threshold(np.array([0.3, 0.2]), np.array([0, 1])) == pytest.approx(0.1)


def test_one_lucky_example_does_not_set_the_threshold() -> None:
    probability = np.array([0.95, 0.5, 0.5, 0.5, 0.5, 0.02, 0.02])
    truth = np.array([1, 0, 1, 0, 1, 0, 0])
    assert generic._threshold(probability, truth) == pytest.approx(0.26)


def test_a_rare_label_is_left_out_and_named(tmp_path: Path) -> None:
    rows = [r for n in range(8) for r in talk(n)]
    judged = [r for r in rows if r["labels"] is not None]
    for row in judged[:3]:
        row["labels"] = [*row["labels"], "rare"]
    path, out = put(tmp_path / "a.jsonl", rows), tmp_path / "p.jsonl"
    found = generic.evaluate(path, cv=2, predictions=out)
    assert found["left_out"] == {"rare": 3}
    assert set(found["labels"]) == {"ask", "echo"}
    first = json.loads(out.read_text().splitlines()[0])["probabilities"]
    assert first["rare"] == pytest.approx(3 / len(judged), abs=1e-4)
    assert list(first) == ["ask", "echo", "rare"]
    told = generic.train(path, tmp_path / "model", count=2)
    assert told["left_out"] == {"rare": 3}
    assert Detector.load(tmp_path / "model").labels == ("ask", "echo")
    for row in judged:
        row["labels"] = sorted({*row["labels"], "always"})
    assert generic.evaluate(put(path, rows), cv=2)["left_out"] == {"always": len(judged), "rare": 3}


def test_the_number_of_cores_changes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", [r for n in range(8) for r in talk(n)])
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    assert generic.evaluate(path, cv=3, jobs=1, predictions=one) == generic.evaluate(
        path, cv=3, jobs=2, predictions=two
    )
    assert one.read_bytes() == two.read_bytes()


def test_what_follows_is_known(tmp_path: Path) -> None:
    rows = []
    for n in range(12):
        draw = np.random.default_rng(n)
        for turn in range(0, 12, 2):
            asked = bool(draw.integers(2))
            text = f"the {draw.choice(TOPICS)} again"
            rows.append({"conversation": str(n), "turn": turn, "role": "x", "text": text, "labels": ["asked"] * asked})
            answer = "yes it is so" if asked else "thank you for that"
            rows.append({"conversation": str(n), "turn": turn + 1, "role": "y", "text": answer, "labels": None})
    assert generic.evaluate(put(tmp_path / "a.jsonl", rows), cv=3)["macro_f1"] > 0.95


def test_whose_turn_it_is_counts_whatever_it_is_called(tmp_path: Path) -> None:
    rows = []
    for n in range(12):
        draw = np.random.default_rng(n)
        for turn in range(12):
            role = str(draw.choice(["helper", "caller"]))
            text = f"the {draw.choice(TOPICS)} again"
            labels = ["theirs"] if role == "caller" else []
            rows.append({"conversation": str(n), "turn": turn, "role": role, "text": text, "labels": labels})
    assert generic.evaluate(put(tmp_path / "a.jsonl", rows), cv=3)["macro_f1"] > 0.95


def test_measuring_by_hand() -> None:
    judged = generic.Judged(
        labels=("x",),
        probabilities=np.array([[0.9], [0.7], [0.4], [0.1]]),
        thresholds=np.full((4, 1), 0.5),
        truth=np.array([[1], [0], [1], [-1]]),
        group=np.arange(4),
        turn=np.zeros(4, int),
    )
    row = generic.measure(judged)["labels"]["x"]
    assert (row["precision"], row["recall"], row["f1"], row["positives"], row["turns"]) == (0.5, 0.5, 0.5, 2, 3)
    assert row["average_precision"] == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)
    assert row["calibration_error"] == pytest.approx((0.1 + 0.7 + 0.6) / 3, abs=1e-4)


def test_one_telling_sentence_in_a_long_turn_is_found(tmp_path: Path) -> None:
    rows = []
    for n in range(16):
        draw = np.random.default_rng(n)
        for turn in range(6):
            sentences = [
                f"We have been busy with {topic} for the whole of the week now." for topic in draw.choice(TOPICS, 6)
            ]
            telling = bool(draw.integers(2))
            if telling:
                sentences[int(draw.integers(6))] = "Would you be willing to try that until Friday?"
            labels = ["ask"] if telling else []
            rows.append(
                {"conversation": str(n), "turn": turn, "role": "x", "text": " ".join(sentences), "labels": labels}
            )
    path = put(tmp_path / "a.jsonl", rows)
    assert generic.evaluate(path, cv=4)["macro_f1"] > 0.95
    table = generic.tabulate(generic.read(path).conversations, ("ask",))
    learner = Learner(table)
    scores = learner.rows.scores(learner.fit(np.ones(len(table.items), dtype=bool)))[:, 0]
    told = ["willing" in item.text for item in table.items]
    assert scores[told].min() > np.quantile(scores[~np.array(told)], 0.95)
