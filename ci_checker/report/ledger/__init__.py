"""Formats of many commitments for other programs. One file each; each gets ``Entry`` values."""

from __future__ import annotations

from dataclasses import dataclass

from ci_checker.model import Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A commitment, and the mail address of its rep as far as it is known."""

    commitment: Commitment
    mail: str = ""
