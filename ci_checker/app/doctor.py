"""What is installed, present, verified, to be fetched or missing. Imports none of the heavy packages."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import ci_checker
from ci_checker import assets
from ci_checker.errors import CheckerError, MissingError
from ci_checker.model import CommitmentStatus
from ci_checker.settings import FILE, Settings

# Distribution names of what ci-checker needs at run time, and in a few words what for.
PACKAGES = {
    "alembic": "updates the store's tables",
    "av": "decodes recordings",
    "fsspec": "reads from other places than this disk",
    "jinja2": "writes pages",
    "numpy": "numbers",
    "onnxruntime": "runs the sentence encoder and voice activity",
    "openai-whisper": "hears recordings",
    "platformdirs": "finds your folders",
    "pyyaml": "reads behaviors",
    "scikit-learn": "trains a team's own behaviors",
    "silero-vad": "finds where somebody speaks",
    "spacy": "reads sentences",
    "sqlalchemy": "keeps the store",
    "tokenizers": "splits words for the sentence encoder",
    "torch": "computes",
    "typer": "the command line",
}
MODELS = {
    "behaviors": "detects the built-in behaviors",
    "nlp-en": "finds sentences, money, dates and names",
    "sentence-encoder": "compares the meaning of sentences",
    "turn-encoder": "reads a turn with what was said before it",
    "voices": "tells two voices of one channel apart; tried on synthetic voices only",
    "whisper-synthetic": "hears the demo's synthetic voices, and no people",
}
_AGAIN = "python -m pip install --force-reinstall --no-deps CLONE, with CLONE a complete clone of ci-checker"
_PASSWORD = re.compile(r"(://[^:/@]+:)[^@]*@")


class State(StrEnum):
    """How a part is; only ``missing`` stands in the way of something."""

    OK = "ok"
    TO_FETCH = "to fetch"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing looked at. ``todo`` mends it; ``origin`` is where a setting's value came from."""

    name: str
    state: State
    detail: str = ""
    todo: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All that was looked at, by section."""

    sections: tuple[tuple[str, tuple[Part, ...]], ...]

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that are needed and not there."""
        return tuple(part for _, parts in self.sections for part in parts if part.state is State.MISSING)


def examine(settings: Settings) -> Health:
    """Look at everything; nothing is fetched, and no model is loaded."""
    return Health(
        sections=(
            ("program", tuple(_program())),
            ("packages", tuple(_package(name, purpose) for name, purpose in PACKAGES.items())),
            ("shipped models", (*(_shipped(name, purpose) for name, purpose in MODELS.items()), _recordings())),
            ("recognition of real calls", tuple(_recognition(settings))),
            ("settings", tuple(_settings(settings))),
            ("store", (_store(settings),)),
        )
    )


def _program() -> Iterator[Part]:
    yield Part(name="ci-checker", state=State.OK, detail=ci_checker.__version__)
    yield Part(name="python", state=State.OK, detail=f"{platform.python_version()} on {platform.system()}")


