"""``python -m ci_checker.bench``: lists what can be measured, and measures it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ci_checker.errors import CheckerError

_LIST = """\
transcribe   hearing: this project's loop against the whisper command, and faster-whisper where installed;
             where our own processor time goes, by stage
detect       scoring: seconds to load the detectors and to score a long text call on one core, and memory
long         memory: what hours of stereo take above the model, heard as 'ci-checker transcribe' does

Run: python -m ci_checker.bench transcribe [--dims tiny.en base.en small.en] [--seconds 600] [--tokens 100]
     python -m ci_checker.bench detect [--minutes 60]
     python -m ci_checker.bench long [--hours 3] [--model synthetic]
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0, or 2 for what cannot be done."""
    given = _parser().parse_args(arguments)
    if given.bench is None:
        sys.stdout.write(_LIST)
        return 0
    try:
        _measure(given)
    except CheckerError as problem:
        sys.stderr.write(f"{problem.line}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ci_checker.bench", description="Measures this machine.")
    benches = parser.add_subparsers(dest="bench")
    hearing = benches.add_parser("transcribe", help="the speed and memory of hearing a call, and where its time goes")
    hearing.add_argument("--dims", nargs="+", default=["tiny.en", "base.en", "small.en"], metavar="NAME")
    hearing.add_argument("--seconds", type=float, default=600.0, help="length of the stereo call (600)")
    hearing.add_argument("--tokens", type=int, default=100, help="tokens for 30 seconds of speech (100)")
    hearing.add_argument("--without", nargs="*", default=[], metavar="KEY", help="contenders to leave out")
    detecting = benches.add_parser("detect", help="the speed and memory of scoring a text call on one core")
    detecting.add_argument("--minutes", type=float, default=60.0, help="length of the call (60)")
    hours = benches.add_parser("long", help="the memory that hours of stereo take above the model")
    hours.add_argument("--hours", type=float, default=3.0, help="length of the stereo call (3)")
    hours.add_argument("--model", default="synthetic", help="as 'ci-checker transcribe --model' (the shipped one)")
    return parser


def _measure(given: argparse.Namespace) -> None:
    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    if given.bench == "detect":
        from ci_checker.bench import detect

        detect.measure(given.minutes, say)
    elif given.bench == "long":
        from ci_checker.bench import long

        long.measure(given.hours, given.model, say)
    else:
        from ci_checker.bench import transcribe

        plan = transcribe.Plan(
            dims=tuple(given.dims), seconds=given.seconds, tokens=given.tokens, without=tuple(given.without)
        )
        transcribe.measure(plan, say=say)


if __name__ == "__main__":
    raise SystemExit(main())
