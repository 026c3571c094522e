"""Make a workspace, and find who in it is meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from ci_checker.errors import RequestError
from ci_checker.settings import FILE, Rep, Settings, find_file, template


def init(folder: Path, *, manager: str = "", company: str = "", reps: Iterable[str] = ()) -> Path:
    """Write a new workspace file and return its path; the folder is made if need be.

    Raises RequestError where there is one already (nothing is overwritten), where
    a rep stands twice, and where the folder cannot be written.
    """
    names = tuple(" ".join(name.split()) for name in reps if name.strip())
    twice = [name for at, name in enumerate(names) if name.casefold() in {n.casefold() for n in names[:at]}]
    if twice:
        raise RequestError(f"the rep '{twice[0]}' is named twice", where="--rep")
    file = folder.expanduser() / FILE
    if file.exists():
        raise RequestError("there is a workspace here already", where=str(file), todo="Edit that file.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(template(" ".join(manager.split()), " ".join(company.split()), names))
    except OSError as problem:
        raise RequestError(
            f"the workspace cannot be made ({(problem.strerror or str(problem)).lower()})", where=str(folder)
        ) from problem
    return file


def around(folder: Path) -> Path | None:
    """Return the workspace file of a folder above, ``None`` where there is none."""
    found = find_file(folder.expanduser().resolve())
    return None if found is None or found.parent == folder.expanduser().resolve() else found


def rep_called(name: str, settings: Settings) -> Rep:
    """Return the rep whom a name means; without a roster every name is somebody.

    Raises RequestError for a name that the roster does not know.
    """
    known = settings.rep_named(name)
    if known is not None:
        return known
    if not name.strip():
        raise RequestError("no rep is named", where="--rep", todo="Say who it is about: --rep NAME.")
    if not settings.reps:
        return Rep(name=" ".join(name.split()), manager=settings.manager)
    names = [rep.name for rep in settings.reps]
    near = near_ones(name, [*names, *(alias for rep in settings.reps for alias in rep.aliases)])
    hint = f"Did you mean {near[0]}?" if near else f"The team is: {', '.join(names)}."
    raise RequestError(f"'{name}' is not on the team", todo=f"{hint} The team stands in {FILE}.")


def near_ones(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names that somebody may have meant, the nearest first, three at most."""
    names = {name.casefold(): name for name in known}
    folded = wanted.casefold().strip()
    inside = [name for key, name in names.items() if folded and (folded in key or key in folded)]
    close = [names[key] for key in get_close_matches(folded, names, n=3, cutoff=0.5)]
    return tuple(dict.fromkeys([*close, *inside]))[:3]
