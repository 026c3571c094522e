"""Promises: what makes one observable, the check against the calls, the question that opens a 1:1."""

from __future__ import annotations

from ci_checker.commitments.check import check
from ci_checker.commitments.ending import close, reissue
from ci_checker.commitments.history import week_point
from ci_checker.commitments.question import loop_close, summary
from ci_checker.commitments.rules import draft, refuse_second, validate, warnings
from ci_checker.commitments.statement import Partial, Question, read_statement

__all__ = [
    "Partial",
    "Question",
    "check",
    "close",
    "draft",
    "loop_close",
    "read_statement",
    "refuse_second",
    "reissue",
    "summary",
    "validate",
    "warnings",
    "week_point",
]
