"""``python -m ci_checker.learn.quiet``: how many words a minute are heard where nobody says any."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from ci_checker.errors import CallError, CheckerError
from ci_checker.learn.quiet.clips import CLIPS
from ci_checker.transcribe import Engine, load_engine
from ci_checker.transcribe.engine import resolve_model
from ci_checker.transcribe.prompt import prompted, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """What was made of one clip: the words, and over how many minutes."""

    clip: str
    words: tuple[str, ...]
    minutes: float

    @property
    def rate(self) -> float:
        """False words a minute."""
        return len(self.words) / self.minutes


def heard(engine: Engine, *, seconds: float = 60.0) -> list[Invented]:
    """Return what an engine hears in every clip; that there is no speech is the right answer."""
    found = []
    for name, make in CLIPS.items():
        clip = make(seconds)
        try:
            turns = engine.transcribe(clip[None], channel_names=("mixed",))
        except CallError:
            turns = ()
        words = tuple(word for turn in turns for word in turn.text.split())
        found.append(Invented(clip=name, words=words, minutes=len(clip) / 16_000 / 60))
    return found


def table(columns: Mapping[str, list[Invented]]) -> str:
    """Return false words a minute as Markdown, a column an engine."""
    names = list(columns)
    lines = ["| false words a minute | " + " | ".join(names) + " |", "| --- " * (len(names) + 1) + "|"]
    for row, clip in enumerate(CLIPS):
        cells = []
        for name in names:
            found = columns[name][row]
            said = f' ("{" ".join(found.words[:5])}")' if found.words else ""
            cells.append(f"{found.rate:.1f}{said}")
        lines.append(f"| {clip} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit status is that of the command line's contract."""
    parser = argparse.ArgumentParser(prog="python -m ci_checker.learn.quiet", description=__doc__)
    parser.add_argument("--model", default="synthetic")
    parser.add_argument("--engine", default="whisper_torch")
    parser.add_argument("--seconds", type=float, default=60.0, help="of every clip")
    parser.add_argument("--vocabulary", nargs="*", default=[], help="also with these names as a prompt")
    options = parser.parse_args(arguments)
    if not options.seconds >= 1:
        parser.error("--seconds must be at least 1")
    try:
        engine = load_engine(options.engine, resolve_model(options.engine, options.model))
        columns = {options.model: heard(engine, seconds=options.seconds)}
        if options.vocabulary:
            told = prompted(engine, text_of(options.vocabulary))
            if told is engine:
                print(
                    f"{options.model} cannot be given a prompt: its card tells of none in its training", file=sys.stderr
                )
            else:
                columns[f"{options.model}, with a prompt"] = heard(told, seconds=options.seconds)
    except CheckerError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    print(table(columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
