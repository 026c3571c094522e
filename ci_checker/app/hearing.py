"""Open a recognition engine when the first recording needs one, and only then."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ci_checker.app.progress import Progress
from ci_checker.settings import Settings

if TYPE_CHECKING:
    from ci_checker.transcribe import Engine
    from ci_checker.transcribe.models import ModelFile

SYNTHETIC_NOTICE = (
    "Heard by the shipped synthetic-voice model: it knows the four synthetic voices of the demo and no person. "
    "Use --model small.en (or another) for real calls."
)


class Hearing:
    """The engine of a run. ``engine`` raises MissingError where the model cannot be had."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress

    @cached_property
    def file(self) -> ModelFile:
        """The checkpoint, fetched if it is an official one that is not here yet."""
        from ci_checker.transcribe import models

        def announce(name: str, size: int) -> None:
            self._progress.message(f"Fetching the model {name}, about {size / 1e6:.0f} MB, once.")

        file = models.resolve(self._settings.model, announce=announce, received=self._progress.download)
        if file.synthetic_only:
            self._progress.message(SYNTHETIC_NOTICE)
        return file

    @cached_property
    def engine(self) -> Engine:
        """The engine with its checkpoint; the checkpoint's weights load with the first recording."""
        from ci_checker.transcribe import load_engine

        return load_engine(self._settings.engine, self.file)
