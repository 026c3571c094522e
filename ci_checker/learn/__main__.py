"""``python -m ci_checker.learn COMMAND``: measure what is shipped, and draw how learning goes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ci_checker.errors import CheckerError

COMMANDS = {
    "evaluate": "measure the shipped detectors on held-out conversations",
    "curves": "how good the generic trainer gets with more examples",
    "hearing": "word errors by condition, word times, who spoke, words that nobody said",
}


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status of the contract."""
    from ci_checker.learn import curves, evaluate
    from ci_checker.learn.hearing import command as hearing

    parser = argparse.ArgumentParser(prog="python -m ci_checker.learn", description=__doc__)
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in (("evaluate", evaluate), ("curves", curves), ("hearing", hearing)):
        command = chosen.add_parser(name, help=COMMANDS[name], description=module.__doc__)
        module.arguments(command)
        command.set_defaults(run=module.run)
    options = parser.parse_args(given)
    try:
        options.run(options)
    except CheckerError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
