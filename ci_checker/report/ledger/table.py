"""Commitments as CSV (RFC 4180) for the import of a CRM: one row a commitment.

In both programs a person matches columns to fields once. Written after what their import pages ask for;
neither import has been tried with it.

- Salesforce takes tasks through Data Loader, not through the Data Import Wizard: Subject, Description and
  Status as they stand, **Due Date to ActivityDate** (the task's due date; the column Activity Date is
  HubSpot's, leave it out), External Id to a field of your own that is marked as one. WhoId and OwnerId
  are ids of Salesforce that nobody knows here: look the owner up by Rep Email, and leave WhoId empty.
- HubSpot: as tasks, title, notes, due date, status and assigned to (Rep Email); as notes, Description is
  the body and Activity Date the date, which a commitment has once its check was held; notes need a record
  that they belong to, so add a column for it. It adds what is imported and does not update it: import each
  once, with ``--status closed``.

Dates are ISO 8601.

==================  ==========================================================================
Subject             ``Check: trigger-event-opener, Luke Porter``
Description         the promise, the rep's words, how it ended, the blocker, what is next
Due Date            the check date
Activity Date       the day of the check, once it was held; empty before
Status              ``Not Started`` or ``Completed``, as Salesforce writes them
Rep                 the rep's name
Rep Email           the first address that the roster holds of the rep
Manager             whose 1:1 it is
Behavior            the id in the catalogue
Outcome             ``done``, ``partly done``, ``not done``; empty while it is active
Made On             the day of the promise
External Id         ``ci-checker-3``: the same in every export, for updates instead of doubles
==================  ==========================================================================
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from ci_checker.model import Commitment, CommitmentStatus
from ci_checker.report import clean, phrases
from ci_checker.report.ledger import Entry
from ci_checker.report.renderer import Options, Renderer

COLUMNS = (
    "Subject",
    "Description",
    "Due Date",
    "Activity Date",
    "Status",
    "Rep",
    "Rep Email",
    "Manager",
    "Behavior",
    "Outcome",
    "Made On",
    "External Id",
)
# What makes a spreadsheet compute a cell, also behind white space, quotes and full-width forms.
_FORMULA = re.compile(r"^[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def _render(values: Sequence[Entry], options: Options) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in values:
        writer.writerow([safe(cell) for cell in _row(entry.commitment, entry.mail)])
    return out.getvalue()


def safe(text: str) -> str:
    """Return a cell on one line that no spreadsheet takes for a formula: an apostrophe stands before one."""
    line = clean.plain(text)
    return f"'{line}" if _FORMULA.match(line) else line


def _row(commitment: Commitment, mail: str) -> list[str]:
    closed = commitment.status is CommitmentStatus.CLOSED
    said = [f"Promise: {commitment.statement}"]
    if commitment.rep_words:
        said.append(f"In the rep's words: {commitment.rep_words}")
    said += phrases.recorded(commitment)
    return [
        f"Check: {commitment.behavior}, {commitment.rep}",
        " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in said),
        commitment.check_on.isoformat(),
        commitment.closed_on.isoformat() if commitment.closed_on else "",
        "Completed" if closed else "Not Started",
        commitment.rep,
        mail,
        commitment.manager or "",
        commitment.behavior,
        phrases.OUTCOMES[commitment.outcome] if commitment.outcome else "",
        commitment.made_on.isoformat(),
        f"ci-checker-{commitment.id}",
    ]


RENDERER = Renderer(name="csv", render=_render)
