"""Labelled conversations: the contract's JSONL, and the shorthand that people write by hand.

Shorthand, one turn a line under a ``## id | kind | note`` header::

    R[permission-opener,~trigger-event-opener]: text     the rep
    P[objection]: text                                   a prospect
    G: text                                              a gatekeeper, a greeting, a phone menu

``id`` counts, ``~id`` is a near miss on purpose, ``?id`` is not judged because
careful readers would differ.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ci_checker.errors import RequestError
from ci_checker.model import Role

_HEADER = re.compile(r"^##\s*([^|]+?)\s*(?:\|\s*([^|]*?)\s*)?(?:\|\s*(.*))?$")
_TURN = re.compile(r"^([RPG])(?:\[([^\]]*)\])?:\s*(.*)$")
_ROLES = {"R": Role.REP, "P": Role.PROSPECT, "G": Role.GATEKEEPER}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTurn:
    """One turn with its labels; ``labels`` is ``None`` for context that nobody judged.

    ``side`` is the role as the data names it, which need not be one of ours.
    """

    role: Role
    text: str
    labels: frozenset[str] | None
    near: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    start_s: float | None = None
    end_s: float | None = None
    number: int = 0
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A labelled conversation, its turns in order; ``file`` is the name of the one it was read from."""

    id: str
    kind: str
    turns: tuple[LabelledTurn, ...]
    file: str = ""


def read_all(paths: Iterable[Path]) -> tuple[Conversation, ...]:
    """Return the conversations of files and folders (``.txt`` shorthand, ``.jsonl``), in order.

    Raises RequestError for a line that does not fit, with file and line.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.iterdir() if p.suffix in (".txt", ".jsonl"))
        elif path.is_file():
            files.append(path)
        else:
            raise RequestError("there is no such file of labelled data", where=str(path))
    found: dict[str, Conversation] = {}
    for file in files:
        for conversation in read_jsonl(file) if file.suffix == ".jsonl" else read_shorthand(file):
            if conversation.id in found:
                raise RequestError(
                    f"the conversation '{conversation.id}' stands twice",
                    where=str(file),
                    todo="A conversation must stand whole in one place.",
                )
            found[conversation.id] = replace(conversation, file=file.name)
    return tuple(found.values())


def read_shorthand(path: Path) -> list[Conversation]:
    """Return the conversations of one shorthand file."""
    conversations: list[tuple[str, str, list[LabelledTurn]]] = []
    for number, line in enumerate(_lines(path), 1):
        header = _HEADER.match(line)
        if line.startswith("##") and (not header or not header[1].strip("# ")):
            raise RequestError(
                "a conversation needs an id", where=f"{path}:{number}", todo="Write '## id | kind | note'."
            )
        if header:
            conversations.append((header[1], header[2] or "", []))
            continue
        if not line.strip() or line.startswith("#"):
            continue
        turn = _TURN.match(line)
        if not turn or not conversations:
            raise RequestError(
                f"this line is no turn: '{line[:60]}'",
                where=f"{path}:{number}",
                todo="A turn is 'R[labels]: text', 'P: text' or 'G: text', under a '## id' header.",
            )
        marks = [mark.strip() for mark in (turn[2] or "").split(",") if mark.strip()]
        bare = [mark[mark[0] in "~?" :].strip() for mark in marks]
        useless = [n for n in bare if n[:1] in ("", "~", "?") or bare.count(n) > 1]
        wrong = next((mark for mark, name in zip(marks, bare, strict=True) if name in useless), None)
        if wrong is not None:
            raise RequestError(
                f"the label '{wrong}' says nothing, or stands twice on one turn",
                where=f"{path}:{number}",
                todo="A label is 'id', '~id' (a near miss) or '?id' (not judged), one of them a turn.",
            )
        conversations[-1][2].append(
            LabelledTurn(
                role=_ROLES[turn[1]],
                text=turn[3].strip(),
                labels=frozenset(m for m in marks if m[0] not in "~?"),
                near=frozenset(m[1:].strip() for m in marks if m[0] == "~"),
                open=frozenset(m[1:].strip() for m in marks if m[0] == "?"),
                number=len(conversations[-1][2]),
            )
        )
    return [Conversation(id=i, kind=k, turns=tuple(t)) for i, k, t in conversations if t]


def read_jsonl(path: Path) -> list[Conversation]:
    """Return the conversations of one JSONL file in the contract's format."""
    turns: dict[str, list[LabelledTurn]] = {}
    last = ""
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise RequestError(f"this line is not JSON ({problem})", where=where) from problem
        if not isinstance(row, dict) or not {"conversation", "text", "labels"} <= row.keys():
            raise RequestError("a turn needs conversation, turn, text and labels", where=where)
        unknown = row.keys() - {"conversation", "turn", "role", "text", "labels", "start", "end"}
        if unknown:
            raise RequestError(f"'{sorted(unknown)[0]}' is no field of a labelled turn", where=where)
        if not isinstance(row["text"], str):
            raise RequestError("text must be a text", where=where)
        if isinstance(row["conversation"], bool) or not isinstance(row["conversation"], str | int):
            raise RequestError("conversation must be a name or a number", where=where)
        if not isinstance(row.get("role", ""), str | None):
            raise RequestError("role must be a text, or null", where=where)
        if strange := [n for n in ("start", "end") if not _is_number(row.get(n, 0.0), empty=True)]:
            raise RequestError(f"{strange[0]} must be seconds, or null", where=where)
        place = row.get("turn")
        if not _is_number(place, empty=True) or (place is not None and place != int(place)):
            raise RequestError("turn must be a whole number", where=where)
        labels = row["labels"]
        if labels is not None and not (isinstance(labels, list) and all(isinstance(i, str) for i in labels)):
            raise RequestError("labels must be a list of texts, or null for context", where=where)
        key = str(row["conversation"])
        if key in turns and key != last:
            raise RequestError(
                f"the turns of '{key}' do not stand together",
                where=where,
                todo="Sort the file by conversation and turn.",
            )
        last = key
        rows = turns.setdefault(key, [])
        rows.append(
            LabelledTurn(
                role=_role(row.get("role"), judged=labels is not None),
                text=row["text"],
                labels=None if labels is None else frozenset(labels),
                start_s=row.get("start"),
                end_s=row.get("end"),
                side=str(row.get("role") or ""),
                number=len(rows) if place is None else int(place),
            )
        )
    return [Conversation(id=key, kind="", turns=tuple(rows)) for key, rows in turns.items()]


def _lines(path: Path) -> list[str]:
    """Return a file's lines; a text may hold other separators than the line feed. Raises RequestError."""
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise RequestError(
            f"the labelled data cannot be read ({problem})", where=str(path), todo="It must be UTF-8 text."
        ) from problem


def _is_number(value: object, *, empty: bool) -> bool:
    if value is None:
        return empty
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _role(name: object, *, judged: bool) -> Role:
    if name in [role.value for role in Role]:  # Python 3.11 knows no "text in Role"
        return Role(str(name))
    return Role.REP if judged else Role.PROSPECT


def label_names(conversations: Sequence[Conversation]) -> tuple[str, ...]:
    """Return every label that occurs, sorted."""
    return tuple(sorted({label for c in conversations for t in c.turns for label in t.labels or ()}))
