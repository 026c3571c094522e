"""Every end of a command becomes one line and an exit status; never a traceback for bad input."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from ci_checker.cli.console import say
from ci_checker.errors import CheckerError

DEBUG = "CI_CHECKER_DEBUG"
INTERRUPTED = 130


ORDER = (
    "demo", "init", "score", "transcribe", "batch", "commitment", "due", "report", "checkin", "nudge", "cadence",
    "review", "dispute", "behaviors", "voices", "doctor", "schema",
)  # fmt: skip


class Commands(TyperGroup):
    """The group of all commands, in the order of use, with the contract's exit statuses."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands' names as the help shows them."""
        return sorted(self.commands, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command line; leave with its exit status."""
        run = super().main
        sys.exit(status_of(lambda: run(*args, standalone_mode=False, **extra)))


def status_of(run: Callable[[], object]) -> int:
    """Run a command and return its exit status; what went wrong is said on standard error."""
    try:
        found = run()
        sys.stdout.flush()
        return found if isinstance(found, int) else 0
    except CheckerError as problem:
        _debug()
        say(f"ci-checker: {problem.line}")
        return problem.exit_status
    except (KeyboardInterrupt, typer.Abort):
        say("\nStopped. What was finished is kept.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; the interpreter must not meet the closed pipe again as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as problem:
        usage = _usage(problem)
        if usage is not None:
            return usage
        _debug()
        kind = type(problem).__name__
        say(f"ci-checker: unexpected {kind}: {problem}. This is a bug; {DEBUG}=1 before the command shows where.")
        return 1


def _usage(problem: Exception) -> int | None:
    """Say what is wrong with the command line, if that is what the parser found; return 2."""
    # The parser's classes are private to typer; what they offer is not.
    if getattr(problem, "exit_code", None) != 2 or not hasattr(problem, "format_message"):
        return None
    context = getattr(problem, "ctx", None)
    command = context.command_path if context is not None else "ci-checker"
    message = str(problem.format_message())
    if message.startswith("Usage:"):
        # A command alone: what the parser has to say is the whole help.
        say(message)
        return 2
    # an option with a fixed choice is checked by a library that begins its sentence so
    line = " ".join(message.split()).replace("Value error, ", "")
    say(f"{command}: {line}{'' if line.endswith(('.', '?')) else '.'} Try '{command} --help'.")
    return 2


def _debug() -> None:
    if os.environ.get(DEBUG):
        traceback.print_exc()
