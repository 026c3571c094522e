"""``bench detect``: how fast the detectors load, and how fast they score a long call on one core."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ci_checker.bench import alone, talk
from ci_checker.errors import RequestError

Say = Callable[[str], None]
SHORTEST_MIN: Final = 1.0
LONGEST_MIN: Final = 240.0
TINY: Final = f"{talk.REP}: Good morning, how are you?\n{talk.PROSPECT}: Fine, thank you.\n"
"""Nothing of it is in the long call, so that nothing of that is known when it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds to import the libraries, to load the models with a first tiny call, and to score the call; most memory.

    ``verdicts`` are the call's, by how many behaviors have them.
    """

    import_s: float
    load_s: float
    score_s: float
    peak_mb: float | None
    turns: int
    verdicts: dict[str, int]


def measure(minutes: float, say: Say) -> Measured:
    """Measure in a process of its own and tell line by line.

    Raises RequestError for a length that nothing can be measured on, and MissingError where scoring fails.
    """
    # Turned around, so that what is no number at all is refused too.
    if not minutes >= SHORTEST_MIN:
        todo = f"Give --minutes {SHORTEST_MIN:.0f} or more."
        raise RequestError("the call is too short to measure on", todo=todo)
    if minutes > LONGEST_MIN:
        raise RequestError(f"the call is longer than {LONGEST_MIN / 60:.0f} hours", todo="Give fewer --minutes.")
    with tempfile.TemporaryDirectory(prefix="ci-checker-bench-") as folder:
        tiny, long = Path(folder) / "tiny.txt", Path(folder) / "call.txt"
        tiny.write_text(TINY, encoding="utf-8")
        text = talk.call(minutes)
        long.write_text(text, encoding="utf-8")
        say(f"A text call of {minutes:g} min and two speakers, {talk.words_of(text)} words, on one core.")
        told = alone.run("ci_checker.bench.scored", str(tiny), str(long), what="scoring the call")
    found = Measured(**told)
    for each in lines(found, minutes):
        say(each)
    return found


def lines(found: Measured, minutes: float) -> list[str]:
    """Return what is told of a measurement."""
    ratio = f"{minutes * 60 / found.score_s:.0f} x faster than spoken" if found.score_s > 0 else ""
    verdicts = ", ".join(f"{count} {name}" for name, count in sorted(found.verdicts.items()))
    rows = [
        ("importing the libraries", f"{found.import_s:.2f} s", ""),
        ("loading the models, first tiny call", f"{found.load_s:.2f} s", ""),
        (f"scoring the call, {found.turns} turns", f"{found.score_s:.2f} s", ratio),
        ("peak memory", alone.mb(found.peak_mb), ""),
    ]
    told = [f"{title:<46}{value:>10}{f'  ({more})' if more else ''}" for title, value, more in rows]
    return [*told, f"{'verdicts':<46}{sum(found.verdicts.values()):>10}  ({verdicts})"]
