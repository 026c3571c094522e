"""openai-whisper's own weights on torch, in a loop of our own: many windows decoded at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.errors import CallError, RequestError
from ci_checker.model import Turn
from ci_checker.transcribe import rest, stamped
from ci_checker.transcribe.align import Heard, align
from ci_checker.transcribe.batches import MOST_ROWS, batches, rows_that_fit
from ci_checker.transcribe.clean import is_loop, is_too_fast
from ci_checker.transcribe.decode import Decoded, Kind, decode
from ci_checker.transcribe.engine import Engine, Note, Progress
from ci_checker.transcribe.kept import Kept
from ci_checker.transcribe.listen import Speech, find_speech
from ci_checker.transcribe.loaded import Loaded
from ci_checker.transcribe.models import ModelFile
from ci_checker.transcribe.pieces import spelled
from ci_checker.transcribe.precision import AUTO
from ci_checker.transcribe.progress import Steps
from ci_checker.transcribe.prompt import is_echo
from ci_checker.transcribe.shared import Tell, share_out, workers_for
from ci_checker.transcribe.spans import Span, overlap
from ci_checker.transcribe.turns import TimedWord, to_turns
from ci_checker.transcribe.windows import Window, pack

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

    from ci_checker.transcribe.cross import Cross

_VERSION: Final = 4
"""Raised whenever the same audio would be written down differently."""
_SLACK_S: Final = 0.5
_ENCODED: Final = 0.65
"""The encoder's part of a window's time."""
_OPTIONS: Final = frozenset({"batch", "device", "precision"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What there is to hear: samples (channels, n) at 16 kHz, and a name for each channel."""

    samples: NDArray[np.float32]
    channel_names: Sequence[str]
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A window and the recording that it is of."""

    recording: int
    window: Window


def open_engine(model: object, **options: object) -> Engine:
    """Return the engine; ``model`` is a ``ModelFile``, options are those of ``WhisperTorch``."""
    if not isinstance(model, ModelFile):
        raise TypeError(f"a ModelFile is needed, not {type(model).__name__}")
    if unknown := set(options) - _OPTIONS:
        raise RequestError(f"the engine whisper_torch has no option {', '.join(sorted(unknown))}")
    return WhisperTorch(model, **options)  # type: ignore[arg-type]


class WhisperTorch:
    """Whisper on this machine; torch's threads are left as they are.

    Parameters
    ----------
    model : ModelFile
        The checkpoint; it is loaded when the first recording comes.
    batch : int
        Most windows decoded at once. It does not change the text, so it is not in ``key``.
    device : str
        Where torch computes.
    precision : str
        As ``precision.choose``; it is in ``key``, since it may change a word.
    prompt : str
        Words to expect, see ``prompted``.
    kept : Path, optional
        Folder for finished windows, see ``keeping``.
    loaded : Loaded, optional
        Weights to share.
    """

    name = "whisper_torch"

    def __init__(
        self,
        model: ModelFile,
        *,
        batch: int = MOST_ROWS,
        device: str = "cpu",
        precision: str = AUTO,
        prompt: str = "",
        kept: Path | None = None,
        loaded: Loaded | None = None,
    ) -> None:
        self._file = model
        self._options = {"batch": max(1, batch), "device": device, "precision": precision}
        self._batch, self._device = max(1, batch), device
        self._prompt, self._kept = prompt, kept
        self._loaded = loaded or Loaded(model, device, precision)
        self._kind = Kind(
            without_timestamps=model.without_timestamps,
            taught_silence=model.without_timestamps or model.word_timestamps,
            stamps_words=model.word_timestamps,
        )
        shaping = (
            model.sha256,
            model.alignment_heads,
            model.without_timestamps,
            model.word_timestamps,
            model.prompt_pieces,
            prompt,
            # What "auto" comes to is a matter of the machine, and a key is told before torch is loaded.
            precision,
            _version("openai-whisper"),
            _version("silero-vad"),
        )
        digest = hashlib.sha256(repr(shaping).encode()).hexdigest()[:16]
        self.key = f"{self.name}/{_VERSION}/{model.name}/{digest}"

    def prompted(self, text: str) -> WhisperTorch:
        """Return this engine with words to expect; the weights are loaded once for all of them.

        A model that stamps every word is given none unless its card tells how it was taught to read one.
        """
        untaught = self._file.word_timestamps and not self._file.prompt_pieces
        return self if untaught else self._with(prompt=text, kept=self._kept)

    def keeping(self, folder: Path) -> WhisperTorch:
        """Return this engine so that windows done outlast a run that is killed."""
        return self._with(prompt=self._prompt, kept=folder)

    def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        channel_names: Sequence[str],
        progress: Progress | None = None,
        note: Note | None = None,
    ) -> tuple[Turn, ...]:
        """Return the turns of a recording; see ``Engine.transcribe``."""
        recording = Recording(samples=samples, channel_names=channel_names, note=note)
        (found,) = self.transcribe_all([recording], progress=progress)
        if isinstance(found, CallError):
            raise found
        return found

    def transcribe_all(
        self, recordings: Sequence[Recording], *, progress: Progress | None = None
    ) -> list[tuple[Turn, ...] | CallError]:
        """Return the turns of several recordings, their windows decoded together.

        A recording that cannot be heard has its CallError instead, and does not stop the others.
        ``progress`` is told the seconds of all of them.
        """
        found: list[Speech | CallError] = []
        for each in recordings:
            try:
                found.append(find_speech(each.samples, each.channel_names, self._longest_s - 0.4, _told(each)))
            except CallError as problem:
                found.append(problem)
        heard = {index: speech for index, speech in enumerate(found) if isinstance(speech, Speech)}
        if not heard:
            return [each for each in found if isinstance(each, CallError)]
        first = [
            _Job(recording=index, window=window)
            for index, speech in heard.items()
            for channel, spans in enumerate(speech.spans)
            for window in pack(channel, spans, self._longest_s, speech.duration_s)
        ]
        kept = {index: Kept(self._kept, recordings[index].samples, self.key) for index in heard}
        steps = Steps(progress, sum(speech.duration_s for speech in heard.values()), len(first))
        outcomes = self._hear_all(first, heard, kept, steps)
        again = [
            _Job(recording=index, window=window)
            for index, speech in heard.items()
            for window in rest.second_windows(*_of(index, first, outcomes), self._longest_s, speech.duration_s)
        ]
        steps.add(len(again))
        second = self._hear_all(again, heard, kept, steps)
        steps.finish()
        turns: list[tuple[Turn, ...] | CallError] = []
        for index, speech in enumerate(found):
            if isinstance(speech, CallError):
                turns.append(speech)
                continue
            names = recordings[index].channel_names
            one, two = _of(index, first, outcomes), _of(index, again, second)
            rest.tell(*one, *two, names, _told(recordings[index]))
            words = rest.merged([*one[0], *two[0]], [*one[1], *two[1]], len(names))
            turns.append(to_turns(words, names))
            kept[index].done()
        return turns

    @property
    def _longest_s(self) -> float:
        return self._loaded.network.dims.n_audio_ctx * 0.02

    def _with(self, *, prompt: str, kept: Path | None) -> WhisperTorch:
        return type(self)(self._file, **self._options, prompt=prompt, kept=kept, loaded=self._loaded)  # type: ignore[arg-type]

    def _hear_all(
        self, jobs: Sequence[_Job], heard: dict[int, Speech], kept: dict[int, Kept], steps: Steps
    ) -> list[rest.Outcome]:
        """Return what came of each window; those kept from an earlier run are not heard again."""
        outcomes = {index: known for index, job in enumerate(jobs) if (known := kept[job.recording].get(job.window))}
        steps.done(len(outcomes))
        left = [index for index in range(len(jobs)) if index not in outcomes]
        if left:
            workers, parts = self._parts([jobs[index] for index in left], heard)

            def work(worker: int, part: list[int], tell: Tell) -> list[rest.Outcome]:
                return self._hear([jobs[left[each]] for each in part], heard, tell, worker)

            def take(part: list[int], done: list[rest.Outcome]) -> None:
                for index, outcome in zip((left[each] for each in part), done, strict=True):
                    outcomes[index] = outcome
                    kept[jobs[index].recording].put([(jobs[index].window, outcome)])

            share_out(parts, work, workers=workers, tell=steps.done, take=take)
        return [outcomes[index] for index in range(len(jobs))]

    def _parts(self, jobs: Sequence[_Job], heard: dict[int, Speech]) -> tuple[int, list[list[int]]]:
        """Return how many batches are heard at once, and which windows each is of."""
        # Weights that several workers read are there before the first of them asks.
        _ = self._loaded.network, self._loaded.tokenizer
        audio_bytes = sum(speech.samples.nbytes for speech in heard.values())
        rows = rows_that_fit(self._loaded.row_bytes, audio_bytes, self._batch, self._loaded.room_bytes)
        workers = workers_for(self._device, min(rows, len(jobs)))
        return workers, batches([job.window.speech_s for job in jobs], rows // workers, workers)

    def _hear(self, jobs: Sequence[_Job], heard: dict[int, Speech], tell: Tell, worker: int = 0) -> list[rest.Outcome]:
        cross = self._loaded.room(len(jobs), worker)
        for slot, job in enumerate(jobs):
            self._loaded.encode(cross, slot, heard[job.recording], job.window)
            tell(_ENCODED)
        decoded = self._decode(cross, [job.window for job in jobs])
        if self._kind.stamps_words:
            words = [stamped.words(self._loaded.tokenizer, said.written, said.certain) for said in decoded]
        else:
            words = self._aligned(jobs, decoded, cross)
        tell((1 - _ENCODED) * len(jobs))
        return [
            _judged(job.window, said, row, self._prompt) for job, said, row in zip(jobs, decoded, words, strict=True)
        ]

    def _decode(self, cross: Cross, windows: Sequence[Window]) -> list[Decoded]:
        tokenizer = self._loaded.tokenizer
        prompt = self._expected(tokenizer) if self._prompt else []
        return decode(self._loaded.network, tokenizer, cross, range(len(windows)), kind=self._kind, prompt=prompt)

    def _expected(self, tokenizer: Tokenizer) -> list[int]:
        """Return the prompt's tokens; one too long ends behind a name, since the first ones matter most."""
        encoding, text = tokenizer.encoding, f" {self._prompt}"
        if self._file.prompt_pieces:
            tokens = spelled(encoding, self._file.prompt_pieces, text)
        else:
            tokens = encoding.encode(text, disallowed_special=())
        most = self._loaded.network.dims.n_text_ctx // 2 - 1
        if len(tokens) <= most:
            return tokens
        (comma,) = encoding.encode(",")
        return tokens[: max((place for place in range(most) if tokens[place] == comma), default=most)]

    def _aligned(self, jobs: Sequence[_Job], decoded: Sequence[Decoded], cross: Cross) -> list[list[Heard]]:
        spoken = [
            _within([piece.window_speech for piece in job.window.pieces], said)
            for job, said in zip(jobs, decoded, strict=True)
        ]
        tokenizer = self._loaded.tokenizer
        words = align(
            self._loaded.network,
            tokenizer,
            cross,
            {slot: said.tokens for slot, said in enumerate(decoded)},
            {
                slot: [sure for token, sure in zip(said.written, said.certain, strict=True) if token < tokenizer.eot]
                for slot, said in enumerate(decoded)
            },
            dict(enumerate(spoken)),
        )
        return [words[slot] for slot in range(len(jobs))]


