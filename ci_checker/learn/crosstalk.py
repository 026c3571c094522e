"""``python -m ci_checker.learn.crosstalk``: how much of the other side is left on a channel that it bleeds into.

Two synthetic people talk, now and then at once; each is also heard on the other's channel, fainter and
later. Counted are seconds of speech: of the other side left on a channel, so that it would be said
twice, and of a channel's own that was taken for cross-talk and lost.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.learn.speech.voices import available
from ci_checker.learn.voices.cast import Person, held_out, say
from ci_checker.learn.voices.lines import leveled, telephone
from ci_checker.transcribe.bleed import without_bleed
from ci_checker.transcribe.spans import Span, merge, subtract
from ci_checker.transcribe.vad import speech_spans

RATE: Final = 16_000
LEVELS_DB: Final = (-12, -15, -20, -25, -30, -40)
DELAYS_S: Final = (0.0, 0.02, 0.15)
TEXTS: Final = (
    "Hi Karen, this is Luke with Bright Harbor, do you have half a minute?",
    "We already have a system for that, and it works well enough.",
    "What happens on a morning when a truck is late and the crew is waiting?",
    "Well, we call around, and somebody drives over to pick up the parts.",
    "Yeah, sure.",
    "Okay, go on.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bled:
    """One level and delay: seconds of the other side found before and left after, of one's own lost, of it all."""

    level_db: float
    delay_s: float
    found_s: float
    left_s: float
    lost_s: float
    own_s: float


def talk(people: Sequence[Person], *, turns: int = 12, seed: int = 1) -> tuple[NDArray[np.float32], list[list[Span]]]:
    """Return two clean channels (2, n), and when each one speaks; every third turn comes in early."""
    random = Random(seed)
    pieces: list[tuple[int, int, NDArray[np.float32]]] = []
    at = RATE // 2
    for number in range(turns):
        audio = leveled(telephone(say(people[number % 2], TEXTS[number % len(TEXTS)])[0]))
        early = number % 3 == 2
        begin = max(0, at - (RATE if early else 0))
        pieces.append((number % 2, begin, audio))
        at = max(at, begin + len(audio)) + int(random.uniform(0.2, 0.6) * RATE)
    samples = np.zeros((2, at + RATE // 2), np.float32)
    for channel, begin, audio in pieces:
        samples[channel, begin : begin + len(audio)] += audio
    spoken = [
        merge((begin / RATE, (begin + len(audio)) / RATE) for side, begin, audio in pieces if side == channel)
        for channel in (0, 1)
    ]
    return samples, spoken


def bleeding(samples: NDArray[np.float32], level_db: float, delay_s: float, seed: int = 0) -> NDArray[np.float32]:
    """Return the channels (2, n) with each heard on the other one, on a line with some noise."""
    shift = round(delay_s * RATE)
    echo = np.zeros_like(samples)
    echo[:, shift:] = samples[::-1, : samples.shape[1] - shift] * np.float32(10 ** (level_db / 20))
    noise = np.random.default_rng(seed).normal(0, 10 ** (-62 / 20), samples.shape).astype(np.float32)
    return samples + echo + noise


def measured(clean: NDArray[np.float32], spoken: Sequence[Sequence[Span]], level_db: float, delay_s: float) -> Bled:
    """Clean one recording of its cross-talk and count what is left and what was lost."""
    samples = bleeding(clean, level_db, delay_s)
    found = [speech_spans(channel) for channel in samples]
    _, own = without_bleed(samples, found)
    sums = np.zeros(4)
    for channel in (0, 1):
        mine = spoken[channel]
        # An echo outlasts what it repeats by its delay; what voice activity adds at the edges is nobody's.
        others = subtract([Span(start + delay_s, end + delay_s) for start, end in spoken[1 - channel]], mine)
        sums += (
            _shared(found[channel], others),
            _shared(own[channel], others),
            _shared(found[channel], mine) - _shared(own[channel], mine),
            _shared(found[channel], mine),
        )
    before, after, lost, whole = map(float, sums)
    return Bled(level_db=level_db, delay_s=delay_s, found_s=before, left_s=after, lost_s=lost, own_s=whole)


def table(rows: Sequence[Bled]) -> str:
    """Return what was counted as Markdown, a row a level."""
    lines = [
        "| cross-talk | delays | other side found by voice activity | left after cleaning | own speech lost |",
        "| --- | --- | --- | --- | --- |",
    ]
    for level in dict.fromkeys(row.level_db for row in rows):
        these = [row for row in rows if row.level_db == level]
        delays = ", ".join(f"{row.delay_s * 1000:.0f}" for row in these)
        lost = sum(row.lost_s for row in these) / max(sum(row.own_s for row in these), 1e-9)
        found, left = sum(row.found_s for row in these), sum(row.left_s for row in these)
        lines.append(f"| {level} dB | {delays} ms | {found:.1f} s | {left:.1f} s | {lost:.1%} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit status is that of the command line's contract."""
    parser = argparse.ArgumentParser(prog="python -m ci_checker.learn.crosstalk", description=__doc__)
    parser.add_argument("--turns", type=int, default=12)
    options = parser.parse_args(arguments)
    missing = [engine for engine in ("espeak", "flite") if not available(engine)]
    if missing:
        print(f"speech synthesizer not installed: {', '.join(missing)}", file=sys.stderr)
        return 3
    people = {person.name: person for person in held_out()}
    clean, spoken = talk((people["rms"], people["en-us+f3"]), turns=options.turns)
    print(table([measured(clean, spoken, level, delay) for level in LEVELS_DB for delay in DELAYS_S]))
    return 0


def _shared(spans: Sequence[Span], others: Sequence[Span]) -> float:
    return sum(span.length for span in spans) - sum(span.length for span in subtract(spans, others))


if __name__ == "__main__":
    sys.exit(main())
