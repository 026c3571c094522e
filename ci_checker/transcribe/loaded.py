"""A checkpoint's network, its tokenizer and the memory of a batch, each made when first needed."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from ci_checker.transcribe.batches import batch_bytes
from ci_checker.transcribe.checkpoint import load_whisper
from ci_checker.transcribe.engine import SAMPLE_RATE
from ci_checker.transcribe.listen import Speech
from ci_checker.transcribe.models import ModelFile
from ci_checker.transcribe.precision import choose
from ci_checker.transcribe.windows import Window

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

    from ci_checker.transcribe.cross import Cross
    from ci_checker.transcribe.network import Network


def _give_back() -> None:
    """Hand freed memory back to the system: weights that were laid out anew are as much as those that stay."""
    with suppress(OSError, AttributeError, TypeError):  # only GNU's C library has it
        ctypes.CDLL(None).malloc_trim(0)


class Loaded:
    """What engines of one model share, whatever prompt they are given."""

    def __init__(self, file: ModelFile, device: str, precision: str) -> None:
        self._file, self._device, self._wanted = file, device, precision
        self._weights = self._table = 0
        self._rooms: dict[int, Cross] = {}

    @cached_property
    def network(self) -> Network:
        """The weights, laid out; openai-whisper's own model is let go."""
        from ci_checker.transcribe.network import Network

        model = load_whisper(self._file, self._device)
        self._weights = sum(weight.numel() for weight in model.parameters())
        self._table = model.decoder.token_embedding.weight.numel()
        network = Network(model, choose(self._wanted, model.dims.n_audio_state, self._device))
        del model
        _give_back()
        return network

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """openai-whisper's tokenizer for English."""
        from whisper.tokenizer import get_tokenizer

        network = self.network
        return get_tokenizer(network.multilingual, num_languages=network.languages, language="en", task="transcribe")

    @property
    def row_bytes(self) -> int:
        """Bytes of one window in a batch."""
        from ci_checker.transcribe.cross import Cross

        dims = self.network.dims
        return Cross.bytes_of(
            layers=dims.n_text_layer,
            width=dims.n_text_state,
            frames=dims.n_audio_ctx,
            places=dims.n_text_ctx // 2,
            item=self.network.dtype.itemsize,
        )

    @property
    def room_bytes(self) -> int:
        """Bytes that a batch may take; the table of tokens is held twice, to look up and to project."""
        item = {"int8": 1, "bfloat16": 2}.get(self.network.precision)
        return batch_bytes(self._weights * (4 - item) - self._table * 2 if item else 0)

    def room(self, rows: int, worker: int = 0) -> Cross:
        """Return a worker's room for ``rows`` windows at least, the same as before where it is large enough."""
        if worker not in self._rooms or self._rooms[worker].rows < rows:
            # The old one is let go before the new one is taken.
            self._rooms.pop(worker, None)
            self._rooms[worker] = self.network.cross(rows)
        self._rooms[worker].clear()
        return self._rooms[worker]

    def encode(self, cross: Cross, slot: int, speech: Speech, window: Window) -> None:
        """Hear one window into a slot. One at a time is faster on a processor than a batch, and its
        loudness is its own and not that of the whole call."""
        import torch
        from whisper.audio import log_mel_spectrogram

        dims = self.network.dims
        audio = speech.audio(window, dims.n_audio_ctx * SAMPLE_RATE // 50)
        with torch.inference_mode():
            mel = log_mel_spectrogram(torch.from_numpy(audio).to(self._device), dims.n_mels)
            self.network.keep(cross, slot, self.network.encode(mel))