def _of(
    recording: int, jobs: Sequence[_Job], outcomes: Sequence[rest.Outcome]
) -> tuple[list[Window], list[rest.Outcome]]:
    """Return one recording's windows and what came of them."""
    pairs = [(job.window, outcome) for job, outcome in zip(jobs, outcomes, strict=True) if job.recording == recording]
    return [window for window, _ in pairs], [outcome for _, outcome in pairs]


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


def _judged(window: Window, said: Decoded, heard: list[Heard], prompt: str) -> rest.Outcome:
    """Words in call time, or the reason why the window's text is not to be believed."""
    texts = [word.text for word in heard]
    if said.silent:
        return rest.Outcome(words=(), dropped=rest.SILENT)
    if is_loop(texts):
        return rest.Outcome(words=(), dropped=rest.LOOP)
    if is_too_fast(texts, window.speech_s):
        return rest.Outcome(words=(), dropped=rest.TOO_FAST)
    if prompt and is_echo(texts, prompt):
        return rest.Outcome(words=(), dropped=rest.SILENT)
    words = []
    for word in heard:
        place = window.to_call(word.start_s, word.end_s)
        words.append(TimedWord(text=word.text, start_s=place.start, end_s=place.end, probability=word.probability))
    return rest.Outcome(words=tuple(words))


def _told(recording: Recording) -> Note:
    return recording.note or _say_nothing


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _say_nothing(_sentence: str) -> None:
    """Stand in for a caller who does not want to know."""
