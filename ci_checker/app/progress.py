"""How a use case tells where it is, without printing; faces subclass it."""

from __future__ import annotations


class Progress:
    """Says nothing. Every method may be called from one thread at a time."""

    def message(self, text: str) -> None:
        """Take a plain sentence that a person should see once."""

    def calls(self, total: int) -> None:
        """Take the number of calls to come."""

    def call_started(self, name: str, index: int) -> None:
        """Take the call that is begun, counted from 0."""

    def audio(self, done_s: float, total_s: float) -> None:
        """Take seconds of audio heard of the current call."""

    def call_done(self, name: str, line: str) -> None:
        """Take the call that ended, and in a line how."""

    def download(self, done: int, total: int) -> None:
        """Take bytes of a model fetched so far."""
