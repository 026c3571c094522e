"""The encoder in two parts: the published one again, padding without effect, and what is exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from ci_checker.behaviors import turn_encoder  # noqa: E402
from ci_checker.behaviors.context import Part  # noqa: E402
from ci_checker.learn.encoder import _bert  # noqa: E402
from ci_checker.learn.turn_encoder import train  # noqa: E402
from ci_checker.learn.turn_encoder.data import Copy, Example  # noqa: E402
from ci_checker.learn.turn_encoder.network import LAYERS, WIDTH, Lower, Told, Upper, hidden_from  # noqa: E402


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
        vectors = torch.nn.functional.normalize(every(ids).mean(1), dim=-1)
        wanted = _bert(weights)(ids, torch.ones_like(ids))
    assert torch.allclose(vectors, wanted, atol=1e-5)


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text is its own token ids."""
    monkeypatch.setattr(turn_encoder, "tokens", lambda text: (1, *map(int, text.split()), 2))


def example(own: int, around: int, truth: list[int], seed: int) -> Example:
    draw = np.random.default_rng(seed)
    text, other = (" ".join(map(str, draw.integers(3, 50, length))) for length in (own, around + 2))
    copy = Copy(text, 11, (Part(other, 1, 1 + around, 2), Part(text, 0, 1, 8)) if around else ())
    return Example(
        key=str(seed),
        hand=seed,
        twin=False,
        copies=(copy, copy),
        truth=np.array(truth, dtype=np.int8),
        near=np.zeros(2, bool),
    )


def exact(lower: Lower, upper: Upper, copy: Copy, *, state: bool = False) -> np.ndarray:
    """Score one window without padding and in full precision, or return the turn as one vector."""

    def states(text: str) -> torch.Tensor:
        return lower(torch.tensor([turn_encoder.tokens(text)]))

    with torch.no_grad():
        own = states(copy.text)
        near = [states(part.text)[:, 1 + part.first : 1 + part.last] for part in copy.near]
        kinds = [kind for part in copy.near for kind in [part.kind] * (part.last - part.first)]
        place = torch.tensor([[copy.place, *[0] * (own.shape[1] - 1)]])
        around = torch.cat([*near, torch.zeros(1, 0, WIDTH)], dim=1)
        return Told(upper)(own, around, place, torch.tensor([kinds], dtype=torch.long))[state][0].numpy()


def test_padding_changes_nothing(weights: dict[str, torch.Tensor]) -> None:
    found = [example(2, 3, [0, 1], 1), example(6, 13, [1, 0], 2), example(4, 0, [0, 0], 3)]
    lower, upper = Lower(weights, 3).eval(), Upper(weights, 3, 2).eval()
    together = train.predict(upper, found, train.lower_states(lower, found))
    alone = np.concatenate([train.predict(upper, [one], train.lower_states(lower, [one])) for one in found])
    assert np.allclose(together, alone, atol=2e-3)  # states are kept in half precision
    assert np.allclose(alone, [exact(lower, upper, one.copies[0]) for one in found], atol=2e-2)


def test_what_stands_around_counts_and_by_its_kind(weights: dict[str, torch.Tensor]) -> None:
    lower, upper = Lower(weights, 3).eval(), Upper(weights, 3, 2).eval()
    with torch.no_grad():
        upper.kinds.mul_(50)
    one = example(4, 3, [0, 1], 1).copies[0]
    part = one.near[0]
    changed = [
        replace(one, near=()),
        replace(one, near=(replace(part, kind=5), *one.near[1:])),
        replace(one, place=13),
    ]
    told = [exact(lower, upper, copy) for copy in (one, *changed)]
    assert all(not np.allclose(told[0], other, atol=1e-4) for other in told[1:])


def test_every_text_is_read_once(weights: dict[str, torch.Tensor]) -> None:
    one, other = example(8, 3, [0, 1], 1), example(8, 3, [0, 1], 2)
    spoiled = replace(other, copies=(other.copies[0], replace(other.copies[0], text="3 4 5")))
    states = train.lower_states(Lower(weights, 3).eval(), [one, one, spoiled], batch=2, jobs=2)
    copies = (*one.copies, *spoiled.copies)
    assert set(states) == {text for copy in copies for text in (copy.text, *(part.text for part in copy.near))}
    assert all(len(found) == len(turn_encoder.tokens(text)) for text, found in states.items())


