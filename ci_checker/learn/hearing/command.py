"""Measure hearing, on calls whose words and times are known.

``python -m ci_checker.learn hearing`` lets the trained voices say held-out sentences as two-channel calls,
spoils them in the ways that calls are spoiled, and hears them through the project's own stages: word error
rate by condition and precision, word times, diarization error, words that nobody said, names. ``--write``
puts the tables into the model's card and the README.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ci_checker.errors import RequestError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ci_checker.learn.hearing.measure import Material
    from ci_checker.learn.hearing.tables import Measured
    from ci_checker.learn.hearing.voiced import Line
    from ci_checker.transcribe.models import ModelFile

OPENING, CLOSING = "<!-- hearing -->", "<!-- /hearing -->"
CALLS: Final = 12
PRECISIONS: Final = ("float32", "int8", "bfloat16")
_SLOW: Final = {"bfloat16": ("clean", "8 kHz mu-law")}
"""Where the processor cannot multiply bfloat16 it takes twice as long as float32, so these will do."""
_EARLY_S: Final = 0.6
_ENGINE: Final = "whisper_torch"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--model", default="synthetic", help="as ci-checker's --model; it has to know the voices")
    parser.add_argument("--data", type=Path, default=None, help="sentences to say, one a line, for the held-out ones")
    parser.add_argument("--calls", type=_count, default=CALLS, help="six say every sentence once")
    parser.add_argument(
        "--precision", nargs="+", choices=PRECISIONS[1:], default=list(PRECISIONS[1:]), help="besides float32"
    )
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same pauses and levels")
    parser.add_argument("--quick", action="store_true", help="two short calls: shows that it runs, measures nothing")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--write", action="store_true", help="put the tables into the model's card and the README")
    parser.add_argument("--readme", type=Path, default=Path("README.md"), help="where --write finds the README")


def run(options: argparse.Namespace) -> None:
    """Print the tables; with ``--write`` also keep them. Raises RequestError, MissingError."""
    from ci_checker.learn.hearing import tables
    from ci_checker.transcribe import models

    if options.write and options.quick:
        raise RequestError("a quick run measures nothing worth keeping", todo="Leave out --quick or --write.")
    file = models.resolve(options.model)
    kept = [options.readme, file.path.parent / "MODEL_CARD.md"] if options.write else []
    for path in kept:  # before the work begins
        put_between(path, None)
    texts = sentences(options.data)
    source = "held-out sentences" if options.data is None else f"the sentences in {options.data.name}"
    run_of = measured(
        file, texts, options.calls, options.precision, seed=options.seed, quick=options.quick, source=source
    )
    found = tables.facts(run_of)
    text = tables.text(found)
    print(json.dumps(found, indent=1) if options.json else text)
    for path in kept:
        put_between(path, text)


def sentences(data: Path | None) -> list[str]:
    """Return the sentences to say: those that training never saw, or the lines of a file. Raises RequestError."""
    from ci_checker.learn.speech.evaluate import held_out

    if data is None:
        return held_out()
    try:
        texts = [" ".join(line.split()) for line in data.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as problem:
        raise RequestError("there are no sentences to read", where=str(data)) from problem
    if not any(texts):
        raise RequestError("there are no sentences in it", where=str(data), todo="Put one on each line.")
    return [text for text in texts if text]


def measured(
    file: ModelFile,
    texts: Sequence[str],
    calls: int,
    precisions: Sequence[str],
    *,
    seed: int = 0,
    quick: bool = False,
    source: str = "held-out sentences",
) -> Measured:
    """Return all that is measured of one checkpoint on sentences; progress goes to standard error."""
    from ci_checker.learn.hearing import measure, names, stage
    from ci_checker.learn.hearing.conditions import CONDITIONS
    from ci_checker.learn.hearing.tables import PLAIN, Measured
    from ci_checker.learn.hearing.voiced import voiced
    from ci_checker.learn.quiet import __main__ as quiet
    from ci_checker.speakers.voices import load_model
    from ci_checker.transcribe import load_engine
    from ci_checker.transcribe.prompt import prompted, text_of

    texts = texts[:: 8 if quick else 1]
    scripts = stage.scripts(texts, 2 if quick else calls)
    named = names.sentences()[: 4 if quick else None]
    # Two voices a call of names, so that each of its channels is one voice.
    spoken_names = [(each.text, names.VOICES[turn % 2]) for turn, each in enumerate(named)]
    said = voiced([turn for script in scripts for turn in script] + spoken_names, texts)
    material = _material([len(script) for script in scripts], said.lines, said.babble, seed)
    lines = said.lines[-len(named) :]
    seconds = 4.0 if quick else 60.0

    rows: list[measure.Row] = []
    for precision in (PLAIN, *precisions):
        engine = load_engine(_ENGINE, file, precision=precision)
        chosen = [c for c in CONDITIONS if precision not in _SLOW or c.name in _SLOW[precision]]
        voices = load_model() if precision == PLAIN else None
        rows += measure.rows(engine, precision, material, chosen, voices, _say)
    engine = load_engine(_ENGINE, file, precision=PLAIN)
    told = prompted(engine, text_of(names.vocabulary(named)))
    call = stage.staged("names", lines, seed=99)
    _say("names and silence")
    return Measured(
        title=_title(file, material, source),
        rows=tuple(rows),
        quiet=tuple(quiet.heard(engine, seconds=seconds)),
        quiet_with_prompt=None if told is engine else tuple(quiet.heard(told, seconds=seconds)),
        names=names.recall(engine, call, lines, named),
        names_with_prompt=None if told is engine else names.recall(told, call, lines, named),
    )


def put_between(path: Path, text: str | None) -> None:
    """Put ``text`` between the markers of a file; with ``None`` only see that it can be done.

    Raises RequestError where there is no such file or its markers are missing.
    """
    try:
        whole = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise RequestError("there is no file to put the tables into", where=str(path)) from problem
    before, opening, rest = whole.partition(OPENING)
    _, closing, after = rest.partition(CLOSING)
    if not opening or not closing or OPENING in rest or CLOSING in after:
        todo = f"It needs one {OPENING} … {CLOSING}."
        raise RequestError("the tables cannot be put there", where=str(path), todo=todo)
    if text is not None:
        path.write_text(f"{before}{OPENING}\n{text}\n{CLOSING}{after}", encoding="utf-8")


def _material(turns: Sequence[int], lines: Sequence[Line], babble: NDArray[np.float32], seed: int) -> Material:
    """Return calls of so many turns each out of the lines in order."""
    from ci_checker.learn.hearing.measure import Material
    from ci_checker.learn.hearing.stage import staged

    calls, early, at = [], [], 0
    for number, count in enumerate(turns):
        these, at = lines[at : at + count], at + count
        calls.append(staged(f"call {number + 1}", these, seed=100 * seed + number))
        early.append(staged(f"call {number + 1}", these, seed=100 * seed + number, early_s=_EARLY_S))
    return Material(calls=tuple(calls), early=tuple(early), babble=babble)


def _title(file: ModelFile, material: Material, source: str) -> str:
    minutes = sum(call.speech_s for call in material.calls) / 60
    words = sum(len(channel) for call in material.calls for channel in call.words)
    return (
        f"`{file.name}` (sha256 `{file.sha256[:12]}`) on {len(material.calls)} two-channel calls of {source} "
        f"in the four trained voices: {minutes:.1f} minutes of speech, {words} words, their times told by the "
        "synthesizers; heard as `ci-checker transcribe` hears them. Intervals are resampled by call. Half of the calls "
        "with noise have pink noise, half six strangers talking at once; cross-talk is the other channel 20 dB down."
    )


def _say(sentence: str) -> None:
    print(f"hearing: {sentence}", file=sys.stderr, flush=True)


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 2 * CALLS:
        raise argparse.ArgumentTypeError(f"1 to {2 * CALLS} calls can be made")
    return value
