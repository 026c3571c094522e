"""The process that ``bench detect`` measures: it scores a tiny call, then the long one, on one core.

``python -m ci_checker.bench.scored TINY LONG`` writes a line of JSON.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

from ci_checker.bench import alone, talk
from ci_checker.errors import CallError


def main(tiny: str, long: str) -> int:
    """Score both calls and tell how long each took."""
    alone.hold(1)
    return alone.tell(lambda: _scored(tiny, long))


def _scored(tiny: str, long: str) -> dict[str, Any]:
    began = time.perf_counter()
    # Imports are a part of loading.
    from ci_checker.app import scoring
    from ci_checker.settings import Settings

    def score(path: str) -> Any:
        (found,) = scoring.score([path], scoring.ScoreOptions(rep=talk.REP), Settings())
        if found.error:
            raise CallError(found.error)
        return found

    score(tiny)
    loaded = time.perf_counter()
    found = score(long)
    return {
        "load_s": loaded - began,
        "score_s": time.perf_counter() - loaded,
        "peak_mb": alone.peak_mb(),
        "turns": len(found.call.turns),
        "verdicts": dict(Counter(result.verdict.value for result in found.results)),
    }


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
