"""``python -m ci_checker.bench``: lists what can be measured, and measures it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ci_checker.errors import CheckerError

_LIST = """\
transcribe   hearing: this project's loop against the whisper command, and faster-whisper where installed

Run: python -m ci_checker.bench transcribe [--dims tiny.en base.en small.en] [--seconds 600] [--tokens 100]
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0, or 2 for what cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m ci_checker.bench", description="Measures this machine.")
    benches = parser.add_subparsers(dest="bench")
    hearing = benches.add_parser("transcribe", help="the speed and memory of hearing a call")
    hearing.add_argument("--dims", nargs="+", default=["tiny.en", "base.en", "small.en"], metavar="NAME")
    hearing.add_argument("--seconds", type=float, default=600.0, help="length of the stereo call (600)")
    hearing.add_argument("--tokens", type=int, default=100, help="tokens for 30 seconds of speech (100)")
    hearing.add_argument("--without", nargs="*", default=[], metavar="KEY", help="contenders to leave out")
    given = parser.parse_args(arguments)
    if given.bench is None:
        sys.stdout.write(_LIST)
        return 0
    from ci_checker.bench import transcribe

    try:
        plan = transcribe.Plan(
            dims=tuple(given.dims), seconds=given.seconds, tokens=given.tokens, without=tuple(given.without)
        )
        transcribe.measure(plan, say=lambda line: (sys.stdout.write(line + "\n"), sys.stdout.flush())[0])
    except CheckerError as problem:
        sys.stderr.write(f"{problem.line}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