def test_hidden_from_hides_what_is_not_shown() -> None:
    hide = hidden_from(torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]))
    assert hide.shape == (2, 1, 1, 3)
    assert (hide[0, 0, 0] < 0).tolist() == [False, True, False]
    assert not hide[1].any()


def test_training_learns_what_the_words_tell(weights: dict[str, torch.Tensor]) -> None:
    found = []
    for seed in range(60):
        there = seed % 2
        one = example(8, 4, [there, 1 - there], seed)
        copy = one.copies[0]
        copy = replace(copy, text=f"{copy.text} {7 if there else 8}")
        found.append(replace(one, copies=(copy, copy)))
    states = train.lower_states(Lower(weights, 3).eval(), found)
    plan = train.Plan(epochs=6, tokens=64, rate=1e-3, head_rate=1e-2)
    upper = train.fit(weights, found, states, plan)
    scores = train.predict(upper, found, states)
    truth = np.stack([one.truth for one in found])
    assert ((scores > 0) == (truth == 1)).mean() > 0.95
    again = train.predict(train.fit(weights, found, states, plan), found, states)
    assert np.array_equal(scores, again)  # a seed gives the same network


def test_what_is_exported_scores_the_same(weights: dict[str, torch.Tensor], tmp_path: Path) -> None:
    import onnxruntime

    pytest.importorskip("onnx", reason="only building models needs it: pip install -e '.[build-models]'")
    from ci_checker.learn.turn_encoder.__main__ import export

    lower, upper = Lower(weights, 3).eval(), Upper(weights, 3, 2).eval()
    export(lower, upper, tmp_path)
    read, judge = (
        onnxruntime.InferenceSession(str(tmp_path / name)) for name in (turn_encoder.LOWER, turn_encoder.UPPER)
    )
    for own, around in ((2, 0), (4, 3), (21, 17)):
        copy = example(own, around, [0, 0], own).copies[0]

        def states(text: str) -> np.ndarray:
            return read.run(["states"], {"ids": np.array([turn_encoder.tokens(text)])})[0][0]

        near = [states(part.text)[1 + part.first : 1 + part.last] for part in copy.near]
        kinds = [kind for part in copy.near for kind in [part.kind] * (part.last - part.first)]
        feed = {
            "own": states(copy.text)[None],
            "near": np.concatenate([*near, np.zeros((0, WIDTH), np.float32)])[None],
            "place": np.array([[copy.place, *[0] * (own + 1)]]),
            "kinds": np.array([kinds], dtype=np.int64).reshape(1, -1),
        }
        scores, state = judge.run(["scores", "state"], feed)
        assert np.allclose(scores[0], exact(lower, upper, copy), atol=0.15)
        assert np.allclose(state[0], exact(lower, upper, copy, state=True), atol=0.02)
        assert np.linalg.norm(state) == pytest.approx(1.0, abs=1e-5)


def test_an_encoder_of_a_fold_learns_from_other_files_and_never_from_twins() -> None:
    from ci_checker.learn.turn_encoder.__main__ import learned_from

    found = [replace(example(8, 3, [0, 1], n), twin=n in (1, 4)) for n in range(6)]
    fold = np.array([0, 0, 1, 1, 2, 2])
    assert learned_from(found, fold, 0) == [2, 3, 5]
    assert learned_from(found, fold, 3) == [0, 2, 3, 5]  # the one of everything


def test_few_of_the_turns_that_say_nothing_are_read(weights: dict[str, torch.Tensor]) -> None:
    nod, long = example(train.EASY_TOKENS, 8, [0, 0], 1), example(1 + train.EASY_TOKENS, 8, [0, 0], 2)
    assert train._is_easy(nod) and not train._is_easy(long)
    assert not train._is_easy(replace(nod, truth=np.array([1, 0], np.int8)))
    assert not train._is_easy(replace(nod, near=np.array([True, False])))
