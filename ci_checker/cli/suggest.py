"""``behaviors new`` and ``behaviors suggest``: a team's own behavior, without code."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import ask, complete
from ci_checker.cli.console import check_writable, interactive, say, sink
from ci_checker.cli.options import Folders, Output, Quiet, examples
from ci_checker.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ci_checker.app.suggesting import Suggestion

ANSWERS = ("yes", "no", "skip", "back", "quit")


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``behaviors``."""
    app.command("new", epilog=examples("ci-checker behaviors new price-named"))(new)
    app.command(
        "suggest",
        epilog=examples(
            "ci-checker behaviors suggest price-named -o labels.jsonl",
            "ci-checker behaviors suggest price-named --ask -o labels.jsonl",
        ),
    )(suggest)


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called, like price-named.")],
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="DIR", help="Where it is written.", show_default="the workspace's"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a commented definition of your own.

    It says in comments what goes where. Nothing is overwritten.
    """
    from ci_checker import settings
    from ci_checker.app import catalogue, defining

    loaded = settings.load()
    file, known = defining.new(name, loaded, catalogue.behaviors(loaded), folder)
    typer.echo(str(file))
    if not known:
        say(f'Add its folder to {settings.FILE}: [behaviors] folders = ["{file.parent}"].', quiet=quiet)
    say("Fill it in, then run 'ci-checker behaviors check'.", quiet=quiet)


def suggest(
    behavior: Annotated[str, typer.Argument(metavar="ID", help="A behavior.", autocompletion=complete.behaviors)],
    calls: Annotated[
        list[str] | None,
        typer.Option("--calls", metavar="PATH", help="This call instead of the workspace's; may be given again."),
    ] = None,
    most: Annotated[int, typer.Option("-n", metavar="N", min=1, help="So many turns at most.")] = 25,
    asking: Annotated[bool, typer.Option("--ask", help="Ask yes or no for each; -o keeps every answer.")] = False,
    behaviors: Folders = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Suggest turns to label, the most telling ones.

    Uncertain ones, sure ones among them, as labelled data whose labels are guesses: correct them, or
    answer with --ask. Then 'ci-checker behaviors train' learns from the file. Answers that the file
    holds already are kept and not asked again.
    """
    from ci_checker import settings
    from ci_checker.app import catalogue, suggesting

    out = sink(("jsonl",), output=None, quiet=quiet)
    if output is not None:
        check_writable(output)
    if asking and output is None:
        raise RequestError("answers need a file", where="--ask", todo="Name it with -o labels.jsonl.")
    if asking and not interactive():
        raise RequestError("answers need a person at a terminal", todo="Run it in a terminal, or without --ask.")
    loaded = settings.load()
    known = catalogue.behaviors(loaded, tuple(behaviors or ()))
    catalogue.chosen([behavior], known)
    wanted = known[behavior]
    old = suggesting.earlier(output, wanted) if output is not None else []
    heard = suggesting.from_files(calls, loaded) if calls else suggesting.stored(loaded)
    answered = [(str(row["conversation"]), row["turn"]) for row in old if row["labels"] is not None]
    found = suggesting.suggest(wanted, heard, most=most, known=answered)
    if not found:
        say("There is nothing to suggest: no call has a turn of a rep that was not labelled yet.", quiet=quiet)
        return
    if not asking:
        guessed = {one.key: one.probability >= 0.5 for one in found}
        text = suggesting.as_jsonl(suggesting.merged(old, suggesting.rows(wanted, found, guessed)))
        if output is None:
            out.write(text)
        else:
            keep(output, text)
            say(f"{len(found)} turns to correct in {output}; their labels are guesses.", quiet=quiet)
        return
    assert output is not None

    def save(answers: dict[tuple[str, int], bool]) -> None:
        keep(output, suggesting.as_jsonl(suggesting.merged(old, suggesting.rows(wanted, found, answers))))

    answers = go_through(found, wanted.name, save)
    typer.echo(f"{len(answers)} answered, {sum(answers.values())} of them yes; kept in {output}.")


def go_through(
    found: Sequence[Suggestion], name: str, save: Callable[[dict[tuple[str, int], bool]], None]
) -> dict[tuple[str, int], bool]:
    """Ask for every turn; return the answers by turn. ``save`` keeps all of them after each."""
    answers: dict[tuple[str, int], bool] = {}
    at = 0
    while at < len(found):
        say(card(found[at], at, len(found)))
        answer = ask.choice(f"Is this {name}?", ANSWERS)
        if answer == "quit":
            break
        if answer == "back":
            at = max(0, at - 1)
            continue
        if answer == "skip":
            answers.pop(found[at].key, None)
        else:
            answers[found[at].key] = answer == "yes"
        save(answers)
        at += 1
    return answers


def card(one: Suggestion, at: int, total: int) -> str:
    """Return what a person needs to judge one turn: what was said before, and the turn."""
    width = shutil.get_terminal_size().columns - 1
    lines = [f"\n{at + 1} of {total}: {one.call.path}, {one.probability:.0%}"]
    for number in range(max(0, one.turn - 2), one.turn + 1):
        turn = one.call.turns[number]
        mark = "> " if number == one.turn else "  "
        lines.append(
            textwrap.fill(f"{turn.speaker}: {turn.text}", width, initial_indent=mark, subsequent_indent="    ")
        )
    return "\n".join(lines) + "\n"


def keep(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises RequestError."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(path)
    except OSError as problem:
        raise RequestError(f"this cannot be written ({problem.strerror or problem})", where=str(path)) from problem
