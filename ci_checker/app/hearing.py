"""Open a recognition engine when the first recording needs one, and only then."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker.app.progress import Progress
from ci_checker.model import Call, Details
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
        from ci_checker.transcribe.engine import resolve_model

        def announce(name: str, size: int) -> None:
            self._progress.message(f"Fetching the model {name}, about {size / 1e6:.0f} MB, once.")

        file = resolve_model(
            self._settings.engine, self._settings.model, announce=announce, received=self._progress.download
        )
        if file.synthetic_only:
            self._progress.message(SYNTHETIC_NOTICE)
        return file

    @cached_property
    def engine(self) -> Engine:
        """The engine with its checkpoint; the checkpoint's weights load with the first recording."""
        from ci_checker.transcribe import load_engine
        from ci_checker.transcribe.kept import keeping

        return keeping(load_engine(self._settings.engine, self.file), self._unfinished)

    @property
    def _unfinished(self) -> Path:
        """Where windows of a recording that is not finished are kept, so that Ctrl-C loses none of them."""
        import platformdirs

        if self._settings.root is not None:
            return self._settings.root / ".ci-checker" / "hearing"
        return Path(platformdirs.user_cache_dir("ci-checker", appauthor=False)) / "hearing"

    def engine_for(self, call: Call) -> Engine:
        """The engine with the names to expect in a call, where it can be given any: see ``vocabulary``."""
        from ci_checker.transcribe import prompt

        return prompt.prompted(self.engine, prompt.text_of(vocabulary(self._settings, call.details)))


def vocabulary(settings: Settings, details: Details) -> tuple[str | None, ...]:
    """Return the names that a call may hold, what the workspace lists first.

    Of the team it is the call's own rep where it is known who that is, so that a new colleague on the
    roster does not make every transcript of the others void.
    """
    reps = (details.rep,) if details.rep else tuple(rep.name for rep in settings.reps)
    return (*settings.vocabulary, settings.company, *reps, details.account, details.contact)
