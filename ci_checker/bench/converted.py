"""The same random weights as faster-whisper reads them, written through CTranslate2's own specification.

Its converters read transformers' checkpoints, not openai-whisper's, and would need that package;
the specification that they fill is public. The tokenizer only names the tokens: random text is
never read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ci_checker.errors import MissingError


def write(checkpoint: Path, dims: dict[str, int], folder: Path) -> Path:
    """Write the folder of a converted model in int8; raises MissingError where CTranslate2 cannot."""
    try:
        import ctranslate2
        import torch
        from ctranslate2.specs import WhisperSpec
    except ImportError as problem:
        raise MissingError(f"{problem.name} is not installed") from problem
    weights = {
        key: value.float().numpy()
        for key, value in torch.load(checkpoint, map_location="cpu", weights_only=True)["model_state_dict"].items()
    }
    layers, heads = dims["n_audio_layer"], dims["n_audio_head"]
    try:
        spec = WhisperSpec(layers, heads, dims["n_text_layer"], dims["n_text_head"])
        _encoder(spec.encoder, weights)
        _decoder(spec.decoder, weights)
        names = _names(dims["n_vocab"])
        spec.register_vocabulary(names)
        spec.config.suppress_ids, spec.config.suppress_ids_begin, spec.config.lang_ids = [], [], []
        spec.config.alignment_heads = [[layers - 1, 0]]
        spec.validate()
        spec.optimize(quantization="int8")
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        spec.save(str(folder))
    except (AttributeError, TypeError, ValueError, RuntimeError, KeyError) as problem:
        reason = f"CTranslate2 {ctranslate2.__version__} does not take these weights ({problem})"
        raise MissingError(reason) from problem
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(names)), encoding="utf-8")
    return folder


def _encoder(spec: Any, weights: dict[str, Any]) -> None:
    for number in (1, 2):
        layer = getattr(spec, f"conv{number}")
        layer.weight, layer.bias = weights[f"encoder.conv{number}.weight"], weights[f"encoder.conv{number}.bias"]
    spec.position_encodings.encodings = weights["encoder.positional_embedding"]
    _norm(spec.layer_norm, weights, "encoder.ln_post")
    for number, layer in enumerate(spec.layer):
        _block(layer, weights, f"encoder.blocks.{number}")


def _decoder(spec: Any, weights: dict[str, Any]) -> None:
    spec.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.projection.weight = weights["decoder.token_embedding.weight"]
    spec.position_encodings.encodings = weights["decoder.positional_embedding"]
    _norm(spec.layer_norm, weights, "decoder.ln")
    for number, layer in enumerate(spec.layer):
        name = f"decoder.blocks.{number}"
        _block(layer, weights, name)
        _norm(layer.attention.layer_norm, weights, f"{name}.cross_attn_ln")
        _linear(layer.attention.linear[0], weights, f"{name}.cross_attn.query")
        _fused(layer.attention.linear[1], weights, f"{name}.cross_attn", ("key", "value"))
        _linear(layer.attention.linear[2], weights, f"{name}.cross_attn.out")


def _block(layer: Any, weights: dict[str, Any], name: str) -> None:
    _norm(layer.self_attention.layer_norm, weights, f"{name}.attn_ln")
    _fused(layer.self_attention.linear[0], weights, f"{name}.attn", ("query", "key", "value"))
    _linear(layer.self_attention.linear[1], weights, f"{name}.attn.out")
    _norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")
    _linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")


def _norm(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _linear(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _fused(spec: Any, weights: dict[str, Any], name: str, parts: tuple[str, ...]) -> None:
    import numpy as np

    spec.weight = np.concatenate([weights[f"{name}.{part}.weight"] for part in parts])
    empty = np.zeros(len(weights[f"{name}.out.bias"]), np.float32)
    spec.bias = np.concatenate([weights.get(f"{name}.{part}.bias", empty) for part in parts])


def _names(count: int) -> list[str]:
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(False)
    names = [f"w{number}" for number in range(count)]
    for name, number in tokenizer.special_tokens.items():
        names[number] = name
    names[tokenizer.eot] = "<|endoftext|>"
    return names


def _tokenizer(names: list[str]) -> dict[str, Any]:
    vocabulary = {name: number for number, name in enumerate(names)}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": None, "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": names[0]},
    }  # fmt: skip
