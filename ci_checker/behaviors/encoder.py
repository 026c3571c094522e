"""Sentence meaning: unit vectors of MiniLM, run locally by onnxruntime.

One text at a time, because the quantized layers scale by the batch and a
result must not depend on what else is in it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_checker.assets import find_model
from ci_checker.behaviors.nlp import LONE

if TYPE_CHECKING:
    import numpy as np

SIZE = 384
MOST_TOKENS = 96


@lru_cache(maxsize=1)
def _session() -> tuple[Any, Any]:
    import onnxruntime
    from tokenizers import Tokenizer

    folder: Path = find_model("sentence-encoder")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / "minilm-l6-int8.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return session, tokenizer


@lru_cache(maxsize=50_000)
def _vector(text: str) -> bytes:
    import numpy as np

    session, tokenizer = _session()
    encoded = tokenizer.encode(text)
    feed = {
        "ids": np.array([encoded.ids], dtype=np.int64),
        "mask": np.ones((1, len(encoded.ids)), dtype=np.int64),
    }
    return session.run(None, feed)[0][0].astype(np.float16).tobytes()


def vectors(texts: list[str]) -> np.ndarray:
    """Return unit vectors, float32 of shape (len(texts), 384); an empty text is the zero vector."""
    import numpy as np

    out = np.zeros((len(texts), SIZE), dtype=np.float32)
    for row, text in enumerate(texts):
        if text.strip():
            out[row] = np.frombuffer(_vector(LONE.sub(" ", text)), dtype=np.float16)
    return out
