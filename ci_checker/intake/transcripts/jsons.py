"""What the readers of JSON share: parsing once, reading fields without trust."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ci_checker.errors import CallError
from ci_checker.intake.transcripts.base import JOIN_GAP_S, Cue, stamp
from ci_checker.model import Word

_OPENING = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')


def looks_like_json(text: str) -> bool:
    """Return whether the text opens like a JSON object or list (``[00:12] Ann`` does not)."""
    return _OPENING.match(text) is not None


@lru_cache(maxsize=2)
def load(text: str) -> Any:
    """Parse JSON, once for all readers that look at the same file; do not change the result."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CallError(f"is damaged JSON{place}", todo="Export the transcript again.") from None


def peek(text: str) -> Any:
    """Return the parsed JSON, or ``None`` where the text is something else."""
    return load(text) if looks_like_json(text) else None


def describe(text: str) -> str:
    """Return in words which keys stand at the top."""
    data = load(text)
    kind = "the keys"
    if isinstance(data, list):
        kind = "a list of items with the keys"
        data = data[0] if data else {}
    if not isinstance(data, dict):
        return "a list without keys"
    keys = [str(key)[:40] for key in list(data)[:12]]
    return f"{kind} {', '.join(keys)}" if keys else "no keys"


def items(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list; anything else yields nothing."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def first(value: Any) -> dict[str, Any]:
    """Return the object, the first object of a list, or an empty one."""
    return value if isinstance(value, dict) else next(items(value), {})


def string(value: Any) -> str:
    """Return a string or a number as text; empty for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def seconds(value: Any, scale: float = 1.0) -> float | None:
    """Return a number, a numeric string or ``m:ss`` as seconds; ``None`` where there is no time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        as_stamp = stamp(value)
        if as_stamp is not None:
            return as_stamp
    try:
        number = float(value) * scale
    except (TypeError, ValueError):
        return None
    return round(number, 3) if math.isfinite(number) else None


def moment(value: Any) -> datetime | None:
    """Return an ISO date-time or an epoch in milliseconds; one without a zone stays without."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 1e11:
        try:
            return datetime.fromtimestamp(value / 1000, tz=UTC)
        except (OSError, OverflowError, ValueError):
            return None
    if isinstance(value, str) and "T" in value:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


def words(value: Any, *, text_keys: tuple[str, ...], scale: float = 1.0) -> tuple[Word, ...]:
    """Return words with the times and probabilities that they have, and no others."""
    found = []
    for item in items(value):
        text = next((string(item[key]).strip() for key in text_keys if string(item.get(key)).strip()), "")
        sure = next((item[key] for key in ("probability", "score", "confidence") if key in item), None)
        if text:
            found.append(
                Word(
                    text=text,
                    start_s=seconds(item.get("start"), scale),
                    end_s=seconds(item.get("end"), scale),
                    probability=float(sure) if isinstance(sure, (int, float)) and 0 <= sure <= 1 else None,
                )
            )
    return tuple(found)


def grouped(spoken: list[tuple[str | None, Word]]) -> list[Cue]:
    """Put words together while the same voice goes on without a long gap."""
    groups: list[tuple[str | None, list[Word]]] = []
    for speaker, word in spoken:
        last = groups[-1] if groups else None
        if last is None or last[0] != speaker or _gap(last[1][-1], word) >= JOIN_GAP_S:
            groups.append((speaker, [word]))
        else:
            last[1].append(word)
    return [
        Cue(
            speaker=speaker,
            text=" ".join(word.text for word in said),
            start_s=next((word.start_s for word in said if word.start_s is not None), None),
            end_s=next((word.end_s for word in reversed(said) if word.end_s is not None), None),
            words=tuple(said),
        )
        for speaker, said in groups
    ]


def _gap(before: Word, after: Word) -> float:
    if before.end_s is None or after.start_s is None:
        return 0.0
    return after.start_s - before.end_s
