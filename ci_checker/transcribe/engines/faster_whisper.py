"""faster-whisper (CTranslate2) behind the same interface, for those who prefer it.

Windows are packed with this project's voice activity and heard one after the other in its sequential
mode: its batched mode ignores the thresholds for loops, for silence and for poor text, and every
fallback (its own docstring), so it would invent text.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ci_checker import assets
from ci_checker.errors import MissingError, RequestError
from ci_checker.model import Turn
from ci_checker.transcribe import models, rest
from ci_checker.transcribe.clean import is_loop, is_too_fast
from ci_checker.transcribe.engine import SAMPLE_RATE, Engine, Note, Progress
from ci_checker.transcribe.listen import Speech, find_speech
from ci_checker.transcribe.models import Announce, ModelFile
from ci_checker.transcribe.progress import Steps
from ci_checker.transcribe.prompt import is_echo
from ci_checker.transcribe.turns import TimedWord, to_turns
from ci_checker.transcribe.windows import Window, pack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS: Final = "model.bin"
ECHO: Final = "the recognizer read out its list of names, so its text was left out"
_VERSION: Final = 1
_WINDOW_S: Final = 30.0
_TWO_WAYS: Final = (
    "Give the folder of a converted model that you have with --model PATH, "
    "or use the built-in engine: --engine whisper_torch."
)
_INSTALL: Final = "Run: pip install 'ci-checker[faster-whisper]', or use the built-in engine: --engine whisper_torch."


def resolve(name: str, *, announce: Announce | None = None, received: object = None) -> ModelFile:
    """Return the converted model that ``--model`` names, fetching a published one if it is not here.

    ``received`` is not called: the package does not tell how far its download is. Raises MissingError
    where the package or the model cannot be had, RequestError for what is no converted model.
    """
    path = Path(name).expanduser()
    if name.strip() and path.is_dir():
        return _of_folder(path, name)
    if path.is_file() or name == models.SYNTHETIC:
        raise RequestError(
            f"the engine faster_whisper reads converted models, and {name} is openai-whisper's kind",
            todo="Use --engine whisper_torch for it, or convert it with ct2-transformers-converter.",
        )
    if name not in models.official_names():
        choice = ", ".join(models.official_names())
        raise RequestError("there is no such model and no such folder", where=name, todo=f"Give one of: {choice}.")
    return _of_folder(_fetched(name, announce), name)


def open_engine(model: object, **options: object) -> Engine:
    """Return the engine; ``model`` is what ``resolve`` gives, options are those of ``FasterWhisper``."""
    if not isinstance(model, ModelFile):
        raise TypeError(f"a ModelFile is needed, not {type(model).__name__}")
    unknown = set(options) - {"device", "compute_type", "beam", "threads"}
    if unknown:
        raise RequestError(f"the engine faster_whisper has no option {', '.join(sorted(unknown))}")
    return FasterWhisper(model, **options)  # type: ignore[arg-type]


class FasterWhisper:
    """faster-whisper's sequential mode, a packed window at a time.

    Parameters
    ----------
    model : ModelFile
        ``path`` is the folder of a converted model; it is loaded when the first recording comes.
    device, compute_type : str
        As CTranslate2 names them.
    beam : int
        Width of its search.
    threads : int
        Cores to use; 0 leaves the choice to it.
    """

    name = "faster_whisper"

    def __init__(
        self,
        model: ModelFile,
        *,
        device: str = "cpu",
        compute_type: str = "int8",
        beam: int = 5,
        threads: int = 0,
        prompt: str = "",
        loaded: Any = None,
    ) -> None:
        self._file = model
        self._options = {"device": device, "compute_type": compute_type, "beam": beam, "threads": threads}
        self._prompt = prompt
        self._loaded = loaded
        shaping = (model.sha256, device, compute_type, beam, prompt, _installed("faster-whisper"))
        digest = hashlib.sha256(repr(shaping).encode()).hexdigest()[:16]
        self.key = f"{self.name}/{_VERSION}/{model.name}/{digest}"

    def prompted(self, text: str) -> FasterWhisper:
        """Return this engine with words to expect; the weights are loaded once for all of them."""
        return _Sharing(self, text)

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
        speech = find_speech(samples, channel_names, _WINDOW_S - 0.4, tell)
        windows = [
            window
            for channel, spans in enumerate(speech.spans)
            for window in pack(channel, spans, _WINDOW_S, speech.duration_s)
        ]
        steps = Steps(progress, speech.duration_s, len(windows))
        outcomes = []
        for window in windows:
            outcomes.append(self._hear(window, speech))
            steps.done(1)
        rest.tell(windows, outcomes, [], [], channel_names, tell)
        steps.finish()
        return to_turns(rest.merged(windows, outcomes, len(channel_names)), channel_names)

    def _hear(self, window: Window, speech: Speech) -> rest.Outcome:
        length = int(window.length_s * SAMPLE_RATE)
        audio = speech.audio(window, length)
        segments, _ = self.model.transcribe(
            audio,
            language="en",
            beam_size=self._options["beam"],
            word_timestamps=True,
            condition_on_previous_text=False,
            initial_prompt=self._prompt or None,
            vad_filter=False,
        )
        heard = [word for segment in segments for word in segment.words or ()]
        texts = [word.word.strip() for word in heard]
        if not texts:
            return rest.Outcome(words=(), dropped=rest.SILENT)
        if is_loop(texts):
            return rest.Outcome(words=(), dropped=rest.LOOP)
        if is_too_fast(texts, window.speech_s):
            return rest.Outcome(words=(), dropped=rest.TOO_FAST)
        if is_echo(texts, self._prompt):
            return rest.Outcome(words=(), dropped=ECHO)
        words = []
        for text, word in zip(texts, heard, strict=True):
            if text:
                place = window.to_call(float(word.start), float(word.end))
                chance = float(word.probability)
                words.append(TimedWord(text=text, start_s=place.start, end_s=place.end, probability=chance))
        return rest.Outcome(words=tuple(words))

    @cached_property
    def model(self) -> Any:
        """The package's model, loaded from the folder; nothing is fetched here."""
        if self._loaded is not None:
            return self._loaded
        package = _package()
        try:
            return package.WhisperModel(
                str(self._file.path),
                device=self._options["device"],
                compute_type=self._options["compute_type"],
                cpu_threads=self._options["threads"],
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as problem:
            raise RequestError(
                f"faster-whisper cannot load the model ({str(problem).splitlines()[0]})", where=str(self._file.path)
            ) from problem


class _Sharing(FasterWhisper):
    """An engine with a prompt that loads its weights through another one, once."""

    def __init__(self, owner: FasterWhisper, prompt: str) -> None:
        super().__init__(owner._file, **owner._options, prompt=prompt)  # type: ignore[arg-type]
        self._owner = owner

    @property
    def model(self) -> Any:  # type: ignore[override]
        """The owner's model."""
        return self._owner.model


def _of_folder(folder: Path, name: str) -> ModelFile:
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise RequestError(
            f"the folder holds no converted model (there is no {WEIGHTS} in it)",
            where=str(folder),
            todo="Convert one with ct2-transformers-converter, or name a published model.",
        )
    plain = name if name in models.official_names() else folder.name
    return ModelFile(name=plain, path=folder, sha256=assets.sha256_of(weights))


def _fetched(name: str, announce: Announce | None) -> Path:
    package = _package()
    try:
        return Path(package.download_model(name, local_files_only=True))
    except Exception:  # the package raises what its downloader happens to raise: it is not here
        pass
    if announce is not None:
        announce(name, models.size_bytes(name))
    try:
        return Path(package.download_model(name))
    except Exception as problem:
        size = f"about {models.size_bytes(name) / 1e6:.0f} MB"
        raise MissingError(
            f"the converted model '{name}' ({size}) is not on this machine and could not be downloaded "
            f"({type(problem).__name__})",
            todo=_TWO_WAYS,
        ) from problem


def _package() -> Any:
    # Its downloader would otherwise tell its makers of every use.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import faster_whisper
    except ImportError as problem:
        raise MissingError("faster-whisper is not installed", todo=_INSTALL) from problem
    return faster_whisper


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _say_nothing(_sentence: str) -> None:
    """Stand in for a caller who does not want to know."""