def _package(name: str, purpose: str) -> Part:
    try:
        return Part(name=name, state=State.OK, detail=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Part(name=name, state=State.MISSING, detail=purpose, todo=f"python -m pip install {name}")


def _shipped(name: str, purpose: str) -> Part:
    try:
        folder = assets.find_model(name)
        files = assets.card(folder).get("files", {})
    except MissingError as problem:
        return Part(name=name, state=State.MISSING, detail=f"{purpose}; {problem.what}", todo=_AGAIN)
    size = sum((folder / file).stat().st_size for file in files)
    count = f"{len(files)} file{'s' if len(files) != 1 else ''}"
    return Part(name=name, state=State.OK, detail=f"{purpose}; {count}, {megabytes(size)}, sha256 verified")


def _recordings() -> Part:
    try:
        assets.fixtures_root()
    except MissingError as problem:
        return Part(name="demo recordings", state=State.MISSING, detail=problem.what, todo=problem.todo)
    return Part(name="demo recordings", state=State.OK, detail="present")


def _recognition(settings: Settings) -> Iterator[Part]:
    from ci_checker.transcribe import engine_names, models

    known = settings.engine.replace("-", "_") in engine_names()
    yield Part(
        name="engine",
        state=State.OK if known else State.MISSING,
        detail=settings.engine,
        todo="" if known else f"Choose one of: {', '.join(engine_names())}.",
    )
    found = {name: part for name in models.official_names() if (part := _checkpoint(name)) is not None}
    for name, part in found.items():
        if name != settings.model:
            yield part
    yield found.get(settings.model) or _configured(settings.model)


def _configured(model: str) -> Part:
    from ci_checker.transcribe import models

    if model == models.SYNTHETIC:
        detail = "the configured model hears the demo's synthetic voices, and no people"
        return Part(name=model, state=State.NOTE, detail=detail, todo='Set model = "small.en" for real calls.')
    if model in models.official_names():
        size = megabytes(models.size_bytes(model))
        return Part(
            name=model,
            state=State.TO_FETCH,
            detail=f"the configured model; about {size}, fetched once when the first recording needs it",
            todo=f"to {models.download_folder()}; without a network give a file instead: --model PATH",
        )
    path = Path(model).expanduser()
    if path.exists():
        return Part(name=model, state=State.OK, detail="the configured model; a file of yours")
    return Part(
        name=model,
        state=State.MISSING,
        detail="the configured model is neither a known name nor a file",
        todo=f"Choose one of: {', '.join(models.official_names())}, or a path.",
    )


def _checkpoint(name: str) -> Part | None:
    """Return an official checkpoint that is on this machine, ``None`` if there is none."""
    from ci_checker.transcribe import models

    url = _published().get(name)
    for folder in (models._whisper_cache(), models.download_folder()) if url else ():
        path = folder / str(url).rsplit("/", 1)[-1]
        if not path.is_file():
            continue
        size = megabytes(path.stat().st_size)
        if assets.sha256_of(path) == str(url).split("/")[-2]:
            return Part(name=name, state=State.OK, detail=f"{path}, {size}, sha256 verified")
        todo = "Delete the file; it is fetched again when it is needed."
        return Part(name=name, state=State.MISSING, detail=f"{path} is damaged: its sha256 differs", todo=todo)
    return None


def _published() -> dict[str, str]:
    """Return the addresses of the official checkpoints, read from whisper's source without importing torch."""
    spec = importlib.util.find_spec("whisper")
    if spec is None or spec.origin is None:
        return {}
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_MODELS":
            found: dict[str, str] = ast.literal_eval(node.value)
            return found
    return {}


def _settings(settings: Settings) -> Iterator[Part]:
    if settings.root is None:
        yield Part(
            name="workspace",
            state=State.NOTE,
            detail=f"no {FILE} here or in a folder above; 'score' and 'demo' work without",
            todo="ci-checker init",
        )
    else:
        yield Part(name="workspace", state=State.OK, detail=str(settings.root))
        yield Part(name="reps", state=State.OK, detail=", ".join(rep.name for rep in settings.reps) or "none yet")
    for name, origin in settings.origins.items():
        value = getattr(settings, name)
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
        if isinstance(value, dict):
            shown = ", ".join(f"{key} {number:g}" for key, number in value.items())
        yield Part(name=name, state=State.OK, detail=_PASSWORD.sub(r"\1***@", shown) or "not set", origin=origin)


def _store(settings: Settings) -> Part:
    from ci_checker.store import open_store

    if settings.root is None and "://" not in settings.store:
        return Part(name="store", state=State.NOTE, detail="none without a workspace", todo="ci-checker init")
    where = settings.store_location()
    if "://" not in where and not Path(where).exists():
        return Part(name=settings.store, state=State.NOTE, detail="not made yet; 'batch' and 'commitment add' make it")
    try:
        with open_store(where) as store:
            calls = len(store.calls())
            active = len(store.commitments(status=CommitmentStatus.ACTIVE))
            failures = len(store.failures())
    except CheckerError as problem:
        told = CheckerError(problem.what, where=problem.where).line
        return Part(name="store", state=State.MISSING, detail=told, todo=problem.todo)
    detail = f"{calls} calls, {active} active commitments, {failures} files that could not be heard"
    return Part(name=Path(where).name if "://" not in where else "store", state=State.OK, detail=detail)


def megabytes(size: int) -> str:
    """Return a size in MB for people."""
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{max(size, 0) / 1e6:.1f} MB"
