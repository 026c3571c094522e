"""A rep's enrolled voice found again among the voices of a call, or not found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.speakers.names import SOUNDS_LIKE
from ci_checker.speakers.roster import fold
from ci_checker.speakers.voices import VoiceModel

LIKELY: Final = 6.0
"""Log-odds that it takes to be recognized; chosen on synthetic voices that the model was not fitted on."""
MARGIN: Final = 6.0
"""By how much every other voice of the call, and every other enrolled one, must be less likely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A rep's voice: a point (d,) of the shipped model's space."""

    name: str
    point: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Which voice of the call is whose, and why."""

    voice: int
    name: str
    reason: str


def key(enrolled: Sequence[Enrolled]) -> str:
    """Return a digest of the enrolled voices, nothing if there are none."""
    if not enrolled:
        return ""
    told = "|".join(f"{each.name}:{each.point}" for each in sorted(enrolled, key=lambda each: each.name))
    return f"/{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def among(
    points: Mapping[int, NDArray[np.float64]], enrolled: Sequence[Enrolled], model: VoiceModel, rep: str | None = None
) -> Known | None:
    """Return the one voice of a call that is an enrolled one, ``None`` where there is doubt.

    ``points`` maps the call's voices to their points (d,); ``rep`` is who is known to have been on
    the call, so that no other enrolled voice is looked for.
    """
    asked = [each for each in enrolled if rep is None or fold(each.name) == fold(rep)]
    found = sorted(
        ((model.likeness(np.array(each.point), point), voice, each.name) for each in asked
         for voice, point in points.items() if len(each.point) == len(point)),
        reverse=True,
    )  # fmt: skip
    if not found or found[0][0] < LIKELY:
        return None
    best, voice, name = found[0]
    if len(found) > 1 and best - found[1][0] < MARGIN:
        return None
    return Known(voice=voice, name=name, reason=f"{SOUNDS_LIKE} {name}")
