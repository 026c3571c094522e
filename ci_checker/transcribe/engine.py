"""The narrow interface behind which recognition engines stand, and how they are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol, cast

from ci_checker.errors import RequestError
from ci_checker.model import Turn
from ci_checker.transcribe import engines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ci_checker.transcribe.models import ModelFile

SAMPLE_RATE: Final = 16_000
"""Samples a second of all audio in this room."""
DEFAULT_ENGINE: Final = "whisper_torch"

Progress = Callable[[float, float], None]
"""Called with the seconds of audio done and the seconds there are."""
Note = Callable[[str], None]
"""Called with a plain sentence about what could not be heard."""


class Engine(Protocol):
    """What the pipeline asks of a recognizer.

    ``key`` is the identity of what it would write: a hash of the model and of every
    option that changes the text, so equal keys may share a stored transcript.
    """

    name: str
    key: str

    def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        channel_names: Sequence[str],
        progress: Progress | None = None,
        note: Note | None = None,
    ) -> tuple[Turn, ...]:
        """Return the turns of a recording, in the order of their start.

        Parameters
        ----------
        samples : array of float32, shape (channels, n)
            Audio at 16 kHz within -1..1; channels carry different signals.
        channel_names : sequence of str, length channels
            The speaker's name of each channel (``channel_names`` of this module).
        progress, note : callables, optional
            Told of the seconds done, and of what was dropped or not understood.

        Raises
        ------
        CallError
            If the audio is empty, too short, not made of numbers, or holds no speech.
        """
        ...


def channel_names(channels: int) -> tuple[str, ...]:
    """Return the speakers' names of a recording: one channel carries both voices."""
    if channels == 1:
        return ("mixed",)
    if channels == 2:
        return ("left", "right")
    return tuple(f"channel {number + 1}" for number in range(channels))


def engine_names() -> tuple[str, ...]:
    """Return the engines that stand in the folder ``engines/``, without importing them."""
    found = (module.name for module in pkgutil.iter_modules(engines.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def engine_called(name: str) -> str:
    """Return an engine's name as the folder spells it; people may write ``faster-whisper``.

    Raises RequestError for an unknown name.
    """
    plain = name.strip().replace("-", "_")
    if plain not in engine_names():
        choice = ", ".join(engine_names())
        raise RequestError(f"there is no engine '{name}'", todo=f"Choose one of: {choice}.")
    return plain


def resolve_model(engine: str, model: str, **told: object) -> ModelFile:
    """Return the checkpoint that ``model`` names, of the kind that an engine reads.

    ``told`` is ``announce`` and ``received``, as ``models.resolve`` takes them. An engine that reads
    another kind offers a ``resolve`` of its own. Raises RequestError and MissingError.
    """
    from ci_checker.transcribe import models

    module = importlib.import_module(f"{engines.__name__}.{engine_called(engine)}")
    return getattr(module, "resolve", models.resolve)(model, **told)  # type: ignore[no-any-return]


def load_engine(name: str, model: object, **options: object) -> Engine:
    """Return the engine called ``name``, ready to transcribe with ``model``.

    ``model`` and ``options`` are what the adapter understands; ``whisper_torch``
    takes a ``ModelFile`` of ``models.py``. Raises RequestError for an unknown name.
    """
    module = importlib.import_module(f"{engines.__name__}.{engine_called(name)}")
    return cast(Engine, module.open_engine(model, **options))
