"""A list of calls in a CSV or JSONL file: ``path`` and what is known of each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ci_checker.errors import CallError, RequestError
from ci_checker.intake.pattern import FIELDS
from ci_checker.intake.text import decode
from ci_checker.model import Details

SUFFIXES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})


def rows(path: Path) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield the line number, the values and a complaint (empty if none) of each row.

    Raises
    ------
    RequestError
        The manifest cannot be read, or has no column ``path``.
    """
    try:
        text, _ = decode(path.read_bytes())
    except (OSError, CallError) as error:
        reason = error.what if isinstance(error, CallError) else "it cannot be opened"
        raise RequestError(f"the manifest cannot be read: {reason}", where=str(path)) from None
    if path.suffix.lower() in {".csv", ".tsv"}:
        yield from _csv(text, path)
    else:
        yield from _jsonl(text)


def details(values: dict[str, str], place: str) -> tuple[Details, list[str]]:
    """Return the details of a row and notes that name what cannot be used."""
    notes: list[str] = []
    known: dict[str, Any] = {key: values[key] for key in FIELDS if values.get(key)}
    stated = known.pop("started_at", None)
    started = None
    if stated is not None:
        try:
            started = datetime.fromisoformat(stated)
        except ValueError:
            notes.append(f"{place}: the date {stated!r} is not one; write it as 2026-03-02T09:30.")
    return Details(started_at=started, **known), notes


def _csv(text: str, path: Path) -> Iterator[tuple[int, dict[str, str], str]]:
    head = text.partition("\n")[0]
    delimiter = max("\t;,", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if "path" not in names:
            shown = ", ".join(names[:12]) or "nothing"
            raise RequestError(f"the manifest has no column path; it has {shown}", where=str(path))
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            values = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
            extra = len(row) > len(names) and any(cell.strip() for cell in row[len(names) :])
            yield (
                reader.line_num,
                values,
                "has more cells than the header; the rest was left out" if extra else "",
            )
    except csv.Error as error:
        raise RequestError(f"the manifest is not a CSV file: {error}", where=f"{path} line {reader.line_num}") from None


def _jsonl(text: str) -> Iterator[tuple[int, dict[str, str], str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            yield number, {}, "is not JSON; the line was passed over"
            continue
        if not isinstance(data, dict):
            yield number, {}, "is not a JSON object; the line was passed over"
            continue
        yield number, {str(key).lower(): str(value) for key, value in data.items() if value is not None}, ""
