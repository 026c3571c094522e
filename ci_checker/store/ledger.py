"""Commitments, the weeks of the trend, and what people said of the evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from ci_checker.errors import RequestError
from ci_checker.model import Commitment, CommitmentStatus, WeekPoint
from ci_checker.store.base import Base
from ci_checker.store.codec import decode, encode
from ci_checker.store.records import Decision, Review
from ci_checker.store.rows import name_key, put, text_key
from ci_checker.store.tables import commitments, reviews, weeks


class Ledger(Base):
    """The half of the store that people fill."""

    def add_commitment(self, commitment: Commitment) -> Commitment:
        """Keep a new commitment; return it with its id.

        Raises
        ------
        RequestError
            The rep has an active one already, also if another program was faster.
        """
        try:
            with self._write() as connection:
                if commitment.status is CommitmentStatus.ACTIVE:
                    _refuse_second(connection, commitment)
                values = _values(commitment)
                added = connection.execute(sa.insert(commitments).values(**values))
                kept = replace(commitment, id=_new_id(added))
                _store(connection, kept)
                return kept
        except IntegrityError as error:
            raise _second(commitment.rep) from error

    def commitment(self, commitment_id: int) -> Commitment:
        """Return one commitment.

        Raises
        ------
        RequestError
            There is none with this id.
        """
        query = sa.select(commitments).where(commitments.c.id == commitment_id)
        with self._read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise self._unknown(commitment_id)
        return decode(Commitment, row["body"])

    def commitments(self, rep: str | None = None, status: CommitmentStatus | None = None) -> tuple[Commitment, ...]:
        """Return commitments, oldest first."""
        query = sa.select(commitments.c.body).order_by(commitments.c.id)
        if rep is not None:
            query = query.where(commitments.c.rep_key == name_key(rep))
        if status is not None:
            query = query.where(commitments.c.status == status.value)
        with self._read() as connection:
            return tuple(decode(Commitment, body) for body in connection.execute(query).scalars())

    def active_commitment(self, rep: str) -> Commitment | None:
        """Return a rep's active commitment, ``None`` if there is none."""
        found = self.commitments(rep, CommitmentStatus.ACTIVE)
        return found[0] if found else None

    def update_commitment(self, commitment: Commitment) -> Commitment:
        """Replace a commitment by its edited form.

        Raises
        ------
        RequestError
            There is none with this id, or it would become a second active one.
        """
        try:
            with self._write() as connection:
                if not _store(connection, commitment):
                    raise self._unknown(commitment.id)
        except IntegrityError as error:
            raise _second(commitment.rep) from error
        return commitment

    def close_commitment(self, closed: Commitment, successor: Commitment | None = None) -> Commitment:
        """Keep a closed commitment and, in the same transaction, the one that follows it.

        Parameters
        ----------
        closed
            The commitment as closed by the manager (status, outcome, day).
        successor
            The next one, if there is one already: ``close`` and ``reissue`` in one step.

        Returns
        -------
        Commitment
            The successor with its id if there is one, else ``closed``.

        Raises
        ------
        RequestError
            Not closed, closed already, or unknown.
        """
        if closed.status is not CommitmentStatus.CLOSED:
            raise RequestError(f"commitment {closed.id} is not closed yet", todo="Record its outcome.")
        try:
            with self._write() as connection:
                query = sa.select(commitments.c.status).where(commitments.c.id == closed.id)
                status = connection.execute(query).scalar()
                if status is None:
                    raise self._unknown(closed.id)
                if status == CommitmentStatus.CLOSED.value:
                    raise RequestError(
                        f"commitment {closed.id} is closed already",
                        todo="Use `commitment edit` to correct it.",
                    )
                _store(connection, closed)
                if successor is None:
                    return closed
                added = connection.execute(sa.insert(commitments).values(**_values(successor)))
                kept = replace(successor, id=_new_id(added))
                _store(connection, kept)
                return kept
        except IntegrityError as error:
            raise _second(closed.rep) from error

    def save_week(self, rep: str, point: WeekPoint) -> None:
        """Keep one point of the trend; it replaces that of the same commitment and week.

        An outcome that is recorded already stays if the new point has none.
        """
        keys = {
            "rep_key": name_key(rep),
            "commitment_id": point.commitment_id,
            "week_of": point.week_of,
        }
        query = sa.select(weeks.c.body).where(*(weeks.c[name] == value for name, value in keys.items()))
        with self._write() as connection:
            body = connection.execute(query).scalar()
            if body is not None and point.outcome is None:
                old = decode(WeekPoint, body)
                point = replace(point, outcome=old.outcome, closed_on=point.closed_on or old.closed_on)
            put(connection, weeks, keys, {"body": encode(point)})

    def weeks(self, rep: str) -> tuple[WeekPoint, ...]:
        """Return a rep's trend, oldest week first."""
        query = (
            sa.select(weeks.c.body)
            .where(weeks.c.rep_key == name_key(rep))
            .order_by(weeks.c.week_of, weeks.c.commitment_id)
        )
        with self._read() as connection:
            return tuple(decode(WeekPoint, body) for body in connection.execute(query).scalars())

    def save_review(self, review: Review) -> None:
        """Keep a person's answer about one quote; a later one of the same person replaces it."""
        keys = {
            "sha256": review.sha256,
            "behavior": review.behavior,
            "turn": review.turn,
            "quote_key": text_key(review.quote),
            "reviewer_key": name_key(review.reviewer),
        }
        with self._write() as connection:
            put(connection, reviews, keys, {"body": encode(review)})

    def reviews(
        self,
        *,
        sha256: str | None = None,
        behavior: str | None = None,
        reviewer: str | None = None,
        decision: Decision | None = None,
    ) -> tuple[Review, ...]:
        """Return reviews in the order in which they were first given."""
        query = sa.select(reviews.c.body).order_by(reviews.c.id)
        if sha256 is not None:
            query = query.where(reviews.c.sha256 == sha256)
        if behavior is not None:
            query = query.where(reviews.c.behavior == behavior)
        if reviewer is not None:
            query = query.where(reviews.c.reviewer_key == name_key(reviewer))
        with self._read() as connection:
            found = [decode(Review, body) for body in connection.execute(query).scalars()]
        return tuple(each for each in found if decision is None or each.decision is decision)

    def _unknown(self, commitment_id: int) -> RequestError:
        return RequestError(f"there is no commitment {commitment_id}", todo="See `ci-checker commitment list`.")


