"""What scores a team's own behavior: the detector that was trained beside its definition, else its examples.

A definition ``our/champion.yaml`` has its trained detector in ``our/detector/``, as ``ci-checker
behaviors train --data FILE --out our/detector`` writes it; one such folder may hold several labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker.assets import card, sha256_of, verify
from ci_checker.behaviors.catalogue import CATALOG, Behavior
from ci_checker.errors import MissingError

if TYPE_CHECKING:
    from ci_checker.behaviors.classifier import Detector
    from ci_checker.behaviors.examples import Examples

FOLDER = "detector"
FILES = ("detector.json", "detector.npz")
VERSION = "1"


def key(behaviors: Iterable[Behavior], shipped: Path) -> tuple[str, ...]:
    """Return what the scores of the team's own behaviors depend on besides their definitions, sorted.

    ``shipped`` is the folder of the shipped model. Raises MissingError for a detector without its card.
    """
    own = [b for b in behaviors if b.measure is None and Path(b.source).parent != CATALOG]
    if not own:
        return ()
    from ci_checker.behaviors.examples import BACKGROUND, VECTORS

    folders = {str(folder): _digest(folder) for b in own if (folder := _folder(b)) is not None}
    beside = [shipped / name for name in (BACKGROUND, VECTORS)]
    digests = [f"{path.name} {sha256_of(path) if path.is_file() else 'absent'}" for path in beside]
    return (f"team {VERSION}", *digests, *sorted(f"{FOLDER} {digest}" for digest in folders.values()))


def trained(behavior: Behavior) -> Detector | None:
    """Return the detector trained beside the definition, ``None`` where there is none for this behavior.

    Raises MissingError, with the detector's place, where it is incomplete or damaged.
    """
    folder = _folder(behavior)
    if folder is None:
        return None
    found = _load(folder, _digest(folder), tuple(_stamp(folder / name) for name in FILES))
    return found if behavior.id in found.labels else None


def by_examples(behavior: Behavior, folder: Path, shipped: Detector) -> Examples | None:
    """Return the detector of the definition's examples, ``None`` where they are too few.

    ``folder`` is the shipped model's, ``shipped`` its detector of reps' turns. Raises MissingError.
    """
    known = _FITTED.get(behavior)
    if known is not None and known[0] is shipped:
        return known[1]
    from ci_checker.behaviors.examples import fit

    found = fit(behavior, folder, shipped)
    _FITTED[behavior] = (shipped, found)
    return found


_FITTED: dict[Behavior, tuple[object, Examples | None]] = {}


def _folder(behavior: Behavior) -> Path | None:
    """Return the folder of a trained detector beside the definition, whole or not."""
    if not behavior.source:
        return None
    folder = Path(behavior.source).parent / FOLDER
    return folder if any((folder / name).exists() for name in (*FILES, "card.json")) else None


def _digest(folder: Path) -> str:
    """Return the sha256 of the card, which holds those of the other files. Raises MissingError."""
    try:
        missing = [name for name in FILES if name not in card(folder).get("files", {})]
        if missing:
            raise MissingError(f"the detector's card.json does not name {missing[0]}", where=str(folder))
        return sha256_of(folder / "card.json")
    except MissingError as problem:
        raise _again(folder, problem) from problem


@lru_cache(maxsize=8)
def _load(folder: Path, digest: str, stamps: tuple[object, ...]) -> Detector:
    """Return a verified detector; the arguments besides the folder only say when to read it again."""
    from ci_checker.behaviors.classifier import Detector

    try:
        verify(folder)
        return Detector.load(folder)
    except MissingError as problem:
        raise _again(folder, problem) from problem


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _again(folder: Path, problem: MissingError) -> MissingError:
    """Return the problem with what a team can do about it: it trained the detector itself."""
    return MissingError(
        f"the team's trained detector cannot be used: {problem.what}",
        where=problem.where or str(folder),
        todo=f"Train it again with 'ci-checker behaviors train --data FILE --out {folder}', or remove the folder.",
    )
