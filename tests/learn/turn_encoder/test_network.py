"""The encoder in two parts: the published one again, padding without effect, and what is exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from ci_checker.behaviors import turn_encoder  # noqa: E402
from ci_checker.learn.encoder import _bert  # noqa: E402
from ci_checker.learn.turn_encoder import train  # noqa: E402
from ci_checker.learn.turn_encoder.data import Example  # noqa: E402
from ci_checker.learn.turn_encoder.network import LAYERS, WIDTH, Lower, Upper, Whole, hidden_from  # noqa: E402


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    """Random weights under MiniLM's names, with a vocabulary of fifty."""
    torch.manual_seed(0)
    shapes = {
        "embeddings.word_embeddings.weight": (50, WIDTH),
        "embeddings.position_embeddings.weight": (160, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    found = {name: torch.randn(shape) * 0.1 for name, shape in shapes.items()}
    norms = ["embeddings.LayerNorm"]
    for index in range(LAYERS):
        base = f"encoder.layer.{index}"
        norms += [f"{base}.attention.output.LayerNorm", f"{base}.output.LayerNorm"]
        linear = {f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")}
        linear |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (1536, WIDTH)}
        linear |= {"output.dense": (WIDTH, 1536)}
        for part, shape in linear.items():
            found[f"{base}.{part}.weight"] = torch.randn(shape) * 0.05
            found[f"{base}.{part}.bias"] = torch.randn(shape[0]) * 0.05
    for name in norms:
        found[f"{name}.weight"], found[f"{name}.bias"] = torch.ones(WIDTH), torch.zeros(WIDTH)
    return found


def test_the_layers_are_those_of_the_published_encoder(weights: dict[str, torch.Tensor]) -> None:
    ids = torch.randint(0, 50, (2, 7))
    every = Lower(weights, LAYERS).eval()
    with torch.no_grad():
        states = every(ids, torch.zeros_like(ids), torch.zeros(1, 1, 1, 1))
        vectors = torch.nn.functional.normalize(states.mean(1), dim=-1)
        wanted = _bert(weights)(ids, torch.ones_like(ids))
    assert torch.allclose(vectors, wanted, atol=1e-5)


def example(length: int, own: int, truth: list[int], seed: int) -> Example:
    generator = np.random.default_rng(seed)
    ids = generator.integers(0, 50, length).tolist()
    copy = (ids, [0] * (length - own) + [1] * own)
    return Example(
        key=str(seed),
        hand=seed,
        twin=False,
        copies=(copy, copy),
        truth=np.array(truth, dtype=np.int8),
        near=np.zeros(2, bool),
    )


def test_padding_changes_nothing(weights: dict[str, torch.Tensor]) -> None:
    found = [example(5, 2, [0, 1], 1), example(19, 6, [1, 0], 2)]
    lower, upper = Lower(weights, 3).eval(), Upper(weights, 3, 2).eval()
    together = train.predict(upper, train.lower_states(lower, found))
    alone = np.concatenate([train.predict(upper, train.lower_states(lower, [one])) for one in found])
    assert np.allclose(together, alone, atol=2e-3)  # states are kept in half precision
    whole = Whole(lower, upper).eval()
    with torch.no_grad():
        exact = whole(*(torch.tensor([part]) for part in found[0].copies[0]))[0].numpy()
    assert np.allclose(alone[0], exact, atol=2e-2)


def test_a_copy_of_its_own_has_states_of_its_own(weights: dict[str, torch.Tensor]) -> None:
    same, other = example(8, 3, [0, 1], 1), example(8, 3, [0, 1], 2)
    spoiled = replace(other, copies=(other.copies[0], ([*other.copies[0][0][:-1], 3], other.copies[0][1])))
    kept = train.lower_states(Lower(weights, 3).eval(), [same, spoiled], jobs=2)
    assert torch.equal(*kept[0].states)
    assert not torch.equal(*kept[1].states)


def test_hidden_from_hides_what_is_past_the_length() -> None:
    hide = hidden_from([2, 4], 4)
    assert hide.shape == (2, 1, 1, 4)
    assert (hide[0, 0, 0] < 0).tolist() == [False, False, True, True]
    assert not hide[1].any()


def test_training_learns_what_the_words_tell(weights: dict[str, torch.Tensor]) -> None:
    found = []
    for seed in range(60):
        there = seed % 2
        one = example(8, 4, [there, 1 - there], seed)
        ids = one.copies[0][0]
        ids[-2] = 7 if there else 8
        found.append(one)
    kept = train.lower_states(Lower(weights, 3).eval(), found)
    plan = train.Plan(epochs=6, tokens=64, rate=1e-3, head_rate=1e-2)
    upper = train.fit(weights, found, kept, plan)
    scores = train.predict(upper, kept)
    truth = np.stack([one.truth for one in found])
    assert ((scores > 0) == (truth == 1)).mean() > 0.95
    again = train.predict(train.fit(weights, found, kept, plan), kept)
    assert np.array_equal(scores, again)  # a seed gives the same network


def test_what_is_exported_scores_the_same(weights: dict[str, torch.Tensor], tmp_path: Path) -> None:
    import onnxruntime

    pytest.importorskip("onnx", reason="only building models needs it: pip install -e '.[build-models]'")
    from ci_checker.learn.turn_encoder.__main__ import export

    lower, upper = Lower(weights, 3).eval(), Upper(weights, 3, 2).eval()
    whole = Whole(lower, upper).eval()
    export(whole, tmp_path / turn_encoder.WEIGHTS)
    session = onnxruntime.InferenceSession(str(tmp_path / turn_encoder.WEIGHTS))
    for length in (4, 23):
        ids, types = example(length, 2, [0, 0], length).copies[0]
        found = session.run(["scores"], {"ids": np.array([ids]), "types": np.array([types])})[0][0]
        with torch.no_grad():
            exact = whole(torch.tensor([ids]), torch.tensor([types]))[0].numpy()
        assert np.allclose(found, exact, atol=0.15)


def test_an_encoder_of_a_fold_learns_from_other_files_and_never_from_twins() -> None:
    from ci_checker.learn.turn_encoder.__main__ import learned_from

    found = [replace(example(8, 3, [0, 1], n), twin=n in (1, 4)) for n in range(6)]
    fold = np.array([0, 0, 1, 1, 2, 2])
    assert learned_from(found, fold, 0) == [2, 3, 5]
    assert learned_from(found, fold, 3) == [0, 2, 3, 5]  # the one of everything


def test_few_of_the_turns_that_say_nothing_are_read(weights: dict[str, torch.Tensor]) -> None:
    nod, long = example(8, 1 + train.EASY_TOKENS, [0, 0], 1), example(12, 3 + train.EASY_TOKENS, [0, 0], 2)
    assert train._is_easy(nod) and not train._is_easy(long)
    assert not train._is_easy(replace(nod, truth=np.array([1, 0], np.int8)))
    assert not train._is_easy(replace(nod, near=np.array([True, False])))
