"""A team's own behavior: a first definition to fill in, and what contradicts itself in a filled one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import MissingError, RequestError
from ci_checker.settings import FILE, Settings

FOLDER = "behaviors"
PLACEHOLDER = "<write here"
SAME = 0.95
"""Cosine of sentence vectors from which two short examples say nearly the same."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NO_FOLDERS = re.compile(r"^folders = \[\](?=\s|$)", re.MULTILINE)
TEMPLATE = """\
# One observable thing that a rep does on a call. The name of this file is the behavior's id.
# Try it with 'ci-checker behaviors check'; lines that begin with # are for you alone.

name: {name}

# What must be heard so that two people who listen would agree: who says what, and what is not enough.
definition: >-
  <write here: The rep ...>

# Where it counts: opening, early, anywhere, after-objection, with-gatekeeper.
place: anywhere

# What a call must hold for it to be possible at all: conversation, objection, gatekeeper.
occasion: conversation

# true where every time counts, false where once is enough.
counted: false

# What people call it besides its name, for 'ci-checker commitment add'.
aliases: []

# Words that give it away, as they are said; /between slashes/ is a regular expression.
cues: []

# Word for word what reps say when they do it. Three are needed, five to ten make a start, in different words;
# put texts with a colon or a # into "double quotes".
counts:
  - "<write here what counts>"

# What sounds alike and does not count: the other way round, half of it, the same words for something else.
does_not_count: []
"""


def new(name: str, settings: Settings, known: Mapping[str, Behavior], folder: Path | None = None) -> tuple[Path, bool]:
    """Write a commented definition; return its path, and whether the workspace reads that folder.

    Without ``folder`` it goes where the workspace keeps its behaviors, else into ``behaviors/`` beside the
    workspace file, which then names that folder. Raises RequestError where the behavior is there already (nothing is
    overwritten), where the name makes no id, and outside a workspace.
    """
    label = " ".join(name.split())
    id = re.sub(r"[\s_]+", "-", label.lower())
    if not _ID.fullmatch(id):
        raise RequestError(f"'{name}' makes no id", todo="Use letters, digits and hyphens, like price-named.")
    if id in known:
        raise RequestError(
            f"the behavior '{id}' is already defined in {known[id].source}",
            todo="Choose another name, or edit that file.",
        )
    if folder is None and not settings.behaviors and settings.root is None:
        raise RequestError(
            f"there is no {FILE} here or in a folder above",
            where=str(Path.cwd()),
            todo="Run 'ci-checker init', or name a folder with --folder DIR.",
        )
    place = folder or (settings.behaviors[0] if settings.behaviors else (settings.root or Path()) / FOLDER)
    file = place / f"{id}.yaml"
    shown = label if " " in label or label != label.lower() else id.replace("-", " ").capitalize()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(TEMPLATE.format(name=shown))
    except FileExistsError as problem:
        raise RequestError("this is there already", where=str(file), todo="Edit that file.") from problem
    except OSError as problem:
        raise RequestError(f"this cannot be written ({problem.strerror or problem})", where=str(file)) from problem
    read = place.resolve() in {each.resolve() for each in settings.behaviors}
    return file, read or (folder is None and _named(settings))


def _named(settings: Settings) -> bool:
    """Name the folder in the workspace file, if its list of folders stands empty as it was made."""
    file = (settings.root or Path()) / FILE
    try:
        text = file.read_text(encoding="utf-8")
        if len(_NO_FOLDERS.findall(text)) != 1:
            return False
        file.write_text(_NO_FOLDERS.sub(f'folders = ["{FOLDER}"]', text), encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return True


def contradictions(behavior: Behavior, known: Mapping[str, Behavior]) -> tuple[str, ...]:
    """Return, in sentences, what in a definition speaks against itself or another one."""
    counts = {_plain(text): text for text in behavior.counts}
    excluded = {_plain(text): text for text in behavior.does_not_count}
    found = []
    if any(PLACEHOLDER in text for text in (behavior.definition, *behavior.counts, *behavior.does_not_count)):
        found.append("it still holds what the template says; write your own words there")
    found += [
        f'"{text}" stands under both counts and does_not_count' for key, text in counts.items() if key in excluded
    ]
    for name, texts in (("counts", behavior.counts), ("does_not_count", behavior.does_not_count)):
        plain = [_plain(text) for text in texts]
        found += [f'"{t}" stands twice under {name}' for at, t in enumerate(texts) if plain[at] in plain[:at]]
    found += [
        f'"{one}" counts and "{other}" does not, and they say nearly the same'
        for one, other in _near(behavior)
        if _plain(one) != _plain(other)
    ]
    for other in known.values():
        if other.id == behavior.id:
            continue
        theirs = {_plain(text) for text in other.does_not_count}
        same = {_plain(text) for text in other.counts}
        found += [
            f'"{text}" counts here, but {other.id} says that it does not' for k, text in counts.items() if k in theirs
        ]
        found += [
            f'"{text}" does not count here, but counts as {other.id}' for k, text in excluded.items() if k in same
        ]
        if len(counts) > 1 and same >= counts.keys():
            found.append(f"every example that counts is one of {other.id}: is it the same behavior?")
    return tuple(found)


def _near(behavior: Behavior) -> list[tuple[str, str]]:
    """Return pairs of an example that counts and one that does not which mean the same; none without the model."""
    from ci_checker.behaviors import encoder

    if not behavior.counts or not behavior.does_not_count:
        return []
    try:
        one = encoder.vectors([_plain(text) for text in behavior.counts])
        other = encoder.vectors([_plain(text) for text in behavior.does_not_count])
    except MissingError:
        return []
    alike = one @ other.T >= SAME
    return [(behavior.counts[a], behavior.does_not_count[b]) for a, b in zip(*alike.nonzero())]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))
