"""A Whisper of two layers with random weights, and speech from the machine's synthesizers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from ci_checker.transcribe.models import ModelFile

RATE = 16_000
torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _one_thread():
    """Begin every test with one: Whisper's own warping starts numba, which counts the cores anew."""
    torch.set_num_threads(1)


DIMS = {
    "n_mels": 80, "n_audio_ctx": 250, "n_audio_state": 32, "n_audio_head": 2, "n_audio_layer": 2,
    "n_vocab": 51864, "n_text_ctx": 40, "n_text_state": 32, "n_text_head": 2, "n_text_layer": 2,
}  # fmt: skip


def tiny_whisper(seed: int = 7):
    """Five-second windows; random weights with a spread that makes the text depend on the audio."""
    from whisper.model import ModelDimensions, Whisper

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Whisper(ModelDimensions(**DIMS))
        for parameter in model.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=2.0 / math.sqrt(parameter.shape[-1]))
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="session")
def whisper_model():
    return tiny_whisper()


@pytest.fixture(scope="session")
def network(whisper_model):
    from ci_checker.transcribe.network import Network

    return Network(whisper_model)


@pytest.fixture(scope="session")
def heard(network):
    """``heard(features, rows=None)``: what was heard, laid out for decoding."""

    def kept(features, rows: int | None = None):
        cross = network.cross(rows or len(features))
        for slot, one in enumerate(features):
            network.keep(cross, slot, one)
        return cross

    return kept


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny-random.pt"
    torch.save({"dims": DIMS, "model_state_dict": tiny_whisper().state_dict()}, path)
    return path


@pytest.fixture(scope="session")
def model_file(checkpoint: Path) -> ModelFile:
    from ci_checker.assets import sha256_of

    return ModelFile(name="tiny-random", path=checkpoint, sha256=sha256_of(checkpoint), without_timestamps=True)


@pytest.fixture(scope="session")
def say() -> Callable[..., np.ndarray]:
    """``say(text, voice="mike", before=0.0, after=0.0)`` with silence around it."""
    voices = pytest.importorskip("ci_checker.learn.speech.voices")
    for engine in ("espeak", "flite"):
        if not voices.available(engine):
            pytest.skip(f"the synthesizer {engine} is not installed")

    def spoken(text: str, voice: str = "mike", before: float = 0.0, after: float = 0.0) -> np.ndarray:
        audio, _ = voices.synthesize(text, voices.voice(voice))
        quiet = [np.zeros(round(seconds * RATE), np.float32) for seconds in (before, after)]
        return np.concatenate([quiet[0], audio, quiet[1]])

    return spoken
