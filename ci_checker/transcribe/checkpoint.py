"""A checkpoint file to openai-whisper's own model, without pickle."""

from __future__ import annotations

import gzip
import io
import lzma
import pickle
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_checker.errors import CheckerError, MissingError, RequestError
from ci_checker.transcribe.models import AlignmentHeads, ModelFile

if TYPE_CHECKING:
    from whisper.model import Whisper


def load_whisper(model: ModelFile, device: str = "cpu") -> Whisper:
    """Return the model in float32, ready to decode, its alignment heads set.

    Raises RequestError if the file is not a Whisper checkpoint or is damaged.
    """
    try:
        import torch
        from whisper.model import ModelDimensions, Whisper
    except ImportError as problem:
        raise MissingError(
            f"{problem.name} is not installed, and Whisper needs it", todo="Run: pip install openai-whisper"
        ) from problem
    with warnings.catch_warnings():
        # torch warns of odd files before it refuses them; the refusal says enough.
        warnings.simplefilter("ignore", UserWarning)
        stored = _read(model.path)
    if not isinstance(stored, dict) or not {"dims", "model_state_dict"} <= stored.keys():
        raise _not_a_checkpoint(model.path, "it holds no Whisper dimensions and weights")
    try:
        network = Whisper(ModelDimensions(**stored["dims"]))
        network.load_state_dict(stored["model_state_dict"])
    except (TypeError, ValueError, RuntimeError, AttributeError) as problem:
        reason = f"its weights do not fit its dimensions: {str(problem).splitlines()[0]}"
        raise _not_a_checkpoint(model.path, reason) from problem
    if model.alignment_heads is not None:
        _set_heads(network, model.alignment_heads, model.path)
    return network.float().eval().requires_grad_(False).to(torch.device(device))


def _read(path: Path) -> Any:
    import torch

    openers = {".xz": lzma.open, ".gz": gzip.open}
    try:
        if opener := openers.get(path.suffix):
            with opener(path, "rb") as packed:
                return torch.load(io.BytesIO(packed.read()), map_location="cpu", weights_only=True)
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as problem:
        raise MissingError("the model file is missing", where=str(path)) from problem
    except (
        OSError, EOFError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, IndexError,
        pickle.UnpicklingError, zipfile.BadZipFile, lzma.LZMAError,
    ) as problem:  # fmt: skip
        raise _not_a_checkpoint(path, "it cannot be read as one") from problem


def _set_heads(network: Whisper, heads: AlignmentHeads, path: Path) -> None:
    import torch

    try:
        if isinstance(heads, str):
            network.set_alignment_heads(heads.encode("ascii"))
            return
        mask = torch.zeros(network.dims.n_text_layer, network.dims.n_text_head, dtype=torch.bool)
        for layer, head in heads:
            mask[layer, head] = True
    except (RuntimeError, ValueError, IndexError, OSError, EOFError, zlib.error) as problem:
        raise RequestError("its card's alignment heads do not fit the model", where=str(path)) from problem
    network.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)


def _not_a_checkpoint(path: Path, reason: str) -> CheckerError:
    return RequestError(
        f"this is not a Whisper checkpoint, or it is damaged ({reason})",
        where=str(path),
        todo="Give a .pt file of openai-whisper, or a model's name such as small.en.",
    )
