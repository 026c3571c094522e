"""Who is the rep, and on which side everybody else is, with the reason."""

from __future__ import annotations

from ci_checker.speakers.roles import assign
from ci_checker.speakers.roster import RosterEntry

__all__ = ["RosterEntry", "assign"]
