"""Where things are printed: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from ci_checker.errors import RequestError

_ENDINGS = {
    ".json": "json", ".md": "md", ".html": "html", ".htm": "html", ".vtt": "vtt", ".txt": "text", ".ics": "ics",
    ".csv": "csv",
}  # fmt: skip


def say(text: str, *, quiet: bool = False) -> None:
    """Print a message, made harmless for a terminal, on standard error."""
    from ci_checker.report.clean import visible

    if not quiet:
        for line in text.splitlines() or [""]:
            # Columns are kept: only what stands between runs of spaces is cleaned.
            parts = re.split(r"( {2,}|^ +)", line)
            typer.echo("".join(part if part.isspace() else visible(part) for part in parts).rstrip(), err=True)


def interactive() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def colorful(path: Path | None = None) -> bool:
    """Return whether ANSI styles are wanted in what goes to standard output."""
    return path is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """Where a result goes and in which format; ``path`` is ``None`` for standard output."""

    format: str
    path: Path | None = None
    quiet: bool = False

    def write(self, text: str) -> None:
        """Print the result, or write it and say where it is. Raises RequestError."""
        text = text if text.endswith("\n") else f"{text}\n"
        if self.path is None:
            typer.echo(text, nl=False)
            return
        try:
            self.path.write_text(text, encoding="utf-8", newline="")
        except OSError as problem:
            raise _unwritable(self.path, problem) from problem
        say(f"Written to {self.path}.", quiet=self.quiet)


def sink(
    known: tuple[str, ...],
    *,
    format: str | None = None,
    json: bool = False,
    output: Path | None = None,
    quiet: bool = False,
) -> Sink:
    """Return where a result goes, checked before the work begins.

    The format is the one named, else ``json`` if asked for, else what the
    ending of ``output`` says, else the first known. Raises RequestError.
    """
    if json and format not in (None, "json"):
        raise RequestError(f"--json and --format {format} contradict each other", todo="Give one of them.")
    path = None if output is None or str(output) == "-" else output.expanduser()
    by_ending = _ENDINGS.get(path.suffix.lower()) if path else None
    if path is not None and path.suffix and format is None and not json and by_ending not in known:
        endings = tuple(ending for ending, name in _ENDINGS.items() if name in known)
        raise RequestError(
            f"nothing here is written as {path.suffix}",
            where=str(path),
            todo=f"Use an ending of {either(endings)}, or name the format with --format.",
        )
    chosen = format or ("json" if json else by_ending if by_ending in known else known[0])
    if chosen not in known:
        raise RequestError(f"'{chosen}' is no format of this command", where="--format", todo=f"Use {either(known)}.")
    if path is not None:
        check_writable(path)
    return Sink(format=chosen, path=path, quiet=quiet)


def either(names: tuple[str, ...]) -> str:
    """Return ``text, json or md``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def check_writable(path: Path) -> None:
    """Raise RequestError where a file cannot be written, before the work that fills it begins."""
    if path.is_dir():
        raise RequestError("this is a folder", where=str(path), todo="Name a file after -o.")
    if not path.parent.is_dir():
        raise RequestError("there is no such folder", where=str(path.parent), todo="Make it, or name another.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _unwritable(path, PermissionError(13, "permission denied"))


def _unwritable(path: Path, problem: OSError) -> RequestError:
    why = (problem.strerror or str(problem)).lower()
    return RequestError(f"this cannot be written ({why})", where=str(path), todo="Name another file after -o.")
