"""Questions to a person at the terminal; they and their answers never touch standard output."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Sequence
from typing import TypeVar

import typer

from ci_checker.cli.console import either, say
from ci_checker.errors import RequestError

T = TypeVar("T")


def text(question: str, default: str = "") -> str:
    """Ask for a line; an empty answer gives the default. Raises typer.Abort at the end of input."""
    shown = f"{question.rstrip()} [{default}]" if default else question.rstrip()
    shown = "\n".join(textwrap.wrap(shown, shutil.get_terminal_size().columns - 1))
    # typer.prompt writes part of its prompt to standard output, which belongs to the result.
    typer.echo(f"{shown}\n> ", nl=False, err=True)
    try:
        answer = input()
    except EOFError:
        raise typer.Abort from None
    return answer.strip() or default


def parsed(question: str, parse: Callable[[str], T], default: str = "") -> T:
    """Ask until the answer can be read; ``parse`` raises RequestError with what is wrong."""
    while True:
        try:
            return parse(text(question, default))
        except RequestError as problem:
            say(problem.line)


def choice(question: str, choices: Sequence[str], default: str = "") -> str:
    """Ask for one of a few words; the first letters are enough where they are clear."""

    def pick(answer: str) -> str:
        wanted = answer.casefold().replace(" ", "_").replace("-", "_")
        found = [each for each in choices if each == wanted] or [each for each in choices if each.startswith(wanted)]
        if not wanted or len(found) != 1:
            raise RequestError(f"Please answer {either(tuple(choices))}.")
        return found[0]

    return parsed(f"{question} ({' / '.join(choices)})", pick, default)
