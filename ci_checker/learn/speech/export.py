"""Write the trained network as a file that ``whisper.load_model`` reads."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ci_checker.learn.speech import vocabulary
from ci_checker.learn.speech.network import GUIDED_HEADS, Network


def checkpoint(network: Network) -> dict[str, Any]:
    """Dimensions and float16 weights in Whisper's layout, with all rows of the vocabulary.

    Every row that stands for no used token is the same shared row.
    """
    words = vocabulary.load()
    weights: dict[str, Tensor] = {
        name: value.detach().to(torch.float16).clone()
        for name, value in network.whisper.state_dict().items()
        if name != "decoder.mask"
    }
    compact = weights["decoder.token_embedding.weight"]
    table = compact[-1].repeat(vocabulary.SIZE, 1)
    table[torch.tensor(words.used)] = compact[:-1]
    weights["decoder.token_embedding.weight"] = table
    return {"dims": dict(network.dims.__dict__), "model_state_dict": weights}


def alignment_heads(network: Network) -> str:
    """The guided heads as whisper writes them: a gzipped boolean mask (layers, heads) in base85."""
    mask = np.zeros((network.dims.n_text_layer, network.dims.n_text_head), bool)
    mask[:, :GUIDED_HEADS] = True
    return base64.b85encode(gzip.compress(mask.tobytes(), mtime=0)).decode()


def write_checkpoint(network: Network, path: Path) -> None:
    """Write ``path`` atomically, with the archive deflated: equal rows take no space."""
    plain = io.BytesIO()
    torch.save(checkpoint(network), plain)
    partial = path.with_suffix(".part")
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(entry))
    partial.replace(path)


def write_json(value: Any, path: Path) -> None:
    """Write ``value`` as indented JSON, atomically."""
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def sha256(path: Path) -> str:
    """The file's digest in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
