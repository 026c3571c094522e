"""What the store keeps besides the shared nouns: reviews of evidence, and failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ci_checker.model import Details

NO_DETAILS = Details()


class Decision(StrEnum):
    """What a person said of one piece of evidence."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's answer to "is this the behavior?" for one quote of one call.

    ``turn`` is the index in ``Call.turns``. One reviewer has one answer per quote: a later
    one replaces it.
    """

    sha256: str
    behavior: str
    turn: int
    quote: str
    decision: Decision
    reviewer: str
    note: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a file could not be processed: ``key`` is its sha256, or its path if it has none."""

    key: str
    stage: str
    line: str
    details: Details = NO_DETAILS
    at: datetime
