"""Values of the model as plain JSON values: one rule for names, enums, dates and rounding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from ci_checker.model import Reason
from ci_checker.report import clean

SCHEMA = 1


def plain(value: Any) -> Any:
    """Return a value of the model as JSON values.

    ``start_s`` becomes ``start`` (seconds, 2 decimals); other fractions keep 4
    decimals; a reason becomes its phrase; dates are ISO 8601.
    """
    if isinstance(value, Reason):
        return value.text
    if is_dataclass(value) and not isinstance(value, type):
        return {key(one.name): _field(one.name, getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def key(name: str) -> str:
    """Return the public name of a field: seconds are the only unit, so ``_s`` goes."""
    return name.removesuffix("_s")


def seconds(value: float | None) -> float | None:
    """Return seconds with 2 decimals, ``None`` for a time that is not known."""
    return None if value is None else round(value, 2)


def dumped(value: object) -> str:
    """Return JSON text that is safe to print: readable, with hidden characters escaped."""
    return clean.json_text(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _field(name: str, value: Any) -> Any:
    return round(value, 2) if name.endswith("_s") and isinstance(value, float) else plain(value)
