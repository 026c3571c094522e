"""Disputes: a rep's objections to the evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("rep_key", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("behavior", sa.String(200), nullable=False),
        sa.Column("quote_key", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.UniqueConstraint("rep_key", "sha256", "behavior", "quote_key", name="uq_disputes_contested"),
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("disputes")
