"""The store: open it, use it, close it. What it keeps is in ``recordings.py``, ``ledger.py``, ``disputes.py``."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from ci_checker.store.disputes import Disputes
from ci_checker.store.engine import make_engine
from ci_checker.store.ledger import Ledger
from ci_checker.store.migrate import migrate
from ci_checker.store.recordings import Recordings


class Store(Recordings, Ledger, Disputes):
    """One open database. Every method is one transaction: all of it is kept, or nothing."""

    @classmethod
    def open(cls, url_or_path: str | Path, *, timeout_s: float = 10.0) -> Self:
        """Open a database; see ``ci_checker.store.open_store``."""
        engine, where = make_engine(url_or_path, timeout_s)
        try:
            migrate(engine, where)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, where)

    def close(self) -> None:
        """Let go of the database; a closed store is not used again."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
