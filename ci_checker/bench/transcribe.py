"""``bench transcribe``: the table of how fast a call is heard, as ratios measured in one run."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ci_checker.bench import alone, audio, converted, sizes, stages
from ci_checker.bench.contenders import CONTENDERS, Contender
from ci_checker.errors import MissingError, RequestError

Say = Callable[[str], None]
_OURS: Final = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to measure. ``tokens`` are those of 30 seconds of speech; ``without`` are contenders' keys."""

    dims: tuple[str, ...] = ("tiny.en", "base.en", "small.en")
    seconds: float = 600.0
    tokens: int = 100
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds to the first window, seconds of hearing after it, and the most memory held.

    ``stages`` are processor seconds by stage, none of a contender that is not ours.
    """

    start_s: float
    heard_s: float
    peak_mb: float | None
    stages: Mapping[str, float] = field(default_factory=dict)


def measure(plan: Plan, say: Say) -> dict[str, dict[str, Measured]]:
    """Measure and tell line by line; return what was measured by dimensions and contender.

    Raises RequestError for dimensions or contenders that do not exist, and MissingError where a
    stage of ours cannot be timed.
    """
    known = {each.key for each in CONTENDERS}
    if strange := set(plan.without) - known:
        raise RequestError(f"there is no contender '{min(strange)}'", todo=f"They are: {', '.join(sorted(known))}.")
    if not 1 <= plan.tokens <= 200:
        raise RequestError("tokens must lie between 1 and 200")
    every = {name: sizes.dims_of(name) for name in plan.dims}
    if _OURS not in plan.without:
        stages.check()
    found: dict[str, dict[str, Measured]] = {}
    with tempfile.TemporaryDirectory(prefix="ci-checker-bench-") as folder:
        _lay_out(plan, Path(folder), say)
        for name, dims in every.items():
            sizes.write(dims, Path(folder) / "random.pt")
            found[name] = _one(name, dims, plan, Path(folder), say)
    return found


def _lay_out(plan: Plan, folder: Path, say: Say) -> None:
    import numpy as np

    samples = audio.call(plan.seconds)
    np.save(folder / "call.npy", samples)
    found = audio.speech(samples)
    (folder / "speech.json").write_text(json.dumps(found), encoding="utf-8")
    shares = [sum(span.length for span in spans) * audio.RATE / samples.shape[1] for spans in found]
    told = " and ".join(f"{share:.0%}" for share in shares)
    say(f"A stereo call of {plan.seconds:.0f} s, {told} of its channels speech, on {alone.cores()} cores.")
    say(f"Random weights of the real dimensions; {plan.tokens} tokens for 30 s of speech, thresholds on text off.")


def _one(name: str, dims: dict[str, int], plan: Plan, folder: Path, say: Say) -> dict[str, Measured]:
    say(f"\n{name:<46}{'start':>8}{'hearing':>10}{'peak':>10}{'ci-checker is':>16}")
    found: dict[str, Measured] = {}
    for contender in CONTENDERS:
        if contender.key in plan.without:
            continue
        if not contender.installed:
            say(f"{contender.title:<46}  left out: {contender.needs} is not installed")
            continue
        try:
            if contender.needs:
                converted.write(folder / "random.pt", dims, folder / "converted")
            found[contender.key] = run(contender, folder, plan.tokens)
        except MissingError as problem:
            say(f"{contender.title:<46}  left out: {problem.what}")
            continue
        say(line(contender, found))
    if _OURS in found:
        for each in stages.lines(found[_OURS].stages):
            say(each)
    return found


def run(contender: Contender, folder: Path, tokens: int) -> Measured:
    """Run a contender over the call in ``folder``; raises MissingError with its last line if it fails."""
    given = (contender.key, str(folder), str(tokens), str(contender.cores), str(time.time()))
    return Measured(**alone.run("ci_checker.bench.child", *given))


def line(contender: Contender, found: dict[str, Measured]) -> str:
    """Return a contender's line of the table; how much faster ours is stands where ours was measured."""
    one = found[contender.key]
    peak = alone.mb(one.peak_mb)
    ours = found.get(_OURS)
    compared = ours is not None and contender.key != _OURS and ours.heard_s > 0
    ratio = f"{one.heard_s / ours.heard_s:.1f} x faster" if ours is not None and compared else ""
    return f"{contender.title:<46}{one.start_s:>6.1f} s{one.heard_s:>8.1f} s{peak:>10}{ratio:>16}"
