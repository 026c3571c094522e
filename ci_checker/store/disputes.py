"""What reps object to, and how it was settled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ci_checker.errors import RequestError
from ci_checker.model import Dispute
from ci_checker.store.base import Base
from ci_checker.store.codec import decode, encode
from ci_checker.store.rows import matches, name_key, text_key
from ci_checker.store.tables import disputes


class Disputes(Base):
    """The part of the store that holds objections."""

    def save_dispute(self, dispute: Dispute) -> Dispute:
        """Keep an objection; return it with its id. The same one said again takes its place and its id."""
        keys = _keys(dispute)
        with self._write() as connection:
            found = connection.execute(sa.select(disputes.c.id).where(*matches(disputes, keys))).scalar()
            if found is None:
                added = connection.execute(sa.insert(disputes).values(**keys, body=encode(dispute)))
                found = added.inserted_primary_key[0] if added.inserted_primary_key else 0
            kept = replace(dispute, id=int(found))
            connection.execute(sa.update(disputes).where(disputes.c.id == kept.id).values(body=encode(kept)))
            return kept

    def dispute(self, dispute_id: int) -> Dispute:
        """Return one objection.

        Raises
        ------
        RequestError
            There is none with this id.
        """
        query = sa.select(disputes.c.body).where(disputes.c.id == dispute_id)
        with self._read() as connection:
            body = connection.execute(query).scalar()
        if body is None:
            raise RequestError(f"there is no dispute {dispute_id}", todo="See 'ci-checker dispute list'.")
        return decode(Dispute, body)

    def disputes(self, rep: str | None = None, *, open_only: bool = False) -> tuple[Dispute, ...]:
        """Return objections, oldest first; of one rep, or of all."""
        query = sa.select(disputes.c.body).order_by(disputes.c.id)
        if rep is not None:
            query = query.where(disputes.c.rep_key == name_key(rep))
        with self._read() as connection:
            found = [decode(Dispute, body) for body in connection.execute(query).scalars()]
        return tuple(each for each in found if each.ruling is None or not open_only)


def _keys(dispute: Dispute) -> dict[str, Any]:
    what = f"{dispute.turn}|{dispute.quote}" if dispute.quote else ""
    return {
        "rep_key": name_key(dispute.rep),
        "sha256": dispute.sha256,
        "behavior": dispute.behavior,
        "quote_key": text_key(what),
    }
