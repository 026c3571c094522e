"""Stage 6: findings and scores as text, Markdown, HTML, JSON, a CRM line; transcripts too.

A format is one file in ``findings/``, ``scores/`` or ``transcripts/`` with a
module-level ``RENDERER``. Renderers arrange what the values hold and add no facts.
"""

from __future__ import annotations

from ci_checker.report.bundle import bundle
from ci_checker.report.dispatch import formats, render, render_transcript
from ci_checker.report.schemas import schema, schemas

__all__ = ["bundle", "formats", "render", "render_transcript", "schema", "schemas"]
