"""The options that commands share, so that they are spelled and explained the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ci_checker.cli import complete


def examples(*lines: str) -> str:
    """Return the examples that end a command's help, one a line."""
    # The mark keeps the help's formatter from running the lines into one paragraph.
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


Format = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="NAME", help="How the result is written; else the ending of -o, else text."),
]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write the result to a file.", show_default=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages; errors are still said.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take what is given and the defaults.")]

RepName = Annotated[
    str | None,
    typer.Option("--rep", metavar="NAME", help="A rep of the team.", autocompletion=complete.reps, show_default=False),
]
RepSpeaker = Annotated[
    str | None,
    typer.Option(
        "--rep",
        metavar="NAME|left|right|N",
        help="Which speaker is the rep: a name, a channel, or the number of a speaker. "
        "Without it the words decide, and the reason is shown.",
        show_default=False,
    ),
]
Behaviors = Annotated[
    list[str] | None,
    typer.Option(
        "--behavior",
        "-b",
        metavar="ID",
        help="Only this behavior; may be given again.",
        autocompletion=complete.behaviors,
        show_default=False,
    ),
]
BehaviorId = Annotated[
    str | None,
    typer.Option("--behavior", "-b", metavar="ID", help="The behavior.", autocompletion=complete.behaviors),
]
Folders = Annotated[
    list[Path] | None,
    typer.Option(
        "--behaviors", metavar="DIR", help="A folder with your team's own behaviors (.yaml).", show_default=False
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="NAME|PATH",
        help="What hears recordings: tiny.en, base.en, small.en, turbo …, a checkpoint file, or 'synthetic' "
        "(for the demo's voices only). The workspace's, else small.en. An official one is fetched once.",
        autocompletion=complete.models,
        show_default=False,
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine", metavar="NAME", help="The recognition engine.", autocompletion=complete.engines, show_default=False
    ),
]
Speakers = Annotated[
    int,
    typer.Option(
        "--speakers",
        metavar="N",
        min=1,
        max=8,
        help="How many people speak on a recording whose one channel carries everybody. Telling them apart by "
        "their voices was tried on synthetic voices only.",
    ),
]
