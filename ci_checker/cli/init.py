"""``init``: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ci_checker.cli import ask
from ci_checker.cli.console import interactive, say
from ci_checker.cli.options import Quiet, Yes, examples

EXAMPLES = examples(
    "ci-checker init",
    'ci-checker init calls --manager "Maya Collins" --company "Bright Harbor" --rep "Luke Porter" --rep "Dana Ortiz"',
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init", epilog=EXAMPLES)(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the workspace is made.")] = Path("."),
    manager: Annotated[str | None, typer.Option("--manager", metavar="NAME", help="Who holds the 1:1s.")] = None,
    company: Annotated[
        str | None,
        typer.Option("--company", metavar="NAME", help="How your reps name it on the phone; it tells who the rep is."),
    ] = None,
    rep: Annotated[
        list[str] | None, typer.Option("--rep", metavar="NAME", help="A rep of the team; may be given again.")
    ] = None,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Make a workspace for a team.

    A workspace is a folder with the file ci-checker.toml, which names the team and says how calls are heard.
    Commands find it in the folder they run in or in one above. Nothing is overwritten.
    """
    from ci_checker.app import workspace

    reps = list(rep or ())
    if not yes and interactive():
        manager = ask.text("Who holds the 1:1s? (the manager's name)") if manager is None else manager
        company = ask.text("How do your reps name your company on the phone?") if company is None else company
        if rep is None:
            reps = [name.strip() for name in ask.text("Which reps are on the team? (names, commas between)").split(",")]
    above = workspace.around(folder)
    file = workspace.init(folder, manager=manager or "", company=company or "", reps=reps)
    if above is not None:
        say(f"Note: there is a workspace above this one ({above}); in this folder the new one holds.", quiet=quiet)
    typer.echo(str(file))
    say('Next: ci-checker batch FOLDER (or MANIFEST), then: ci-checker commitment add "…" --rep NAME', quiet=quiet)