def _new_id(added: sa.CursorResult[Any]) -> int:
    key = added.inserted_primary_key
    if key is None:
        raise RequestError("the database gave no id for the commitment", todo="Try again.")
    return int(key[0])


def _values(commitment: Commitment) -> dict[str, Any]:
    key = name_key(commitment.rep)
    return {
        "rep_key": key,
        "active_slot": key if commitment.status is CommitmentStatus.ACTIVE else None,
        "status": commitment.status.value,
        "body": encode(commitment),
    }


def _store(connection: Connection, commitment: Commitment) -> bool:
    query = sa.update(commitments).where(commitments.c.id == commitment.id).values(**_values(commitment))
    return connection.execute(query).rowcount > 0


def _refuse_second(connection: Connection, new: Commitment) -> None:
    slot = commitments.c.active_slot == name_key(new.rep)
    body = connection.execute(sa.select(commitments.c.body).where(slot)).scalar()
    if body is not None:
        raise _second(new.rep, decode(Commitment, body))


def _second(rep: str, active: Commitment | None = None) -> RequestError:
    named = f' ({active.id}: "{active.statement}")' if active else ""
    number = str(active.id) if active else "ID"
    return RequestError(
        f"{rep} already has an active commitment{named}",
        todo=f"Close it first: ci-checker commitment close {number}. One at a time.",
    )
