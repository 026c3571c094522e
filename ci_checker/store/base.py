"""What the two halves of the store share: one engine, reads, writes."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy.engine import Connection, Engine

from ci_checker.store.engine import reading, writing


class Base:
    """An open database. ``where`` names it in messages."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where

    def _read(self) -> AbstractContextManager[Connection]:
        return reading(self.engine, self.where)

    def _write(self) -> AbstractContextManager[Connection]:
        return writing(self.engine, self.where)
