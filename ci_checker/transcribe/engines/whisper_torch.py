"""openai-whisper's own model class on torch: windows encoded once, decoded in batches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import RequestError
from ci_checker.model import Turn
from ci_checker.transcribe import rest, stamped
from ci_checker.transcribe.align import Heard, align
from ci_checker.transcribe.checkpoint import load_whisper
from ci_checker.transcribe.clean import is_loop, is_too_fast
from ci_checker.transcribe.decode import Decoded, Kind, decode
from ci_checker.transcribe.engine import SAMPLE_RATE, Engine, Note, Progress
from ci_checker.transcribe.listen import Speech, find_speech
from ci_checker.transcribe.models import ModelFile
from ci_checker.transcribe.progress import Steps
from ci_checker.transcribe.spans import Span, overlap
from ci_checker.transcribe.turns import TimedWord, to_turns
from ci_checker.transcribe.windows import Window, audio_of, pack

if TYPE_CHECKING:
    import torch
    from whisper.model import Whisper
    from whisper.tokenizer import Tokenizer

_VERSION: Final = 1
"""Raised whenever the same audio would be written down differently."""
_SLACK_S: Final = 0.5
_ALIGN_BATCH: Final = 4


def open_engine(model: object, **options: object) -> Engine:
    """Return the engine; ``model`` is a ``ModelFile``, options are those of ``WhisperTorch``."""
    if not isinstance(model, ModelFile):
        raise TypeError(f"a ModelFile is needed, not {type(model).__name__}")
    unknown = set(options) - {"batch", "device"}
    if unknown:
        raise RequestError(f"the engine whisper_torch has no option {', '.join(sorted(unknown))}")
    return WhisperTorch(model, **options)  # type: ignore[arg-type]


class WhisperTorch:
    """Whisper in float32; torch's threads are left as they are.

    Parameters
    ----------
    model : ModelFile
        The checkpoint; it is loaded when the first recording comes.
    batch : int
        Windows decoded at once. It does not change the text, so it is not in ``key``.
    device : str
        Where torch computes.
    """

    name = "whisper_torch"

    def __init__(self, model: ModelFile, *, batch: int = 8, device: str = "cpu") -> None:
        self._file = model
        self._batch = max(1, batch)
        self._device = device
        shaping = (
            model.sha256,
            model.alignment_heads,
            model.without_timestamps,
            model.word_timestamps,
            _version("openai-whisper"),
            _version("silero-vad"),
        )
        self._kind = Kind(
            without_timestamps=model.without_timestamps,
            taught_silence=model.without_timestamps or model.word_timestamps,
            stamps_words=model.word_timestamps,
        )
        digest = hashlib.sha256(repr(shaping).encode()).hexdigest()[:16]
        self.key = f"{self.name}/{_VERSION}/{model.name}/{digest}"

    def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        channel_names: Sequence[str],
        progress: Progress | None = None,
        note: Note | None = None,
    ) -> tuple[Turn, ...]:
        """Return the turns of a recording; see ``Engine.transcribe``."""
        tell = note or _say_nothing
        longest_s = self._model.dims.n_audio_ctx * 0.02
        speech = find_speech(samples, channel_names, longest_s - 0.4, tell)
        windows = [
            window
            for channel, spans in enumerate(speech.spans)
            for window in pack(channel, spans, longest_s, speech.duration_s)
        ]
        steps = Steps(progress, speech.duration_s, len(windows))
        first = self._hear_all(windows, speech, steps)
        again = rest.second_windows(windows, first, longest_s, speech.duration_s)
        steps.add(len(again))
        second = self._hear_all(again, speech, steps)
        rest.tell(windows, first, again, second, channel_names, tell)
        steps.finish()
        words = rest.merged([*windows, *again], [*first, *second], len(channel_names))
        return to_turns(words, channel_names)

    @cached_property
    def _model(self) -> Whisper:
        return load_whisper(self._file, self._device)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language="en",
            task="transcribe",
        )

    def _hear_all(self, windows: Sequence[Window], speech: Speech, steps: Steps) -> list[rest.Outcome]:
        outcomes: list[rest.Outcome] = []
        for first in range(0, len(windows), self._batch):
            batch = windows[first : first + self._batch]
            outcomes += self._hear(batch, speech)
            steps.done(len(batch))
        return outcomes

    def _hear(self, windows: Sequence[Window], speech: Speech) -> list[rest.Outcome]:
        features = self._encode(windows, speech)
        decoded = decode(self._model, self._tokenizer, features, kind=self._kind)
        if self._file.word_timestamps:
            words = stamped.words(self._model, self._tokenizer, features, [said.written for said in decoded])
        else:
            words = self._aligned(windows, decoded, features)
        return [_judged(*each) for each in zip(windows, decoded, words, strict=True)]

    def _aligned(
        self, windows: Sequence[Window], decoded: Sequence[Decoded], features: torch.Tensor
    ) -> list[list[Heard]]:
        spoken = [
            _within([piece.window_speech for piece in window.pieces], said)
            for window, said in zip(windows, decoded, strict=True)
        ]
        words: list[list[Heard]] = []
        for at in range(0, len(windows), _ALIGN_BATCH):
            part = slice(at, at + _ALIGN_BATCH)
            texts = [said.tokens for said in decoded[part]]
            words += align(self._model, self._tokenizer, features[part], texts, spoken[part])
        return words

    def _encode(self, windows: Sequence[Window], speech: Speech) -> torch.Tensor:
        """Return features (windows, n_audio_ctx, n_audio_state); one window at a time, which is
        faster on a CPU, and its loudness is its own and not that of the whole call."""
        import torch
        from whisper.audio import log_mel_spectrogram

        dims = self._model.dims
        length = dims.n_audio_ctx * SAMPLE_RATE // 50
        rows = []
        with torch.no_grad():
            for window in windows:
                audio = audio_of(window, speech.samples[window.channel], length)
                mel = log_mel_spectrogram(torch.from_numpy(audio).to(self._device), dims.n_mels)
                rows.append(self._model.encoder(mel[None]))
        return torch.cat(rows)


def _within(speech: list[Span], said: Decoded) -> list[Span]:
    """Keep the speech that the model's own timestamps claim, with some slack."""
    if not said.covered:
        return speech
    kept = [
        Span(max(span.start, start - _SLACK_S), min(span.end, end + _SLACK_S))
        for start, end in said.covered
        for span in speech
        if overlap(span, (start - _SLACK_S, end + _SLACK_S)) > 0
    ]
    return kept or speech


def _judged(window: Window, said: Decoded, heard: list[Heard]) -> rest.Outcome:
    """Words in call time, or the reason why the window's text is not to be believed."""
    texts = [word.text for word in heard]
    if said.silent:
        return rest.Outcome(words=(), dropped=rest.SILENT)
    if is_loop(texts):
        return rest.Outcome(words=(), dropped=rest.LOOP)
    if is_too_fast(texts, window.speech_s):
        return rest.Outcome(words=(), dropped=rest.TOO_FAST)
    words = []
    for word in heard:
        place = window.to_call(word.start_s, word.end_s)
        words.append(TimedWord(text=word.text, start_s=place.start, end_s=place.end, probability=word.probability))
    return rest.Outcome(words=tuple(words))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _say_nothing(_sentence: str) -> None:
    """Stand in for a caller who does not want to know."""
