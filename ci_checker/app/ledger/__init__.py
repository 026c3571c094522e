"""The ledger of commitments: read a promise, ask for the rest, keep it, edit it, close it."""

from __future__ import annotations

from ci_checker.app.ledger.closing import close, sticking
from ci_checker.app.ledger.keeping import Kept, add, again, check_free, edit, listed, meant, overdue
from ci_checker.app.ledger.reading import answer, in_one_sentence, read
from ci_checker.app.ledger.terms import NOTHING, Terms

__all__ = [
    "NOTHING",
    "Kept",
    "Terms",
    "add",
    "again",
    "answer",
    "check_free",
    "close",
    "edit",
    "in_one_sentence",
    "listed",
    "meant",
    "overdue",
    "read",
    "sticking",
]
