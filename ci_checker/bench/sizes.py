"""Random weights of the published models' real dimensions, in their file format."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from ci_checker.errors import RequestError

_WIDTH_HEADS_LAYERS: Final = {"tiny.en": (384, 6, 4), "base.en": (512, 8, 6), "small.en": (768, 12, 12)}
_SEED: Final = 3


def names() -> tuple[str, ...]:
    """Return the sizes there are."""
    return tuple(_WIDTH_HEADS_LAYERS)


def dims_of(name: str) -> dict[str, int]:
    """Return openai-whisper's dimensions of an English model; raises RequestError for an unknown one."""
    if name not in _WIDTH_HEADS_LAYERS:
        raise RequestError(f"there are no dimensions '{name}'", todo=f"Choose among: {', '.join(names())}.")
    width, heads, layers = _WIDTH_HEADS_LAYERS[name]
    return {
        "n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": width, "n_audio_head": heads, "n_audio_layer": layers,
        "n_vocab": 51864, "n_text_ctx": 448, "n_text_state": width, "n_text_head": heads, "n_text_layer": layers,
    }  # fmt: skip


def write(dims: dict[str, int], path: Path) -> Path:
    """Write a checkpoint of random half-precision weights, as the published ones are."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(_SEED)
    model = Whisper(ModelDimensions(**dims))
    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=1.0 / math.sqrt(parameter.shape[-1]))
    state = {key: value.half() if value.is_floating_point() else value for key, value in model.state_dict().items()}
    torch.save({"dims": dims, "model_state_dict": state}, path)
    return path
