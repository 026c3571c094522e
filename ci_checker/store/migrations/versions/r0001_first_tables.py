"""The first tables: calls, transcripts, scores, failures, commitments, weeks, reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "calls",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("rep_key", sa.String(200), nullable=True),
        sa.Column("local_date", sa.Date, nullable=True),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("ix_calls_rep_date", "calls", ["rep_key", "local_date"])
    op.create_index("ix_calls_date", "calls", ["local_date"])
    op.create_table(
        "transcripts",
        sa.Column("sha256", sa.String(64), sa.ForeignKey("calls.sha256"), primary_key=True),
        sa.Column("transcript_key", sa.String(200), primary_key=True),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("calls.sha256"), nullable=False),
        sa.Column("transcript_key", sa.String(200), nullable=False),
        sa.Column("detector_key", sa.String(200), nullable=False),
        sa.Column("turns_shared", sa.Integer, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.UniqueConstraint("sha256", "transcript_key", "detector_key", name="uq_scores_keys"),
    )
    op.create_index("ix_scores_detector", "scores", ["detector_key", "sha256", "id"])
    op.create_table(
        "failures",
        sa.Column("failure_key", sa.String(500), primary_key=True),
        sa.Column("rep_key", sa.String(200), nullable=True),
        sa.Column("local_date", sa.Date, nullable=True),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("ix_failures_rep_date", "failures", ["rep_key", "local_date"])
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("rep_key", sa.String(200), nullable=False),
        sa.Column("active_slot", sa.String(200), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("ix_commitments_rep", "commitments", ["rep_key", "id"])
    op.create_index("uq_commitments_active", "commitments", ["active_slot"], unique=True)
    op.create_table(
        "weeks",
        sa.Column("rep_key", sa.String(200), primary_key=True),
        sa.Column("commitment_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("week_of", sa.Date, primary_key=True),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("behavior", sa.String(200), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("quote_key", sa.String(64), nullable=False),
        sa.Column("reviewer_key", sa.String(200), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.UniqueConstraint("sha256", "behavior", "turn", "quote_key", "reviewer_key", name="uq_reviews_answer"),
    )
    op.create_index("ix_reviews_behavior", "reviews", ["behavior"])


def downgrade() -> None:
    """Go one step back."""
    for name in ("reviews", "weeks", "commitments", "failures", "scores", "transcripts", "calls"):
        op.drop_table(name)
