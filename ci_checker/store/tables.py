"""The tables as the newest migration leaves them. A test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

# The revision of the newest migration, so that an up-to-date database is opened without Alembic.
HEAD = "0002"

metadata = MetaData()

calls = Table(
    "calls",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("rep_key", String(200), nullable=True),
    Column("local_date", Date, nullable=True),
    Column("body", JSON, nullable=False),
    Index("ix_calls_rep_date", "rep_key", "local_date"),
    Index("ix_calls_date", "local_date"),
)

transcripts = Table(
    "transcripts",
    metadata,
    Column("sha256", String(64), ForeignKey("calls.sha256"), primary_key=True),
    Column("transcript_key", String(200), primary_key=True),
    Column("body", JSON, nullable=False),
)

scores = Table(
    "scores",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("sha256", String(64), ForeignKey("calls.sha256"), nullable=False),
    Column("transcript_key", String(200), nullable=False),
    Column("detector_key", String(200), nullable=False),
    Column("turns_shared", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("sha256", "transcript_key", "detector_key", name="uq_scores_keys"),
    Index("ix_scores_detector", "detector_key", "sha256", "id"),
)

failures = Table(
    "failures",
    metadata,
    Column("failure_key", String(500), primary_key=True),
    Column("rep_key", String(200), nullable=True),
    Column("local_date", Date, nullable=True),
    Column("body", JSON, nullable=False),
    Index("ix_failures_rep_date", "rep_key", "local_date"),
)

commitments = Table(
    "commitments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("rep_key", String(200), nullable=False),
    Column("active_slot", String(200), nullable=True),
    Column("status", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_commitments_rep", "rep_key", "id"),
    # One active commitment per rep, kept by the database itself against a second writer: the
    # slot holds the rep while active and NULL afterwards, and a unique index ignores NULL. A
    # partial index would say the same, but not on every database.
    Index("uq_commitments_active", "active_slot", unique=True),
)

weeks = Table(
    "weeks",
    metadata,
    Column("rep_key", String(200), primary_key=True),
    Column("commitment_id", Integer, primary_key=True, autoincrement=False),
    Column("week_of", Date, primary_key=True),
    Column("body", JSON, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False),
    Column("behavior", String(200), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("quote_key", String(64), nullable=False),
    Column("reviewer_key", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("sha256", "behavior", "turn", "quote_key", "reviewer_key", name="uq_reviews_answer"),
    Index("ix_reviews_behavior", "behavior"),
)

disputes = Table(
    "disputes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("rep_key", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("behavior", String(200), nullable=False),
    Column("quote_key", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    # One objection to one thing: said again, the later words replace the earlier ones.
    UniqueConstraint("rep_key", "sha256", "behavior", "quote_key", name="uq_disputes_contested"),
)
