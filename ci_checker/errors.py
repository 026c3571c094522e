"""Every error a person can meet: what happened, where, what to do. Each is one line.

The exit status is the contract's: 1 a call failed, 2 the request is wrong,
3 a component is missing.
"""

from __future__ import annotations


class CheckerError(Exception):
    """A problem that a person can act on; ``str()`` is the one line they read."""

    exit_status = 2

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what = what
        self.where = where
        self.todo = todo
        super().__init__(self.line)

    @property
    def line(self) -> str:
        """``where: what. todo`` on one line, whatever was put in."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.todo:
            text = text.rstrip(". ")
            text = f"{text}{'' if text.endswith(('?', '!')) else '.'} {self.todo}"
        return " ".join(text.split())


class CallError(CheckerError):
    """One call cannot be read, heard or scored; the others go on."""

    exit_status = 1


class RequestError(CheckerError):
    """The request itself is wrong: an unknown name, a vague commitment, a bad option."""

    exit_status = 2


class MissingError(CheckerError):
    """A component is missing; ``todo`` names the command that brings it."""

    exit_status = 3
